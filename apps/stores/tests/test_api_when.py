"""When: hours per service, slots for later, and breaks that end by themselves (features E7, E9)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from apps.core.actors import system
from apps.core.scope import scope
from apps.stores.models import Order, Outlet, Slot, SlotHold, SpecialDay, Store
from apps.stores.services import orders as order_services
from apps.stores.services import slots
from apps.stores.tests import factories
from apps.stores.tests.conftest import last_seq, rows
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db

# A Friday, 12:00 in the store (UTC-3).
FRIDAY_NOON = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
RULES = {"slot_minutes": 30, "lead_minutes": 60, "max_days": 7, "orders_per_slot": 5}
DELIVERY = {"delivery_method": "delivery", "delivery_address": ADDRESS}


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """Friday at noon, standing still."""
    with time_machine.travel(FRIDAY_NOON, tick=False) as clock:
        yield clock


def outlet_is(store: Store, **values: Any) -> None:
    with scope(store.pk):
        Outlet.objects.update(**values)
    factories.bump(store)


def later(store: Store, **rules: int) -> None:
    Store.objects.filter(pk=store.pk).update(scheduling=RULES | rules)
    factories.bump(store)


def ordered(shop: Shop, store: Store, **body: Any) -> Any:
    if not shop.get("cart/").json()["items"]:
        shop.add(factories.make_product(store))
    return shop.checkout(**body)


def at(day: str, time: str) -> dict[str, str]:
    return {"scheduled_date": day, "scheduled_time_slot": time}


def slot_of(answer: Any, day: str, slot: str) -> dict[str, Any]:
    (found,) = [row for one in answer["days"] if one["date"] == day for row in one["slots"] if row["time_slot"] == slot]
    return dict(found)


# -- hours per service -------------------------------------------------------------------------------------------------


def test_a_service_has_hours_of_its_own_and_the_others_keep_the_houses(shop: Shop, store: Store) -> None:
    evenings = {day: [["18:00", "23:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    outlet_is(store, service_hours={"delivery": evenings})
    refused = ordered(shop, store, **DELIVERY)
    assert (refused.status_code, refused.json()["code"]) == (422, "service_closed")
    assert refused.json()["opens_at"].startswith("2026-11-20T18:00")
    status = shop.get().json()["service_status"]
    assert (status["delivery"]["is_open"], status["pickup"]["is_open"]) == (False, True)
    assert ordered(shop, store).status_code == 201


def test_a_special_day_closes_one_service_and_leaves_the_other(shop: Shop, store: Store) -> None:
    with scope(store.pk):
        SpecialDay.objects.create(
            store_id=store.pk, outlet=Outlet.objects.get(), date=date(2026, 11, 20), hours=[["00:00", "00:00"]],
            service_hours={"delivery": []},
        )  # fmt: skip
    factories.bump(store)
    assert ordered(shop, store, **DELIVERY).json()["code"] == "service_closed"
    assert ordered(shop, store).status_code == 201


def test_a_holiday_is_set_for_all_outlets_at_once_and_closes_them(owner: Shop, shop: Shop, store: Store) -> None:
    with scope(store.pk):
        Outlet.objects.create(store_id=store.pk, slug="north", name="North", hours=factories.ALL_DAY)
    body = {"date": "2026-11-20", "until": "2026-11-21", "note": "Feriado"}
    answer = owner.post("special-days/", body)
    assert answer.status_code == 201
    assert len(answer.json()["results"]) == 4
    assert len(owner.get("special-days/").json()["results"]) == 4
    refused = ordered(shop, store)
    assert (refused.status_code, refused.json()["code"]) == (422, "store_closed")
    assert refused.json()["opens_at"].startswith("2026-11-22")


@pytest.mark.parametrize("until", ["2026-11-19", "2027-11-19"])
def test_a_holiday_that_ends_before_it_begins_or_never_is_refused(owner: Shop, store: Store, until: str) -> None:
    answer = owner.post("special-days/", {"date": "2026-11-20", "until": until})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["until"])
    assert rows(SpecialDay, store) == []


# -- slots -------------------------------------------------------------------------------------------------------------


def test_slots_begin_where_the_opening_begins_and_respect_lead_time_and_horizon(shop: Shop, store: Store) -> None:
    later(store, max_days=1)
    outlet_is(store, hours={"fri": [["11:15", "14:00"]], "sat": [["11:15", "13:00"]]})
    answer = shop.get("slots/", service="pickup").json()
    assert (answer["slot_minutes"], answer["lead_minutes"], answer["scheduling"]) == (30, 60, True)
    friday, saturday = answer["days"]
    assert [row["time_slot"] for row in friday["slots"]] == ["13:15-13:45", "13:45-14:00"]
    assert [row["time_slot"] for row in saturday["slots"]] == ["11:15-11:45", "11:45-12:15"]
    assert friday["slots"][0] | {} == {
        "starts_at": "2026-11-20T13:15:00-03:00", "ends_at": "2026-11-20T13:45:00-03:00", "time_slot": "13:15-13:45",
        "available": True, "remaining": 5,
    }  # fmt: skip


def test_a_night_runs_over_midnight_and_its_slots_carry_the_date_they_are_on(shop: Shop, store: Store) -> None:
    later(store)
    outlet_is(store, hours={"fri": [["23:00", "01:00"]]})
    days = shop.get("slots/", service="pickup").json()["days"]
    assert [(day["date"], [row["time_slot"] for row in day["slots"]]) for day in days] == [
        ("2026-11-20", ["23:00-23:30", "23:30-00:00"]),
        ("2026-11-21", ["00:00-00:30", "00:30-01:00"]),
    ]
    assert ordered(shop, store, **at("2026-11-21", "00:30")).status_code == 201
    answer = shop.get("slots/", service="pickup", date="2026-11-21").json()
    assert slot_of(answer, "2026-11-21", "00:30-01:00")["remaining"] == 4


def test_an_order_for_later_takes_a_place_and_a_cancelled_one_gives_it_back_once(shop: Shop, store: Store) -> None:
    later(store)
    placed = ordered(shop, store, **at("2026-11-21", "10:00-12:00"))
    assert placed.status_code == 201
    with scope(store.pk):
        order, slot = Order.objects.get(), Slot.objects.get()
        assert (slot.taken, slot.starts_at) == (1, order.scheduled_for)
    assert slot_of(shop.get("slots/", service="pickup").json(), "2026-11-21", "10:00-10:30")["remaining"] == 4
    assert slot_of(shop.get("slots/").json(), "2026-11-21", "10:00-10:30")["remaining"] == 4  # the kitchen is the same
    with scope(store.pk):
        order_services.cancel_order(order_id=order.pk, actor=system("test"), kind="by_store")
        assert (Slot.objects.get().taken, SlotHold.objects.filter(released_at=None).count()) == (0, 0)
        slots.give_back(order_id=order.pk)
        assert Slot.objects.get().taken == 0


def test_an_order_nobody_paid_gives_its_place_back_when_it_expires(
    shop: Shop, store: Store, noon: time_machine.Traveller
) -> None:
    later(store)
    assert ordered(shop, store, payment_method="pix", **at("2026-11-21", "10:00")).status_code == 201
    noon.shift(timedelta(hours=1))
    assert order_services.expire_unpaid() == 1
    assert [row.taken for row in rows(Slot, store)] == [0]
    assert order_services.expire_unpaid() == 0
    assert [row.taken for row in rows(Slot, store)] == [0]


def test_a_full_slot_is_refused_with_the_next_free_ones_and_nothing_happens(shop: Shop, store: Store) -> None:
    later(store, orders_per_slot=1)
    assert ordered(shop, store, **at("2026-11-21", "10:00")).status_code == 201
    shop.add(factories.make_product(store))
    before = last_seq(store)
    refused = shop.checkout(**at("2026-11-21", "10:10"))
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_full")
    assert [row["time_slot"] for row in refused.json()["alternatives"]] == ["09:00-09:30", "09:30-10:00", "10:30-11:00"]
    assert (len(rows(Order, store)), len(rows(SlotHold, store)), last_seq(store)) == (1, 1, before)
    assert shop.get("cart/").json()["items"]
    answer = shop.get("slots/", service="pickup").json()
    assert slot_of(answer, "2026-11-21", "10:00-10:30")["available"] is False
    assert ordered(shop, store, **at("2026-11-21", "10:30")).status_code == 201


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (("2026-11-20", "12:30"), "slot_unavailable"),  # sooner than the lead time
        (("2026-11-28", "12:30"), "slot_unavailable"),  # beyond the horizon
        (("2026-11-19", "12:30"), "slot_unavailable"),  # yesterday
        (("2026-11-21", "23:30"), "store_closed"),
    ],
)
def test_a_time_that_cannot_be_chosen_is_refused(shop: Shop, store: Store, when: tuple[str, str], code: str) -> None:
    later(store)
    outlet_is(store, hours={day: [["08:00", "23:00"]] for day in factories.ALL_DAY})
    refused = ordered(shop, store, **at(*when))
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert rows(Order, store) == []


def test_an_outlet_and_a_service_say_otherwise_than_the_store(shop: Shop, store: Store) -> None:
    later(store)
    own = {"lead_minutes": 0, "services": {"delivery": {"orders_per_slot": 1}, "pickup": None}}
    outlet_is(store, scheduling=own, prep_minutes=5)
    assert shop.get("slots/", service="pickup").json()["scheduling"] is False
    assert ordered(shop, store, **at("2026-11-21", "10:00")).json()["code"] == "scheduling_unavailable"
    answer = shop.get("slots/", service="delivery").json()
    assert (answer["lead_minutes"], answer["prep_minutes"]) == (0, 5)
    assert slot_of(answer, "2026-11-21", "10:00-10:30")["remaining"] == 1
    assert ordered(shop, store, **DELIVERY, **at("2026-11-21", "10:00")).status_code == 201
    assert ordered(shop, store, **DELIVERY, **at("2026-11-21", "10:00")).json()["code"] == "slot_full"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"service": "flying"}, 400, "invalid"),
        ({"date": "tomorrow"}, 400, "invalid"),
        ({"days": "0"}, 400, "invalid"),
        ({"service": "shipping"}, 422, "service_unavailable"),
        ({"outlet": "nowhere"}, 404, "outlet_unknown"),
    ],
)
def test_a_question_about_slots_that_makes_no_sense_is_refused(
    shop: Shop, query: dict[str, str], status: int, code: str
) -> None:
    answer = shop.get("slots/", **query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_hour_a_clock_jumps_over_is_not_offered(shop: Shop, store: Store, noon: time_machine.Traveller) -> None:
    """29 March 2026 in Berlin: after 01:59 comes 03:00."""
    noon.move_to(datetime(2026, 3, 28, 22, 0, tzinfo=UTC))
    later(store, lead_minutes=0, max_days=1)
    Store.objects.filter(pk=store.pk).update(timezone="Europe/Berlin")
    outlet_is(store, hours={"sun": [["01:00", "04:00"]]})
    (day,) = shop.get("slots/", service="pickup").json()["days"]
    assert [row["time_slot"] for row in day["slots"]] == ["01:00-01:30", "01:30-02:00", "03:00-03:30", "03:30-04:00"]


def test_listing_slots_costs_the_same_however_many_there_are(
    shop: Shop, store: Store, django_assert_max_num_queries: Any
) -> None:
    later(store, slot_minutes=5)
    shop.get("slots/", service="pickup")
    with django_assert_max_num_queries(3):
        assert len(shop.get("slots/", service="pickup").json()["days"]) == 8
