"""Writers of placed orders: moving through the states, cancelling, expiring, and hearing of payments."""

import logging
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor, system
from apps.core.clock import now
from apps.core.problems import Conflict, Invalid, NotFound
from apps.core.scope import scope
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.payments import queries as payment_queries
from apps.payments import services as payment_services
from apps.payments.models import Payment, PaymentState
from apps.stores import facts, states
from apps.stores.models import CancelKind, Order, OrderStatus, PaymentStatus
from apps.stores.services import order_guards, promotion_uses, reservation, slots
from apps.stores.services.order_facts import order_payload
from apps.stores.services.order_guards import Step

EXPIRY_BATCH = 200
# Nothing is left to collect.
SETTLED = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})

log = logging.getLogger(__name__)


def lock_order(order_id: UUID | None) -> Order:
    """The order, locked until the end of the transaction. Raises 404."""
    order = Order.objects.select_for_update(of=("self",)).filter(pk=order_id).first() if order_id else None
    if order is None:
        raise NotFound("order_not_found", _("There is no such order."))
    return order


def move_order(*, order_id: UUID, to: str, actor: Actor, reason: str = "", may_override: bool = False) -> Order:
    """Move an order along. Raises 409 `illegal_transition`, `stale_state`, `payment_due`, or what a guard of another room says
    (`kitchen_not_done`), which who `may_override` sets aside with a reason; cancelling is `cancel_order`."""
    if to == OrderStatus.CANCELLED:
        return cancel_order(order_id=order_id, actor=actor, kind=CancelKind.BY_STORE, reason=reason)
    with unit_of_work():
        order = lock_order(order_id)
        if to not in OrderStatus.values:
            raise Invalid(
                "unknown_status", _("There is no such status."), errors={"status": [_("There is no such status.")]}
            )
        legal = states.MACHINE.allows(order.status, to)
        if legal and not states.fits_service(order.status, to, order.service):
            shown = {"to": OrderStatus(to).label}
            raise Conflict("illegal_transition", _("An order of this kind does not become “%(to)s”.") % shown)
        if legal and to == OrderStatus.COMPLETED and order.payment_status not in SETTLED:
            raise Conflict("payment_due", _("Something is still to be paid."))
        if legal:
            order_guards.check(to, Step(order=order, actor=actor, reason=reason, may_override=may_override))
        if to == OrderStatus.CONFIRMED:
            _confirm(order, actor=actor, reason=reason)
        else:
            states.MACHINE.move(order, to, actor=actor, reason=reason, payload=lambda: order_payload(order))
        return order


def _confirm(order: Order, *, actor: Actor, reason: str = "") -> None:
    """Confirmed: stock is sold, the order no longer expires. (Tickets appear by an inline subscriber of the kitchen.)

    Stock first, as at checkout: the tickets of a store's first order publish a menu, and whoever holds that lock and then
    wants stock meets somebody who took the two the other way round.
    """
    reservation.settle(order=order, actor=actor)
    states.MACHINE.move(
        order,
        OrderStatus.CONFIRMED,
        actor=actor,
        reason=reason,
        payload=lambda: order_payload(order),
        changes={"expires_at": None},
    )


def cancel_order(*, order_id: UUID, actor: Actor, kind: str, reason: str = "", may_waste: bool = True) -> Order:
    """End an order early; stock comes back, open payments close. After the kitchen started it takes a reason."""
    with unit_of_work():
        order = lock_order(order_id)
        if order.status in states.STARTED:
            if not may_waste:
                raise Conflict("already_started", _("The kitchen has started; only a manager can cancel now."))
            if not reason.strip():
                raise Invalid(
                    "reason_required", _("Say why: the kitchen has started."), errors={"reason": [_("Required.")]}
                )
        closed = PaymentState.EXPIRED if kind == CancelKind.PAYMENT_EXPIRED else PaymentState.CANCELLED
        # Payments close first, so that the one fact of the move already says how the money stands.
        payment_services.close_open(order_id=order.pk, to=closed, actor=actor, reason=reason)
        left = payment_queries.derived_status(payment_queries.of_order(order.pk), order.total)
        changes = {"cancel_kind": kind, "cancel_reason": reason[:280], "expires_at": None, "payment_status": left}
        states.MACHINE.move(
            order,
            OrderStatus.CANCELLED,
            actor=actor,
            reason=reason,
            payload=lambda: order_payload(order),
            changes=changes,
        )
        promotion_uses.give_back(order=order)
        reservation.give_back(order=order, actor=actor)
        slots.give_back(order_id=order.pk)
        return order


def mark_paid(*, order_id: UUID, actor: Actor, method: str = "") -> Order:
    """A person says the money is there: every open payment of the order is confirmed. 409 `nothing_due`.

    Of an order that expired or was cancelled it is the last payment: the order stays cancelled – its stock and its place
    may be somebody else's by now – and is paid, and the staff hear of it, to give the money back or take a new order.
    """
    with unit_of_work():
        order = lock_order(order_id)
        if method and method != order.payment_method:
            order.payment_method = method
            order.save(update_fields=["payment_method"])
        has_ended = order.status == OrderStatus.CANCELLED
        payment_services.confirm_order(order_id=order.pk, actor=actor, method=method, has_ended=has_ended)
        order.refresh_from_db()
        return order


def payment_changed(*, payment_id: UUID, actor: Actor) -> None:
    """A payment of an order changed: derive the order's payment status, and confirm what was waiting for the money."""
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = lock_order(order_id)
    derived = payment_queries.derived_status(payment_queries.of_order(order.pk), order.total)
    if derived == order.payment_status:
        return
    newly_paid = derived == PaymentStatus.PAID
    order.payment_status, order.updated_at = derived, now()
    order.paid_at = order.paid_at or (order.updated_at if newly_paid else None)
    order.save(update_fields=["payment_status", "paid_at", "updated_at"])
    subject = Subject(type="order", id=order.pk)
    record(
        facts.ORDER_PAID if newly_paid else facts.ORDER_UPDATED,
        subject=subject,
        payload=order_payload(order),
        actor=actor,
    )
    if newly_paid and order.status == OrderStatus.PENDING:
        _confirm(order, actor=actor)


def expire_unpaid() -> int:
    """Cancel pending orders whose time to pay is over, in every store. Returns how many. Called by the clock."""
    due = Order.objects.unscoped().filter(status=OrderStatus.PENDING, expires_at__lte=now()).order_by("expires_at")
    expired = 0
    for store_id, order_id in due.values_list("store_id", "pk")[:EXPIRY_BATCH]:
        try:
            with scope(store_id):
                expired += _expire(order_id)
        except Exception:  # one order that cannot be ended must not keep all the others waiting
            log.exception("expiry_failed", extra={"order": str(order_id)})
    return expired


def _expire(order_id: UUID) -> bool:
    """Expire one order unless somebody paid or cancelled it meanwhile."""
    with unit_of_work():
        order = lock_order(order_id)
        if order.status != OrderStatus.PENDING or order.expires_at is None or order.expires_at > now():
            return False
        cancel_order(
            order_id=order.pk, actor=system("expiry"), kind=CancelKind.PAYMENT_EXPIRED, reason="payment_expired"
        )
        return True
