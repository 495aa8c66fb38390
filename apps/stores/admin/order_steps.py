"""What a person may do to an order in the admin, with the rights their role has over the API."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Conflict, Forbidden
from apps.stores import states
from apps.stores.models import CancelKind, Order, OrderStatus
from apps.stores.permissions import Perm
from apps.stores.queries.access import Access
from apps.stores.services import orders

# Steps besides the names of states: the money is there; whatever comes next.
PAID, NEXT, CANCELLED = "paid", "next", OrderStatus.CANCELLED.value
LABELS: dict[str, Any] = {
    OrderStatus.CONFIRMED: _("Accept"),
    OrderStatus.PREPARING: _("Start preparing"),
    OrderStatus.READY: _("Ready"),
    OrderStatus.OUT_FOR_DELIVERY: _("Send out"),
    OrderStatus.SHIPPED: _("Shipped"),
    OrderStatus.SERVED: _("Served"),
    OrderStatus.DELIVERED: _("Delivered"),
    OrderStatus.COMPLETED: _("Complete"),
}
NEEDS = {PAID: Perm.PAYMENTS_CONFIRM, CANCELLED: Perm.ORDERS_CANCEL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One step as the page shows it."""

    name: str
    label: Any
    icon: str
    variant: str


def buttons(order: Order, access: Access) -> list[Button]:
    """The steps this person may take now; the first is the usual one."""
    found = []
    if Perm.ORDERS_EDIT in access.permissions:
        steps = [step for step in states.next_steps(order.status, order.service) if not _waits_for_money(order, step)]
        found += [Button(name=step, label=LABELS[step], icon="arrow_forward", variant="default") for step in steps]
    if NEEDS[PAID] in access.permissions and _is_due(order):
        found.append(Button(name=PAID, label=_("Mark as paid"), icon="payments", variant="default"))
    if found:
        first = found[0]
        found[0] = Button(name=first.name, label=first.label, icon=first.icon, variant="primary")
    return found


def may_cancel(order: Order, access: Access) -> bool:
    """Whether this person may end the order as it stands."""
    held = access.permissions
    started = order.status in states.STARTED
    return (
        NEEDS[CANCELLED] in held
        and states.MACHINE.allows(order.status, CANCELLED)
        and (not started or Perm.ORDERS_CANCEL_STARTED in held)
    )


def take(order: Order, step: str, *, by: Access, reason: str = "") -> None:
    """Take a step through the service. Raises its problems, and 403 `forbidden` for what the role may not do."""
    if NEEDS.get(step, Perm.ORDERS_EDIT) not in by.permissions:
        raise Forbidden("forbidden", _("You may not do this."))
    if step == PAID:
        orders.mark_paid(order_id=order.pk, actor=by.actor)
    elif step == CANCELLED:
        may_waste = Perm.ORDERS_CANCEL_STARTED in by.permissions
        orders.cancel_order(
            order_id=order.pk, actor=by.actor, kind=CancelKind.BY_STORE, reason=reason, may_waste=may_waste
        )
    else:
        orders.move_order(order_id=order.pk, to=_next(order) if step == NEXT else step, actor=by.actor)


def _next(order: Order) -> str:
    steps = states.next_steps(order.status, order.service)
    if not steps:
        raise Conflict("illegal_transition", _("There is nothing left to do."))
    return steps[0]


def _is_due(order: Order) -> bool:
    return order.status != CANCELLED and order.payment_status not in orders.SETTLED


def _waits_for_money(order: Order, step: str) -> bool:
    return step == OrderStatus.COMPLETED and _is_due(order)
