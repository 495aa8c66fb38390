"""Branches with taxes and a service charge of their own; kiosks, tills and screens that stand in one."""

import pytest
from rest_framework.test import APIClient

from apps.core.bearer import digest
from apps.core.scope import scope
from apps.kitchen.models import Ticket
from apps.stores.models import Device, DeviceKind, Order, Outlet, Role, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import rows
from apps.stores.tests.fixtures import KEY, ClientFor, Shop
from apps.stores.tests.test_api_outlet_header import at, north, override
from apps.users.models import User

pytestmark = pytest.mark.django_db

__all__ = ["north"]
TOKEN = "a-device-token-of-enough-length"


def device(store: Store, kind: str, outlet: Outlet | None) -> APIClient:
    with scope(store.pk):
        Device.objects.create(store_id=store.pk, name="Till", kind=kind, outlet=outlet, token_hash=digest(TOKEN))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {TOKEN}", HTTP_X_CART_KEY=KEY)
    return client


# -- taxes and service charge ------------------------------------------------------------------------------------------


def test_taxes_and_service_charge_are_the_branchs_own(store: Store, north: Outlet, owner: Shop) -> None:
    vat = {"mode": "added", "default": "vat", "delivery": "vat"}
    Store.objects.filter(pk=store.pk).update(
        tax=vat | {"rates": [{"code": "vat", "name": "VAT", "rate": "10.00"}]},
        service_charge={"rate": "5.00", "services": ["pickup"], "optional": False},
    )
    answer = owner.patch(
        f"outlets/{north.pk}/",
        {
            "tax": vat | {"rates": [{"code": "vat", "name": "VAT", "rate": "20.00"}]},
            "service_charge": {"rate": "0", "services": [], "optional": False},
        },
    )
    assert answer.status_code == 200, answer.content
    product = factories.make_product(store, price="100.00")
    totals = {}
    for outlet in ("main", "north"):
        shop = at(store, outlet, f"cart_{outlet}")
        shop.add(product)
        placed = shop.checkout().json()
        totals[outlet] = placed["total"]
    assert totals == {"main": 115.5, "north": 120}
    assert at(store, north).get().json()["service_charge"]["rate"] == "0"


def test_an_outlets_rates_cover_every_code_of_the_store(store: Store, north: Outlet, owner: Shop) -> None:
    rates = [{"code": code, "name": code, "rate": "7.00"} for code in ("food", "drink")]
    Store.objects.filter(pk=store.pk).update(tax={"mode": "included", "rates": rates, "default": "food"})
    body = {"tax": {"mode": "included", "rates": rates[:1], "default": "food"}}
    refused = owner.patch(f"outlets/{north.pk}/", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["tax"])
    assert [row.tax for row in rows(Outlet, store)] == [None, None]


# -- kiosk, till, kitchen ----------------------------------------------------------------------------------------------


def test_a_kiosk_orders_at_its_own_branch_whatever_it_says(store: Store, north: Outlet) -> None:
    product = factories.make_product(store, price="20.00")
    override(north, product, price="25.00")
    kiosk = Shop(device(store, DeviceKind.KIOSK, north), store.slug)
    assert kiosk.add(product).json()["subtotal"] == 25
    refused = kiosk.checkout(outlet="main")
    assert (refused.status_code, refused.json()["code"]) == (422, "outlet_mismatch")
    assert kiosk.checkout(channel="counter", customer_name="", customer_phone="").status_code == 201
    (order,) = rows(Order, store)
    assert (order.channel, order.outlet_id, order.total) == ("kiosk", north.pk, 25)


def test_a_till_orders_at_the_counter_of_its_branch_without_asking_who(store: Store, north: Outlet) -> None:
    till = Shop(device(store, DeviceKind.CASHIER, north), store.slug)
    till.add(factories.make_product(store))
    assert till.checkout(customer_name="", customer_phone="").status_code == 201
    (order,) = rows(Order, store)
    assert (order.channel, order.outlet_id, order.user_id) == ("counter", north.pk, None)
    with scope(store.pk):
        assert set(Ticket.objects.values_list("outlet_id", flat=True)) == {north.pk}


@pytest.mark.parametrize("channel", ["counter", "phone"])
def test_only_the_stores_people_say_they_stand_at_the_counter(
    shop: Shop, store: Store, client_for: ClientFor, channel: str
) -> None:
    shop.add(factories.make_product(store))
    refused = shop.checkout(channel=channel)
    assert (refused.status_code, refused.json()["code"]) == (403, "channel_forbidden")
    assert rows(Order, store) == []
    cashier = client_for(factories.make_staff(store, Role.CASHIER))
    cashier.defaults |= {"HTTP_X_CART_KEY": KEY}
    assert Shop(cashier, store.slug).checkout(channel=channel).status_code == 201
    assert [row.channel for row in rows(Order, store)] == [channel]


def test_a_screen_and_a_cook_see_the_tickets_of_the_branch_they_name(
    store: Store, north: Outlet, alice: User, client_for: ClientFor
) -> None:
    product = factories.make_product(store)
    for outlet in ("main", "north"):
        shop = at(store, outlet, f"cart_{outlet}")
        shop.add(product)
        assert shop.checkout().status_code == 201
    assert Shop(client_for(alice), store.slug).get("kitchen/tickets/").json()["count"] == 2
    assert at(store, north, client=client_for(alice)).get("kitchen/tickets/").json()["count"] == 1


def test_header_and_body_that_disagree_are_refused(store: Store, north: Outlet) -> None:
    shop = at(store, north)
    shop.add(factories.make_product(store))
    refused = shop.checkout(outlet="main")
    assert (refused.status_code, refused.json()["code"]) == (422, "outlet_mismatch")
    assert shop.checkout(outlet="north").status_code == 201
