"""The catalog over HTTP: its fields (clients/storefront.md 2.1), its ETag, what it costs, and what time does to it."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core import redis
from apps.core.actors import system
from apps.core.scope import scope
from apps.stores.models import (
    Category,
    Combo,
    Product,
    ProductImage,
    ProductKind,
    ProductType,
    SaleStatus,
    StockLevel,
    Store,
)
from apps.stores.queries import bundle
from apps.stores.services import product as products
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


def test_it_has_every_part_the_clients_index_without_looking(shop: Shop, store: Store) -> None:
    body = catalog(shop)
    assert set(body) >= TOP
    assert set(body["store"]) >= STORE_KEYS
    assert (body["products"], body["combos"], body["featured_products"]) == ([], [], [])
    assert body["products_by_category"] == {body["categories"][0]["id"]: []}


def test_a_product_has_every_field_in_its_type(shop: Shop, store: Store) -> None:
    with scope(store.pk):
        kind = ProductType.objects.create(store_id=store.pk, slug="pasta", name="Pasta")
    product = factories.make_product(
        store, "lasagna", price="39.90", compare_at_price=Decimal("45.00"), tags=["novidade"], attributes={"weight": 400},
        product_type=kind, stock=3, featured=True,
    )  # fmt: skip
    row = shown(shop, product)
    assert row is not None
    assert {name: type(row[name]) for name, kinds in PRODUCT_TYPES.items() if not isinstance(row[name], kinds)} == {}
    assert (row["price"], row["compare_at_price"], row["status"]) == (39.9, 45, "active")
    assert (row["stock_quantity"], row["is_in_stock"], row["is_low_stock"]) == (3, True, True)
    assert row["category"]["name"] == row["category_name"] == "Food"
    assert row["product_type"]["name"] == row["product_type_name"] == "Pasta"
    assert row["attributes"] == row["type_attributes"] == {"weight": 400}


def test_featured_and_by_category_hold_whole_products(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, featured=True)
    factories.make_product(store)
    body = catalog(shop)
    whole = next(row for row in body["products"] if row["id"] == str(product.pk))
    assert body["featured_products"] == [whole]
    (category,) = body["categories"]
    assert len(body["products_by_category"][category["id"]]) == 2
    assert whole in body["products_by_category"][category["id"]]


def test_a_combo_says_its_price_and_parts_in_both_spellings(shop: Shop, store: Store) -> None:
    part = factories.make_product(store, "lasagna")
    factories.make_combo(store, "lunch", price="30.00", compare_at_price=Decimal("36.00"), parts=[part])
    (row,) = catalog(shop)["combos"]
    assert (row["price"], row["original_price"], row["compare_at_price"], row["savings"]) == (30, 36, 36, 6)
    assert (row["is_active"], row["image_url"], row["stock_quantity"]) == (True, None, None)
    (item,) = row["items"]
    assert (item["product"]["name"], item["product_name"], item["quantity"]) == ("Lasagna", "Lasagna", 1)
    assert isinstance(item["id"], str)


def test_images_are_absolute(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    with scope(store.pk):
        ProductImage.objects.create(store_id=store.pk, product=product, image="stores/x/lasagna.jpg", alt="Lasagna")
    factories.bump(store)
    row = shown(shop, product)
    assert row is not None
    assert row["main_image_url"] == "http://testserver/media/stores/x/lasagna.jpg"
    assert row["images"] == [{"url": row["main_image_url"], "alt": "Lasagna"}]
    shop.add(product)
    assert shop.get("cart/").json()["items"][0]["product_image"] == row["main_image_url"]


def test_two_addresses_of_one_store_do_not_share_their_images(store: Store, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    product = factories.make_product(store)
    with scope(store.pk):
        ProductImage.objects.create(store_id=store.pk, product=product, image="a.jpg")
    factories.bump(store)
    path = f"/api/v1/stores/{store.slug}/catalog/"
    found = [
        APIClient().get(path, headers={"Host": host}).json()["products"][0]["main_image_url"]
        for host in ("a.test", "b.test")
    ]
    assert found == ["http://a.test/media/a.jpg", "http://b.test/media/a.jpg"]


def test_untracked_stock_is_null_and_none_left_is_out_of_stock(shop: Shop, store: Store) -> None:
    endless, gone = factories.make_product(store), factories.make_product(store, stock=0)
    first, second = shown(shop, endless), shown(shop, gone)
    assert first is not None
    assert second is not None
    assert (first["stock_quantity"], first["is_in_stock"], first["status"]) == (None, True, "active")
    assert (second["stock_quantity"], second["is_in_stock"], second["status"]) == (0, False, "out_of_stock")


def test_variants_sum_their_stock_only_if_all_are_tracked(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    factories.make_variant(product, "small", "18.00", stock=2)
    factories.make_variant(product, "large", "30.00", stock=3)
    row = shown(shop, product)
    assert row is not None
    assert (row["price"], row["stock_quantity"]) == (18, 5)
    factories.make_variant(product, "huge", "50.00")
    row = shown(shop, product)
    assert row is not None
    assert row["stock_quantity"] is None


@pytest.mark.parametrize("header", ["{etag}", "W/{etag}", '"other", {etag}', "*"])
def test_who_has_it_gets_304_and_no_body(shop: Shop, store: Store, header: str) -> None:
    factories.make_product(store)
    first = shop.get("catalog/")
    again = shop.client.get(shop.base + "catalog/", headers={"If-None-Match": header.format(etag=first["ETag"])})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


@pytest.mark.parametrize("header", ["", '"other"', "nonsense", '"'])
def test_who_has_another_one_gets_all_of_it(shop: Shop, store: Store, header: str) -> None:
    answer = shop.client.get(shop.base + "catalog/", headers={"If-None-Match": header})
    assert (answer.status_code, len(answer.content) > 100) == (200, True)


def test_a_warm_catalog_costs_no_sql(shop: Shop, store: Store) -> None:
    factories.make_product(store)
    catalog(shop)
    with CaptureQueriesContext(connection) as captured:
        catalog(shop)
        shop.client.get(f"/api/v1/stores/{store.slug}/catalog/", headers={"Authorization": "Token " + "0" * 40})
    assert captured.captured_queries == []


def test_building_takes_the_same_queries_for_10_and_100_products(shop: Shop, store: Store) -> None:
    def build(count: int) -> int:
        added = [factories.make_product(store, stock=3) for _product in range(count)]
        for product in added:
            factories.make_group(product, product.slug, {"a": "1.00", "b": "2.00"})
        factories.make_combo(store, f"combo-{count}", parts=added[:2])
        with CaptureQueriesContext(connection) as captured:
            catalog(shop)
        return len(captured)

    assert build(10) == build(90) <= 26


@pytest.mark.django_db(transaction=True)
def test_a_change_is_on_the_menu_at_once(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, price="20.00")
    before = shop.get("catalog/")
    with scope(store.pk):
        products.change(
            product=Product.objects.get(pk=product.pk),
            actor=system("test"),
            values={"price": Decimal("21.00")},
            stock_wish=None,
        )
    after = shop.get("catalog/")
    assert after["ETag"] != before["ETag"]
    assert after.json()["products"][0]["price"] == 21
    assert after.json()["version"] > before.json()["version"]


@pytest.mark.django_db(transaction=True)
def test_the_last_one_sold_is_off_the_menu_at_once(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, stock=1)
    shop.add(product)
    assert (row := shown(shop, product)) is not None
    assert row["status"] == "active"
    assert shop.checkout().status_code == 201
    assert (row := shown(shop, product)) is not None
    assert row["status"] == "out_of_stock"


def test_what_is_hidden_is_absent(shop: Shop, store: Store) -> None:
    with scope(store.pk):
        hidden = Category.objects.create(store_id=store.pk, slug="hidden", name="Hidden", is_active=False)
        below = Category.objects.create(store_id=store.pk, slug="below", name="Below", parent=hidden)
    seen = factories.make_product(store)
    factories.make_product(store, category=hidden)
    factories.make_product(store, category=below)
    factories.make_product(store, status=SaleStatus.INACTIVE)
    with scope(store.pk):
        Combo.objects.create(store_id=store.pk, slug="x", name="X", price=1, category=below)
    factories.bump(store)
    body = catalog(shop)
    assert [row["id"] for row in body["products"]] == [str(seen.pk)]
    assert [row["slug"] for row in body["categories"]] == ["food"]
    assert body["combos"] == []
    assert list(body["products_by_category"]) == [body["categories"][0]["id"]]


def test_another_store_s_products_are_absent(shop: Shop, store: Store, other_store: Store) -> None:
    factories.make_product(other_store)
    assert catalog(shop)["products"] == []


def test_a_pizza_shows_its_cheapest_flavour_and_flavours_are_apart(shop: Shop, store: Store) -> None:
    factories.make_product(store, kind=ProductKind.FLAVOUR, price=None, flavour_prices={"m": "39.90", "l": "49.90"})
    pizza = factories.make_product(store, kind=ProductKind.PIZZA, price=None)
    body = catalog(shop)
    assert [row["id"] for row in body["products"]] == [str(pizza.pk)]
    assert body["products"][0]["price"] == 39.9
    assert body["flavours"][0]["prices"] == {"m": 39.9, "l": 49.9}


@pytest.mark.parametrize("prefix", ["stores/s/", "stores/"])
def test_both_prefixes_serve_it_and_a_stranger_s_slug_is_not_found(store: Store, prefix: str) -> None:
    client = APIClient()
    assert client.get(f"/api/v1/{prefix}{store.slug}/catalog/").status_code == 200
    missing = client.get(f"/api/v1/{prefix}nowhere/catalog/")
    assert (missing.status_code, missing.json()["code"]) == (404, "store_not_found")


def test_a_store_that_is_not_active_has_no_catalog(shop: Shop, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(status="suspended")
    factories.bump(store)
    assert shop.get("catalog/").status_code == 404


def test_another_process_finds_the_built_menu_in_the_shared_cache(shop: Shop, store: Store) -> None:
    factories.make_product(store, stock=2)
    first = catalog(shop)
    bundle.forget_memory()
    with CaptureQueriesContext(connection) as captured:
        made = bundle.bundle(store.pk, first["version"])
    assert captured.captured_queries == []
    assert made.version == first["version"]


def test_what_another_release_left_in_the_shared_cache_is_built_anew(shop: Shop, store: Store) -> None:
    factories.make_product(store)
    version = catalog(shop)["version"]
    for rubbish in (b"", b"rubbish", b"cno.such.module\nThing\n.", b"\x80\x05K\x01."):
        bundle.forget_memory()
        redis.client().set(bundle._key(store.pk, version), rubbish)
        assert bundle.bundle(store.pk, version).version == version


def test_stock_of_another_store_is_not_loaded(shop: Shop, store: Store, other_store: Store) -> None:
    factories.make_product(other_store, stock=1)
    product = factories.make_product(store, stock=7)
    with scope(store.pk):
        assert StockLevel.objects.count() == 1
    row = shown(shop, product)
    assert row is not None
    assert row["stock_quantity"] == 7
