"""The channel of an order follows from who places it, so the rules that hang on it cannot be talked away."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.bearer import digest
from apps.core.scope import scope
from apps.stores.models import Device, Order, Outlet, Role, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db
NOBODY = {"customer_name": "", "customer_phone": ""}
DELIVERY = {"delivery_method": "delivery", "delivery_address": ADDRESS}
SAID = ("kiosk", "counter", "phone", "table", "whatsapp", "instagram", "web")
TOKEN = "t" * 40


def everything_offered(store: Store) -> None:
    every = ["pickup", "delivery", "dine_in"]
    methods = [{"method": "cash", "services": every}]
    Store.objects.filter(pk=store.pk).update(services=every, payment_methods=methods)
    with scope(store.pk):
        Outlet.objects.update(services=every)
    factories.bump(store)


def orders(store: Store) -> list[Order]:
    with scope(store.pk):
        return list(Order.objects.all())


def shop_of(store: Store, authorization: str) -> Shop:
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY=KEY, HTTP_AUTHORIZATION=authorization)
    return Shop(client, store.slug)


def device_shop(store: Store, kind: str) -> Shop:
    with scope(store.pk):
        Device.objects.create(store_id=store.pk, kind=kind, name="Device", token_hash=digest(TOKEN))
    return shop_of(store, f"Device {TOKEN}")


def staff_shop(store: Store, user: User, client_for: ClientFor) -> Shop:
    return Shop(client_for(user), store.slug)


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("wish", [DELIVERY, {"delivery_method": "pickup"}])
def test_a_guest_gives_name_and_phone_whatever_channel_the_browser_names(
    shop: Shop, store: Store, said: str, wish: dict[str, Any]
) -> None:
    shop.add(factories.make_product(store))
    answer = shop.checkout(channel=said, **NOBODY, **wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "name_required")
    answer = shop.checkout(channel=said, customer_phone="", **wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "phone_required")
    assert orders(store) == []


@pytest.mark.parametrize("said", SAID)
def test_an_order_of_a_guest_is_of_the_web(shop: Shop, store: Store, said: str) -> None:
    shop.add(factories.make_product(store))
    assert shop.checkout(channel=said).status_code == 201
    assert [order.channel for order in orders(store)] == ["web"]


def test_a_guest_who_eats_in_may_be_at_a_table_and_need_not_say_who_it_is(shop: Shop, store: Store) -> None:
    everything_offered(store)
    shop.add(factories.make_product(store))
    assert shop.checkout(channel="table", table="7", delivery_method="dine_in", **NOBODY).status_code == 201
    assert [order.channel for order in orders(store)] == ["table"]


@pytest.mark.parametrize(
    ("kind", "said", "channel"),
    [
        ("kiosk", "", "kiosk"), ("kiosk", "phone", "kiosk"), ("cashier", "", "counter"), ("cashier", "phone", "phone"),
        ("cashier", "kiosk", "kiosk"), ("cashier", "whatsapp", "counter"), ("cashier", "table", "counter"),
        ("kitchen_screen", "kiosk", "web"), ("printer", "counter", "web"),
    ],
)  # fmt: skip
def test_a_device_is_what_it_was_paired_as(store: Store, kind: str, said: str, channel: str) -> None:
    shop = device_shop(store, kind)
    shop.add(factories.make_product(store))
    wish: dict[str, Any] = {"channel": said} if said else {}
    assert shop.checkout(**wish).status_code == 201
    assert [order.channel for order in orders(store)] == [channel]


@pytest.mark.parametrize("kind", ["kiosk", "cashier"])
def test_who_stands_in_the_shop_need_not_say_a_name_but_who_wants_it_brought_does(store: Store, kind: str) -> None:
    shop = device_shop(store, kind)
    shop.add(factories.make_product(store))
    wish: dict[str, Any] = {**NOBODY, **DELIVERY}
    answer = shop.checkout(**wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "name_required")
    assert shop.checkout(**NOBODY).status_code == 201


def test_a_device_of_another_store_is_a_guest(store: Store, other_store: Store) -> None:
    device_shop(other_store, "kiosk")
    shop = shop_of(store, f"Device {TOKEN}")
    shop.add(factories.make_product(store))
    answer = shop.checkout(channel="kiosk", **NOBODY)
    assert (answer.status_code, answer.json()["code"]) == (422, "name_required")


@pytest.mark.parametrize("said", ["counter", "phone", "whatsapp", "instagram", "kiosk"])
def test_staff_type_in_an_order_of_any_channel_and_it_is_not_their_own(
    store: Store, bob: User, client_for: ClientFor, said: str
) -> None:
    shop = staff_shop(store, bob, client_for)
    shop.add(factories.make_product(store))
    assert shop.checkout(channel=said).status_code == 201
    assert [(order.channel, order.user_id) for order in orders(store)] == [(said, None)]


def test_staff_who_may_not_edit_orders_are_customers(store: Store, client_for: ClientFor) -> None:
    cook = factories.make_staff(store, Role.KITCHEN)
    shop = staff_shop(store, cook, client_for)
    shop.add(factories.make_product(store))
    assert shop.checkout(channel="counter").status_code == 201
    assert [(order.channel, order.user_id) for order in orders(store)] == [("web", cook.pk)]


def test_a_channel_that_only_an_integration_writes_cannot_be_named(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    assert shop.checkout(channel="marketplace").status_code == 400
    assert orders(store) == []
