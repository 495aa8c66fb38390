"""Scenario 2: creating or patching in a foreign store. (Integrations, webhooks: later.)"""

from typing import Any

import pytest

from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.stores.models import Category, DeliveryZone, Outlet, Product, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.scenarios.test_01_foreign_tokens import world
from apps.users.models import User

pytestmark = pytest.mark.django_db


def noun_bodies(store: Store) -> dict[str, dict[str, Any]]:
    """A body per noun that the store's own owner could send."""
    with scope(store.pk):
        category = str(Category.objects.get(slug="food").pk)
    return {
        "products/": {"name": "Soup", "category": category, "price": 10},
        "combos/": {"name": "Lunch", "category": category, "price": 10, "slots": []},
        "categories/": {"name": "Drinks"},
        "modifier-groups/": {"name": "Extras", "min": 0, "max": 1},
        "product-types/": {"name": "Pasta"},
        "delivery-zones/": {"name": "North", "kind": "neighbourhood", "fee": 5},
        "shipping-zones/": {"name": "Germany", "countries": ["DE"], "tiers": [{"max_g": 1000, "price": 5}]},
        "promotions/": {"name": "Ten", "kind": "percentage", "value": 10},
        "coupons/": {"code": "TEN", "discount_type": "percentage", "discount_value": 10},
        "price-lists/": {"name": "Trade", "percentage": 10},
        "outlets/": {"name": "North", "hours": factories.ALL_DAY},
        "staff/": {"email": "charlie@example.com", "role": "owner"},
        "kitchen/stations/": {"name": "Grill"},
        "devices/claim/": {"code": "ABC234", "name": "Screen", "kind": "kitchen_screen"},
    }


def test_creating_anything_in_a_foreign_store_is_not_found_and_makes_no_row(
    store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    intruder, before = Shop(client_for(charlie), store.slug), world(store)
    for noun, body in noun_bodies(store).items():
        answer = intruder.post(noun, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "store_not_found"), noun
    assert world(store) == before


def test_the_same_bodies_are_good_ones(store: Store, owner: Shop) -> None:
    """The control: what is refused above is refused for who sends it, not for what it says."""
    bodies = noun_bodies(store)
    del bodies["devices/claim/"]  # needs a screen that shows a code
    assert {noun: owner.post(noun, body).status_code for noun, body in bodies.items()} == dict.fromkeys(bodies, 201)


def test_changing_or_deleting_a_foreign_row_is_not_found_under_either_store(
    store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    product = factories.make_product(store, stock=3)
    with scope(store.pk):
        rows = {
            "products": product.pk,
            "categories": Category.objects.get().pk,
            "outlets": Outlet.objects.get().pk,
            "delivery-zones": DeliveryZone.objects.get().pk,
            "stock": product.stock_levels.get().pk,
        }
    before = world(store)
    client = client_for(charlie)
    for slug in (store.slug, other_store.slug):
        for noun, pk in rows.items():
            path = f"/api/v1/stores/s/{slug}/{noun}/{pk}/"
            assert client.patch(path, {"name": "Mine", "price": 0, "fee": 0}, format="json").status_code == 404, path
            assert client.delete(path).status_code == 404, path
    assert client.patch(f"/api/v1/stores/s/{store.slug}/settings/", {"name": "Mine"}, format="json").status_code == 404
    assert world(store) == before


def test_a_row_of_a_foreign_store_cannot_be_named_in_a_body(
    store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    """Charlie puts a product of his own into Alice's category, and Alice's product into a combo of his own."""
    product = factories.make_product(store)
    with scope(store.pk):
        category = Category.objects.get().pk
    with scope(other_store.pk):
        own = Category.objects.get().pk
    mine, before = Shop(client_for(charlie), other_store.slug), world(other_store)
    slots = [{"name": "Main", "min": 1, "max": 1, "choices": [{"product": str(product.pk)}]}]
    for noun, body in {
        "products/": {"name": "Soup", "category": str(category), "price": 10},
        "combos/": {"name": "Lunch", "category": str(own), "price": 10, "slots": slots},
        "stock/": {"product": str(product.pk), "on_hand": 5},
        "promotions/": {"name": "Ten", "kind": "percentage", "value": 10, "products": [str(product.pk)]},
        "coupons/": {
            "code": "X1",
            "discount_type": "fixed",
            "discount_value": 1,
            "applicable_categories": [str(category)],
        },
        "price-lists/": {"name": "Trade", "prices": [{"product": str(product.pk), "price": 1}]},
        "categories/": {"name": "Below", "parent": str(category)},
        "kitchen/stations/": {"name": "Grill", "products": [str(product.pk)]},
    }.items():
        answer = mine.post(noun, body)
        assert answer.status_code in {400, 404}, (noun, answer.content)
    assert world(other_store) == before


def test_a_row_that_never_was_and_a_foreign_one_answer_alike(
    store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    mine, foreign = Shop(client_for(charlie), other_store.slug), factories.make_product(store)
    answers = [mine.patch(f"products/{pk}/", {"price": 1}) for pk in (foreign.pk, uuid7())]
    assert answers[0].status_code == answers[1].status_code == 404
    assert answers[0].json() == answers[1].json()
    with scope(store.pk):
        assert Product.objects.get(pk=foreign.pk).price == foreign.price
