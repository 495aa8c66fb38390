"""Writers of the payments room: ask for money, confirm it, let it expire.

`stores` hears of a confirmed payment inside the same transaction (inline subscriber), so an order can never
be paid and not know it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.inserting import insert_together
from apps.core.problems import Conflict, NotFound
from apps.core.scope import current_store_id
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.payments import brcode, facts
from apps.payments.models import Method, Payment, PaymentState
from apps.payments.states import ENDED, MACHINE, OPEN

# Collected by a person when the order is handed over.
ON_HANDOVER = frozenset({Method.CASH, Method.CARD_ON_DELIVERY})


@dataclass(frozen=True, slots=True, kw_only=True)
class PixPayee:
    """Who a static PIX code pays."""

    key: str
    name: str
    city: str


def ask(
    *,
    order_id: UUID,
    order_code: str,
    method: str,
    amount: Decimal,
    currency: str,
    actor: Actor,
    payee: PixPayee | None = None,
    change_for: Decimal | None = None,
    expires_at: datetime | None = None,
) -> Payment:
    """Record that `amount` is to be collected for an order. PIX with a payee gets its static code at once."""
    payment = Payment(
        store_id=current_store_id(),
        order_id=order_id,
        method=method,
        provider="manual",
        state=PaymentState.DUE if method in ON_HANDOVER else PaymentState.PENDING,
        amount=amount,
        currency=currency,
        change_for=change_for,
        expires_at=None if method in ON_HANDOVER else expires_at,
    )
    if method == Method.PIX and payee is not None:
        payment.provider = "pix_static"
        payment.pix_code = brcode.static_code(
            key=payee.key, name=payee.name, city=payee.city, amount=amount, txid=order_code
        )
    with unit_of_work():
        insert_together([payment])
        _tell(payment, actor=actor)
    return payment


def _tell(payment: Payment, *, actor: Actor) -> None:
    record(facts.PAYMENT_CREATED, subject=Subject(type="payment", id=payment.pk), payload=payload(payment), actor=actor)


def payload(payment: Payment) -> dict[str, Any]:
    """What facts say about a payment."""
    return {
        "payment_id": str(payment.pk),
        "order_id": str(payment.order_id),
        "method": payment.method,
        "provider": payment.provider,
        "amount": payment.amount,
        "currency": payment.currency,
        "state": payment.state,
    }


def confirm(*, payment_id: UUID, actor: Actor, reason: str = "") -> Payment:
    """A person saw the money: paid (asked for online) or collected (due at hand-over). Raises 409 if it cannot come any more.

    Money for a payment that had expired or was cancelled is recorded like any other, with a fact that it came late.
    """
    with unit_of_work():
        payment = Payment.objects.filter(pk=payment_id).annotate(outlet_id=F("order__outlet_id")).first()
        if payment is None:
            raise NotFound("payment_not_found", _("There is no such payment."))
        # Where it began decides, not the method: what was due at the door is collected there, also by PIX.
        was, target = payment.state, PaymentState.PAID
        if was == PaymentState.DUE:
            target = PaymentState.COLLECTED
        MACHINE.move(
            payment,
            target,
            actor=actor,
            reason=reason,
            payload=lambda: {**payload(payment), "outlet_id": str(payment.outlet_id)},
            changes={"confirmed_by": actor.label[:80]},
        )
        if was in ENDED:
            subject = Subject(type="payment", id=payment.pk)
            record(facts.PAYMENT_LATE, subject=subject, payload=payload(payment), actor=actor)
        return payment


def confirm_order(*, order_id: UUID, actor: Actor, method: str = "", has_ended: bool = False) -> Payment:
    """Confirm what is still open for an order, changing the method if the customer paid another way.

    Of an order that `has_ended` without money nothing is open: then it is the last payment that was asked for, since money
    is never dropped. 409 `nothing_due` when there is none.
    """
    with unit_of_work():
        payments = Payment.objects.select_for_update().filter(order_id=order_id).order_by("created_at")
        open_payments = list(payments.filter(state__in=OPEN))
        if not open_payments and has_ended:
            open_payments = [row for row in list(payments)[-1:] if row.state in ENDED]
        if not open_payments:
            raise Conflict("nothing_due", _("Nothing is due for this order."))
        first = open_payments[0]
        if method and method != first.method and method in Method.values:
            Payment.objects.filter(pk=first.pk).update(method=method)
        return [confirm(payment_id=payment.pk, actor=actor) for payment in open_payments][-1]


def close_open(*, order_id: UUID, to: str, actor: Actor, reason: str = "") -> int:
    """The order ended: its open payments expire or are cancelled. Returns how many."""
    with unit_of_work():
        closed = 0
        for payment in (
            Payment.objects.select_for_update().filter(order_id=order_id, state__in=OPEN).order_by("created_at")
        ):
            goal = to if MACHINE.allows(payment.state, to) else PaymentState.CANCELLED
            MACHINE.move(payment, goal, actor=actor, reason=reason, payload=partial(payload, payment))
            closed += 1
        return closed
