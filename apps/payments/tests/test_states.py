"""The moves of a payment: a table, every cell of it, and the payment status an order derives from its payments."""

from decimal import Decimal
from itertools import product

import pytest

from apps.core.problems import Conflict
from apps.core.scope import scope
from apps.events.models import Event
from apps.events.services import unit_of_work
from apps.payments.models import Payment, PaymentState
from apps.payments.queries import derived_status
from apps.payments.states import MACHINE
from apps.payments.tests.conftest import CASHIER

pytestmark = pytest.mark.django_db

S = PaymentState
# domain.md, Payment. "Money that arrives after expiry or cancel is never dropped."
LEGAL = {
    S.CREATED: {S.PENDING, S.AUTHORIZED, S.PAID, S.FAILED, S.EXPIRED, S.CANCELLED},
    S.PENDING: {S.AUTHORIZED, S.PAID, S.FAILED, S.EXPIRED, S.CANCELLED},
    S.DUE: {S.COLLECTED, S.CANCELLED},
    S.AUTHORIZED: {S.PAID, S.FAILED, S.CANCELLED},
    S.PAID: {S.PARTIALLY_REFUNDED, S.REFUNDED, S.CHARGED_BACK},
    S.COLLECTED: {S.PARTIALLY_REFUNDED, S.REFUNDED},
    S.PARTIALLY_REFUNDED: {S.REFUNDED, S.CHARGED_BACK},
    S.EXPIRED: {S.PAID},
    S.CANCELLED: {S.PAID},
}


@pytest.mark.parametrize(("old", "new"), product(PaymentState, PaymentState))
def test_a_payment_moves_as_the_table_says_and_no_other_way(payment: Payment, old: S, new: S) -> None:
    with scope(payment.store_id):
        Payment.objects.filter(pk=payment.pk).update(state=old)
        payment.refresh_from_db()
        before = Event.objects.filter(subject_id=str(payment.pk)).count()
        if new in LEGAL.get(old, set()):
            with unit_of_work():
                MACHINE.move(payment, new, actor=CASHIER)
            told = Event.objects.filter(subject_id=str(payment.pk)).count() - before
            assert told == (1 if new in MACHINE.facts else 0)
            assert (payment.paid_at is not None) is (new == S.PAID)
            assert (payment.collected_at is not None) is (new == S.COLLECTED)
            return
        with pytest.raises(Conflict) as refusal, unit_of_work():
            MACHINE.move(payment, new, actor=CASHIER)
        assert refusal.value.code == "illegal_transition"
        assert Payment.objects.get(pk=payment.pk).state == old
        assert Event.objects.filter(subject_id=str(payment.pk)).count() == before


def paid(state: S, amount: str) -> Payment:
    return Payment(state=state, amount=Decimal(amount))


@pytest.mark.parametrize(
    ("payments", "status"),
    [
        ([], "pending"),
        ([paid(S.PENDING, "20")], "pending"),
        ([paid(S.DUE, "20")], "pending"),
        ([paid(S.AUTHORIZED, "20")], "authorized"),
        ([paid(S.PAID, "20")], "paid"),
        ([paid(S.COLLECTED, "20")], "paid"),
        ([paid(S.PAID, "19.99")], "partially_paid"),
        ([paid(S.PAID, "10"), paid(S.COLLECTED, "10")], "paid"),
        ([paid(S.PAID, "10"), paid(S.DUE, "10")], "partially_paid"),
        ([paid(S.PAID, "25")], "paid"),
        ([paid(S.FAILED, "20")], "failed"),
        ([paid(S.EXPIRED, "20"), paid(S.CANCELLED, "20")], "failed"),
        ([paid(S.FAILED, "20"), paid(S.PENDING, "20")], "pending"),
        ([paid(S.FAILED, "20"), paid(S.PAID, "20")], "paid"),
        ([paid(S.REFUNDED, "20")], "refunded"),
        ([paid(S.CHARGED_BACK, "20")], "refunded"),
        ([paid(S.PARTIALLY_REFUNDED, "20")], "partially_refunded"),
    ],
)
def test_the_status_of_an_order_follows_from_its_payments(payments: list[Payment], status: str) -> None:
    assert derived_status(payments, Decimal(20)) == status


def test_an_order_that_costs_nothing_is_paid() -> None:
    assert derived_status([], Decimal(0)) == "paid"
