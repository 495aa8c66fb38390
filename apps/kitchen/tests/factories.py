"""Rows for kitchen tests. Orders come through the storefront's own API wherever a test can."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from rest_framework.test import APIClient

from apps.core.actors import system
from apps.core.scope import scope
from apps.kitchen.models import Station, Ticket
from apps.kitchen.services import stations
from apps.stores.models import Category, Device, Order, Outlet, Product, Store
from apps.stores.services import devices as device_services
from apps.stores.services.devices import KEEP

ACTOR = system("test")


def outlet_of(store: Store) -> Outlet:
    """The main outlet."""
    with scope(store.pk):
        return Outlet.objects.get(slug="main")


def make_station(
    store: Store, slug: str, *, categories: Sequence[Category] = (), products: Sequence[Product] = (), **fields: Any
) -> Station:
    """A station with its routes."""
    with scope(store.pk):
        values = {"outlet_id": outlet_of(store).pk, "slug": slug, "name": slug.title(), **fields}
        return stations.create(
            fields=values, categories=[row.pk for row in categories], products=[row.pk for row in products], actor=ACTOR
        )


def make_category(store: Store, slug: str, parent: Category | None = None) -> Category:
    """A category of the menu."""
    with scope(store.pk):
        return Category.objects.create(store_id=store.pk, slug=slug, name=slug.title(), parent=parent)


def place(store: Store, *products: Product, quantity: int = 1, **body: Any) -> Order:
    """A guest's confirmed order, placed over HTTP."""
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY=f"cart_{uuid4()}")
    base = f"/api/v1/stores/s/{store.slug}/"
    for product in products:
        added = client.post(
            base + "cart/add/", {"product_id": str(product.pk), "quantity": quantity, "notes": ""}, format="json"
        )
        assert added.status_code < 300, added.content
    usual = {
        "customer_name": "Ana Lima",
        "customer_phone": "63999998888",
        "delivery_method": "pickup",
        "payment_method": "cash",
    }
    placed = client.post(base + "checkout/", usual | body, format="json")
    assert placed.status_code == 201, placed.content
    with scope(store.pk):
        return Order.objects.get(pk=UUID(placed.json()["order_id"]))


def tickets_of(order: Order) -> list[Ticket]:
    """Every ticket of an order, by station and age."""
    with scope(order.store_id):
        return list(
            Ticket.objects.filter(order=order)
            .select_related("station")
            .order_by("station__position", "station__slug", "id")
        )


def make_screen(store: Store, *, station: str = "", outlet: Outlet | None = None) -> tuple[Device, str]:
    """A paired kitchen screen and its token."""
    assert KEEP
    pairing = device_services.start_pairing(address=f"test-{uuid4()}")
    with scope(store.pk):
        device = Device.objects.create(kind="kitchen_screen", name="Screen", station=station, outlet=outlet)
        assert device_services._take(pairing.code, device)
    token = device_services.poll(secret=pairing.secret).token
    return device, token
