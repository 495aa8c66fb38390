"""What is in a category nobody sees cannot be bought by anyone who remembers its name."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import Cart, Category, Combo, Order, Product, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def inner(store: Store) -> Category:
    """A shown category within `food`."""
    with scope(store.pk):
        food = Category.objects.get(slug="food")
        return Category.objects.create(store_id=store.pk, slug="pasta", name="Pasta", parent=food)


@pytest.fixture
def other(store: Store) -> Category:
    """A shown category beside `food`."""
    with scope(store.pk):
        return Category.objects.create(store_id=store.pk, slug="drinks", name="Drinks")


@pytest.fixture
def dish(store: Store, inner: Category) -> Product:
    return factories.make_product(store, "lasagna", category=inner)


@pytest.fixture
def combo(store: Store, inner: Category, other: Category) -> Combo:
    """A combo that is itself in `pasta`, of a drink that is not."""
    return factories.make_combo(
        store, "meal", parts=[factories.make_product(store, "juice", category=other)], category=inner
    )


def hide(owner: Shop, slug: str) -> None:
    answer = owner.patch(f"categories/{slug}/", {"is_active": False})
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("slug", ["pasta", "food"], ids=["its own category", "the one above"])
def test_a_product_and_a_combo_of_a_hidden_category_are_not_on_sale(
    shop: Shop, owner: Shop, store: Store, dish: Product, combo: Combo, slug: str
) -> None:
    assert shop.add(dish).status_code == 200
    assert shop.post("cart/add/", {"combo_id": str(combo.pk)}).status_code == 200
    shop.delete("cart/clear/")
    hide(owner, slug)
    wishes: list[dict[str, Any]] = [
        {"product_id": str(dish.pk)},
        {"product_id": "lasagna"},
        {"combo_id": str(combo.pk)},
    ]
    for wish in wishes:
        answer = shop.post("cart/add/", wish)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_product")
    assert shop.get("cart/").json()["item_count"] == 0


@pytest.mark.parametrize("slug", ["pasta", "food"])
def test_a_line_whose_category_was_hidden_meanwhile_cannot_be_checked_out(
    shop: Shop, owner: Shop, store: Store, dish: Product, slug: str
) -> None:
    shop.add(dish)
    hide(owner, slug)
    (line,) = shop.get("cart/").json()["items"]
    assert [problem["code"] for problem in line["problems"]] == ["unknown_product"]
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_product")
    with scope(store.pk):
        assert not Order.objects.exists()
        assert Cart.objects.get().is_open


def test_a_part_of_a_hidden_category_is_neither_offered_in_a_combo_nor_sold_in_it(
    shop: Shop, owner: Shop, store: Store, other: Category
) -> None:
    juice, burger = factories.make_product(store, "juice", category=other), factories.make_product(store, "burger")
    combo = factories.make_combo(store, "meal", parts=[burger, juice])
    hide(owner, "drinks")
    (shown,) = shop.get("catalog/").json()["combos"]
    assert [[row["product_name"] for row in slot["choices"]] for slot in shown["slots"]] == [["Burger"], []]
    choices = [{"slot": "slot-0", "product_id": "burger"}, {"slot": "slot-1", "product_id": "juice"}]
    answer = shop.post("cart/add/", {"combo_id": str(combo.pk), "customizations": {"choices": choices}})
    assert (answer.status_code, answer.json()["code"]) == (422, "choice_not_offered")


def test_shown_again_it_is_sold_again(shop: Shop, owner: Shop, dish: Product) -> None:
    hide(owner, "food")
    owner.patch("categories/food/", {"is_active": True})
    assert shop.add(dish).status_code == 200
    assert shop.checkout().status_code == 201
