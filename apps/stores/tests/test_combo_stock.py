"""A combo is in stock when its parts are: the menu does not offer what checkout would refuse."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import Combo, ComboChoice, ComboSlot, Product, SaleStatus, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def shown(shop: Shop) -> dict[str, Any]:
    (combo,) = shop.get("catalog/").json()["combos"]
    found: dict[str, Any] = combo
    return found


def stock_of(shop: Shop) -> tuple[Any, bool, bool, str | None]:
    row = shown(shop)
    return row["stock_quantity"], row["is_in_stock"], row["is_available"], row["unavailable_reason"]


def choose_also(combo: Combo, product: Product, slot: str = "slot-0", **values: Any) -> None:
    """One more product for a slot."""
    with scope(combo.store_id):
        row = ComboSlot.objects.get(combo=combo, slug=slot)
        ComboChoice.objects.create(store_id=combo.store_id, slot=row, product=product, position=9, **values)
    factories.bump(combo.store)


def test_the_scarcest_part_counts(shop: Shop, store: Store) -> None:
    burger, beer = factories.make_product(store, stock=7), factories.make_product(store, stock=3)
    factories.make_combo(store, "meal", parts=[burger, beer, factories.make_product(store)])
    assert stock_of(shop) == (3, True, True, None)


def test_parts_nobody_counts_are_always_there(shop: Shop, store: Store) -> None:
    factories.make_combo(store, "meal", parts=[factories.make_product(store)])
    assert stock_of(shop) == (None, True, True, None)


def test_a_sold_out_part_sells_out_the_combo_and_checkout_agrees(shop: Shop, store: Store) -> None:
    burger, beer = factories.make_product(store, stock=7), factories.make_product(store, stock=1)
    combo = factories.make_combo(store, "meal", parts=[burger, beer])
    shop.add(beer)
    shop.post("cart/add/", {"combo_id": str(combo.pk)})
    assert shop.checkout().json()["code"] == "out_of_stock"
    shop.delete("cart/clear/")
    shop.add(beer)
    assert shop.checkout().status_code == 201
    assert stock_of(shop) == (0, False, False, "out_of_stock")


def test_another_choice_of_the_slot_keeps_it_on_sale(shop: Shop, store: Store) -> None:
    combo = factories.make_combo(store, "meal", parts=[factories.make_product(store, stock=0)])
    assert stock_of(shop) == (0, False, False, "out_of_stock")
    choose_also(combo, factories.make_product(store, stock=2))
    assert stock_of(shop) == (2, True, True, None)
    choices = shown(shop)["slots"][0]["choices"]
    assert [(row["is_in_stock"], row["is_available"]) for row in choices] == [(False, False), (True, True)]
    choose_also(combo, factories.make_product(store))
    assert stock_of(shop) == (None, True, True, None)


def test_a_slot_for_several_takes_them_from_one_choice_or_once_from_two(shop: Shop, store: Store) -> None:
    combo = factories.make_combo(store, "meal", parts=[factories.make_product(store, stock=5)])
    with scope(store.pk):
        ComboSlot.objects.update(min=2, max=2)
        level = StockLevel.objects.get()
    factories.bump(store)
    assert stock_of(shop)[0] == 2
    choose_also(combo, factories.make_product(store, stock=1))
    with scope(store.pk):
        StockLevel.objects.filter(pk=level.pk).update(on_hand=1)
    factories.bump(store)
    assert stock_of(shop) == (1, True, True, None)


def test_a_slot_that_may_stay_empty_limits_nothing(shop: Shop, store: Store) -> None:
    factories.make_combo(store, "meal", parts=[factories.make_product(store, stock=0)])
    with scope(store.pk):
        ComboSlot.objects.update(min=0)
    factories.bump(store)
    assert stock_of(shop) == (None, True, True, None)


def test_a_choice_is_counted_in_the_form_it_names(shop: Shop, store: Store) -> None:
    wine = factories.make_product(store, "wine")
    glass = factories.make_variant(wine, "glass", "9.00", stock=0)
    factories.make_variant(wine, "bottle", "40.00", stock=4)
    combo = factories.make_combo(store, "meal", parts=[wine])
    assert stock_of(shop)[0] == 4
    with scope(store.pk):
        ComboChoice.objects.filter(slot__combo=combo).update(variant=glass)
    factories.bump(store)
    assert stock_of(shop) == (0, False, False, "out_of_stock")


def test_a_paused_part_makes_it_unavailable_though_there_is_stock(shop: Shop, store: Store) -> None:
    factories.make_combo(store, "meal", parts=[factories.make_product(store, "burger", stock=5)])
    with scope(store.pk):
        Product.objects.update(status=SaleStatus.PAUSED)
    factories.bump(store)
    assert stock_of(shop) == (5, True, False, "product_paused")


def test_a_slot_nothing_is_left_for_cannot_be_filled(shop: Shop, store: Store) -> None:
    factories.make_combo(store, "meal", parts=[factories.make_product(store, "burger")])
    with scope(store.pk):
        Product.objects.update(status=SaleStatus.INACTIVE)
    factories.bump(store)
    assert stock_of(shop) == (0, False, False, "out_of_stock")
