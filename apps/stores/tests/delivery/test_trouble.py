"""Addresses nobody finds, CEPs that do not exist, maps that are down, slow or talk nonsense – over HTTP, against the fake."""

import time
from typing import Any

import pytest

from apps.core.scope import scope
from apps.geo import circuit
from apps.geo.fake.server import FakeProviders
from apps.stores.models import Cart, Order, Store
from apps.stores.tests import factories
from apps.stores.tests.delivery.conftest import FAR, NEAR, UNKNOWN, SetZones, deliver
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db
TROUBLE = ["error", "garbage", "hang_up", "refused", "limited"]


def policy(store: Store, name: str, fee: str = "0") -> None:
    Store.objects.filter(pk=store.pk).update(delivery_fallback=name, delivery_fallback_fee=fee)
    factories.bump(store)


def nothing_was_placed(store: Store) -> None:
    with scope(store.pk):
        assert not Order.objects.exists()
        assert Cart.objects.get().is_open


def test_an_address_without_a_point_is_refused_by_name(bag: Shop, store: Store, providers: FakeProviders) -> None:
    asked = bag.post("validate-delivery/", UNKNOWN)
    assert (asked.status_code, asked.json()["is_valid"], asked.json()["code"]) == (200, False, "address_not_found")
    answer = deliver(bag, UNKNOWN)
    assert (answer.status_code, answer.json()["code"]) == (422, "address_not_found")
    assert answer.json()["errors"]["delivery_address"]
    nothing_was_placed(store)


def test_an_unknown_cep_is_refused_by_name(bag: Shop, store: Store, providers: FakeProviders) -> None:
    asked = bag.get("delivery-fee/", zip_code="99999-999").json()
    assert (asked["is_valid"], asked["code"]) == (False, "zip_unknown")
    answer = deliver(bag, {**UNKNOWN, "zip_code": "99999-999"})
    assert (answer.status_code, answer.json()["code"]) == (422, "zip_unknown")
    nothing_was_placed(store)


def test_a_cep_alone_is_enough_to_quote_and_brings_the_address(bag: Shop, providers: FakeProviders) -> None:
    body = bag.get("delivery-fee/", zip_code="77020-210").json()
    assert (body["is_valid"], body["fee"]) == (True, 8)


def test_a_cep_alone_tells_the_neighbourhood(shop: Shop, zones: SetZones, providers: FakeProviders) -> None:
    zones({"kind": "neighbourhood", "name": "204 Sul", "slug": "204-sul", "fee": "6.00", "rule": {"city": "Palmas"}})
    body = shop.get("delivery-fee/", zip_code="77020210").json()
    assert (body["fee"], body["zone_name"]) == (6, "204 Sul")
    assert body["address"] == {
        "street": "204 Sul, Alameda 3", "number": "", "neighborhood": "204 Sul", "city": "Palmas", "state": "TO",
        "zip_code": "77020210", "country": "BR",
    }  # fmt: skip
    unknown = shop.get("delivery-fee/", zip_code="99999999").json()
    assert (unknown["is_valid"], unknown["code"]) == (False, "zip_unknown")


def test_a_store_that_goes_by_names_asks_nobody(
    shop: Shop, store: Store, zones: SetZones, providers: FakeProviders
) -> None:
    zones({"kind": "neighbourhood", "name": "204 Sul", "slug": "204-sul", "fee": "6.00", "rule": {"city": "Palmas"}})
    shop.add(factories.make_product(store))
    assert deliver(shop, NEAR).json()["delivery_fee"] == 6
    assert providers.asked() == []


@pytest.mark.parametrize("mode", TROUBLE)
def test_with_the_maps_in_trouble_a_store_may_refuse_and_says_when_to_try_again(
    bag: Shop, store: Store, providers: FakeProviders, mode: str
) -> None:
    policy(store, "refuse")
    providers.play("nominatim", mode)
    asked = bag.post("validate-delivery/", NEAR)
    assert (asked.status_code, asked.json()["is_valid"], asked.json()["code"]) == (200, False, "geocoder_unavailable")
    answer = deliver(bag, NEAR)
    assert (answer.status_code, answer.json()["code"]) == (503, "geocoder_unavailable")
    assert int(answer["Retry-After"]) >= 1
    assert answer.json()["detail"]
    nothing_was_placed(store)
    providers.play("nominatim")
    circuit.forget()
    assert deliver(bag, NEAR).json()["delivery_fee"] == 8


@pytest.mark.parametrize("mode", TROUBLE)
def test_with_the_maps_in_trouble_a_store_may_take_the_order_and_confirm_the_fee(
    bag: Shop, store: Store, providers: FakeProviders, mode: str
) -> None:
    providers.play("nominatim", mode)
    asked = bag.post("validate-delivery/", NEAR).json()
    assert (asked["is_valid"], asked["to_be_confirmed"], bool(asked["message"])) == (True, True, True)
    answer = deliver(bag, FAR)
    body = answer.json()
    assert (answer.status_code, body["delivery_fee"], body["total"]) == (201, 0, 20)
    assert (body["status"], body["delivery_to_be_confirmed"]) == (
        "pending",
        True,
    )  # a person looks before anybody cooks
    assert body["delivery_message"]
    with scope(store.pk):
        assert Order.objects.get().amounts["delivery"]["kind"] == "to_confirm"


def test_with_the_maps_in_trouble_a_store_may_charge_a_flat_fee(
    bag: Shop, store: Store, providers: FakeProviders
) -> None:
    policy(store, "flat", "12.50")
    providers.play("nominatim", "error")
    assert bag.post("validate-delivery/", NEAR).json()["fee"] == 12.5
    body = deliver(bag, FAR).json()
    assert (body["delivery_fee"], body["total"], body["status"]) == (12.5, 32.5, "confirmed")
    assert (body["delivery_to_be_confirmed"], bool(body["delivery_message"])) == (False, True)


@pytest.mark.parametrize("mode", ["slow", "trickle"])
def test_nobody_waits_longer_than_a_second_for_slow_maps(
    bag: Shop, store: Store, providers: FakeProviders, mode: str
) -> None:
    policy(store, "refuse")
    providers.play("nominatim", mode, seconds=6)
    started = time.monotonic()
    answer = deliver(bag, NEAR)
    took = time.monotonic() - started
    assert (answer.status_code, answer.json()["code"]) == (503, "geocoder_unavailable")
    assert took < 2, took
    nothing_was_placed(store)


def test_a_quote_given_before_the_trouble_is_still_good(bag: Shop, store: Store, providers: FakeProviders) -> None:
    policy(store, "refuse")
    bag.post("delivery-fee/", FAR)
    providers.play("nominatim", "error")
    with scope(store.pk):
        from apps.geo.models import Answer

        Answer.objects.all().delete()
    assert deliver(bag, FAR).json()["delivery_fee"] == 22


def test_a_policy_is_for_maps_in_trouble_and_not_for_addresses_nobody_knows(
    bag: Shop, store: Store, providers: FakeProviders
) -> None:
    policy(store, "flat", "1.00")
    assert deliver(bag, UNKNOWN).json()["code"] == "address_not_found"
    nothing_was_placed(store)


@pytest.mark.parametrize("value", ["sometimes", "", None])
def test_only_the_known_policies_can_be_set(owner: Shop, store: Store, value: Any) -> None:
    assert owner.patch("settings/", {"delivery_fallback": value}).status_code == 400
    assert owner.patch("settings/", {"delivery_fallback": "flat", "delivery_fallback_fee": "9.00"}).status_code == 200
    assert Store.objects.get(pk=store.pk).delivery_fallback == "flat"
    assert owner.patch("settings/", {"delivery_fallback_fee": "-1"}).status_code == 400
