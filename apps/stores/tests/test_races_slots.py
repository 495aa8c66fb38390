"""Slot of 5, many at the same moment: exactly 5 – and the control without the guard."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from apps.core.actors import system
from apps.core.clock import local, now
from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.stores.models import Slot, SlotHold, Store
from apps.stores.services import orders, slots
from apps.stores.tests.factories import bump, make_product
from apps.stores.tests.test_races import check_out, codes, fill_carts, orders_of

pytestmark = pytest.mark.django_db(transaction=True)

PLACES, CUSTOMERS = 5, 12


def _rush(store: Store) -> Counter[tuple[int, str]]:
    rules = {"slot_minutes": 30, "lead_minutes": 0, "max_days": 7, "orders_per_slot": PLACES}
    Store.objects.filter(pk=store.pk).update(scheduling=rules)
    bump(store)
    fill_carts(store, make_product(store, "dish"), CUSTOMERS)
    tomorrow = (local(now(), store.timezone) + timedelta(days=1)).date().isoformat()
    wish = {"scheduled_date": tomorrow, "scheduled_time_slot": "12:00-12:30"}
    return codes(at_once([partial(check_out, store, number, **wish) for number in range(CUSTOMERS)]))


def _slot(store: Store) -> tuple[int, int]:
    with scope(store.pk):
        return Slot.objects.get().taken, SlotHold.objects.filter(released_at=None).count()


def test_of_many_who_want_a_slot_of_five_exactly_five_get_it(store: Store) -> None:
    assert _rush(store) == {(201, ""): PLACES, (409, "slot_full"): CUSTOMERS - PLACES}
    assert _slot(store) == (PLACES, PLACES)
    assert len(orders_of(store)) == PLACES


def test_without_the_condition_the_slot_would_be_overbooked(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(slots, "TAKE", slots.TAKE.replace("WHERE slot.taken <", "WHERE true OR slot.taken <"))
    assert _rush(store) == {(201, ""): CUSTOMERS}
    assert _slot(store)[0] > PLACES


def _give_back_at_once(store: Store) -> tuple[int, int]:
    _rush(store)
    order = orders_of(store)[0]

    def give_back() -> Any:
        with scope(store.pk):
            slots.give_back(order_id=order.pk)

    at_once([give_back] * 4)
    return _slot(store)


def test_a_place_given_back_four_times_at_once_is_free_once(store: Store) -> None:
    assert _give_back_at_once(store) == (PLACES - 1, PLACES - 1)


def test_without_the_mark_it_would_be_freed_several_times(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(slots, "GIVE_BACK", slots.GIVE_BACK.replace(" AND released_at IS NULL", ""))
    assert _give_back_at_once(store)[0] == PLACES - 4


def test_a_place_given_back_can_be_taken_again(store: Store) -> None:
    _rush(store)
    with scope(store.pk):
        orders.cancel_order(order_id=orders_of(store)[0].pk, actor=system("test"), kind="by_store")
    assert _slot(store) == (PLACES - 1, PLACES - 1)
