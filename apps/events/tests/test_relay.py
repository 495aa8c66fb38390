"""The relay: every subscriber hears of every fact, once in our tables, in order per subject, whatever fails."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import F

from apps.core.ids import uuid7
from apps.core.scope import current_store_id
from apps.core.tests.racing import at_once
from apps.events import relay, tasks
from apps.events.models import Delivery, DeliveryState, Event
from apps.events.registry import Fact, Happening
from apps.events.tests.conftest import Listen, say
from apps.stores.models import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clock(store: Store, other_store: Store) -> Iterator[Any]:
    """A clock that only moves when told to. The stores exist before, so their facts are older."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_each_subscriber_hears_of_each_fact_once(store: Store, other_store: Store, fact: Fact, listen: Listen) -> None:
    heard: list[tuple[str, Any, int]] = []
    for name in ("test.a", "test.b"):
        listen(
            lambda happening, name=name: heard.append((name, current_store_id(), happening.payload["number"])),
            fact,
            name=name,
        )
    for number in range(5):
        say(store, fact, number)
        say(other_store, fact, number)
    assert tasks.relay() == 20
    expected = {
        (name, each.pk, number) for name in ("test.a", "test.b") for each in (store, other_store) for number in range(5)
    }
    assert len(heard) == 20
    assert set(heard) == expected
    assert tasks.relay() == 0
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


def test_a_handler_sees_the_fact_as_it_was_recorded(store: Store, fact: Fact, listen: Listen) -> None:
    heard: list[Happening] = []
    listen(heard.append, fact, name="test.a")
    say(store, fact, 7, "thing-9")
    relay.drain()
    event = Event.objects.get(name=fact.name)
    assert heard[0].payload == {"number": 7}
    assert (heard[0].seq, heard[0].store_id, str(heard[0].subject)) == (event.seq, store.pk, "thing:thing-9")
    assert (heard[0].actor.kind, heard[0].actor.id, heard[0].occurred_at) == ("system", "test", event.occurred_at)


def test_a_failed_handler_leaves_nothing_and_is_tried_again_later(
    store: Store, fact: Fact, listen: Listen, clock: Any
) -> None:
    fails = [True, True, False]

    def handler(happening: Happening) -> None:
        Store.objects.filter(pk=store.pk).update(catalog_version=F("catalog_version") + 1)
        if fails.pop(0):
            raise ZeroDivisionError("broken")

    listen(handler, fact, name="test.a")
    say(store, fact)
    version = Store.objects.get(pk=store.pk).catalog_version
    for wait in (0, 1, 2):
        clock.shift(timedelta(seconds=wait - 0.001))
        assert relay.drain() == 0, "not before its time"
        clock.shift(timedelta(seconds=0.001))
        handled = relay.drain()
        assert handled == (wait == 2)
        assert Store.objects.get(pk=store.pk).catalog_version == version + handled
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == (DeliveryState.DONE, 3, "")


def test_retries_back_off_up_to_an_hour() -> None:
    assert [relay.backoff(attempt).total_seconds() for attempt in range(1, 13)] == [2**n for n in range(11)] + [2048]
    assert relay.backoff(13) == relay.backoff(200) == timedelta(hours=1)


def test_after_twelve_attempts_it_is_dead_until_somebody_replays_it(
    store: Store, fact: Fact, listen: Listen, clock: Any
) -> None:
    broken = [True]
    heard: list[int] = []

    def handler(happening: Happening) -> None:
        if broken[0]:
            raise ZeroDivisionError("still broken\x00")
        heard.append(happening.payload["number"])

    listen(handler, fact, name="test.a")
    listen(lambda happening: heard.append(-1), fact, name="test.b")
    say(store, fact, 5)
    for _ in range(40):
        relay.drain()
        clock.shift(timedelta(minutes=10))
    dead = Delivery.objects.get(subscriber="test.a")
    assert (dead.state, dead.attempts, dead.last_error) == (DeliveryState.DEAD, 12, "ZeroDivisionError: still broken")
    assert set(heard) == {-1}, "another subscriber is not held up by it"
    heard.clear()
    broken[0] = False
    assert relay.drain() == 0
    assert relay.replay_dead(subscriber="test.b") == 0
    assert relay.replay_dead(subscriber="test.a") == 1
    assert (relay.drain(), relay.drain(), heard) == (1, 0, [5])
    assert relay.replay_dead() == 0


def test_what_the_code_no_longer_knows_waits_and_then_lies_with_the_dead(
    store: Store, fact: Fact, listen: Listen, clock: Any
) -> None:
    listen(lambda _happening: None, fact, name="test.a")
    say(store, fact)
    Delivery.objects.update(subscriber="test.gone")
    relay.drain()
    row = Delivery.objects.get()
    assert (row.state, row.last_error) == (DeliveryState.PENDING, "LookupError: no subscriber called test.gone")
    for _ in range(20):
        clock.shift(timedelta(hours=1))
        relay.drain()
    assert Delivery.objects.get().state == DeliveryState.DEAD


def test_a_failing_fact_holds_up_its_own_subject_only(store: Store, fact: Fact, listen: Listen, clock: Any) -> None:
    heard: list[tuple[str, int]] = []
    broken = [True]

    def handler(happening: Happening) -> None:
        if broken[0] and happening.payload["number"] == 1:
            raise ZeroDivisionError
        heard.append((str(happening.subject.id), happening.payload["number"]))

    listen(handler, fact, name="test.a")
    for number in (1, 2, 3):
        say(store, fact, number, "stuck")
        say(store, fact, number + 10, "free")
    relay.drain()
    assert heard == [("free", 11), ("free", 12), ("free", 13)]
    broken[0] = False
    clock.shift(timedelta(seconds=1))
    relay.drain()
    assert heard[3:] == [("stuck", 1), ("stuck", 2), ("stuck", 3)]


def test_a_run_ends_when_its_time_is_up(store: Store, fact: Fact, listen: Listen) -> None:
    listen(lambda _happening: None, fact, name="test.a")
    say(store, fact)
    assert relay.drain(seconds=0) == 0
    assert relay.drain() == 1


# -- dying workers -----------------------------------------------------------------------------------------------------


def test_what_a_dead_worker_held_is_taken_over_after_its_lease(
    store: Store, fact: Fact, listen: Listen, clock: Any
) -> None:
    heard: list[int] = []
    listen(lambda happening: heard.append(happening.payload["number"]), fact, name="test.a")
    for number in range(3):
        say(store, fact, number, f"thing-{number}")
    with connection.cursor() as cursor:  # a worker claims and is never seen again
        assert len(relay._claim(uuid7())) == 3
        cursor.execute("SELECT 1")
    assert relay.drain() == 0
    clock.shift(relay.LEASE)
    assert relay.drain() == 3
    assert sorted(heard) == [0, 1, 2]


def test_a_worker_that_lost_its_lease_does_nothing(store: Store, fact: Fact, listen: Listen, clock: Any) -> None:
    heard: list[int] = []
    listen(lambda happening: heard.append(1), fact, name="test.a")
    say(store, fact)
    slow = uuid7()
    ((_attempts, delivery_id),) = relay._claim(slow)
    clock.shift(relay.LEASE)
    ((_attempts, _same),) = relay._claim(quick := uuid7())
    assert relay._deliver(delivery_id, slow) is False
    assert heard == []
    assert relay._deliver(delivery_id, quick) is True
    assert heard == [1]


class Killed(BaseException):
    """Stands in for SIGKILL in the middle of a handler."""


def test_a_fact_that_kills_its_worker_is_put_away_and_takes_nobody_along(
    store: Store, fact: Fact, listen: Listen, clock: Any
) -> None:
    """F10: the process dies, so nobody counts the failure – the claim has done so already."""
    heard: list[int] = []
    deaths: list[int] = []

    def handler(happening: Happening) -> None:
        number = happening.payload["number"]
        if number == 3:
            deaths.append(number)
            raise Killed
        heard.append(number)

    listen(handler, fact, name="test.a")
    for number in range(10):
        say(store, fact, number, f"thing-{number}")
    for _ in range(100):
        with contextlib.suppress(Killed):
            relay.drain()
        clock.shift(relay.LEASE)
    assert set(heard) == {0, 1, 2, 4, 5, 6, 7, 8, 9}, "those before it in its batch were undone, and ran again"
    assert len(deaths) == relay.MAX_ATTEMPTS
    (dead,) = Delivery.objects.exclude(state=DeliveryState.DONE)
    assert (dead.state, dead.last_error) == (DeliveryState.DEAD, "the process that handled it died, again and again")
    assert max(Delivery.objects.filter(state=DeliveryState.DONE).values_list("attempts", flat=True)) == 2


# -- in parallel -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_workers_handle_each_fact_once_and_each_subject_in_order(store: Store, fact: Fact, listen: Listen) -> None:
    lock, running, overlaps = threading.Lock(), set[str](), list[str]()
    heard: dict[str, list[int]] = {}

    def handler(happening: Happening) -> None:
        subject = str(happening.subject.id)
        with lock:
            overlaps.extend([subject] if subject in running else [])
            running.add(subject)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.001)")  # long enough for others to come along
        with lock:
            heard.setdefault(subject, []).append(happening.payload["number"])
            running.discard(subject)

    listen(handler, fact, name="test.a")
    for number in range(10):
        for subject in range(12):
            say(store, fact, number, f"thing-{subject}")

    def worker() -> int:
        handled = 0
        while Delivery.objects.filter(state=DeliveryState.PENDING).exists():
            handled += relay.drain()
        return handled

    counts = at_once([worker] * 4)
    assert sum(counts) == 120
    assert overlaps == []
    assert heard == {f"thing-{subject}": list(range(10)) for subject in range(12)}
    print(f"\n120 facts of 12 subjects by 4 workers: {counts}")


@pytest.mark.django_db(transaction=True)
def test_subjects_are_handled_side_by_side(store: Store, fact: Fact, listen: Listen) -> None:
    """Two handlers meet inside: neither could finish if subjects stood in one line."""
    met = threading.Barrier(2)
    listen(lambda _happening: met.wait(20) and None, fact, name="test.a")
    say(store, fact, 1, "left")
    say(store, fact, 2, "right")

    def worker() -> int:
        relay_batch = relay._claim(lease := uuid7())
        return sum(relay._deliver(delivery_id, lease) for _attempts, delivery_id in relay_batch[:1])

    original, relay.BATCH = relay.BATCH, 1
    try:
        assert at_once([worker, worker]) == [1, 1]
    finally:
        relay.BATCH = original


@pytest.mark.django_db(transaction=True)
def test_a_claim_takes_no_more_than_a_batch(store: Store, fact: Fact, listen: Listen) -> None:
    listen(lambda _happening: None, fact, name="test.a")
    for number in range(60):
        say(store, fact, number, f"thing-{number}")
    claims = at_once([lambda: relay._claim(uuid7()) for _ in range(4)])
    assert max(map(len, claims)) <= relay.BATCH
    taken = [delivery_id for claim in claims for _attempts, delivery_id in claim]
    assert len(taken) == len(set(taken))
