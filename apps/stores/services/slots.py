"""Places in slots: taken by one conditional update in the order's transaction, given back exactly once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.problems import Conflict, Refused
from apps.core.scope import current_store_id
from apps.stores.models import Order, SlotHold
from apps.stores.queries import timetables
from apps.stores.timetable import Timetable

# The first order of a slot makes it; every later one passes only while a place is left. Waiting for the row of an order
# that is just being placed and reading it again afterwards is what the conflict clause does.
TAKE = """
INSERT INTO store_slots AS slot (id, store_id, outlet_id, pool, starts_at, taken)
VALUES (%(id)s, %(store)s, %(outlet)s, %(pool)s, %(starts)s, 1)
ON CONFLICT (outlet_id, pool, starts_at) DO UPDATE SET taken = slot.taken + 1
WHERE slot.taken < %(capacity)s OR %(capacity)s = 0
RETURNING id
"""
# Whoever sets `released_at` first takes the order out of the slot; a second call finds nothing to give back.
GIVE_BACK = """
WITH given AS (
    UPDATE store_slot_holds SET released_at = %(now)s
    WHERE order_id = %(order)s AND store_id = %(store)s AND released_at IS NULL RETURNING slot_id)
UPDATE store_slots AS slot SET taken = slot.taken - 1 FROM given WHERE slot.id = given.slot_id
"""
ALTERNATIVES = 3


def take(*, order: Order, table: Timetable, serve_at: datetime | None, timezone: str) -> None:
    """A place for an order wanted at `serve_at` (naive store time; None: now, which takes none).

    Raises 409 `slot_full` with the next free slots, 422 `slot_unavailable` outside every slot. Call inside the unit of
    work that writes the order, after its stock was taken.
    """
    if serve_at is None:
        return
    rules, slot = table.rules_of(order.service), table.slot_at(order.service, serve_at)
    if rules is None or slot is None:
        raise Refused("slot_unavailable", _("That time cannot be chosen."))
    values: dict[str, Any] = {
        "id": uuid7(), "store": current_store_id(), "outlet": order.outlet_id, "pool": rules.pool,
        "starts": timetables.moment_of(slot.starts, timezone), "capacity": rules.capacity,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        row = cursor.fetchone()
    if row is None:
        raise _full(order, table, slot.starts, timezone)
    SlotHold(store_id=order.store_id, order_id=order.pk, slot_id=row[0]).save(force_insert=True)


def _full(order: Order, table: Timetable, starts: datetime, timezone: str) -> Conflict:
    days = timetables.free_slots(
        outlet_id=order.outlet_id, table=table, service=order.service, timezone=timezone, first=starts.date(), days=2
    )
    free = [slot for day in days for slot in day["slots"] if slot["available"]]
    nearest = sorted(free, key=lambda slot: abs(slot["starts_at"].replace(tzinfo=None) - starts))[:ALTERNATIVES]
    text = _("This time is fully booked. Choose another one.")
    return Conflict(
        "slot_full", text, remaining=0, alternatives=sorted(nearest, key=lambda slot: str(slot["starts_at"]))
    )


def give_back(*, order_id: UUID) -> None:
    """Free the place of an order that is not wanted any more; nothing if it has none (any more)."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, {"order": order_id, "store": current_store_id(), "now": now()})
