"""The hub and the base of every socket: first-message auth, replay, order, and what happens when something is slow or gone."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from apps.core import redis as core_redis
from apps.core.tests.racing import in_turns
from apps.events import queries
from apps.events.live import consumer as live
from apps.events.live import hub as hub_module
from apps.events.live.hub import hub
from apps.events.registry import Fact
from apps.events.tests.conftest import say
from apps.events.tests.screens import Line, Screen, later, line, listening
from apps.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Screens behave, polling is out of the way unless a test wants it."""
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 60.0)
    yield
    Screen.behave()


# -- coming in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("token", "code"), [("wrong", 4401), ("", 4401), ("stranger", 4403)])
async def test_a_wrong_token_is_4401_and_somebody_elses_store_4403(db: None, token: str, code: int) -> None:
    async with Line(token) as screen:
        assert await screen.next() == {"type": "closed", "code": code}
        assert await screen.silent()


async def test_who_says_nothing_is_closed_with_4408(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "AUTH_SECONDS", 0.05)
    async with Line() as screen:
        await screen.send({"type": "hello"})
        assert await screen.next() == {"type": "closed", "code": 4408}


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "null",
        "[]",
        '"auth"',
        '{"type": "ping"}',
        '{"type": ["auth"]}',
        "[" * 3_000,
        "x" * 10_000,
        '{"type": {"a": 1}}',
    ],
    ids=lambda text: text[:12],
)
async def test_what_comes_before_auth_and_is_no_auth_is_ignored(store: Store, frame: str) -> None:
    async with Line() as screen:
        await screen.wire.send_input({"type": "websocket.receive", "text": frame})
        await screen.wire.send_input({"type": "websocket.receive", "bytes": b"\xff\x00"})
        assert await screen.silent(0.1)
        await screen.send({"type": "auth", "token": str(store.pk)})
        assert (await screen.welcome())["hello"] == 1


@pytest.mark.parametrize("token", [None, 7, [], {"a": 1}, True])
async def test_a_token_that_is_no_text_is_a_wrong_token(db: None, token: Any) -> None:
    async with Line() as screen:
        await screen.send({"type": "auth", "token": token})
        assert (await screen.next())["code"] == 4401


async def test_it_greets_with_the_sequence_number_and_answers_pings(store: Store, fact: Fact) -> None:
    seq = await later(store, fact, 1)
    async with line(store) as screen:
        assert (await screen.welcome())["seq"] == seq
        assert await screen.next() == {"type": "snapshot", "of": "everything", "seq": seq}
        await screen.send({"type": "ping", "timestamp": 12.5})
        assert await screen.next() == {"type": "pong", "timestamp": 12.5}


# -- what was missed ---------------------------------------------------------------------------------------------------


async def test_who_was_away_gets_exactly_what_was_missed_then_what_is_new(store: Store, fact: Fact) -> None:
    seen = await later(store, fact, 1, 2)
    last = await later(store, fact, 3, 4, 5)
    async with line(store, after=seen) as screen:
        assert (await screen.welcome())["seq"] == last
        frames = [await screen.next() for _ in range(3)]
        assert frames == [{"type": "fact", "number": number, "seq": seen + number - 2} for number in (3, 4, 5)]
        await listening()
        await later(store, fact, 6)
        assert await screen.numbers(1) == [6]


async def test_who_missed_nothing_gets_nothing_twice(store: Store, fact: Fact) -> None:
    seq = await later(store, fact, 1)
    async with line(store, after=seq) as screen:
        await screen.welcome()
        assert await screen.silent(0.2)


@pytest.mark.parametrize("case", ["too far behind", "from the future", "negative", "a fraction", "a word", "true"])
async def test_a_gap_that_cannot_be_told_is_bridged_by_the_state(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(live, "MAX_REPLAY", 3)
    seq = await later(store, fact, *range(5))
    odd = {"negative": -1, "a fraction": 1.5, "a word": "1", "true": True}
    after = {"too far behind": seq - 4, "from the future": seq + 1, **odd}[case]
    async with Line(str(store.pk), after) as screen:
        await screen.welcome()
        assert await screen.next() == {"type": "snapshot", "of": "everything", "seq": seq}
        assert await screen.silent(0.1)


async def test_a_gap_just_small_enough_is_told(store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_REPLAY", 3)
    seq = await later(store, fact, *range(5))
    async with line(store, after=seq - 3) as screen:
        await screen.welcome()
        assert await screen.numbers(3) == [2, 3, 4]


async def test_only_what_the_screen_shows_counts_as_missed(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quiet station in a busy store is told its own few things, over as many pages as that takes."""
    monkeypatch.setattr(live, "MAX_REPLAY", 3)
    monkeypatch.setattr(live, "PAGE", 2)
    Screen.hidden = frozenset(range(1, 9))
    seq = await later(store, fact, *range(10))
    async with line(store, after=seq - 10) as screen:
        await screen.welcome()
        assert await screen.numbers(2) == [0, 9]
        await listening()
        await later(store, fact, 10)
        assert await screen.numbers(1) == [10]


@pytest.mark.parametrize(("limit", "most"), [("MAX_REPLAY", 3), ("MAX_GAP", 4)])
async def test_a_screen_without_a_state_to_send_is_told_to_fetch_its_own_after_too_long_an_absence(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(live, limit, most)
    Screen.has_snapshot = False
    seq = await later(store, fact, *range(5))
    async with line(store, after=seq - 5) as late, line(store) as new:
        await late.welcome()
        assert await late.next() == {"type": "resync", "seq": seq}
        await new.welcome()
        assert await new.silent(0.1), "who is new fetches anyway"
        await listening()
        await later(store, fact, 5)
        assert await late.numbers(1) == await new.numbers(1) == [5]


# -- live --------------------------------------------------------------------------------------------------------------


async def test_a_busy_evening_arrives_complete_and_in_order_on_every_screen(store: Store, fact: Fact) -> None:
    async with AsyncExitStack() as stack:
        screens = [await stack.enter_async_context(line(store)) for _ in range(3)]
        for screen in screens:
            await screen.welcome()
        await listening()
        commits = threading.Thread(
            target=in_turns, args=(lambda number: say(store, fact, number),), kwargs={"threads": 4, "times": 120}
        )
        commits.start()
        heard = [[await screen.until("fact") for _ in range(120)] for screen in screens]
        await asyncio.to_thread(commits.join, 30)
    first = heard[0][0]["seq"]
    for frames in heard:
        assert [frame["seq"] for frame in frames] == list(range(first, first + 120))
        assert sorted(frame["number"] for frame in frames) == list(range(120))


async def test_a_store_hears_only_itself(store: Store, other_store: Store, fact: Fact) -> None:
    async with line(store) as ours, line(other_store) as theirs:
        await ours.until("snapshot")
        await theirs.until("snapshot")
        await listening()
        await later(other_store, fact, 2)
        assert await theirs.numbers(1) == [2]
        assert await ours.silent(0.2)


async def test_a_screen_that_cannot_keep_up_is_closed_with_4409_once_and_others_go_on(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_WAITING", 5)
    async with line(store) as slow:
        await slow.until("snapshot")
        Screen.stuck = asyncio.Event()
        await listening()
        await later(store, fact, *range(12))
        assert await slow.next() == {"type": "closed", "code": 4409}
        assert not hub()._screens, "it is fed no more"
        Screen.stuck.set()
        assert await slow.silent(0.1), "nothing is sent after the goodbye"
    Screen.stuck = None
    seq = await sync_to_async(queries.last_seq)(store.pk)
    async with line(store, after=seq - 12) as again:
        await again.welcome()
        assert await again.numbers(12) == list(range(12))


@pytest.fixture
def no_redis(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.REDIS_URL = f"unix://{tmp_path / 'nobody.sock'}"
    core_redis.client.cache_clear()
    core_redis.forget_failure()
    yield
    core_redis.client.cache_clear()
    core_redis.forget_failure()


async def test_without_redis_polling_brings_everything_in_order(
    store: Store, fact: Fact, no_redis: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.05)
    async with line(store) as screen:
        await screen.until("snapshot")
        await later(store, fact, *range(20))
        assert await screen.numbers(20) == list(range(20))


async def test_redis_going_and_coming_back_loses_nothing(
    store: Store, fact: Fact, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(hub_module, "RECONNECT_SECONDS", 0.05)
    here = settings.REDIS_URL
    async with line(store) as screen:
        await screen.until("snapshot")
        await listening()
        await later(store, fact, 1)
        settings.REDIS_URL = f"unix://{tmp_path / 'nobody.sock'}"
        core_redis.client().client_kill_filter(_type="pubsub")
        core_redis.client.cache_clear()
        await later(store, fact, 2, 3)
        assert await screen.numbers(3) == [1, 2, 3]
        settings.REDIS_URL = here
        core_redis.client.cache_clear()
        core_redis.forget_failure()
        await listening()
        await later(store, fact, 4)
        assert await screen.numbers(1) == [4]


# -- going out ---------------------------------------------------------------------------------------------------------


async def test_a_failing_query_leaves_no_ghost_in_the_hub(store: Store) -> None:
    Screen.greeting_fails = True
    with pytest.raises(ZeroDivisionError):
        async with line(store) as screen:
            await screen.next(0.5)
    assert not hub()._screens
    assert not hub()._tasks


async def test_the_last_one_out_stops_the_hub_and_the_next_one_starts_it(store: Store, fact: Fact) -> None:
    for number in range(2):
        async with line(store) as screen:
            await screen.until("snapshot")
            await listening()
            await later(store, fact, number)
            assert await screen.numbers(1) == [number]
        assert not hub()._screens
        assert not hub()._cursors
        assert not hub()._tasks
