"""Limits of ordering: 429 with Retry-After per address and per phone, and few orders of a phone that wait for money."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.stores.models import Order, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import rows
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

STOCK = 100


@pytest.fixture
def limits(settings: Any) -> Any:
    """Small ones, so that few orders meet them."""
    settings.CHECKOUTS_PER_ADDRESS, settings.CHECKOUTS_PER_PHONE, settings.UNPAID_ORDERS_PER_PHONE = 6, 4, 2
    return settings


@pytest.fixture
def pasta(store: Store) -> Any:
    return factories.make_product(store, "pasta", stock=STOCK)


def order(store: Store, pasta: Any, number: int = 0, *, address: str = "203.0.113.7", **wish: Any) -> Any:
    """Another browser (a fresh cart key) orders one; each number is another phone."""
    client = APIClient(REMOTE_ADDR=address)
    client.credentials(HTTP_X_CART_KEY=f"cart_{uuid7()}")
    shop = Shop(client, store.slug)
    shop.add(pasta)
    return shop.checkout(**({"customer_phone": f"639999{number:05d}"} | wish))


def held(store: Store) -> int:
    with scope(store.pk):
        return StockLevel.objects.get().reserved


@pytest.mark.django_db
class TestAddress:
    def test_one_more_than_the_limit_is_told_when_to_come_back(self, limits: Any, store: Store, pasta: Any) -> None:
        answers = [order(store, pasta, number, payment_method="pix") for number in range(8)]
        assert [answer.status_code for answer in answers] == [201] * 6 + [429] * 2
        assert answers[-1].json()["code"] == "too_many_attempts"
        assert 0 < int(answers[-1]["Retry-After"]) <= 600
        assert len(rows(Order, store)) == held(store) == 6

    def test_another_address_and_another_store_are_not_meant(
        self, limits: Any, store: Store, other_store: Store, pasta: Any
    ) -> None:
        assert [order(store, pasta, number).status_code for number in range(7)] == [201] * 6 + [429]
        assert order(store, pasta, 8, address="203.0.113.8").status_code == 201
        assert order(other_store, factories.make_product(other_store, "quiche"), 8).status_code == 201

    def test_what_is_refused_or_found_again_is_not_counted(self, limits: Any, store: Store, pasta: Any) -> None:
        for number in range(8):
            assert order(store, pasta, number, customer_name="").json()["code"] == "name_required"
            assert order(store, pasta, number, delivery_method=[]).status_code == 400
        client = APIClient(REMOTE_ADDR="203.0.113.7", headers={"X-Cart-Key": f"cart_{uuid7()}"})
        shop = Shop(client, store.slug)
        shop.add(pasta)
        assert [shop.checkout(key="one").status_code for _again in range(8)] == [201] * 8
        assert {shop.checkout().status_code for _again in range(8)} == {200}
        assert [order(store, pasta, number).status_code for number in range(6)] == [201] * 5 + [429]

    def test_the_till_of_the_store_is_not_limited(
        self, limits: Any, store: Store, pasta: Any, alice: User, client_for: ClientFor
    ) -> None:
        for number in range(8):
            shop = Shop(client_for(alice), store.slug)
            shop.add(pasta)
            assert shop.checkout(payment_method="pix").status_code == 201, number

    def test_it_costs_one_statement(self, limits: Any, store: Store, pasta: Any) -> None:
        with CaptureQueriesContext(connection) as captured:
            assert order(store, pasta).status_code == 201
        assert sum("user_attempts" in row["sql"] for row in captured) == 1


@pytest.mark.django_db
class TestPhone:
    def test_one_phone_however_it_is_written(self, limits: Any, store: Store, pasta: Any) -> None:
        written = ["63999998888", "+55 63 99999-8888", "(63) 9999-8888", "5563999998888", "063 99999 8888"]
        answers = [
            order(store, pasta, customer_phone=phone, address=f"203.0.113.{number}")
            for number, phone in enumerate(written)
        ]
        assert [answer.status_code for answer in answers] == [201] * 4 + [429]
        # The address of the refused one is not charged for it.
        assert [order(store, pasta, number, address="203.0.113.4").status_code for number in range(6)] == [201] * 6


@pytest.mark.django_db
class TestUnpaid:
    def test_a_phone_holds_few_orders_that_wait_for_money(
        self, limits: Any, store: Store, pasta: Any, owner: Shop
    ) -> None:
        answers = [order(store, pasta, payment_method="pix") for _again in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[2].json()["code"] == "too_many_unpaid_orders"
        assert 1700 < int(answers[2]["Retry-After"]) <= 1801
        assert held(store) == len(rows(Order, store)) == 2
        assert order(store, pasta, payment_method="cash").status_code == 201, (
            "cash holds nothing that may never be paid"
        )
        assert owner.post(f"orders/{answers[0].json()['id']}/mark_paid/").status_code == 200
        assert order(store, pasta, payment_method="pix").status_code == 201

    def test_pressing_twice_finds_the_order_and_is_not_one_more(self, limits: Any, store: Store, pasta: Any) -> None:
        limits.UNPAID_ORDERS_PER_PHONE = 1
        shop = Shop(APIClient(headers={"X-Cart-Key": f"cart_{uuid7()}"}), store.slug)
        shop.add(pasta)
        assert [shop.checkout(payment_method="pix").status_code for _press in range(2)] == [201, 200]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", [True, False])
def test_of_parallel_orders_of_one_phone_no_more_come_through(
    key: bool, settings: Any, store: Store, pasta: Any
) -> None:
    settings.UNPAID_ORDERS_PER_PHONE = 2
    shops = [Shop(APIClient(headers={"X-Cart-Key": f"cart_{uuid7()}"}), store.slug) for _browser in range(8)]
    for shop in shops:
        shop.add(pasta)

    def press(shop: Shop) -> int:
        with closing(connection):
            return int(shop.checkout(key=str(uuid7()) if key else "", payment_method="pix").status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(press, shops))
    assert statuses == [201] * 2 + [429] * 6
    assert held(store) == len(rows(Order, store)) == 2
