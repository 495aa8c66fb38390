"""The numbered points of clients/storefront.md section 0 that exist in the foundation, one test each, named after them."""

import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import Cart, Order, Store
from apps.stores.models.validators import store_slug
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db

# What P and C send from a page (1.2), what the kitchen and dashboard send besides.
WEB_HEADERS = "authorization,content-type,x-cart-key,x-csrftoken"
ORIGINS = {"P": "http://localhost:3000", "C": "http://localhost:3001", "dashboard": "http://localhost:5173"}


def orders_of(store: Store) -> list[Order]:
    with scope(store.pk):
        return list(Order.objects.order_by("placed_at"))


def test_01_both_prefixes_are_served_and_global_routes_win_over_slugs(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    web = Shop(shop.client, store.slug)
    web.base = f"/api/v1/stores/{store.slug}/"
    for client in (shop, web):
        assert client.get("catalog/").status_code == 200
        line = client.add(product).json()["items"][0]["id"]
        assert client.patch(f"cart/item/{line}/", {"quantity": 2}).status_code == 200
        assert client.delete(f"cart/item/{line}/").status_code == 200
        client.add(product)
        number = client.checkout().json()["order_number"]
        assert client.delete("cart/clear/").status_code == 200
        assert client.get(f"orders/{number}/").status_code == 200
    assert APIClient().get("/api/v1/stores/orders/", {"store": store.slug}).status_code == 401


@pytest.mark.parametrize("slug", ["orders", "products", "maps", "s"])
def test_01_a_store_cannot_be_called_like_a_route(slug: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        store_slug(slug)


def test_02_an_order_is_found_under_its_store_and_globally(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    for ref in (placed["order_id"], placed["order_number"]):
        for prefix in (f"stores/{store.slug}/orders", f"stores/s/{store.slug}/orders", "stores/orders"):
            for suffix in ("", "payment-status/", "whatsapp/"):
                assert shop.client.get(f"/api/v1/{prefix}/{ref}/{suffix}").status_code == 200


def test_03_every_cart_mutation_is_200_with_the_full_cart(shop: Shop, store: Store) -> None:
    line = shop.add(factories.make_product(store)).json()["items"][0]["id"]
    path = f"cart/item/{line}/"
    for answer in (shop.patch(path, {"quantity": 2}), shop.delete(path), shop.delete("cart/clear/")):
        assert answer.status_code == 200
        assert {"items", "combo_items"} <= set(answer.json())


def test_04_line_ids_are_strings(shop: Shop, store: Store) -> None:
    combo = factories.make_combo(store, "lunch", parts=[factories.make_product(store)])
    shop.add(factories.make_product(store))
    body = shop.post("cart/add/", {"combo_id": str(combo.pk)}).json()
    ids = [line["id"] for line in body["items"] + body["combo_items"]]
    assert len(ids) == 2
    assert all(isinstance(line, str) and re.fullmatch(r"[0-9a-f-]{36}", line) for line in ids)


def test_05_amounts_distances_and_quantities_are_numbers(
    shop: Shop, owner: Shop, store: Store, client_for: ClientFor
) -> None:
    product = factories.make_product(store, price="19.90", compare_at_price="25.00")
    shown = shop.get("catalog/").json()["products"][0]
    assert [type(shown[name]) for name in ("price", "compare_at_price")] == [float, int]
    line = shop.add(product).json()["items"][0]
    assert (type(line["quantity"]), type(line["unit_price"])) == (int, float)
    fee = shop.post("delivery-fee/", {"neighborhood": "Centro", "city": "Palmas"}).json()
    assert isinstance(fee["fee"], int | float)
    assert not isinstance(fee["distance_km"], str)
    placed = shop.checkout().json()
    assert isinstance(placed["total_amount"], float)
    listed = owner.get("orders/").json()["results"][0]
    assert [type(listed[name]) for name in ("total", "subtotal", "delivery_fee", "discount")] == [
        float,
        float,
        int,
        int,
    ]


def test_06_checkout_takes_items_and_fee_from_the_server(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="20.00"))
    forged: dict[str, Any] = {"items": [], "delivery_fee": 0, "total": 0.01, "distance_km": 0, "discount": 20}
    body = shop.checkout(delivery_method="delivery", delivery_address=ADDRESS, **forged).json()
    assert (body["subtotal"], body["delivery_fee"], body["total"]) == (20, 5, 25)


def test_07_out_of_area_is_an_answer_before_checkout_and_a_refusal_in_it(shop: Shop, store: Store) -> None:
    away = {**ADDRESS, "neighborhood": "Far Away"}
    asked = shop.post("delivery-fee/", away)
    assert (asked.status_code, asked.json()["is_valid"], asked.json()["fee"]) == (200, False, None)
    shop.add(factories.make_product(store))
    answer = shop.checkout(delivery_method="delivery", delivery_address=away)
    assert (answer.status_code, answer.json()["code"]) == (422, "out_of_area")
    assert orders_of(store) == []


def test_08_a_card_that_cannot_be_charged_is_told_in_a_2xx_and_everything_else_in_error(
    shop: Shop, store: Store
) -> None:
    shop.add(factories.make_product(store))
    card = shop.checkout(payment_method="card", payment={"method": "card", "token": "tok_1"})
    assert card.status_code == 200
    assert card.json()["payment_error"]
    app = shop.checkout(payment_method="boleto")
    assert app.status_code == 422
    assert isinstance(app.json()["error"], str)
    assert orders_of(store) == []
    with scope(store.pk):
        assert Cart.objects.get().is_open


def test_09_a_guest_needs_no_credential_and_their_profile_is_401(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    assert APIClient().get(f"/api/v1/stores/orders/by-token/{placed['access_token']}/").status_code == 200
    assert shop.client.patch("/api/v1/users/profile/", {"city": "Palmas"}, format="json").status_code == 401
    assert shop.client.get("/api/v1/users/profile/").status_code == 401


@pytest.mark.parametrize("header", ["Token " + "0" * 40, "Bearer aaa.bbb.ccc", "Token expired", "Basic x"])
def test_10_an_invalid_stored_token_does_not_kill_public_endpoints(shop: Shop, store: Store, header: str) -> None:
    shop.client.credentials(HTTP_AUTHORIZATION=header, HTTP_X_CART_KEY=KEY)
    assert shop.client.get("/api/v1/csrf/").status_code == 200
    assert shop.get("catalog/").status_code == 200
    assert shop.get("cart/").status_code == 200
    assert shop.add(factories.make_product(store)).status_code == 200
    placed = shop.checkout()
    assert placed.status_code == 201
    assert shop.get(f"orders/{placed.json()['id']}/").status_code == 200


def test_13_a_combo_s_id_is_understood_as_a_product_s(shop: Shop, store: Store) -> None:
    combo = factories.make_combo(store, "lunch", price="30.00", parts=[factories.make_product(store)])
    body = shop.post("cart/add/", {"product_id": str(combo.pk), "quantity": 1, "options": {}, "notes": ""}).json()
    assert [line["combo"] for line in body["combo_items"]] == [str(combo.pk)]
    placed = shop.checkout().json()
    assert placed["total"] == 30


def test_14_a_card_labelled_pix_is_known_by_its_token(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    brick = {
        "token": "tok_1",
        "issuer_id": "24",
        "payment_method_id": "master",
        "installments": 1,
        "transaction_amount": 20,
    }
    answer = shop.checkout(payment_method="pix", payment=brick)
    assert (answer.status_code, bool(answer.json()["payment_error"])) == (200, True)
    assert orders_of(store) == []
    assert shop.checkout(payment_method="pix", payment={"method": "pix", "type": "pix"}).status_code == 201


@pytest.mark.parametrize("password", ["wrong", "", None])
def test_15_a_bad_login_is_400(alice: User, password: str | None) -> None:
    answer = APIClient().post("/api/v1/auth/login/", {"email": alice.email, "password": password}, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_16_polling_is_enough_to_follow_an_order(shop: Shop, owner: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    placed = shop.checkout().json()
    link = f"/api/v1/stores/orders/by-token/{placed['access_token']}/"
    for status in ("preparing", "ready"):
        owner.post(f"orders/{placed['id']}/update_status/", {"status": status})
        assert APIClient().get(link).json()["status"] == status
