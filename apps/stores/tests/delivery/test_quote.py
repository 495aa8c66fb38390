"""The quote: what is told before the order is what is charged, and only for the address it was told for."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.scope import scope
from apps.geo.fake.server import FakeProviders
from apps.stores.models import DeliveryZone, Order, Store, StoredQuote
from apps.stores.services import delivery_quotes
from apps.stores.tests import factories
from apps.stores.tests.delivery.conftest import (
    AT_STORE,
    FAR,
    FAR_POINT,
    NEAR,
    NEAR_POINT,
    TOO_FAR,
    TOO_FAR_POINT,
    deliver,
)
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db


def raise_prices(store: Store) -> None:
    with scope(store.pk):
        DeliveryZone.objects.update(fee="11.00")
    factories.bump(store)


def test_the_fee_is_charged_by_the_distance_the_server_finds(bag: Shop, store: Store) -> None:
    body = deliver(bag, FAR).json()
    assert (body["delivery_fee"], body["total"]) == (22, 42)
    with scope(store.pk):
        order = Order.objects.get()
    assert order.amounts["delivery"]["distance_km"] == 13.18
    assert (order.address["lat"], order.address["lng"]) == (FAR_POINT["lat"], FAR_POINT["lng"])


@pytest.mark.parametrize(
    "forged",
    [
        AT_STORE,
        {"distance_km": 0.1, "delivery_fee": 0, "fee": 0},
        {"lat": 0, "lng": 0},
        {**TOO_FAR_POINT, "zone": "z9"},
    ],
    ids=["a pin at the store", "a distance and a fee", "nowhere", "a pin elsewhere"],
)
def test_what_the_browser_says_about_place_and_price_is_ignored(bag: Shop, forged: dict[str, Any]) -> None:
    body = deliver(bag, {**FAR, **forged}, **forged).json()
    assert body["delivery_fee"] == 22


def test_a_cheap_quote_for_a_pin_is_no_price_for_an_address_somewhere_else(bag: Shop) -> None:
    assert bag.post("validate-delivery/", AT_STORE).json()["fee"] == 8
    assert deliver(bag, FAR).json()["delivery_fee"] == 22


def test_a_pin_that_agrees_with_the_address_is_charged_as_it_was_quoted(bag: Shop, store: Store) -> None:
    beside = {"lat": FAR_POINT["lat"] + 0.0015, "lng": FAR_POINT["lng"]}
    with scope(store.pk):
        DeliveryZone.objects.update(rule={**DeliveryZone.objects.get().rule, "max_fee": None})
    factories.bump(store)
    quoted = bag.post("validate-delivery/", beside).json()
    assert (quoted["is_valid"], quoted["distance_km"]) == (True, 13.01)
    assert deliver(bag, FAR).json()["delivery_fee"] == quoted["fee"] == 24.02


def test_a_quote_is_kept_against_the_cart_while_prices_change(bag: Shop, store: Store) -> None:
    quoted = bag.post("delivery-fee/", NEAR).json()
    raise_prices(store)
    assert deliver(bag, NEAR).json()["delivery_fee"] == quoted["fee"] == 8


def test_a_quote_that_has_expired_is_worked_out_again(bag: Shop, store: Store) -> None:
    bag.post("delivery-fee/", NEAR)
    raise_prices(store)
    with scope(store.pk):
        StoredQuote.objects.update(expires_at=now() - timedelta(seconds=1))
    assert deliver(bag, NEAR).json()["delivery_fee"] == 11
    with scope(store.pk):
        StoredQuote.objects.update(expires_at=now() - timedelta(seconds=1))
    assert delivery_quotes.forget_old() == 1


def test_a_quote_for_one_address_is_none_for_another(bag: Shop, store: Store) -> None:
    bag.post("delivery-fee/", NEAR)
    raise_prices(store)
    assert deliver(bag, {**NEAR, "street": "104 Norte, Avenida JK", "neighborhood": "104 Norte", "zip_code": ""}).json()[
        "delivery_fee"
    ] == 11  # fmt: skip


def test_a_quote_is_none_for_another_cart(bag: Shop, store: Store, client_for: Any) -> None:
    other = Shop(client_for(None), store.slug)
    other.client.credentials(HTTP_X_CART_KEY="cart_of_somebody_else")
    other.post("delivery-fee/", NEAR)
    raise_prices(store)
    assert deliver(bag, NEAR).json()["delivery_fee"] == 11


def test_who_brings_no_cart_gets_an_answer_and_leaves_no_row(nobody: Shop, store: Store, by_distance: None) -> None:
    assert nobody.post("delivery-fee/", NEAR).json()["fee"] == 8
    with scope(store.pk):
        assert not StoredQuote.objects.exists()


def test_a_point_outside_is_said_before_and_refused_at_checkout(bag: Shop, store: Store) -> None:
    asked = bag.post("validate-delivery/", TOO_FAR_POINT)
    assert asked.status_code == 200
    body = asked.json()
    assert (body["is_valid"], body["code"], body["reason"], body["fee"]) == (False, "out_of_area", "too_far", None)
    assert body["distance_km"] == 14.34
    answer = deliver(bag, TOO_FAR)
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (422, "out_of_area", "too_far")
    with scope(store.pk):
        assert not Order.objects.exists()


@pytest.mark.parametrize("spelled", ["nested", "line", "flat", "query"])
def test_an_address_may_be_asked_about_in_every_spelling(bag: Shop, spelled: str) -> None:
    line = "204 Sul, Alameda 3, Lote 12, Palmas"
    answers = {
        "nested": lambda: bag.post("validate-delivery/", {"address": NEAR}),
        "line": lambda: bag.post("delivery-fee/", {"address": line}),
        "flat": lambda: bag.post("validate-delivery/", NEAR),
        "query": lambda: bag.get("delivery-fee/", **NEAR, distance_km="0.01"),
    }
    body = answers[spelled]().json()
    assert (body["fee"], body["is_within_area"], body["distance_km"]) == (8, True, 0.98)
    assert isinstance(body["distance_km"], float)


@pytest.mark.parametrize(
    "body",
    [
        {"lat": "x", "lng": 1},
        {"lat": -10.1},
        {"lat": 91, "lng": 0},
        {"lat": 1, "lng": float(10**6)},
        {"address": 7},
        {"street": ["a"]},
    ],
)
def test_a_question_that_makes_no_sense_is_a_400(bag: Shop, body: dict[str, Any]) -> None:
    assert bag.post("validate-delivery/", body).status_code == 400


def test_a_question_about_nothing_is_answered_with_a_code(bag: Shop) -> None:
    body = bag.post("validate-delivery/", {}).json()
    assert (body["is_valid"], body["code"]) == (False, "address_required")


def test_a_replayed_checkout_asks_nobody_again(bag: Shop, providers: FakeProviders) -> None:
    first = deliver(bag, NEAR, key="once")
    asked = len(providers.asked())
    providers.play("nominatim", "error")
    again = bag.checkout(key="once", delivery_method="delivery", delivery_address=NEAR)
    assert (first.status_code, again.json()) == (201, first.json())
    assert len(providers.asked()) == asked


def test_another_stores_cart_key_does_not_bring_its_quote(bag: Shop, other_store: Store) -> None:
    bag.post("delivery-fee/", NEAR)
    elsewhere = Shop(bag.client, other_store.slug)
    elsewhere.add(factories.make_product(other_store))
    answer = deliver(elsewhere, NEAR)
    assert (answer.status_code, answer.json()["code"]) == (422, "out_of_area")


def test_near_is_where_the_table_says(bag: Shop) -> None:
    assert bag.post("validate-delivery/", NEAR_POINT).json()["distance_km"] == 0.98
