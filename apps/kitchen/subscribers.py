"""What the kitchen does when something happens to an order.

Inline, because it is an invariant: a confirmed order *has* its tickets, a cancelled one has none that anybody would go on
cooking, and a changed one has said so. Clearing the tickets of orders that left by another road can wait for the relay.
"""

from uuid import UUID

from apps.customers import facts as customer_facts
from apps.events.registry import Happening, subscribe
from apps.kitchen.services import changes, make
from apps.stores import facts


@subscribe(facts.ORDER_CONFIRMED, inline=True)
def send_to_kitchen(happening: Happening) -> None:
    """The order is on the screens in the transaction that confirms it."""
    make.tickets_for_order(order_id=happening.subject.id, actor=happening.actor, fresh=happening.in_hand)


@subscribe(facts.ORDER_CANCELLED, inline=True)
def stop_cooking(happening: Happening) -> None:
    """No cook goes on with an order that is cancelled."""
    changes.order_cancelled(order_id=happening.subject.id, actor=happening.actor)


@subscribe(facts.ORDER_UPDATED, inline=True)
def tell_of_changes(happening: Happening) -> None:
    """Lines that came or went are told to the cooks. Whoever changes an order says which in the fact's payload:
    `{"lines": {"added": {order item id: units}, "removed": {…}}}`, recorded before a removed line is deleted."""
    lines = happening.payload.get("lines")
    if lines:
        added, removed = lines.get("added") or {}, lines.get("removed") or {}
        changes.lines_changed(order_id=happening.subject.id, added=added, removed=removed, actor=happening.actor)


@subscribe(
    facts.ORDER_OUT_FOR_DELIVERY, facts.ORDER_SHIPPED, facts.ORDER_SERVED, facts.ORDER_DELIVERED, facts.ORDER_COMPLETED
)
def clear_screens(happening: Happening) -> None:
    """An order that has left the house leaves the screens, however it was moved."""
    changes.order_left(order_id=happening.subject.id)


@subscribe(customer_facts.CUSTOMER_ERASED, inline=True)
def forget_customer(happening: Happening) -> None:
    """An erased customer is on no ticket any more."""
    changes.forget_customer(customer_id=UUID(str(happening.subject.id)))
