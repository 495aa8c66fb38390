"""The hub by itself: what it reads, whom it feeds, and what it leaves behind."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from apps.events import queries
from apps.events.live import hub as hub_module
from apps.events.live.hub import Hub, Screen, hub
from apps.events.models import Event
from apps.events.registry import Fact
from apps.events.tests.screens import later
from apps.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)


class Counter:
    """A screen that keeps what it is offered, and may leave in the middle."""

    def __init__(self, leaves: Any = None) -> None:
        self.seen: list[int] = []
        self.leaves = leaves

    def offer(self, event: Event) -> None:
        self.seen.append(event.seq)
        if self.leaves:
            self.leaves()


async def test_an_announcement_of_what_is_known_costs_no_query(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "_start", lambda _self: None)
    here, screen, reads = Hub(), Counter(), list[int]()
    start = await here.join(store.pk, screen)
    last = await later(store, fact, *range(5))
    read = Hub._read

    def counted(store_id: UUID, after: int) -> list[Event]:
        reads.append(after)
        return read(store_id, after)

    monkeypatch.setattr(Hub, "_read", staticmethod(counted))
    for seq in range(start + 1, last + 1):
        await here._heard(f"{store.pk}:{seq}".encode())
    for nonsense in (b"", b":", b"x:y", b"\xff", f"{store.pk}:-1".encode(), f"{store.pk}:".encode(), b"x:9"):
        await here._heard(nonsense)
    assert screen.seen == list(range(start + 1, last + 1))
    assert len(reads) == 1
    here.leave(store.pk, screen)


async def test_a_screen_that_leaves_while_it_is_fed_leaves_nothing_behind(store: Store, fact: Fact) -> None:
    here, screen = Hub(), Counter()
    screen.leaves = lambda: here.leave(store.pk, screen)
    await here.join(store.pk, screen)
    await later(store, fact, *range(5))
    await here.advance(store.pk)
    assert len(screen.seen) == 1
    assert not here._cursors
    assert not here._screens


async def test_more_than_a_batch_is_read_in_one_go(store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "BATCH", 3)
    here, screen = Hub(), Counter()
    start = await here.join(store.pk, screen)
    last = await later(store, fact, *range(8))
    await asyncio.gather(*(here.advance(store.pk) for _ in range(4)))
    assert screen.seen == list(range(start + 1, last + 1))
    here.leave(store.pk, screen)


class EagerHub(Hub):
    """The control: starts its tasks before the awaits of coming in, as the hub once did."""

    async def join(self, store_id: UUID, screen: Screen) -> int:
        super()._start()
        return await super().join(store_id, screen)

    def _start(self) -> None:
        """Too late: it has been tried already."""


async def pass_in_the_door(here: Hub, leaving_from: Store, coming_to: Store, coming: Screen) -> int:
    """The only screen leaves while the next one comes in; where the newcomer is fed from."""
    leaving = Counter()
    await here.join(leaving_from.pk, leaving)
    joining = asyncio.create_task(here.join(coming_to.pk, coming))
    for _each in range(2):
        await asyncio.sleep(0)
    assert not joining.done(), "it still reads how long the log is"
    here.leave(leaving_from.pk, leaving)
    return await joining


async def test_the_control_hub_goes_deaf_when_two_pass_in_the_door(store: Store, other_store: Store) -> None:
    """A hub with a screen and without tasks hears no wake-up and never polls."""
    here, coming = EagerHub(), Counter()
    await pass_in_the_door(here, store, other_store, coming)
    assert here._screens
    assert not here._tasks


async def test_the_only_other_screen_leaving_while_one_comes_in_does_not_stop_the_hub(
    store: Store, other_store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.02)
    here, coming = Hub(), Counter()
    start = await pass_in_the_door(here, store, other_store, coming)
    assert here._tasks
    last = await later(other_store, fact, 1, 2)
    async with asyncio.timeout(5):
        while coming.seen != list(range(start + 1, last + 1)):
            await asyncio.sleep(0.01)
    here.leave(other_store.pk, coming)
    assert not here._tasks


async def test_a_screen_waiting_for_the_lock_is_fed_though_the_only_other_one_left(store: Store, fact: Fact) -> None:
    """One store: the newcomer waits for the lock that `advance` holds, and meanwhile the only screen leaves."""
    here, leaving, coming = Hub(), Counter(), Counter()
    await here.join(store.pk, leaving)
    async with here._locks[store.pk]:
        joining = asyncio.create_task(here.join(store.pk, coming))
        await asyncio.sleep(0)
        here.leave(store.pk, leaving)
    await joining
    assert here._tasks
    last = await later(store, fact, 1)
    await here.advance(store.pk)
    assert coming.seen == [last]
    here.leave(store.pk, coming)


async def test_a_screen_that_could_not_come_in_leaves_no_running_hub(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_store_id: UUID) -> int:
        raise ZeroDivisionError

    here = Hub()
    monkeypatch.setattr(queries, "last_seq", broken)
    with pytest.raises(ZeroDivisionError):
        await here.join(store.pk, Counter())
    assert not here._tasks
    assert not here._screens


def test_a_new_event_loop_has_a_new_hub() -> None:
    async def mine() -> Hub:
        return hub()

    hubs = [asyncio.run(mine()) for _ in range(3)]
    assert len({id(each) for each in hubs}) == 3
    assert len([loop for loop in hub_module._hubs if loop.is_closed()]) <= 1
