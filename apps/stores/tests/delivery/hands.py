"""Couriers at work, and what tests do with them."""

from typing import Any

from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import Order, Role, Staff, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop


class Courier:
    """Somebody who brings orders, in their own browser."""

    def __init__(self, store: Store, client_for: ClientFor, name: str) -> None:
        self.user = factories.make_staff(
            store, Role.COURIER, factories.make_user(f"{name}@example.com", first_name=name)
        )
        self.shop = Shop(client_for(self.user), store.slug)
        with scope(store.pk):
            self.id = str(Staff.objects.get(user=self.user).pk)


def fresh(order: Order) -> Order:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk)


def code_of(order: Order) -> str:
    """As the customer reads it."""
    body = APIClient().get(f"/api/v1/stores/orders/by-token/{order.access_token}/").json()
    return str(body["delivery_code"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10_000:04d}"


def give(staff: Shop, order: Order, courier: Courier | None) -> Any:
    return staff.post(f"orders/{order.pk}/assign_courier/", {"courier": courier.id if courier else None})


def on_its_way(staff: Shop, order: Order, courier: Courier) -> None:
    assert give(staff, order, courier).status_code == 200
    assert courier.shop.post(f"deliveries/{order.pk}/pick_up/").status_code == 200
