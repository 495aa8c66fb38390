"""Writers of the cart. Every change ends in the full, freshly priced cart; the browser's numbers count for nothing."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg.types.json import Jsonb

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.problems import NotFound, Refused
from apps.core.scope import current_store_id
from apps.events.services import unit_of_work
from apps.stores.messages import line_problems
from apps.stores.models import CartLine
from apps.stores.models.cart import MAX_QUANTITY
from apps.stores.pricing.checking import check_line
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.selection import LineCode, LineIntent, LineProblem, Selection
from apps.stores.queries.bundle import Bundle
from apps.stores.services.wire import fingerprint, stored_selection

# Every read prices the whole cart, so it has an end.
MAX_LINES = 100
# Shown in the cart and judged at checkout instead: the order may be meant for another time or branch.
LATER = frozenset({LineCode.OUTSIDE_HOURS, LineCode.NOT_AT_OUTLET})

# One statement opens the cart (or finds it), adds the line or raises its quantity: two taps at once add up.
ADD = """
WITH cart AS (
    INSERT INTO store_carts (id, store_id, key, user_id, is_open, created_at, updated_at)
    VALUES (%(cart)s, %(store)s, %(key)s, %(user)s, true, %(now)s, %(now)s)
    ON CONFLICT (store_id, key) WHERE is_open
    DO UPDATE SET updated_at = EXCLUDED.updated_at, user_id = COALESCE(EXCLUDED.user_id, store_carts.user_id)
    RETURNING id)
INSERT INTO store_cart_lines
    (id, store_id, cart_id, product_id, variant_id, combo_id, quantity, selection, notes, fingerprint, added_at)
SELECT %(line)s, %(store)s, cart.id, %(product)s, %(variant)s, %(combo)s, %(quantity)s, %(selection)s::jsonb, %(notes)s,
    %(fingerprint)s, %(now)s FROM cart
WHERE (SELECT count(*) FROM store_cart_lines AS line WHERE line.cart_id = cart.id) < %(lines)s
    OR EXISTS (SELECT FROM store_cart_lines AS line WHERE line.cart_id = cart.id AND line.fingerprint = %(fingerprint)s)
ON CONFLICT (cart_id, fingerprint)
DO UPDATE SET quantity = store_cart_lines.quantity + EXCLUDED.quantity
WHERE store_cart_lines.quantity + EXCLUDED.quantity <= %(most)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CartOwner:
    """Whose cart it is: the browser's key, and the user if somebody is logged in."""

    key: str
    user_id: UUID | None = None


def refuse(problems: tuple[LineProblem, ...]) -> None:
    """Raise 422 with the first problem's code and all of them listed; nothing if there is none."""
    rows = line_problems(problems)
    if rows:
        raise Refused(rows[0]["code"], rows[0]["detail"], problems=rows)


def add(*, owner: CartOwner, intent: LineIntent, menu: Bundle, context: PricingContext) -> None:
    """Put a wish into the open cart of `owner`, opening one if needed. Raises 422 with the line's own code."""
    checked = check_line(menu.pricing, intent, context)
    refuse(tuple(problem for problem in checked.problems if problem.code not in LATER))
    if checked.selection is not None:
        _insert(owner, checked.selection, intent.notes)


def _insert(owner: CartOwner, selection: Selection, notes: str) -> None:
    values: dict[str, Any] = {
        "cart": uuid7(), "line": uuid7(), "store": current_store_id(), "key": owner.key, "user": owner.user_id, "now": now(),
        "product": selection.product.id if selection.product else None,
        "variant": selection.variant.id if selection.variant else None,
        "combo": selection.combo.id if selection.combo else None,
        "quantity": selection.quantity, "selection": Jsonb(stored_selection(selection)), "notes": notes,
        "fingerprint": fingerprint(selection, notes), "most": MAX_QUANTITY, "lines": MAX_LINES,
    }  # fmt: skip
    with unit_of_work(), connection.cursor() as cursor:
        cursor.execute(ADD, values)
        if not cursor.rowcount:
            mine = CartLine.objects.filter(cart__key=owner.key, cart__is_open=True, fingerprint=values["fingerprint"])
            if mine.exists():
                raise _bad_quantity()
            raise Refused("too_many_lines", _("A cart holds at most %(most)s different lines.") % {"most": MAX_LINES})


def _mine(owner: CartOwner, line_id: UUID | None) -> CartLine:
    line = CartLine.objects.filter(pk=line_id, cart__key=owner.key, cart__is_open=True).first() if line_id else None
    if line is None:
        raise NotFound("line_not_found", _("This line is not in the cart."))
    return line


def _bad_quantity() -> Refused:
    text = _("The quantity has to be a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}
    return Refused("quantity_invalid", text, errors={"quantity": [text]})


def set_quantity(*, owner: CartOwner, line_id: UUID | None, quantity: object) -> None:
    """Set a line's quantity, 1 to 999. 422 `quantity_invalid` for anything else."""
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise _bad_quantity()
    line = _mine(owner, line_id)
    CartLine.objects.filter(pk=line.pk).update(quantity=quantity)


def remove(*, owner: CartOwner, line_id: UUID | None) -> None:
    """Take a line out."""
    _mine(owner, line_id).delete()


def clear(*, owner: CartOwner) -> None:
    """Empty the open cart; fine if there is none."""
    CartLine.objects.filter(cart__key=owner.key, cart__is_open=True).delete()
