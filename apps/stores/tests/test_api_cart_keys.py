"""Whose cart a request means: keys, cookies, logins, and stores (clients/storefront.md 1.2, 2.2)."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import CartLine, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db

ITEM_KEYS = {"id", "product", "product_name", "unit_price", "product_image", "quantity", "options", "notes"}
COMBO_KEYS = {"id", "combo", "combo_name", "unit_price", "combo_image", "quantity", "customizations", "notes"}


def lines_of(store: Store) -> list[tuple[Any, int]]:
    with scope(store.pk):
        return list(CartLine.objects.order_by("added_at").values_list("product_id", "quantity"))


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_the_line_of_another_key_is_not_there(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    line = shop.add(product).json()["items"][0]["id"]
    stranger = Shop(APIClient(headers={"X-Cart-Key": "cart_somebody-else"}), store.slug)
    assert refused(stranger.patch(f"cart/item/{line}/", {"quantity": 9})) == (404, "line_not_found")
    assert refused(stranger.delete(f"cart/item/{line}/")) == (404, "line_not_found")
    assert stranger.get("cart/").json()["items"] == []
    assert stranger.delete("cart/clear/").status_code == 200
    assert lines_of(store) == [(product.pk, 1)]


def test_the_line_of_the_same_key_at_another_store_is_not_there(shop: Shop, store: Store, other_store: Store) -> None:
    line = shop.add(factories.make_product(store)).json()["items"][0]["id"]
    elsewhere = Shop(shop.client, other_store.slug)
    assert elsewhere.get("cart/").json()["items"] == []
    assert refused(elsewhere.delete(f"cart/item/{line}/")) == (404, "line_not_found")
    assert len(lines_of(store)) == 1


@pytest.mark.parametrize("line", ["temp_1", "1", "00000000-0000-0000-0000-000000000000", "a%00b", "é"])
def test_a_line_that_never_was_is_not_found(shop: Shop, line: str) -> None:
    assert refused(shop.patch(f"cart/item/{line}/", {"quantity": 1})) == (404, "line_not_found")


def test_the_key_may_come_as_header_query_or_body(store: Store) -> None:
    product = factories.make_product(store)
    bare, base = APIClient(), f"/api/v1/stores/s/{store.slug}/cart/"
    bare.post(f"{base}add/", {"product_id": product.slug, "cart_key": KEY}, format="json")
    bare.cookies.clear()
    bare.post(f"{base}add/?cart_key={KEY}", {"product_id": product.slug}, format="json")
    bare.cookies.clear()
    bare.post(f"{base}add/", {"product_id": product.slug}, format="json", headers={"X-Cart-Key": KEY})
    assert lines_of(store) == [(product.pk, 3)]


@pytest.mark.parametrize("key", ["x" * 81, "tab\there", "user_018f0000-0000-7000-8000-000000000000"])
def test_it_refuses_a_key_that_cannot_be_one(store: Store, key: str) -> None:
    answer = APIClient().get(f"/api/v1/stores/s/{store.slug}/cart/", {"cart_key": key})
    assert refused(answer) == (400, "invalid_cart_key")


def test_a_client_without_a_key_is_given_one_in_a_cookie(store: Store) -> None:
    product = factories.make_product(store)
    app = Shop(APIClient(), store.slug)
    app.add(product)
    assert app.get("cart/").json()["items"][0]["quantity"] == 1
    cookie = app.client.cookies["comanda_cart"]
    assert cookie["httponly"]
    assert Shop(APIClient(), store.slug).get("cart/").json()["items"] == []


def test_a_cookie_that_cannot_be_ours_is_replaced(store: Store) -> None:
    app = Shop(APIClient(), store.slug)
    app.client.cookies["comanda_cart"] = "user_018f0000-0000-7000-8000-000000000000"
    assert app.get("cart/").status_code == 200
    assert app.client.cookies["comanda_cart"].value.startswith("cart_")


def test_nobody_reads_a_user_s_cart_by_guessing_its_key(client_for: ClientFor, alice: User, store: Store) -> None:
    mine = Shop(client_for(alice), store.slug)
    mine.add(factories.make_product(store))
    for name in (f"user_{alice.pk}", f"user_{alice.pk}".upper()):
        answer = APIClient().get(f"/api/v1/stores/s/{store.slug}/cart/", headers={"X-Cart-Key": name})
        assert not answer.json().get("items")


def test_a_login_keeps_the_cart_of_the_key_and_a_user_without_a_key_has_their_own(
    client_for: ClientFor, alice: User, shop: Shop, store: Store
) -> None:
    product = factories.make_product(store)
    shop.add(product)
    logged_in = Shop(client_for(alice), store.slug)
    assert logged_in.get("cart/").json()["items"] == []
    assert len(logged_in.get("cart/", cart_key=KEY).json()["items"]) == 1


@pytest.mark.parametrize(
    "header", ["Token 0123456789abcdef0123456789abcdef01234567", "Bearer a.b.c", "Bearer", "nonsense", "Device x"]
)
def test_an_old_token_makes_a_guest_not_an_error(shop: Shop, store: Store, header: str) -> None:
    product = factories.make_product(store)
    shop.client.credentials(HTTP_AUTHORIZATION=header, HTTP_X_CART_KEY=KEY)
    assert shop.add(product).status_code == 200
    assert shop.get("cart/").json()["items"][0]["product"] == str(product.pk)


@pytest.mark.parametrize("slug", ["nowhere", "x" * 80, "cantina-", "018f0000-0000-7000-8000-000000000000"])
def test_an_unknown_store_is_not_found(shop: Shop, slug: str) -> None:
    answer = Shop(shop.client, slug).get("cart/")
    assert refused(answer) == (404, "store_not_found")


def test_a_store_may_be_named_by_its_id(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    assert len(Shop(shop.client, str(store.pk)).get("cart/").json()["items"]) == 1
