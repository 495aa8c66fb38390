"""A guest logs in: what was in the browser's cart goes into the person's own, quantities adding up.

The clients go on sending the browser's key next to the token, so every call after the login looks once; two that look at the
same moment are put in line by the guest cart's row. A guest who fills the same key again after logging out starts anew.
"""

from typing import Any

from django.db import connection

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.scope import current_store_id
from apps.events.services import unit_of_work
from apps.stores.models import Cart, CartLine
from apps.stores.models.cart import MAX_QUANTITY
from apps.stores.services.carts import MAX_LINES, CartOwner

OWN = """
INSERT INTO store_carts (id, store_id, key, user_id, is_open, created_at, updated_at)
VALUES (%(cart)s, %(store)s, %(key)s, %(user)s, true, %(now)s, %(now)s)
ON CONFLICT (store_id, key) WHERE is_open DO UPDATE SET updated_at = EXCLUDED.updated_at RETURNING id
"""
# What is in both carts adds up; of the rest as much as a cart may hold, oldest first.
MOVE = """
WITH room AS (SELECT GREATEST(%(lines)s - count(*), 0) AS free FROM store_cart_lines WHERE cart_id = %(cart)s),
ranked AS (
    SELECT guest.*, own.id IS NOT NULL AS is_both,
        row_number() OVER (PARTITION BY own.id IS NOT NULL ORDER BY guest.added_at, guest.id) AS place
    FROM store_cart_lines AS guest
    LEFT JOIN store_cart_lines AS own ON own.cart_id = %(cart)s AND own.fingerprint = guest.fingerprint
    WHERE guest.cart_id = %(guest)s AND guest.store_id = %(store)s),
taken AS (SELECT ranked.* FROM ranked, room WHERE is_both OR place <= room.free),
added AS (
    INSERT INTO store_cart_lines
        (id, store_id, cart_id, product_id, variant_id, combo_id, quantity, selection, notes, fingerprint, added_at)
    SELECT gen_random_uuid(), store_id, %(cart)s, product_id, variant_id, combo_id, quantity, selection, notes, fingerprint, added_at
    FROM taken
    ON CONFLICT (cart_id, fingerprint)
    DO UPDATE SET quantity = LEAST(store_cart_lines.quantity + EXCLUDED.quantity, %(most)s))
DELETE FROM store_cart_lines WHERE id IN (SELECT id FROM taken)
"""


def adopt(*, owner: CartOwner, guest_key: str) -> None:
    """Move the lines of the guest cart `guest_key` into the open cart of `owner`. Nothing to do is the usual case."""
    open_guest = Cart.objects.filter(key=guest_key, is_open=True, user=None)
    if not open_guest.filter(lines__isnull=False).exists():
        return
    with unit_of_work():
        guest = open_guest.select_for_update(of=("self",)).first()
        if guest is None:
            return  # another call of the same browser has just done it
        values: dict[str, Any] = {
            "store": current_store_id(), "cart": uuid7(), "key": owner.key, "user": owner.user_id, "now": now(),
            "guest": guest.pk, "lines": MAX_LINES, "most": MAX_QUANTITY,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(OWN, values)
            values["cart"] = cursor.fetchone()[0]
            cursor.execute(MOVE, values)
        if not CartLine.objects.filter(cart=guest).exists():
            Cart.objects.filter(pk=guest.pk).update(is_open=False)
