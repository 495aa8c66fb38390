"""The hub by itself: what it reads, whom it feeds, and what it leaves behind."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from apps.events.live import hub as hub_module
from apps.events.live.hub import Hub, hub
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


def test_a_new_event_loop_has_a_new_hub() -> None:
    async def mine() -> Hub:
        return hub()

    hubs = [asyncio.run(mine()) for _ in range(3)]
    assert len({id(each) for each in hubs}) == 3
    assert len([loop for loop in hub_module._hubs if loop.is_closed()]) <= 1
