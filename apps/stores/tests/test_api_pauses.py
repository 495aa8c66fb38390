"""Breaks of the store, an outlet or a service: seen on the menu, refused at checkout with their end, over by themselves (E9)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from apps.core.scope import scope
from apps.stores.models import Order, Outlet, Role, ServicePause, Staff, StaffOutlet, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.stores.tests.test_api_when import DELIVERY, at, later, noon, ordered

pytestmark = pytest.mark.django_db

__all__ = ["noon"]


def test_a_paused_store_says_until_when_and_opens_again_by_itself(
    owner: Shop, shop: Shop, store: Store, noon: time_machine.Traveller
) -> None:
    seq = last_seq(store)
    answer = owner.post("pause/", {"minutes": 20, "reason": "Falta de luz"})
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert (row["outlet"], row["service"], row["reason"]) == (None, "", "Falta de luz")
    assert {"store.paused", "catalog.published"} <= set(fact_names(store, seq))
    for shown in (shop.get().json(), shop.get("catalog/").json()["store"]):
        assert (shown["is_open"], shown["pause_reason"]) == (False, "Falta de luz")
        assert shown["paused_until"] == "2026-11-20T12:20:00-03:00"
    refused = ordered(shop, store)
    assert (refused.status_code, refused.json()["code"]) == (422, "store_paused")
    assert refused.json()["paused_until"].startswith("2026-11-20T12:20")
    assert refused.json()["reason"] == "Falta de luz"
    assert rows(Order, store) == []
    noon.shift(timedelta(minutes=20))
    assert ordered(shop, store).status_code == 201
    assert owner.get("pauses/").json()["results"] == []


def test_a_paused_service_leaves_the_others_and_an_order_for_after_the_break(
    owner: Shop, shop: Shop, store: Store
) -> None:
    later(store)
    owner.post("pause/", {"minutes": 45, "service": "delivery", "reason": "Chuva"})
    refused = ordered(shop, store, **DELIVERY)
    assert (refused.status_code, refused.json()["code"]) == (422, "service_paused")
    assert refused.json()["paused_until"].startswith("2026-11-20T12:45")
    status = shop.get().json()["service_status"]
    assert (status["delivery"]["is_open"], status["delivery"]["pause_reason"], status["pickup"]["is_open"]) == (
        False,
        "Chuva",
        True,
    )
    assert ordered(shop, store, **DELIVERY, **at("2026-11-20", "14:00")).status_code == 201
    assert ordered(shop, store).status_code == 201


def test_a_break_is_ended_by_hand_and_ending_it_twice_is_no_news(owner: Shop, shop: Shop, store: Store) -> None:
    owner.post("pause/", {"minutes": 20, "service": "delivery"})
    owner.post("pause/", {"minutes": 30, "service": "delivery"})
    assert len(rows(ServicePause, store)) == 1
    assert owner.post("unpause/", {"service": "delivery"}).json()["results"] == []
    seq = last_seq(store)
    assert owner.post("unpause/", {"service": "delivery"}).status_code == 200
    assert last_seq(store) == seq
    assert ordered(shop, store, **DELIVERY).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10**9}, "minutes"),
        ({"until": "2026-11-20T10:00:00Z"}, "until"),
        ({"minutes": 5, "service": "flying"}, "service"),
        ({"minutes": 5, "reason": "x" * 161}, "reason"),
    ],
)
def test_a_break_that_says_nothing_sensible_is_refused(
    owner: Shop, store: Store, body: dict[str, Any], field: str
) -> None:
    seq = last_seq(store)
    answer = owner.post("pause/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert last_seq(store) == seq


def test_staff_of_one_branch_pause_that_one_alone(store: Store, client_for: ClientFor) -> None:
    with scope(store.pk):
        north = Outlet.objects.create(store_id=store.pk, slug="north", name="North", hours=factories.ALL_DAY)
    factories.bump(store)
    cashier = factories.make_staff(store, Role.CASHIER)
    with scope(store.pk):
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=cashier), outlet=north)
    till = Shop(client_for(cashier), store.slug)
    for body in ({"minutes": 5}, {"minutes": 5, "outlet": "main"}):
        refused = till.post("pause/", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "outlet_forbidden")
    assert till.post("pause/", {"minutes": 5, "outlet": "north"}).status_code == 200
    assert {row.slug: row.paused_until is not None for row in rows(Outlet, store)} == {"main": False, "north": True}


def test_who_may_not_pause_is_refused(attendant: Shop, nobody: Shop, stranger: Shop, store: Store) -> None:
    seq = last_seq(store)
    answers = [shop.post("pause/", {"minutes": 5}).status_code for shop in (attendant, nobody, stranger)]
    assert answers == [403, 401, 404]
    assert last_seq(store) == seq
