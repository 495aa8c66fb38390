"""Products over HTTP: who sees what, what is refused, and that a refusal changes nothing."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.stores.models import Category, Product, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows, version
from apps.stores.tests.fixtures import Shop

NEW = {"name": "Água de coco", "category": "food", "price": 12.5}


@pytest.fixture
def pasta(store: Store) -> Any:
    return factories.make_product(store, "pasta", price="30.00", cost_price=Decimal("11.00"))


@pytest.fixture
def foreign(other_store: Store) -> Any:
    return factories.make_product(other_store, "quiche")


class TestCreating:
    def test_it_makes_a_product_with_a_slug_and_a_sku(self, owner: Shop, store: Store) -> None:
        before, seq = version(store), last_seq(store)
        answer = owner.post("products/", {**NEW, "stock": {"on_hand": 7, "low_threshold": 2}})
        body = answer.json()
        assert answer.status_code == 201, body
        assert (body["slug"], body["sku"], body["price"]) == ("agua-de-coco", "agua-de-coco", 12.5)
        assert body["stock"] | {"id": ""} == {"id": "", "on_hand": 7, "reserved": 0, "available": 7, "low_threshold": 2}
        assert fact_names(store, seq) == ["stock.changed", "product.created", "catalog.published"]
        assert version(store) == before + 1

    def test_the_same_name_twice_gets_another_slug(self, owner: Shop, store: Store) -> None:
        owner.post("products/", NEW)
        assert owner.post("products/", NEW).json()["slug"] == "agua-de-coco-2"

    @pytest.mark.parametrize(
        ("change", "field", "code"),
        [
            ({"price": None}, "price", "required"),
            ({"name": ""}, "name", "blank"),
            ({"name": None}, "name", "null"),
            ({"price": -1}, "price", "min_value"),
            ({"price": "NaN"}, "price", "invalid"),
            ({"status": "gone"}, "status", "invalid_choice"),
            ({"category": str(uuid7())}, "category", "not_found"),
            ({"category": "nowhere"}, "category", "not_found"),
            ({"category": {"id": 1}}, "category", "not_found"),
            ({"modifier_groups": [str(uuid7())]}, "modifier_groups.0", "not_found"),
            ({"modifier_groups": "all"}, "modifier_groups", "not_a_list"),
            ({"outlets": ["main", "main"]}, "outlets.1", "unique"),
            ({"tags": {"a": 1}}, "tags", "invalid"),
            ({"available": [{"weekdays": 5}]}, "available", "invalid"),
            ({"sale": {"price": 1, "starts": "2026-99-99", "ends": "2026-10-01"}}, "sale", "invalid"),
            ({"sale": {"price": 1, "starts": "2026-10-02", "ends": "2026-10-01"}}, "sale", "invalid"),
            ({"sale": {"price": 1, "weekdays": ["someday"]}}, "sale", "invalid"),
            ({"sale": {"price": 1, "from": "25:00"}}, "sale", "invalid"),
            ({"sale": {"weekdays": ["mon"]}}, "sale", "invalid"),
            ({"tax_code": "A"}, "tax_code", "invalid"),
            ({"attributes": {"colour": "red"}}, "attributes.colour", None),
            ({"kind": "flavour", "flavour_prices": {"giant": 5}}, "flavour_prices", "invalid"),
            ({"slug": "não"}, "slug", "invalid"),
            ({"min_age": 99999}, "min_age", "max_value"),
            ({"stock": {"on_hand": -1}}, "stock.on_hand", "min_value"),
        ],
    )
    def test_it_refuses_a_bad_field_and_makes_no_row(
        self, owner: Shop, store: Store, change: Any, field: str, code: Any
    ) -> None:
        seq = last_seq(store)
        answer = owner.post("products/", NEW | change)
        body = answer.json()
        assert answer.status_code == 400, body
        assert field in body["errors"], body
        if code:
            assert body["codes"][field] == [code]
        assert rows(Product, store) == []
        assert last_seq(store) == seq

    @pytest.mark.parametrize("field", ["slug", "sku"])
    def test_it_refuses_a_slug_or_sku_that_is_taken(
        self, owner: Shop, store: Store, pasta: Product, field: str
    ) -> None:
        answer = owner.post("products/", {**NEW, field: getattr(pasta, field)})
        assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "unique", [field])
        assert len(rows(Product, store)) == 1

    def test_another_stores_slug_is_free_here(self, owner: Shop, foreign: Product) -> None:
        assert owner.post("products/", {**NEW, "slug": foreign.slug, "sku": foreign.sku}).status_code == 201

    def test_it_refuses_references_into_another_store(
        self, owner: Shop, store: Store, other_store: Store, foreign: Product
    ) -> None:
        group = factories.make_group(foreign, "cheese", {"brie": "3.00"})
        with scope(other_store.pk):
            category = Category.objects.get()
        for field, value in {"category": str(category.pk), "modifier_groups": [str(group.pk)]}.items():
            answer = owner.post("products/", {**NEW, field: value})
            assert (answer.status_code, answer.json()["code"]) == (400, "not_found")
        assert rows(Product, store) == []

    def test_only_who_may_edit_the_menu_writes(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store
    ) -> None:
        answers = [client.post("products/", NEW).status_code for client in (attendant, stranger, nobody)]
        assert answers == [403, 404, 401]
        assert rows(Product, store) == []


class TestReading:
    def test_staff_see_costs_and_stock_and_hidden_products(self, owner: Shop, store: Store, pasta: Product) -> None:
        factories.make_product(store, "secret", status="inactive")
        body = owner.get("products/").json()
        assert body["count"] == 2
        assert {"next", "previous"} <= set(body)
        assert body["results"][0]["cost_price"] == 11
        assert body["results"][0]["stock"] is None

    def test_anyone_sees_what_is_on_the_menu_without_costs(
        self, nobody: Shop, stranger: Shop, store: Store, pasta: Product
    ) -> None:
        factories.make_product(store, "secret", status="inactive")
        factories.make_product(store, "out", status="paused")
        for client in (nobody, stranger):
            results = client.get("products/").json()["results"]
            assert [row["slug"] for row in results] == ["pasta", "out"]
            assert not {"cost_price", "stock", "barcode"} & set(results[0])
            assert client.get("products/secret/").status_code == 404

    def test_a_hidden_category_hides_what_is_in_and_below_it(
        self, nobody: Shop, owner: Shop, store: Store, pasta: Product
    ) -> None:
        parent = owner.post("categories/", {"name": "Off", "is_active": False}).json()
        owner.patch("categories/food/", {"parent": parent["id"]})
        assert nobody.get("products/").json()["count"] == 0
        assert owner.get("products/").json()["count"] == 1

    def test_a_bad_token_reads_as_nobody(self, nobody: Shop, pasta: Product) -> None:
        nobody.client.credentials(HTTP_AUTHORIZATION="Token " + "0" * 40)
        assert nobody.get("products/pasta/").status_code == 200
        assert nobody.post("products/", NEW).status_code == 401

    def test_it_finds_by_id_and_by_slug_but_never_in_another_store(
        self, owner: Shop, pasta: Product, foreign: Product
    ) -> None:
        assert owner.get(f"products/{pasta.pk}/").json()["slug"] == "pasta"
        assert owner.get("products/pasta/").json()["id"] == str(pasta.pk)
        assert owner.get(f"products/{foreign.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"search": "acai GRANOLA"}, ["acai"]),
            ({"search": "vegano"}, ["pasta"]),
            ({"search": ""}, ["pasta", "acai"]),
            ({"status": "", "category": "", "featured": ""}, ["pasta", "acai"]),
            ({"featured": "true"}, ["acai"]),
            ({"category": "drinks"}, []),
            ({"category": "food", "ordering": "-price"}, ["pasta", "acai"]),
            ({"ordering": "name"}, ["acai", "pasta"]),
            ({"tag": "vegano"}, ["pasta"]),
            ({"kind": "pizza"}, []),
            ({"product_type": str(uuid7())}, []),
        ],
    )
    def test_it_filters_and_orders(self, owner: Shop, store: Store, pasta: Product, query: Any, expected: Any) -> None:
        owner.patch("products/pasta/", {"tags": ["vegano"]})  # writes the text it is searched by
        owner.post(
            "products/", {"name": "Açaí com granola", "slug": "acai", "category": "food", "price": 9, "featured": True}
        )
        answer = owner.get("products/", **query)
        assert [row["slug"] for row in answer.json()["results"]] == expected

    @pytest.mark.parametrize(
        "query", [{"ordering": "cost_price"}, {"status": "x"}, {"page": "0x1"}, {"search": "\x00"}]
    )
    def test_it_refuses_a_filter_it_does_not_know(self, owner: Shop, pasta: Product, query: Any) -> None:
        answer = owner.get("products/", **query)
        assert answer.status_code == 400
        assert answer.json()["errors"]

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, owner: Shop, nobody: Shop, store: Store) -> None:
        def fill(number: int) -> None:
            for n in range(number):
                product = factories.make_product(store, f"p-{uuid7().hex}", stock=3)
                factories.make_variant(product, f"v-{n}", "5.00", stock=1)
                factories.make_group(product, f"g-{uuid7().hex[:12]}", {"a": "1.00"})

        def count(client: Shop) -> Any:
            client.get("products/")
            with CaptureQueriesContext(connection) as captured:
                assert client.get("products/").status_code == 200
            return len(captured)

        fill(1)
        few = [count(owner), count(nobody)]
        fill(12)
        assert [count(owner), count(nobody)] == few


class TestChanging:
    def test_it_changes_what_is_named_and_says_so_once(self, owner: Shop, store: Store, pasta: Product) -> None:
        seq, before = last_seq(store), version(store)
        answer = owner.patch("products/pasta/", {"price": "31.90", "name": "Massa"})
        assert answer.status_code == 200
        assert answer.json()["price"] == 31.9
        assert fact_names(store, seq) == ["product.updated", "catalog.published"]
        assert version(store) == before + 1

    def test_sending_it_back_unchanged_publishes_nothing(self, owner: Shop, store: Store, pasta: Product) -> None:
        seq, before = last_seq(store), version(store)
        body = owner.get("products/pasta/").json()
        assert owner.patch("products/pasta/", body).status_code == 200
        assert (last_seq(store), version(store)) == (seq, before)

    def test_an_old_copy_is_refused(self, owner: Shop, store: Store, pasta: Product) -> None:
        tag = owner.get("products/pasta/")["ETag"]
        path = owner.base + "products/pasta/"
        assert owner.client.patch(path, {"price": 1}, format="json", HTTP_IF_MATCH=tag).status_code == 200
        answer = owner.client.patch(path, {"price": 2}, format="json", HTTP_IF_MATCH=tag)
        assert (answer.status_code, answer.json()["code"]) == (409, "stale_state")
        assert rows(Product, store)[0].price == 1

    def test_groups_are_asked_in_the_order_given(self, owner: Shop, store: Store, pasta: Product) -> None:
        first = factories.make_group(pasta, "sauce", {"red": "0.00"})
        second = factories.make_group(pasta, "cheese", {"brie": "3.00"})
        for order in ([second, first], [first], []):
            ids = [str(group.pk) for group in order]
            assert owner.patch("products/pasta/", {"modifier_groups": ids}).json()["modifier_groups"] == ids

    def test_stock_can_be_switched_on_and_off(self, owner: Shop, store: Store, pasta: Product) -> None:
        assert owner.patch("products/pasta/", {"stock": {"on_hand": 4}}).json()["stock"]["available"] == 4
        assert owner.patch("products/pasta/", {"stock": {"on_hand": 9}}).json()["stock"]["on_hand"] == 9
        assert owner.patch("products/pasta/", {"stock": None}).json()["stock"] is None
        assert rows(StockLevel, store) == []

    @pytest.mark.parametrize("method", ["patch", "delete", "post"])
    def test_strangers_get_404_and_change_nothing(
        self, stranger: Shop, owner: Shop, store: Store, pasta: Product, method: str
    ) -> None:
        seq = last_seq(store)
        call = {
            "patch": lambda: stranger.patch("products/pasta/", {"price": 1}),
            "delete": lambda: stranger.delete("products/pasta/"),
            "post": lambda: stranger.post("products/pasta/pause/"),
        }[method]
        assert call().status_code == 404
        assert rows(Product, store)[0].price == 30
        assert last_seq(store) == seq

    def test_an_owner_cannot_reach_another_stores_product_through_their_own(
        self, owner: Shop, other_store: Store, foreign: Product
    ) -> None:
        path = f"products/{foreign.pk}/"
        answers = [
            owner.patch(path, {"price": 1}),
            owner.delete(path),
            owner.post(path + "pause/"),
            owner.post(path + "duplicate/"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert rows(Product, other_store)[0].price == 20
