"""Combos over HTTP."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.ids import uuid7
from apps.stores.models import Combo, ComboChoice, ComboSlot, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import Shop

PIZZA = {
    "price_rule": "highest",
    "sizes": [{"slug": "large", "name": "Large", "max_flavours": 2}],
    "crusts": [],
    "edges": [],
}


@pytest.fixture(autouse=True)
def menu(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(pizza=PIZZA)
    factories.make_product(store, "pasta")
    factories.make_variant(factories.make_product(store, "wine"), "glass", "15.00")
    factories.make_product(store, "pizza", kind="pizza")
    factories.make_product(store, "margherita", kind="flavour", flavour_prices={"large": "40.00"})


def combo(*choices: Any, **values: Any) -> Any:
    return {
        "name": "Almoço",
        "category": "food",
        "price": 45,
        "slots": [{"name": "Prato", "choices": list(choices)}],
        **values,
    }


def test_it_makes_a_combo_with_slots_and_choices(owner: Shop, store: Store) -> None:
    seq = last_seq(store)
    glass = owner.get("products/wine/").json()["variants"][0]["id"]
    body = combo({"product": "pasta"}, {"product": "pizza", "size": "large", "flavours": ["margherita"], "extra": 5})
    body["slots"].append({"name": "Bebida", "min": 0, "max": 2, "choices": [{"product": "wine", "variant": glass}]})
    answer = owner.post("combos/", body)
    made = answer.json()
    assert answer.status_code == 201, made
    assert [slot["slug"] for slot in made["slots"]] == ["prato", "bebida"]
    choice = made["slots"][0]["choices"][1]
    assert (choice["product_name"], choice["extra"], len(choice["flavours"])) == ("Pizza", 5, 1)
    assert made["slots"][1]["choices"][0]["variant_name"] == "Glass"
    assert fact_names(store, seq) == ["settings.changed", "catalog.published"]


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"product": str(uuid7())}, "product"),
        ({"product": "margherita"}, "product"),
        ({"product": "pizza"}, "size"),
        ({"product": "pizza", "size": "tiny"}, "size"),
        ({"product": "pizza", "size": "large", "flavours": ["pasta"]}, "flavours"),
        ({"product": "pasta", "size": "large"}, "size"),
        ({"product": "pasta", "extra": -1}, "extra"),
        ({"product": "pasta", "variant": "GLASS"}, "variant"),
    ],
)
def test_it_refuses_a_bad_choice_and_makes_no_row(owner: Shop, store: Store, choice: Any, field: str) -> None:
    if choice.get("variant") == "GLASS":
        choice = choice | {"variant": owner.get("products/wine/").json()["variants"][0]["id"]}
    answer = owner.post("combos/", combo({"product": "pasta"}, choice))
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [f"slots.0.choices.1.{field}"], answer.json()
    assert rows(Combo, store) == []
    assert rows(ComboSlot, store) == []
    assert rows(ComboChoice, store) == []


@pytest.mark.parametrize(
    ("slots", "field"),
    [
        ([{"name": "A", "choices": []}], "slots.0.choices"),
        ([{"name": "A", "min": 2, "max": 1, "choices": [{"product": "pasta"}]}], "slots.0.max"),
        ([{"slug": "a", "name": "A", "choices": [{"product": "pasta"}]}] * 2, "slots.1.slug"),
        ([{"name": "A"}], "slots.0.choices"),
    ],
)
def test_it_refuses_a_bad_slot(owner: Shop, store: Store, slots: Any, field: str) -> None:
    answer = owner.post("combos/", combo() | {"slots": slots})
    assert answer.status_code == 400 and list(answer.json()["errors"]) == [field], answer.json()
    assert rows(Combo, store) == []


def test_a_write_of_slots_replaces_them_and_keeps_rows_by_slug(owner: Shop, store: Store) -> None:
    made = owner.post("combos/", combo({"product": "pasta"})).json()
    slots = [{"slug": "prato", "name": "Principal", "choices": [{"product": "wine"}]}]
    changed = owner.patch(f"combos/{made['id']}/", {"slots": slots, "price": 50}).json()
    assert changed["slots"][0]["id"] == made["slots"][0]["id"]
    assert (changed["slots"][0]["choices"][0]["product_name"], changed["price"]) == ("Wine", 50)


def test_an_attendant_pauses_it(attendant: Shop, owner: Shop, store: Store) -> None:
    made = owner.post("combos/", combo({"product": "pasta"})).json()
    path = f"combos/{made['id']}/"
    assert attendant.post(path + "pause/", {"minutes": 5}).json()["status"] == "paused"
    assert attendant.post(path + "unpause/").json()["paused_until"] is None
    assert attendant.delete(path).status_code == 403


def test_foreign_things_are_out_of_reach(owner: Shop, stranger: Shop, store: Store, other_store: Store) -> None:
    foreign = factories.make_product(other_store, "quiche")
    answer = owner.post("combos/", combo({"product": str(foreign.pk)}))
    assert answer.json()["codes"] == {"slots.0.choices.0.product": ["not_found"]}
    made = owner.post("combos/", combo({"product": "pasta"})).json()
    assert stranger.patch(f"combos/{made['id']}/", {"price": 1}).status_code == 404
    assert stranger.post("combos/", combo()).status_code == 404
    assert [row.price for row in rows(Combo, store)] == [45]


def test_the_number_of_queries_does_not_grow(owner: Shop) -> None:
    def count() -> Any:
        with CaptureQueriesContext(connection) as captured:
            owner.get("combos/")
        return len(captured)

    owner.post("combos/", combo({"product": "pizza", "size": "large", "flavours": ["margherita"]}))
    count()
    few = count()
    for n in range(5):
        owner.post("combos/", combo({"product": "pasta"}, {"product": "wine"}, name=f"C{n}"))
    assert count() == few


def test_it_filters(owner: Shop) -> None:
    owner.post("combos/", combo({"product": "pasta"}))
    assert owner.get("combos/", status="active", category="food", search="almo").json()["count"] == 1
    assert owner.get("combos/", status="paused").json()["count"] == 0
