"""Every move an order can make, and every one it cannot, for every service, over HTTP (scenario 18)."""

from itertools import product

import pytest

from apps.core.scope import scope
from apps.events.models import Event
from apps.stores import states
from apps.stores.models import Order, OrderStatus, Store
from apps.stores.models.store import Service
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db

S = OrderStatus
BEGINNING = {
    S.DRAFT: {S.PENDING, S.CANCELLED},
    S.PENDING: {S.CONFIRMED, S.CANCELLED},
    S.CONFIRMED: {S.PREPARING, S.CANCELLED},
    S.PREPARING: {S.READY, S.CANCELLED},
    S.READY: {S.CANCELLED},
    S.OUT_FOR_DELIVERY: {S.DELIVERED},
    S.SHIPPED: {S.DELIVERED},
    S.DELIVERED: {S.COMPLETED},
    S.SERVED: {S.COMPLETED},
}
# domain.md, Order: how each service ends.
ENDINGS = {
    Service.DELIVERY: {S.READY: {S.OUT_FOR_DELIVERY}},
    Service.PICKUP: {S.READY: {S.COMPLETED}},
    Service.DINE_IN: {S.READY: {S.SERVED}},
    Service.SHIPPING: {S.CONFIRMED: {S.SHIPPED}, S.PREPARING: {S.SHIPPED}, S.READY: {S.SHIPPED}},
    Service.DIGITAL: {S.CONFIRMED: {S.COMPLETED}, S.READY: {S.COMPLETED}},
}


def is_legal(old: S, new: S, service: Service) -> bool:
    return new in BEGINNING.get(old, set()) | ENDINGS[service].get(old, set())


@pytest.mark.parametrize("service", Service)
def test_the_table_in_the_code_is_the_table_in_the_book(service: Service) -> None:
    for old, new in product(OrderStatus, OrderStatus):
        coded = states.MACHINE.allows(old, new) and states.fits_service(old, new, service)
        assert coded is is_legal(old, new, service), (old, new)


@pytest.mark.parametrize("service", Service)
@pytest.mark.parametrize("old", OrderStatus)
def test_an_order_moves_as_the_table_says_and_no_other_way(owner: Shop, store: Store, service: Service, old: S) -> None:
    for new in OrderStatus:
        order = factories.make_order(store, status=old, service=service, payment_status="paid")
        answer = owner.post(f"orders/{order.pk}/update_status/", {"status": new, "reason": "because"})
        told = list(Event.objects.filter(subject_type="order", subject_id=str(order.pk)))
        with scope(store.pk):
            after = Order.objects.get(pk=order.pk)
        if not is_legal(old, new, service):
            assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition"), (old, new)
            assert (after.status, after.updated_at, told) == (old, order.updated_at, [])
            continue
        assert (answer.status_code, answer.json()["status"], after.status) == (200, new, new), (old, new)
        assert after.updated_at > order.updated_at
        if new == S.PENDING:
            assert told == []
            continue
        stamp = getattr(after, f"{new}_at")
        assert stamp is not None
        (fact,) = told
        assert (fact.name, fact.payload["from"], fact.payload["to"], fact.payload["reason"]) == (
            f"order.{new}",
            old,
            new,
            "because",
        )
        assert (fact.payload["status"], fact.occurred_at, fact.actor_kind) == (new, stamp, "staff")


def test_final_means_final() -> None:
    assert states.MACHINE.final() == {S.COMPLETED, S.CANCELLED}


def test_every_status_but_the_first_has_a_stamp_and_a_fact() -> None:
    later = {status for status in OrderStatus if status not in {S.DRAFT, S.PENDING}}
    assert set(states.MACHINE.stamps) == set(states.MACHINE.facts) == later
    assert all(hasattr(Order, stamp) for stamp in states.MACHINE.stamps.values())
