"""Scenario 3, the part without a socket: what a socket would show is not given over HTTP either. (Sockets: `test_sockets.py`.)"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.stores.models import Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(shop: Shop, store: Store) -> dict[str, Any]:
    """An order with a name to leak."""
    shop.add(factories.make_product(store))
    body: dict[str, Any] = shop.checkout(payment_method="pix").json()
    return body


def test_anonymous_and_strangers_do_not_read_the_log(
    placed: dict[str, Any], store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    path = f"/api/v1/stores/s/{store.slug}/events/"
    assert APIClient().get(path).status_code == 401
    assert client_for(charlie).get(path).status_code == 404
    assert client_for(factories.make_user()).get(path).status_code == 404


def test_staff_without_the_permission_do_not_read_the_log(
    placed: dict[str, Any], store: Store, client_for: ClientFor
) -> None:
    for role in ("cashier", "attendant", "kitchen", "courier", "support", "marketing"):
        member = Shop(client_for(factories.make_staff(store, role)), store.slug)
        assert member.get("events/").status_code == 403


def test_another_customer_s_token_opens_that_customer_s_order_alone(
    placed: dict[str, Any], shop: Shop, store: Store
) -> None:
    shop.add(factories.make_product(store))
    other = shop.checkout(customer_name="Bea", payment_method="pix").json()
    body = APIClient().get(f"/api/v1/stores/orders/{placed['id']}/", {"token": other["access_token"]}).json()
    assert "customer_name" not in body
    assert APIClient().get(f"/api/v1/stores/orders/by-token/{other['access_token']}/").json()["id"] == other["id"]


def test_a_guessed_token_order_or_store_is_not_found(placed: dict[str, Any], store: Store) -> None:
    guesses = (
        "stores/orders/by-token/order_1/",
        f"stores/orders/by-token/{placed['id']}/",
        f"stores/orders/by-token/{placed['order_number']}/",
        "stores/orders/1/",
        "stores/s/store_1/catalog/",
    )
    assert [APIClient().get(f"/api/v1/{path}").status_code for path in guesses] == [404] * 5


def test_the_feed_continues_where_it_was_left_and_refuses_nonsense(
    placed: dict[str, Any], owner: Shop, shop: Shop, store: Store
) -> None:
    first = owner.get("events/", limit=2).json()
    rest = owner.get("events/", after=first["next_after"]).json()
    seen = [row["seq"] for row in first["results"] + rest["results"]]
    assert seen == list(range(1, rest["last_seq"] + 1))
    assert owner.get("events/", after=rest["last_seq"]).json() == {
        "results": [], "last_seq": rest["last_seq"], "next_after": rest["last_seq"],
    }  # fmt: skip
    for query in ({"after": "-1"}, {"after": "x"}, {"limit": "1.5"}, {"after": "9" * 30}, {"after": "٣"}):
        assert owner.get("events/", **query).status_code == 400
