"""Categories and product types over HTTP."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.stores.models import Attribute, Category, Product, ProductType, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, picture, rows, version
from apps.stores.tests.fixtures import Shop


def make(owner: Shop, name: str, **values: Any) -> Any:
    answer = owner.post("categories/", {"name": name, **values})
    assert answer.status_code == 201, answer.json()
    return answer.json()


class TestCategories:
    def test_it_makes_one_at_the_end_of_the_list(self, owner: Shop, store: Store) -> None:
        seq, before = last_seq(store), version(store)
        body = make(owner, "Sobremesas")
        assert (body["slug"], body["position"], body["products_count"]) == ("sobremesas", 1, 0)
        assert fact_names(store, seq) == ["settings.changed", "catalog.published"]
        assert version(store) == before + 1

    def test_a_taken_slug_is_a_field_error(self, owner: Shop, store: Store) -> None:
        answer = owner.post("categories/", {"name": "Food", "slug": "food"})
        assert (answer.status_code, answer.json()["code"]) == (400, "unique")
        assert "slug" in answer.json()["errors"]
        assert len(rows(Category, store)) == 1

    def test_it_nests_but_never_in_a_circle(self, owner: Shop, store: Store) -> None:
        drinks, wine = make(owner, "Drinks"), make(owner, "Wine", parent="drinks")
        for parent in (drinks["id"], wine["id"]):
            answer = owner.patch("categories/drinks/", {"parent": parent})
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_parent")
        assert owner.patch("categories/wine/", {"parent": None}).json()["parent"] is None

    def test_it_nests_four_deep_at_most(self, owner: Shop) -> None:
        parent = None
        for level in range(4):
            parent = make(owner, f"Level {level}", parent=parent)["id"]
        answer = owner.post("categories/", {"name": "Too deep", "parent": parent})
        assert answer.json()["errors"].keys() == {"parent"}

    def test_another_stores_category_is_no_parent(self, owner: Shop, store: Store, other_store: Store) -> None:
        with scope(other_store.pk):
            foreign = Category.objects.get()
        answer = owner.post("categories/", {"name": "Spy", "parent": str(foreign.pk)})
        assert (answer.status_code, answer.json()["codes"]) == (400, {"parent": ["not_found"]})
        assert owner.patch(f"categories/{foreign.pk}/", {"name": "Mine"}).status_code == 404
        assert rows(Category, other_store)[0].name == "Food"
        assert len(rows(Category, store)) == 1

    def test_it_puts_them_in_order(self, owner: Shop, nobody: Shop, store: Store) -> None:
        ids = [make(owner, name)["id"] for name in ("A", "B")]
        food = owner.get("categories/food/").json()["id"]
        assert owner.post("categories/reorder/", {"ids": [ids[1], food, ids[0]]}).status_code == 204
        assert [row["name"] for row in nobody.get("categories/").json()["results"]] == ["B", "Food", "A"]

    @pytest.mark.parametrize("ids", [[str(uuid7())], "x", ["x"]])
    def test_it_refuses_an_order_of_strangers(self, owner: Shop, store: Store, ids: Any) -> None:
        assert owner.post("categories/reorder/", {"ids": ids}).status_code == 400
        assert owner.post("categories/reorder/", {}).json()["codes"] == {"ids": ["required"]}

    def test_an_order_may_not_name_one_twice(self, owner: Shop) -> None:
        food = owner.get("categories/food/").json()["id"]
        assert owner.post("categories/reorder/", {"ids": [food, food]}).status_code == 400

    def test_it_is_not_deleted_while_products_are_in_it(self, owner: Shop, store: Store) -> None:
        factories.make_product(store, "pasta")
        answer = owner.delete("categories/food/")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
        make(owner, "Empty")
        assert owner.delete("categories/empty/").status_code == 204

    def test_anyone_sees_the_shown_ones_with_what_is_in_them(self, owner: Shop, nobody: Shop, store: Store) -> None:
        factories.make_product(store, "pasta")
        factories.make_product(store, "secret", status="inactive")
        make(owner, "Off", is_active=False)
        make(owner, "Under off", parent="off")
        shown = nobody.get("categories/").json()["results"]
        assert [(row["name"], row["products_count"]) for row in shown] == [("Food", 1)]
        assert owner.get("categories/").json()["count"] == 3
        assert owner.get("categories/", parent="none").json()["count"] == 2
        assert nobody.get("categories/off/").status_code == 404

    def test_only_who_may_edit_the_menu_writes(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store
    ) -> None:
        calls = [client.post("categories/", {"name": "X"}).status_code for client in (attendant, stranger, nobody)]
        assert calls == [403, 404, 401]
        assert len(rows(Category, store)) == 1

    def test_the_number_of_queries_does_not_grow(self, owner: Shop) -> None:
        def count() -> Any:
            with CaptureQueriesContext(connection) as captured:
                owner.get("categories/")
            return len(captured)

        count()
        few = count()
        for n in range(10):
            make(owner, f"C{n}")
        assert count() == few

    def test_it_gets_a_picture_and_loses_it(self, owner: Shop, store: Store) -> None:
        path = owner.base + "categories/food/image/"
        answer = owner.client.put(path, {"image": picture()}, format="multipart")
        assert answer.status_code == 200
        assert answer.json()["image"].startswith("http")
        assert owner.client.delete(path).status_code == 204
        assert not rows(Category, store)[0].image


TYPE: dict[str, Any] = {
    "name": "Vinho",
    "attributes": [
        {"slug": "grape", "name": "Grape", "kind": "text"},
        {"slug": "year", "name": "Year", "kind": "integer", "required": True},
        {"slug": "organic", "name": "Organic", "kind": "boolean"},
        {"slug": "body", "name": "Body", "kind": "choice", "choices": ["light", "full"]},
    ],
}


@pytest.fixture
def wine_type(owner: Shop) -> Any:
    answer = owner.post("product-types/", TYPE)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def wine(owner: Shop, attributes: Any) -> Any:
    body = {"name": "Wine", "category": "food", "price": 50, "product_type": "vinho", "attributes": attributes}
    return owner.post("products/", body)


class TestProductTypes:
    def test_it_keeps_attributes_in_order(self, wine_type: Any) -> None:
        assert [row["slug"] for row in wine_type["attributes"]] == ["grape", "year", "organic", "body"]

    def test_values_are_checked_against_the_type(self, owner: Shop, wine_type: Any) -> None:
        good = {"grape": "Merlot", "year": 2020, "organic": True, "body": "full"}
        assert wine(owner, good).status_code == 201

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"year": None}, "year"),
            ({"year": "2020"}, "year"),
            ({"year": True}, "year"),
            ({"organic": "yes"}, "organic"),
            ({"body": "huge"}, "body"),
            ({"grape": 5}, "grape"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_it_refuses_a_value_of_another_kind(
        self, owner: Shop, store: Store, wine_type: Any, change: Any, field: str
    ) -> None:
        answer = wine(owner, {"year": 2020} | change)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_attributes")
        assert list(answer.json()["errors"]) == [f"attributes.{field}"]
        assert rows(Product, store) == []

    def test_a_removed_attribute_leaves_the_products(self, owner: Shop, store: Store, wine_type: Any) -> None:
        wine(owner, {"year": 2020, "grape": "Merlot"})
        answer = owner.patch(f"product-types/{wine_type['id']}/", {"attributes": TYPE["attributes"][1:]})
        assert answer.status_code == 200
        assert len(answer.json()["attributes"]) == 3
        assert rows(Product, store)[0].attributes == {"year": 2020}

    def test_the_kind_of_a_used_attribute_stays(self, owner: Shop, store: Store, wine_type: Any) -> None:
        wine(owner, {"year": 2020})
        changed = [{**TYPE["attributes"][1], "kind": "text"}]
        answer = owner.patch(f"product-types/{wine_type['id']}/", {"attributes": changed})
        assert (answer.status_code, answer.json()["code"]) == (409, "attribute_in_use")
        assert len(rows(Attribute, store)) == 4

    @pytest.mark.parametrize(
        "attributes",
        [
            [{"name": "A", "kind": "choice"}],
            [{"slug": "a", "name": "A"}, {"slug": "a", "name": "B"}],
            [{"name": ""}],
            [5],
        ],
    )
    def test_it_refuses_half_made_attributes(self, owner: Shop, store: Store, attributes: Any) -> None:
        assert owner.post("product-types/", {"name": "T", "attributes": attributes}).status_code == 400
        assert rows(ProductType, store) == []

    def test_a_used_type_is_not_deleted(self, owner: Shop, store: Store, wine_type: Any) -> None:
        wine(owner, {"year": 2020})
        assert owner.delete(f"product-types/{wine_type['id']}/").json()["code"] == "in_use"

    def test_strangers_see_nothing(self, stranger: Shop, nobody: Shop, wine_type: Any) -> None:
        assert stranger.get("product-types/").status_code == 404
        assert nobody.get("product-types/").status_code == 401
