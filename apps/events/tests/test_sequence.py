"""A store's sequence is the order of its commits, without a gap, however many write at once."""

import threading
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from apps.core.scope import scope
from apps.core.tests.racing import at_once, in_turns
from apps.events import queries, services
from apps.events.models import Event, EventCursor
from apps.events.registry import Fact
from apps.events.services import unit_of_work
from apps.events.tests.conftest import say, tell
from apps.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, COMMITS = 8, 50


class Follower(threading.Thread):
    """A reader that only ever asks for what comes after the last number it saw, as screens and hubs do."""

    def __init__(self, store_id: UUID, cursor: int) -> None:
        super().__init__()
        self.store_id, self.cursor, self.seen, self.done = store_id, cursor, list[int](), threading.Event()

    def run(self) -> None:
        try:
            is_last = False
            while not is_last:
                is_last = self.done.is_set()
                for event in queries.feed(self.store_id, after=self.cursor, limit=500):
                    self.seen.append(event.seq)
                    self.cursor = event.seq
        finally:
            connection.close()


def test_sequence_numbers_have_no_gap_and_are_the_order_of_commits(store: Store, fact: Fact) -> None:
    start = queries.last_seq(store.pk)
    follower = Follower(store.pk, start)
    follower.start()

    def work(number: int) -> None:
        with scope(store.pk), unit_of_work():
            tell(fact, number)
            tell(fact, number)

    try:
        in_turns(work, threads=THREADS, times=THREADS * COMMITS)
    finally:
        follower.done.set()
        follower.join(60)
    expected = list(range(start + 1, start + 1 + THREADS * COMMITS * 2))
    assert follower.seen == expected, "a reader that only moves forward missed something"
    assert (
        list(Event.objects.filter(store=store, seq__gt=start).order_by("id").values_list("seq", flat=True)) == expected
    )
    assert EventCursor.objects.get(store=store).last_seq == expected[-1]
    print(f"\n{THREADS} threads, {THREADS * COMMITS} commits, {len(expected)} facts: no gap, none overtaken")


def test_max_plus_one_would_lose_commits(store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the cursor's row lock, writers that start together take the same number."""
    met = threading.Barrier(THREADS)

    def careless(store_id: UUID, count: int) -> int:
        newest = Event.objects.filter(store_id=store_id).order_by("-seq").values_list("seq", flat=True).first() or 0
        met.wait(60)
        return newest + count

    monkeypatch.setattr(services, "_take_sequences", careless)

    def work() -> bool:
        try:
            say(store, fact)
        except IntegrityError:
            return False
        return True

    assert at_once([work] * THREADS).count(True) == 1


def test_a_number_taken_early_would_be_overtaken(store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the order: numbers from a counter without a lock to the commit let a reader skip a late one."""
    counter = iter(range(10_001, 10_100))
    took, other_is_done = threading.Event(), threading.Event()

    def early(_store_id: UUID, _count: int) -> int:
        mine = next(counter)
        if mine == 10_001:
            took.set()
            other_is_done.wait(60)
        return mine

    monkeypatch.setattr(services, "_take_sequences", early)

    def slow() -> None:
        say(store, fact)

    def fast() -> None:
        took.wait(60)
        say(store, fact)
        reader = Follower(store.pk, 10_000)
        reader.done.set()
        reader.run()
        other_is_done.set()
        seen.extend(reader.seen)

    seen: list[int] = []
    at_once([slow, fast])
    assert seen == [10_002], "and 10,001, committed later, lies behind the reader's cursor for ever"


def test_units_that_write_to_two_stores_in_either_order_do_not_deadlock(
    store: Store, other_store: Store, fact: Fact
) -> None:
    def work(number: int) -> None:
        pair = [store, other_store] if number % 2 else [other_store, store]
        with unit_of_work():
            for each in pair:
                with scope(each.pk):
                    tell(fact, number)

    in_turns(work, threads=4, times=80)
    assert Event.objects.filter(name=fact.name).count() == 160
