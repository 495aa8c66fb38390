"""Scenario 19: cancelling restores the stock of products, variants, options and combo parts – exactly once."""

from typing import Any

import pytest

from apps.core.actors import system
from apps.core.problems import Conflict
from apps.core.scope import scope
from apps.stores.models import ModifierOption, Order, StockLevel, StockMove, Store
from apps.stores.services import orders as order_services
from apps.stores.services import reservation
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db


def levels(store: Store) -> dict[str, tuple[int, int]]:
    with scope(store.pk):
        rows = StockLevel.objects.select_related("product", "variant", "option")
        return {str(row.product or row.variant or row.option): (row.on_hand, row.reserved) for row in rows}


@pytest.fixture
def placed(shop: Shop, store: Store) -> Any:
    """Function that orders one of everything that has stock, paid by a method."""
    plain = factories.make_product(store, "plain", stock=10)
    wine = factories.make_product(store, "wine")
    factories.make_variant(wine, "glass", "9.00", stock=10)
    burger = factories.make_product(store, "burger")
    factories.make_group(burger, "extras", {"bacon": "3.00"}, max=5)
    with scope(store.pk):
        StockLevel.objects.create(store_id=store.pk, option=ModifierOption.objects.get(slug="bacon"), on_hand=10)
    parts = [factories.make_product(store, "soup", stock=10), factories.make_product(store, "bread", stock=10)]
    combo = factories.make_combo(store, "lunch", parts=parts)

    def place(method: str) -> dict[str, Any]:
        shop.add(plain, 2)
        shop.add(wine, 3)
        shop.add(burger, 2, options={"selections": [{"group": "extras", "option": "bacon", "quantity": 2}]})
        shop.post("cart/add/", {"combo_id": str(combo.pk), "quantity": 3})
        answer = shop.checkout(payment_method=method)
        assert answer.status_code == 201, answer.content
        body: dict[str, Any] = answer.json()
        return body

    return place


FULL = {"Plain": (10, 0), "Glass": (10, 0), "Bacon": (10, 0), "Soup": (10, 0), "Bread": (10, 0)}


def test_an_order_takes_of_products_variants_options_and_combo_parts(placed: Any, store: Store) -> None:
    placed("cash")
    assert levels(store) == {"Plain": (8, 0), "Glass": (7, 0), "Bacon": (6, 0), "Soup": (7, 0), "Bread": (7, 0)}


@pytest.mark.parametrize("method", ["cash", "pix"])
def test_cancelling_gives_all_of_it_back_once(placed: Any, owner: Shop, store: Store, method: str) -> None:
    order = placed(method)["id"]
    assert owner.post(f"orders/{order}/cancel/").status_code == 200
    assert owner.post(f"orders/{order}/cancel/").status_code == 409
    assert levels(store) == FULL


def test_a_paid_order_that_was_reserved_first_gives_back_what_was_sold(placed: Any, owner: Shop, store: Store) -> None:
    order = placed("pix")["id"]
    assert levels(store)["Plain"] == (10, 2)
    owner.post(f"orders/{order}/mark_paid/")
    assert levels(store)["Plain"] == (8, 0)
    owner.post(f"orders/{order}/update_status/", {"status": "preparing"})
    owner.post(f"orders/{order}/cancel/", {"reason": "Burnt."})
    assert levels(store) == FULL


def test_the_ledger_adds_up_to_the_levels(placed: Any, owner: Shop, store: Store) -> None:
    first, second = placed("cash")["id"], placed("pix")["id"]
    owner.post(f"orders/{first}/cancel/")
    with scope(store.pk):
        for level in StockLevel.objects.all():
            moves = list(StockMove.objects.filter(level=level))
            assert 10 + sum(move.on_hand_delta for move in moves) == level.on_hand
            assert sum(move.reserved_delta for move in moves) == level.reserved
        assert StockMove.objects.filter(order_id=first).values("order").distinct().count() == 1
        assert not StockMove.objects.filter(order_id=second, reason="returned").exists()


def test_giving_back_a_second_time_finds_nothing(placed: Any, store: Store) -> None:
    order_id = placed("cash")["id"]
    with scope(store.pk):
        order_services.cancel_order(order_id=order_id, actor=system("test"), kind="by_store")
        reservation.give_back(order=Order.objects.get(pk=order_id), actor=system("test"))
        with pytest.raises(Conflict):
            order_services.cancel_order(order_id=order_id, actor=system("test"), kind="by_store")
    assert levels(store) == FULL


def test_stock_of_another_order_is_left_alone(placed: Any, owner: Shop, store: Store) -> None:
    first = placed("cash")["id"]
    placed("cash")
    owner.post(f"orders/{first}/cancel/")
    assert levels(store) == {"Plain": (8, 0), "Glass": (7, 0), "Bacon": (6, 0), "Soup": (7, 0), "Bread": (7, 0)}
