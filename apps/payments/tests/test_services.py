"""Asking for money and confirming it: once, by whoever is first, with the order knowing in the same transaction."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from apps.core.ids import uuid7
from apps.core.problems import Conflict, NotFound, Problem
from apps.core.scope import scope
from apps.events.models import Event
from apps.payments import services
from apps.payments.brcode import parse
from apps.payments.models import Method, Payment, PaymentState
from apps.payments.tests.conftest import CASHIER, ask
from apps.stores.models import Order

pytestmark = pytest.mark.django_db


def facts_of(payment: Payment) -> list[str]:
    return list(Event.objects.filter(subject_id=str(payment.pk)).order_by("seq").values_list("name", flat=True))


def test_a_pix_carries_its_code_with_amount_and_the_order_s_own_reference(order: Order, payment: Payment) -> None:
    fields = parse(payment.pix_code)
    assert (fields["54"], fields["62"]) == ("20.00", f"05{len(order.code):02d}{order.code}")
    assert (payment.state, payment.provider, payment.expires_at) == (
        PaymentState.PENDING,
        "pix_static",
        order.expires_at,
    )


@pytest.mark.parametrize("method", [Method.CASH, Method.CARD_ON_DELIVERY])
def test_money_at_the_door_is_due_and_does_not_expire(order: Order, method: str) -> None:
    payment = ask(order, method=method)
    assert (payment.state, payment.provider, payment.expires_at, payment.pix_code) == (
        PaymentState.DUE,
        "manual",
        None,
        "",
    )


def test_confirming_tells_the_order_in_the_same_transaction(order: Order, payment: Payment) -> None:
    with scope(order.store_id):
        done = services.confirm(payment_id=payment.pk, actor=CASHIER)
        order.refresh_from_db()
    assert (done.state, done.confirmed_by) == (PaymentState.PAID, "Carla")
    assert done.paid_at is not None
    assert (order.payment_status, order.status) == ("paid", "confirmed")
    assert facts_of(payment) == ["payment.created", "payment.confirmed"]


def test_confirming_twice_is_refused_and_moves_nothing(order: Order, payment: Payment) -> None:
    with scope(order.store_id):
        first = services.confirm(payment_id=payment.pk, actor=CASHIER)
        with pytest.raises(Conflict):
            services.confirm(payment_id=payment.pk, actor=CASHIER)
        assert Payment.objects.get(pk=payment.pk).paid_at == first.paid_at
    assert facts_of(payment).count("payment.confirmed") == 1


def test_a_payment_that_is_not_there_is_not_found(order: Order) -> None:
    with scope(order.store_id), pytest.raises(NotFound):
        services.confirm(payment_id=uuid7(), actor=CASHIER)


def test_a_pix_may_turn_out_to_be_cash_and_cash_a_pix(order: Order, payment: Payment) -> None:
    with scope(order.store_id):
        done = services.confirm_order(order_id=order.pk, actor=CASHIER, method=Method.CASH)
    assert (done.method, done.state) == ("cash", PaymentState.PAID)
    late = ask(order, method=Method.CASH)
    with scope(order.store_id):
        done = services.confirm_order(order_id=order.pk, actor=CASHIER, method=Method.PIX)
    assert (done.pk, done.method, done.state) == (late.pk, "pix", PaymentState.COLLECTED)


def test_less_than_is_due_is_not_paid(order: Order, payment: Payment) -> None:
    part = ask(order, method=Method.CASH, amount="5.00")
    with scope(order.store_id):
        services.confirm(payment_id=part.pk, actor=CASHIER)
        order.refresh_from_db()
    assert (order.payment_status, order.status, order.paid_at) == ("partially_paid", "pending", None)


def test_nothing_due_is_said_so(order: Order) -> None:
    with scope(order.store_id):
        services.confirm_order(order_id=order.pk, actor=CASHIER)
        with pytest.raises(Conflict) as refusal:
            services.confirm_order(order_id=order.pk, actor=CASHIER)
    assert refusal.value.code == "nothing_due"


def test_closing_ends_what_is_open_and_leaves_what_was_paid(order: Order, payment: Payment) -> None:
    due = ask(order, method=Method.CASH)
    with scope(order.store_id):
        services.confirm(payment_id=payment.pk, actor=CASHIER)
        assert services.close_open(order_id=order.pk, to=PaymentState.EXPIRED, actor=CASHIER) == 1
        states = dict(Payment.objects.values_list("pk", "state"))
    assert states == {payment.pk: PaymentState.PAID, due.pk: PaymentState.CANCELLED}


def race(runs: int, work: Callable[[], object]) -> list[object]:
    """`work` in several threads at once; results, problems by their code."""
    barrier, results = threading.Barrier(runs), []

    def run() -> None:
        barrier.wait()
        try:
            results.append(work())
        except Problem as problem:
            results.append(problem.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _run in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_several_people_who_confirm_at_once_one_does(order: Order, payment: Payment) -> None:
    def confirm() -> str:
        with scope(order.store_id):
            services.confirm_order(order_id=order.pk, actor=CASHIER)
            return "done"

    results = race(4, confirm)
    assert sorted(map(str, results)) == ["done", "nothing_due", "nothing_due", "nothing_due"]
    assert facts_of(payment).count("payment.confirmed") == 1
    assert Event.objects.filter(subject_id=str(order.pk), name="order.confirmed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_and_expiring_at_once_leaves_one_truth(order: Order, payment: Payment) -> None:
    from apps.core.clock import now
    from apps.stores.services import orders

    with scope(order.store_id):
        Order.objects.update(expires_at=now())

    def pay() -> str:
        with scope(order.store_id):
            orders.mark_paid(order_id=order.pk, actor=CASHIER)
            return "paid"

    calls = iter([pay, orders.expire_unpaid, pay, orders.expire_unpaid])
    race(4, lambda: next(calls)())
    with scope(order.store_id):
        order.refresh_from_db()
        state = Payment.objects.get(pk=payment.pk).state
    assert (order.status, order.payment_status, state) in {
        ("confirmed", "paid", PaymentState.PAID),
        ("cancelled", "failed", PaymentState.EXPIRED),
        ("cancelled", "paid", PaymentState.PAID),  # it expired first, and the money came late
    }
    assert order.total == Decimal("20.00")
