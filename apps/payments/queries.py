"""Reads of the payments room."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from apps.payments.models import Payment, PaymentState
from apps.payments.states import RECEIVED


def of_order(order_id: UUID) -> list[Payment]:
    """An order's payments, oldest first."""
    return list(Payment.objects.filter(order_id=order_id).order_by("created_at"))


def received(payments: Iterable[Payment]) -> Decimal:
    """How much of them is ours."""
    return sum((payment.amount for payment in payments if payment.state in RECEIVED), Decimal(0))


def derived_status(payments: Iterable[Payment], total: Decimal) -> str:
    """The payment status of an order with this total: computed, never set by hand."""
    rows = list(payments)
    states = {row.state for row in rows}
    paid = received(rows)
    if paid >= total and (paid > 0 or total == 0):
        return "partially_refunded" if PaymentState.PARTIALLY_REFUNDED in states else "paid"
    if paid > 0:
        return "partially_paid"
    if PaymentState.REFUNDED in states or PaymentState.CHARGED_BACK in states:
        return "refunded"
    if PaymentState.AUTHORIZED in states:
        return "authorized"
    if rows and states <= {PaymentState.FAILED, PaymentState.EXPIRED, PaymentState.CANCELLED}:
        return "failed"
    return "pending"
