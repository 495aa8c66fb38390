"""What the time of day, the season and the outlet's hours do to the catalog."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.core.scope import scope
from apps.stores.models import (
    Outlet,
    Product,
    SaleStatus,
    Store,
    Variant,
)
from apps.stores.queries import catalog as queries
from apps.stores.tests import factories
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db

TOP = {"store", "categories", "products", "combos", "featured_products", "products_by_category", "product_types"}
PRODUCT_TYPES: dict[str, type | tuple[type, ...]] = {
    "id": str, "name": str, "description": str, "short_description": str, "price": (int, float),
    "compare_at_price": (int, float, type(None)), "main_image_url": (str, type(None)), "images": list, "category_name": str,
    "category_slug": str, "category": dict, "status": str, "stock_quantity": (int, type(None)), "is_in_stock": bool,
    "is_low_stock": bool, "tags": list, "attributes": dict, "type_attributes": dict, "product_type_name": str, "variants": list,
}  # fmt: skip
STORE_KEYS = {
    "name", "description", "logo_url", "banner_url", "primary_color", "secondary_color", "whatsapp_number", "phone", "email",
    "address", "city", "state", "metadata",
}  # fmt: skip


def catalog(shop: Shop) -> dict[str, Any]:
    answer = shop.get("catalog/")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def shown(shop: Shop, product: Product) -> dict[str, Any] | None:
    return next((row for row in catalog(shop)["products"] if row["id"] == str(product.pk)), None)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """A moment, and a process that has not served the menu within the last seconds."""
    with time_machine.travel(moment, tick=False):
        queries._served.clear()
        yield


def test_a_pause_ends_by_itself(shop: Shop, store: Store) -> None:
    noon = datetime(2026, 11, 20, 15, tzinfo=UTC)
    with at(noon):
        product = factories.make_product(store, status=SaleStatus.PAUSED, paused_until=noon + timedelta(hours=1))
        row = shown(shop, product)
        assert row is not None
        assert (row["status"], row["is_available"], row["unavailable_reason"]) == ("inactive", False, "product_paused")
        assert shop.add(product).status_code == 422
    with at(noon + timedelta(hours=1)):
        row = shown(shop, product)
        assert row is not None
        assert (row["status"], row["is_available"]) == ("active", True)
        assert shop.add(product).status_code == 200


def test_windows_are_in_the_store_s_own_time(shop: Shop, store: Store) -> None:
    """Araguaína is three hours behind UTC: lunch from 11 to 14 there is 14 to 17 UTC."""
    product = factories.make_product(store, available=[{"from": "11:00", "to": "14:00"}])
    for hour, is_available in ((13, False), (14, True), (16, True), (17, False)):
        with at(datetime(2026, 11, 20, hour, tzinfo=UTC)):
            row = shown(shop, product)
            assert row is not None
            assert row["is_available"] is is_available, hour


def test_a_sale_is_shown_on_its_dates_as_the_cart_charges_it(shop: Shop, store: Store) -> None:
    sale = {"price": "15.00", "starts": "2026-11-16", "ends": "2026-11-30"}
    product = factories.make_product(store, price="20.00", sale=sale)
    for day, price, before in ((15, 20, None), (16, 15, 20), (30, 15, 20)):
        with at(datetime(2026, 11, day, 15, tzinfo=UTC)):
            row = shown(shop, product)
            assert row is not None
            assert (row["price"], row["compare_at_price"]) == (price, before)
            shop.delete("cart/clear/")
            assert shop.add(product).json()["items"][0]["unit_price"] == price


def test_a_happy_hour_is_shown_and_charged_on_its_weekday_and_hours(shop: Shop, store: Store) -> None:
    """Araguaina is three hours behind: 20:00Z is 17:00 there. 2026-11-20 is a Friday."""
    product = factories.make_product(
        store, price="20.00", sale={"price": "15.00", "weekdays": ["fri"], "from": "17:00", "to": "19:00"}
    )
    for day, hour, price in ((20, 19, 20), (20, 20, 15), (20, 21, 15), (20, 22, 20), (21, 20, 20)):
        with at(datetime(2026, 11, day, hour, tzinfo=UTC)):
            row = shown(shop, product)
            assert row is not None
            assert row["price"] == price, (day, hour)
            shop.delete("cart/clear/")
            cart = shop.add(product).json()
            assert cart["items"][0]["unit_price"] == price
            assert cart["explanation"][0]["rule"] == ("sale" if price == 15 else "plain")


def test_a_variant_on_sale_lowers_the_from_price(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    factories.make_variant(product, "small", "18.00")
    large = factories.make_variant(product, "large", "30.00")
    with scope(store.pk):
        Variant.objects.filter(pk=large.pk).update(
            sale={"price": "10.00", "starts": "2026-11-01", "ends": "2026-11-30"}
        )
    factories.bump(store)
    with at(datetime(2026, 11, 20, 15, tzinfo=UTC)):
        row = shown(shop, product)
    assert row is not None
    assert row["price"] == 10
    assert [(variant["price"], variant["compare_at_price"]) for variant in row["variants"]] == [(18, None), (10, 30)]


def test_the_store_says_whether_it_is_open_and_when_that_changes(shop: Shop, store: Store) -> None:
    with scope(store.pk):
        Outlet.objects.update(hours={"fri": [["18:00", "02:00"]]})
    factories.bump(store)
    with at(datetime(2026, 11, 20, 15, tzinfo=UTC)):
        shut = catalog(shop)["store"]
    with at(datetime(2026, 11, 21, 4, tzinfo=UTC)):
        late = catalog(shop)["store"]
    assert (shut["is_open"], shut["opens_at"]) == (False, "2026-11-20T18:00:00")
    assert (late["is_open"], late["closes_at"]) == (True, "2026-11-21T02:00:00")
