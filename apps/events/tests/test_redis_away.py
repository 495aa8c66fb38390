"""Redis only carries hints: gone, hanging or flushed, a commit neither fails nor waits, and nothing is lost."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from apps.core import redis as core_redis
from apps.events import relay, wake
from apps.events.models import Delivery, Event
from apps.events.registry import Fact
from apps.events.tests.conftest import Listen, say
from apps.stores.models import Store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["nobody listens", "listens and is silent", "no such host"])
def no_redis(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[None]:
    path = str(tmp_path / "redis.sock")
    server = socket.socket(socket.AF_UNIX)
    if request.param == "listens and is silent":
        server.bind(path)
        server.listen(100)
    settings.REDIS_URL = "redis://127.0.0.1:1/0" if request.param == "no such host" else f"unix://{path}"
    core_redis.client.cache_clear()
    core_redis.forget_failure()
    yield
    server.close()
    core_redis.client.cache_clear()
    core_redis.forget_failure()


def test_a_commit_does_not_fail_or_wait_and_the_relay_finds_it_anyway(
    store: Store, fact: Fact, listen: Listen, no_redis: None
) -> None:
    heard: list[int] = []
    listen(lambda happening: heard.append(happening.payload["number"]), fact, name="test.a")
    started = time.monotonic()
    for number in range(20):
        say(store, fact, number)
    seconds = time.monotonic() - started
    assert Event.objects.filter(name=fact.name).count() == Delivery.objects.count() == 20
    assert seconds < 10, "one wait for Redis a second at the most, not one per commit"
    assert relay.drain() == 20
    assert heard == list(range(20))
    print(f"\n20 commits without Redis: {seconds:.2f} s")


def test_a_single_commit_does_not_wait_long(store: Store, fact: Fact, listen: Listen, no_redis: None) -> None:
    listen(lambda _happening: None, fact, name="test.a")
    waits = []
    for _ in range(3):
        core_redis.forget_failure()
        started = time.monotonic()
        say(store, fact)
        waits.append(time.monotonic() - started)
    print(f"\none commit without Redis: {min(waits):.2f} s at best of three")
    assert min(waits) < 3.0, "time-outs promise 0.6 s; the rest is room for a busy machine"


@pytest.mark.parametrize(
    "error", [OperationalError("broker"), ConnectionRefusedError(), TimeoutError(), ZeroDivisionError("odd")]
)
def test_a_broker_that_fails_in_any_way_does_not_fail_the_commit(
    store: Store, fact: Fact, listen: Listen, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        tried.append(1)
        raise error

    tried: list[int] = []
    listen(lambda _happening: None, fact, name="test.a")
    monkeypatch.setattr(current_app.tasks["events.relay"], "apply_async", fail)
    say(store, fact)
    assert tried
    assert relay.drain() == 1


def test_a_burst_nudges_the_relay_once_until_it_starts(
    store: Store, fact: Fact, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudges: list[int] = []
    listen(lambda _happening: None, fact, name="test.a")
    monkeypatch.setattr(wake, "NUDGE_MILLISECONDS", 60_000)
    monkeypatch.setattr(current_app.tasks["events.relay"], "apply_async", lambda *_, **__: nudges.append(1))
    for _ in range(10):
        say(store, fact)
    assert len(nudges) == 1
    wake.relay_started()
    say(store, fact)
    assert len(nudges) == 2
    core_redis.client().flushdb()
    assert relay.drain() == 11


def test_a_fact_nobody_waits_for_nudges_nobody(store: Store, fact: Fact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "_nudge", lambda _task: pytest.fail("nobody listens to this fact"))
    say(store, fact)
