"""What is done to products over HTTP besides writing them: pausing, deleting, bulk changes, copies."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core.clock import now
from apps.stores.models import Cart, CartLine, Product, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows, version
from apps.stores.tests.fixtures import Shop


@pytest.fixture
def pasta(store: Store) -> Any:
    return factories.make_product(store, "pasta", price="30.00", cost_price=Decimal("11.00"))


@pytest.fixture
def foreign(other_store: Store) -> Any:
    return factories.make_product(other_store, "quiche")


class TestPausing:
    def test_an_attendant_takes_it_off_sale_and_puts_it_back(
        self, attendant: Shop, store: Store, pasta: Product
    ) -> None:
        seq = last_seq(store)
        paused = attendant.post("products/pasta/pause/", {"minutes": 30}).json()
        assert paused["status"] == "paused"
        assert paused["paused_until"] is not None
        assert attendant.post("products/pasta/unpause/").json()["status"] == "active"
        names = ["product.paused", "catalog.published", "product.resumed", "catalog.published"]
        assert fact_names(store, seq) == names

    def test_a_hidden_product_stays_hidden(self, owner: Shop, store: Store, pasta: Product) -> None:
        owner.patch("products/pasta/", {"status": "inactive"})
        answer = owner.post("products/pasta/pause/")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_active")

    @pytest.mark.parametrize(
        "body", [{"minutes": 0}, {"minutes": "x"}, {"until": "2020-01-01T00:00:00Z"}, {"until": "soon"}]
    )
    def test_it_refuses_a_pause_that_makes_no_sense(self, owner: Shop, store: Store, pasta: Product, body: Any) -> None:
        assert owner.post("products/pasta/pause/", body).status_code == 400
        assert rows(Product, store)[0].status == "active"


class TestDeleting:
    def test_carts_lose_the_line(self, owner: Shop, shop: Shop, store: Store, pasta: Product) -> None:
        shop.add(pasta)
        seq = last_seq(store)
        assert owner.delete("products/pasta/").status_code == 204
        assert rows(CartLine, store) == []
        assert len(rows(Cart, store)) == 1
        assert fact_names(store, seq) == ["product.deleted", "catalog.published"]
        assert shop.get("cart/").status_code == 200

    def test_orders_keep_what_was_sold(self, owner: Shop, shop: Shop, store: Store, pasta: Product) -> None:
        shop.add(pasta)
        order = shop.checkout()
        assert order.status_code in {200, 201}, order.json()
        assert owner.delete("products/pasta/").status_code == 204
        [item] = owner.get("orders/").json()["results"][0]["items"]
        assert item["product_name"] == pasta.name

    def test_it_stays_while_a_combo_offers_it(self, owner: Shop, store: Store, pasta: Product) -> None:
        slots = [{"name": "Main", "choices": [{"product": "pasta"}]}]
        assert (
            owner.post("combos/", {"name": "Lunch", "category": "food", "price": 40, "slots": slots}).status_code == 201
        )
        answer = owner.delete("products/pasta/")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
        assert len(rows(Product, store)) == 1


class TestBulk:
    def test_it_pauses_many_at_once(self, owner: Shop, store: Store, pasta: Product) -> None:
        other = factories.make_product(store, "salad")
        before = version(store)
        until = (now() + timedelta(hours=1)).isoformat()
        ids = [str(pasta.pk), str(other.pk)]
        assert owner.post("products/bulk/", {"ids": ids, "action": "pause", "until": until}).json() == {"changed": 2}
        assert {row.status for row in rows(Product, store)} == {"paused"}
        assert version(store) == before + 1
        assert owner.post("products/bulk/", {"ids": ids, "action": "activate"}).json() == {"changed": 2}

    def test_prices_rise_by_a_percentage_rounded_to_the_cent(self, owner: Shop, store: Store, pasta: Product) -> None:
        wine = factories.make_product(store, "wine")
        factories.make_variant(wine, "glass", "9.99")
        ids = [str(pasta.pk), str(wine.pk)]
        assert owner.post("products/bulk/", {"ids": ids, "action": "price_percent", "percent": 7.5}).json() == {
            "changed": 2
        }
        assert owner.get("products/pasta/").json()["price"] == 32.25
        assert owner.get("products/wine/").json()["variants"][0]["price"] == 10.74

    def test_it_moves_to_another_category(self, owner: Shop, store: Store, pasta: Product) -> None:
        owner.post("categories/", {"name": "Drinks"})
        answer = owner.post("products/bulk/", {"ids": [str(pasta.pk)], "action": "category", "category": "drinks"})
        assert answer.json() == {"changed": 1}
        assert owner.get("products/pasta/").json()["category_name"] == "Drinks"

    def test_one_bad_row_refuses_all_and_is_named(
        self, owner: Shop, store: Store, pasta: Product, foreign: Product
    ) -> None:
        body = {"ids": [str(pasta.pk), str(foreign.pk)], "action": "deactivate"}
        answer = owner.post("products/bulk/", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "bulk_refused")
        assert answer.json()["codes"] == {"ids.1": ["not_found"]}
        assert rows(Product, store)[0].status == "active"

    @pytest.mark.parametrize(
        "change",
        [
            {"ids": []},
            {"ids": ["x"]},
            {"action": "explode"},
            {"action": "price_percent"},
            {"action": "price_percent", "percent": -91},
        ],
    )
    def test_it_refuses_a_wish_it_does_not_understand(
        self, owner: Shop, store: Store, pasta: Product, change: Any
    ) -> None:
        body = {"ids": [str(pasta.pk)], "action": "pause"} | change
        assert owner.post("products/bulk/", body).status_code == 400
        assert rows(Product, store)[0].status == "active"


class TestDuplicating:
    def test_the_copy_is_hidden_and_shares_nothing_but_its_groups(
        self, owner: Shop, store: Store, pasta: Product
    ) -> None:
        group = factories.make_group(pasta, "sauce", {"red": "0.00"})
        answer = owner.post("products/pasta/duplicate/")
        twin = answer.json()
        assert answer.status_code == 201
        assert twin["status"] == "inactive"
        assert (twin["slug"], twin["sku"]) == ("pasta-2", "pasta-copy")
        assert twin["modifier_groups"] == [str(group.pk)]
