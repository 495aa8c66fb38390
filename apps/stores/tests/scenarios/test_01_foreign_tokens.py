"""Scenario 1: a customer's or another store's token on orders, reports, payments. (Reports, exports, conversations: later.)"""

from typing import Any

import pytest
from django.apps import apps as installed
from rest_framework.test import APIClient

from apps.core.scope import ScopedModel, scope
from apps.events.models import Event
from apps.events.queries import last_seq
from apps.stores.models import DeviceKind, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.scenarios.test_05_every_route import device_of
from apps.users.models import User

pytestmark = pytest.mark.django_db

QUIET = {"StoreDevice", "Device"}  # a device's "last seen" moves when it knocks


def world(store: Store) -> dict[str, Any]:
    """Everything a store owns, row by row."""
    with scope(store.pk):
        return {
            model.__name__: sorted(map(repr, model.objects.values_list()))
            for model in installed.get_models()
            if issubclass(model, ScopedModel) and model.__name__ not in QUIET
        } | {"log": last_seq(store.pk), "facts": Event.objects.filter(store=store).count()}


CALLS = [
    ("get", "orders/", {}),
    ("get", "orders/{order}/timeline/", {}),
    ("post", "orders/{order}/update_status/", {"status": "preparing"}),
    ("post", "orders/{order}/update_status/", {"status": "cancelled", "reason": "mine now"}),
    ("post", "orders/{order}/cancel/", {"reason": "mine now"}),
    ("post", "orders/{order}/mark_paid/", {}),
    ("get", "events/", {}),
    ("get", "notifications/", {}),
    ("post", "notifications/read_all/", {}),
    ("get", "kitchen/tickets/", {}),
    ("get", "stock/", {}),
    ("get", "staff/", {}),
    ("get", "settings/", {}),
    ("get", "devices/", {}),
]


@pytest.fixture
def placed(shop: Shop, store: Store) -> dict[str, Any]:
    """An order of Alice's store, with stock and a payment."""
    shop.add(factories.make_product(store, stock=5))
    body: dict[str, Any] = shop.checkout(payment_method="pix").json()
    return body


@pytest.mark.parametrize("who", ["another_owner", "customer", "another_store_s_device", "old_token", "nobody"])
def test_a_foreign_token_gets_nothing_and_changes_nothing(
    who: str, placed: dict[str, Any], store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    clients = {
        "another_owner": lambda: client_for(charlie),
        "customer": lambda: client_for(factories.make_user()),
        "another_store_s_device": lambda: device_of(other_store, DeviceKind.CASHIER),
        "old_token": lambda: APIClient(headers={"Authorization": "Token " + "0" * 40}),
        "nobody": APIClient,
    }
    client, before = clients[who](), world(store)
    refusal = 404 if who in {"another_owner", "customer", "another_store_s_device"} else 401
    for prefix in ("stores/s/", "stores/"):
        for method, path, body in CALLS:
            if prefix == "stores/" and path.startswith(("kitchen", "notifications")):
                continue  # these rooms have no alias
            address = f"/api/v1/{prefix}{store.slug}/{path.format(order=placed['id'])}"
            answer = getattr(client, method)(address, body, format="json")
            assert answer.status_code == refusal, address
            assert placed["order_number"] not in answer.content.decode()
    assert world(store) == before


def test_an_owner_s_own_store_does_not_open_another_store_s_order(
    placed: dict[str, Any], store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    mine, before = Shop(client_for(charlie), other_store.slug), world(store)
    for verb in ("update_status", "cancel", "mark_paid"):
        for ref in (placed["id"], placed["order_number"]):
            assert mine.post(f"orders/{ref}/{verb}/", {"status": "confirmed"}).status_code == 404
    assert mine.get(f"orders/{placed['id']}/").status_code == 404
    assert mine.get(f"orders/{placed['id']}/timeline/").status_code == 404
    assert mine.get("orders/").json()["count"] == 0
    assert world(store) == before


def test_an_owner_counts_the_orders_of_their_own_store_alone(
    placed: dict[str, Any], other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    factories.make_order(other_store)
    body = client_for(charlie).get("/api/v1/stores/orders/", {"store": other_store.slug}).json()
    assert body["count"] == 1
    assert Shop(client_for(charlie), other_store.slug).get("events/").json()["last_seq"] == last_seq(other_store.pk)
