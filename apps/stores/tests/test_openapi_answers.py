"""What the storefront answers is in the OpenAPI document: no key is sent that the document does not name."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from apps.core.scope import scope
from apps.stores.models import Category, Outlet, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db(transaction=True)
S = "/api/v1/stores/s/{slug}/"
Schema = dict[str, Any]


@lru_cache
def document() -> Schema:
    made: Schema = SchemaGenerator().get_schema(request=None, public=True)
    return made


def schema_of(method: str, path: str, status: int) -> Schema:
    """The documented body of an answer."""
    paths = {re.sub(r"{\w+}", "{}", known): found for known, found in document()["paths"].items()}
    answers = paths[re.sub(r"{\w+}", "{}", path)][method]["responses"]
    found: Schema = answers[str(status)]["content"]["application/json"]["schema"]
    return found


def resolved(schema: Schema) -> Schema:
    """A schema with its references followed and its alternatives, if it is one of several, put together."""
    if "$ref" in schema:
        return resolved(document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    parts = [resolved(part) for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, ())]
    if not parts:
        return schema
    properties = {name: row for part in parts for name, row in part.get("properties", {}).items()}
    return {**schema, "properties": properties} if properties else schema


def unnamed(body: Any, schema: Schema, path: str = "") -> Iterator[str]:
    """Every key of `body` the schema does not name, however deep; what the schema leaves open is open."""
    schema = resolved(schema)
    if isinstance(body, list):
        for row in body:
            yield from unnamed(row, schema.get("items", {}), f"{path}[]")
    if not isinstance(body, dict):
        return
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, value in body.items():
        if name in known:
            yield from unnamed(value, known[name], f"{path}.{name}")
        elif known:
            yield f"{path}.{name}"
        elif isinstance(others, dict):
            yield from unnamed(value, others, f"{path}.*")


def check(answer: Any, method: str, path: str) -> Any:
    """The body of the answer, once nothing in it is unknown to the document."""
    body, schema = answer.json(), schema_of(method, path, answer.status_code)
    named = resolved(schema)
    assert named.get("properties") or named.get("items"), f"{method} {path} is not typed"
    assert sorted(set(unnamed(body, schema))) == [], f"{method} {path}"
    return body


@pytest.fixture
def menu(store: Store) -> dict[str, Any]:
    """One of everything a menu can hold."""
    with scope(store.pk):
        food = Category.objects.get(slug="food")
        Category.objects.create(store_id=store.pk, slug="inner", name="Inner", parent=food)
    burger = factories.make_product(store, "burger", stock=9, featured=True)
    factories.make_group(burger, "extras", {"bacon": "2.00"}, min=0, max=3)
    wine = factories.make_product(store, "wine")
    factories.make_variant(wine, "glass", "9.00", stock=4)
    factories.make_product(store, "margherita", kind="flavour", price=None, flavour_prices={"small": "30.00"})
    combo = factories.make_combo(store, "meal", parts=[burger])
    return {"burger": burger, "combo": combo}


def add_all(shop: Shop, menu: dict[str, Any]) -> Any:
    options = {"selections": [{"group": "extras", "option": "bacon", "quantity": 1}]}
    check(shop.add(menu["burger"], options=options), "post", S + "cart/add/")
    return check(shop.post("cart/add/", {"combo_id": str(menu["combo"].pk)}), "post", S + "cart/add/")


def test_the_store_and_its_menu(shop: Shop, menu: dict[str, Any]) -> None:
    body = check(shop.get("catalog/"), "get", S + "catalog/")
    for name in ("categories", "products", "flavours", "modifier_groups", "combos", "featured_products"):
        assert body[name], name
    check(shop.get(), "get", S)
    check(shop.get("products/"), "get", S + "products/")
    check(shop.get("products/burger/"), "get", S + "products/{id}/")
    check(shop.get("categories/"), "get", S + "categories/")


def test_the_cart_whatever_the_verb(shop: Shop, menu: dict[str, Any]) -> None:
    check(shop.get("cart/"), "get", S + "cart/")
    body = add_all(shop, menu)
    line = body["items"][0]["id"]
    check(shop.patch(f"cart/item/{line}/", {"quantity": 2}), "patch", S + "cart/item/{line_id}/")
    check(shop.delete(f"cart/item/{line}/"), "delete", S + "cart/item/{line_id}/")
    check(shop.delete("cart/clear/"), "delete", S + "cart/clear/")


@pytest.mark.parametrize("method", ["pix", "cash"])
def test_an_order_from_checkout_to_the_end(shop: Shop, owner: Shop, menu: dict[str, Any], method: str) -> None:
    add_all(shop, menu)
    wish: dict[str, Any] = {"delivery_method": "delivery", "delivery_address": ADDRESS, "payment_method": method}
    placed = check(shop.checkout(**wish), "post", S + "checkout/")
    check(shop.checkout(**wish), "post", S + "checkout/")
    by_token = f"/api/v1/stores/orders/by-token/{placed['access_token']}/"
    for _look in range(2):
        tracked = check(shop.client.get(by_token), "get", "/api/v1/stores/orders/by-token/{token}/")
        assert tracked["timeline"]
        owner.post(f"orders/{placed['id']}/mark_paid/")
    for browser in (shop, owner):
        for ref in (placed["id"], placed["order_number"]):
            check(browser.get(f"orders/{ref}/"), "get", S + "orders/{ref}/")
            check(browser.get(f"orders/{ref}/payment-status/"), "get", S + "orders/{ref}/payment-status/")
            check(browser.get(f"orders/{ref}/whatsapp/"), "get", S + "orders/{ref}/whatsapp/")
            answer = browser.client.get(f"/api/v1/stores/orders/{ref}/")
            check(answer, "get", "/api/v1/stores/orders/{ref}/")
    check(owner.get("orders/"), "get", S + "orders/")
    check(owner.get(f"orders/{placed['id']}/timeline/"), "get", S + "orders/{ref}/timeline/")


def test_a_stranger_s_reduced_order(shop: Shop, nobody: Shop, menu: dict[str, Any]) -> None:
    add_all(shop, menu)
    placed = shop.checkout().json()
    body = check(nobody.get(f"orders/{placed['id']}/"), "get", S + "orders/{ref}/")
    assert "customer_name" not in body


def test_a_card_that_cannot_be_charged(shop: Shop, menu: dict[str, Any]) -> None:
    add_all(shop, menu)
    answer = shop.checkout(payment={"token": "tok_1"})
    assert "payment_error" in check(answer, "post", S + "checkout/")


def test_what_delivery_costs_in_the_area_and_out_of_it(shop: Shop, store: Store) -> None:
    with scope(store.pk):
        assert Outlet.objects.exists()
    for address in (ADDRESS, {**ADDRESS, "neighborhood": "Far Away"}):
        place = {name: address[name] for name in ("neighborhood", "city")}
        check(shop.get("delivery-fee/", **place), "get", S + "delivery-fee/")
        check(shop.post("delivery-fee/", address), "post", S + "delivery-fee/")


def test_the_check_finds_a_key_nobody_named() -> None:
    """The control."""
    schema: Schema = {"properties": {"a": {"items": {"properties": {"b": {}}}}}}
    assert list(unnamed({"a": [{"b": 1}, {"c": 2}], "d": 3}, schema)) == [".a[].c", ".d"]
