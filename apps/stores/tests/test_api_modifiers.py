"""Modifier groups and options over HTTP: shared, nested three deep, never in a circle."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import uuid7
from apps.stores.models import ModifierGroup, ModifierOption, OptionOpens, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import Shop


def make(owner: Shop, slug: str, *options: Any, **values: Any) -> Any:
    body = {"name": slug.title(), "slug": slug, "max": 2, "options": list(options), **values}
    answer = owner.post("modifier-groups/", body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def option(name: str, **values: Any) -> Any:
    return {"name": name.title(), "slug": name, "price": 1, **values}


class TestGroups:
    def test_it_makes_a_group_with_its_options_in_order(self, owner: Shop, store: Store) -> None:
        seq = last_seq(store)
        body = make(owner, "sauce", option("red"), option("white", price="2.50"))
        assert [(row["slug"], row["price"], row["position"]) for row in body["options"]] == [
            ("red", 1, 0),
            ("white", 2.5, 1),
        ]
        assert fact_names(store, seq) == ["settings.changed", "catalog.published"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"min": 3, "max": 2}, "max"),
            ({"min": -1}, "min"),
            ({"name": ""}, "name"),
            ({"options": [{"name": "A", "price": -1}]}, "options.0.price"),
            ({"options": [option("a"), option("a")]}, "options.1.slug"),
            ({"options": [option("a", opens=[str(uuid7())])]}, "options.0.opens.0"),
            ({"slug": "taken"}, "slug"),
        ],
    )
    def test_it_refuses_a_bad_field_and_makes_no_row(self, owner: Shop, store: Store, change: Any, field: str) -> None:
        make(owner, "taken")
        answer = owner.post("modifier-groups/", {"name": "Sauce", **change})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
        assert len(rows(ModifierGroup, store)) == 1
        assert rows(ModifierOption, store) == []

    def test_a_write_of_options_replaces_the_list_and_keeps_rows_by_slug(self, owner: Shop, store: Store) -> None:
        body = make(owner, "sauce", option("red"), option("white"))
        kept = body["options"][1]["id"]
        changed = owner.patch(
            f"modifier-groups/{body['id']}/", {"options": [option("white", price=9), option("pesto")]}
        )
        assert [(row["slug"], row["price"]) for row in changed.json()["options"]] == [("white", 9), ("pesto", 1)]
        assert changed.json()["options"][0]["id"] == kept

    def test_it_nests_three_deep_and_no_deeper(self, owner: Shop, store: Store) -> None:
        make(owner, "third", option("x"))
        make(owner, "second", option("y", opens=["third"]))
        make(owner, "first", option("z", opens=["second"]))
        answer = owner.post("modifier-groups/", {"name": "Zero", "options": [option("w", opens=["first"])]})
        assert (answer.status_code, answer.json()["code"]) == (400, "nested_too_deep")
        assert len(rows(ModifierGroup, store)) == 3
        assert len(rows(OptionOpens, store)) == 2

    def test_it_refuses_a_circle(self, owner: Shop, store: Store) -> None:
        inner = make(owner, "inner", option("x"))
        make(owner, "outer", option("y", opens=["inner"]))
        path = f"modifier-groups/{inner['id']}/options/{inner['options'][0]['id']}/"
        for opens in (["outer"], ["inner"]):
            answer = owner.patch(path, {"opens": opens})
            assert (answer.status_code, answer.json()["code"]) == (400, "nested_too_deep")
        assert len(rows(OptionOpens, store)) == 1

    def test_deleting_it_takes_it_off_the_products(self, owner: Shop, store: Store) -> None:
        pasta = factories.make_product(store, "pasta")
        group = factories.make_group(pasta, "sauce", {"red": "1.00"})
        assert owner.delete(f"modifier-groups/{group.pk}/").status_code == 204
        assert owner.get("products/pasta/").json()["modifier_groups"] == []

    def test_only_who_may_edit_the_menu_writes(
        self, attendant: Shop, stranger: Shop, nobody: Shop, store: Store
    ) -> None:
        body = {"name": "Sauce"}
        assert [c.post("modifier-groups/", body).status_code for c in (attendant, stranger, nobody)] == [403, 404, 401]
        assert [c.get("modifier-groups/").status_code for c in (attendant, stranger, nobody)] == [200, 404, 401]
        assert rows(ModifierGroup, store) == []

    def test_another_stores_group_is_out_of_reach(self, owner: Shop, store: Store, other_store: Store) -> None:
        foreign = factories.make_group(factories.make_product(other_store, "quiche"), "cheese", {"brie": "1.00"})
        answer = owner.post("modifier-groups/", {"name": "Spy", "options": [option("a", opens=[str(foreign.pk)])]})
        assert answer.json()["codes"] == {"options.0.opens.0": ["not_found"]}
        path = f"modifier-groups/{foreign.pk}/"
        assert [owner.patch(path, {"name": "X"}).status_code, owner.delete(path).status_code] == [404, 404]
        assert owner.post(f"{path}options/", option("b")).status_code == 404
        assert len(rows(ModifierOption, other_store)) == 1
        assert rows(ModifierGroup, store) == []

    def test_the_number_of_queries_does_not_grow(self, owner: Shop) -> None:
        def count() -> Any:
            with CaptureQueriesContext(connection) as captured:
                owner.get("modifier-groups/")
            return len(captured)

        make(owner, "base", option("a"))
        count()
        few = count()
        for n in range(6):
            make(owner, f"g{n}", option("a", opens=["base"]), option("b"))
        assert count() == few


class TestOptions:
    @pytest.fixture
    def group(self, owner: Shop) -> Any:
        return make(owner, "sauce", option("red"))

    def test_it_adds_changes_and_deletes_one(self, owner: Shop, store: Store, group: Any) -> None:
        path = f"modifier-groups/{group['id']}/options/"
        added = owner.post(path, {"name": "Branco", "price": 2}).json()
        assert (added["slug"], added["position"]) == ("branco", 1)
        assert owner.patch(f"{path}{added['id']}/", {"price": 3}).json()["price"] == 3
        assert owner.post(path, option("red")).json()["code"] == "unique"
        assert owner.delete(f"{path}{added['id']}/").status_code == 204
        assert owner.get(path).json()["count"] == 1

    def test_an_attendant_pauses_it(self, attendant: Shop, store: Store, group: Any) -> None:
        path = f"modifier-groups/{group['id']}/options/{group['options'][0]['id']}/"
        assert attendant.post(path + "pause/", {"minutes": 10}).json()["status"] == "paused"
        resumed = attendant.post(path + "unpause/").json()
        assert (resumed["status"], resumed["paused_until"]) == ("active", None)
        assert attendant.patch(path, {"price": 0}).status_code == 403
