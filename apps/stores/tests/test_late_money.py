"""Money that comes when nobody waits for it any more is recorded all the same: static PIX is seen on the statement later."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Order, Product, Store
from apps.stores.services import orders as order_services
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture
def product(store: Store) -> Product:
    return factories.make_product(store, stock=5)


@pytest.fixture
def expired(shop: Shop, product: Product) -> Any:
    """An order by PIX whose half hour is over."""
    shop.add(product, 2)
    with time_machine.travel(NOON, tick=False) as clock:
        placed = shop.checkout(payment_method="pix").json()
        clock.shift(timedelta(minutes=31))
        assert order_services.expire_unpaid() == 1
    return placed


def names(order_id: str) -> list[str]:
    """Facts of the order and of its payment, in order."""
    with scope(Order.objects.unscoped().get(pk=order_id).store_id):
        ids = [str(pk) for pk in Order.objects.get(pk=order_id).payments.values_list("pk", flat=True)]
    return list(Event.objects.filter(subject_id__in=[order_id, *ids]).order_by("seq").values_list("name", flat=True))


def test_money_seen_after_the_expiry_is_recorded_and_the_order_stays_cancelled(
    owner: Shop, expired: Any, product: Product
) -> None:
    answer = owner.post(f"orders/{expired['id']}/mark_paid/")
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["status"], body["payment_status"], body["payment"]["state"]) == ("cancelled", "paid", "paid")
    assert body["paid_at"] is not None
    assert set(names(expired["id"])[-3:]) == {"payment.confirmed", "order.paid", "payment.received_late"}
    with scope(product.store_id):
        level = product.stock_levels.get()
    assert (level.on_hand, level.reserved) == (5, 0)


def test_money_for_an_order_that_was_cancelled_is_recorded_too(owner: Shop, shop: Shop, product: Product) -> None:
    shop.add(product)
    placed = shop.checkout(payment_method="pix").json()
    owner.post(f"orders/{placed['id']}/cancel/")
    body = owner.post(f"orders/{placed['id']}/mark_paid/", {"payment_method": "cash"}).json()
    assert (body["status"], body["payment_status"], body["payment_method"]) == ("cancelled", "paid", "cash")


def test_it_is_recorded_once(owner: Shop, expired: Any) -> None:
    owner.post(f"orders/{expired['id']}/mark_paid/")
    told = names(expired["id"])
    again = owner.post(f"orders/{expired['id']}/mark_paid/")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_due")
    assert names(expired["id"]) == told


def test_an_order_that_was_paid_and_then_cancelled_has_nothing_due(owner: Shop, shop: Shop, product: Product) -> None:
    shop.add(product)
    placed = shop.checkout(payment_method="pix").json()
    owner.post(f"orders/{placed['id']}/mark_paid/")
    owner.post(f"orders/{placed['id']}/cancel/")
    again = owner.post(f"orders/{placed['id']}/mark_paid/")
    assert (again.status_code, again.json()["code"]) == (409, "nothing_due")
    assert "payment.received_late" not in names(placed["id"])


def test_the_staff_hear_of_it(owner: Shop, expired: Any) -> None:
    from apps.events import relay

    owner.post(f"orders/{expired['id']}/mark_paid/")
    relay.drain()
    told = [row["title"] for row in owner.get("notifications/").json()["results"]]
    assert told[0] == "O dinheiro chegou depois do fim do pedido"
