"""The right to look at a log while it is being looked at: taken away, changed, long over in a replay, gone without a fact."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from apps.core.scope import scope
from apps.events.live import consumer as live
from apps.events.live import hub as hub_module
from apps.events.live.hub import Hub, hub
from apps.events.registry import Fact
from apps.events.services import unit_of_work
from apps.events.tests.conftest import tell
from apps.events.tests.screens import LAST, Line, Screen, later, line, listening
from apps.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Screens behave, polling is out of the way."""
    monkeypatch.setattr(hub_module, "POLL_SECONDS", 60.0)
    yield
    Screen.behave()


def all_at_once(store: Store, fact: Fact, *numbers: int) -> None:
    with scope(store.pk), unit_of_work():
        for number in numbers:
            tell(fact, number)


async def test_a_revoked_visitor_is_closed_and_hears_nothing_of_what_follows(store: Store, fact: Fact) -> None:
    Screen.most_looks = 2
    async with line(store) as screen:
        await screen.until("snapshot")
        await listening()
        await sync_to_async(all_at_once)(store, fact, 1, LAST, 3)
        assert await screen.numbers(1) == [1]
        assert await screen.next() == {"type": "closed", "code": 4401}
        assert await screen.silent(0.2)


@pytest.mark.parametrize("looks_fail", [False, True])
async def test_who_may_still_look_but_otherwise_is_told_to_come_in_again(
    store: Store, fact: Fact, looks_fail: bool
) -> None:
    Screen.looks_fail = looks_fail
    async with line(store) as screen:
        seen = (await screen.until("snapshot"))["seq"]
        await listening()
        await sync_to_async(all_at_once)(store, fact, 1, LAST, 3)
        assert await screen.numbers(1) == [1]
        assert await screen.next() == {"type": "closed", "code": 4410}
        assert await screen.silent(0.2)
    async with line(store, after=seen) as again:
        await again.welcome()
        assert await again.numbers(3) == [1, LAST, 3]


async def test_what_once_changed_a_right_does_not_end_a_replay(store: Store, fact: Fact) -> None:
    """Whether the visitor may look now was looked at on the way in; the log below says how it was then."""
    seq = await later(store, fact, 1, LAST, 3)
    async with line(store, after=seq - 3) as screen:
        await screen.welcome()
        assert await screen.numbers(3) == [1, LAST, 3]
        await listening()
        await later(store, fact, 4)
        assert await screen.numbers(1) == [4]


# -- every thirty seconds ----------------------------------------------------------------------------------------------


async def ping(screen: Line) -> dict[str, Any]:
    """The next heartbeat."""
    while (output := await screen.wire.receive_output(5.0))["type"] == "websocket.send":
        frame: dict[str, Any] = json.loads(output["text"])
        if frame["type"] == "ping":
            return frame
    raise AssertionError(output)


async def test_a_right_that_ends_without_a_fact_ends_the_socket_at_the_next_heartbeat(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.02)
    async with line(store) as screen:
        await screen.until("snapshot")
        await ping(screen)
        Screen.most_looks = 0
        assert await screen.next() == {"type": "closed", "code": 4401}
        assert not hub()._screens


async def test_a_right_that_changed_without_a_fact_lets_the_screen_come_in_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.02)
    async with line(store) as screen:
        await screen.until("snapshot")
        await ping(screen)
        monkeypatch.setattr(Screen, "rights", "others")
        assert await screen.next() == {"type": "closed", "code": 4410}


async def test_while_nobody_can_be_looked_at_again_the_screen_stays_but_is_not_told_that_all_is_well(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    async with line(store) as screen:
        await screen.until("snapshot")
        await ping(screen)
        Screen.looks_fail = True
        assert await screen.wire.receive_nothing(timeout=0.4, interval=0.05)
        await listening()
        Screen.looks_fail = False
        await ping(screen)


async def test_a_heartbeat_carries_the_number_of_the_last_frame_that_was_sent(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.5)
    seen = await later(store, fact, 1)
    async with line(store) as new, line(store, after=seen) as again:
        assert (await ping(new))["seq"] == (await ping(again))["seq"] == seen
        await listening()
        last = await later(store, fact, 2)
        await new.numbers(1)
        assert (await ping(new))["seq"] == last


async def test_a_screen_a_whole_heartbeat_behind_the_log_is_closed_and_finds_everything_when_it_comes_again(
    store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps facts from it – here a hub that hears and reads nothing – it must not look alive."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(Hub, "_start", lambda _self: None)
    async with line(store) as screen:
        seen = (await screen.until("snapshot"))["seq"]
        await later(store, fact, 1, 2)
        assert await screen.next() == {"type": "closed", "code": 4409}
    async with line(store, after=seen) as again:
        await again.welcome()
        assert await again.numbers(2) == [1, 2]


async def test_a_right_taken_away_while_coming_in_is_noticed(store: Store) -> None:
    """Between the look at the token and the first fact heard there is a moment; a second look closes it."""
    Screen.most_looks = 1
    async with line(store) as screen:
        assert await screen.next() == {"type": "closed", "code": 4401}
        assert not hub()._screens


async def test_a_right_changed_while_coming_in_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    join = Hub.join

    async def change_and_join(here: Hub, *given: Any) -> int:
        monkeypatch.setattr(Screen, "rights", "others")
        return await join(here, *given)

    monkeypatch.setattr(Hub, "join", change_and_join)
    async with line(store) as screen:
        assert await screen.next() == {"type": "closed", "code": 4410}
        assert not hub()._screens
