"""Alice's store, where the demo store of Palmas is, and people around it. It charges by distance unless a test says otherwise."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import DeliveryZone, Order, Outlet, Store
from apps.stores.tests import factories
from apps.stores.tests.delivery.hands import Courier
from apps.stores.tests.fixtures import ADDRESS, ClientFor, Shop

AT_STORE = {"lat": -10.1904, "lng": -48.3286}
# 0.98 km away: within the flat fee of 8.00.
NEAR = {
    "street": "204 Sul, Alameda 3", "number": "Lote 12", "neighborhood": "204 Sul", "city": "Palmas", "state": "TO",
    "zip_code": "77020210",
}  # fmt: skip
NEAR_POINT = {"lat": -10.1989, "lng": -48.3262}
# 13.18 km away: the highest fee of 22.00.
FAR = {
    "street": "Rua 14, Aureny III", "number": "88", "neighborhood": "Jardim Aureny III", "city": "Palmas", "state": "TO",
    "zip_code": "77062014",
}  # fmt: skip
FAR_POINT = {"lat": -10.305, "lng": -48.298}
# 14.34 km away: nobody goes there.
TOO_FAR = {
    "street": "Avenida Tocantins",
    "number": "1500",
    "neighborhood": "Taquaralto",
    "city": "Palmas",
    "zip_code": "77064580",
}
TOO_FAR_POINT = {"lat": -10.313, "lng": -48.288}
UNKNOWN = {
    "street": "Rua Que Não Existe",
    "number": "1",
    "neighborhood": "Bairro Nenhum",
    "city": "Palmas",
    "state": "TO",
}
FORMULA = {"flat_km": "3.00", "per_km": "1.60", "max_fee": "22.00", "max_km": "14.00"}

SetZones = Callable[..., None]


@pytest.fixture
def zones(store: Store) -> SetZones:
    """Replace the zones of the store: each a dictionary of columns."""

    def make(*rows: dict[str, Any]) -> None:
        with scope(store.pk):
            Outlet.objects.filter(slug="main").update(latitude=AT_STORE["lat"], longitude=AT_STORE["lng"])
            DeliveryZone.objects.all().delete()
            for position, row in enumerate(rows):
                named = {"slug": f"z{position}", "name": f"Z{position}", "position": position, **row}
                DeliveryZone.objects.create(store_id=store.pk, **named)
        factories.bump(store)

    return make


@pytest.fixture
def by_distance(zones: SetZones) -> None:
    """8.00 for 3 km, then 1.60 a km up to 22.00, within 14 km."""
    zones({"kind": "distance", "fee": "8.00", "rule": FORMULA})


@pytest.fixture
def bag(shop: Shop, store: Store, by_distance: None) -> Shop:
    """A guest with one thing in the cart."""
    shop.add(factories.make_product(store, price="20.00"))
    return shop


def deliver(shop: Shop, address: dict[str, Any], **more: Any) -> Any:
    """Check out to that address, cash."""
    return shop.checkout(delivery_method="delivery", delivery_address=address, **more)


@pytest.fixture
def dora(store: Store, client_for: ClientFor) -> Courier:
    """A courier."""
    return Courier(store, client_for, "Dora")


@pytest.fixture
def emil(store: Store, client_for: ClientFor) -> Courier:
    """Another courier."""
    return Courier(store, client_for, "Emil")


@pytest.fixture
def order(store: Store) -> Order:
    """A delivery that is ready."""
    return factories.make_order(
        store, service="delivery", status="ready", address=ADDRESS, customer_name="Ana Lima", customer_phone="+5563999998888",
        payment_status="pending",
    )  # fmt: skip
