"""Worker processes killed with SIGKILL while relaying: everything is handled, nothing twice in our tables (scenario 29)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.conf import settings
from django.db import connection

from apps.core.scope import scope
from apps.events.models import Delivery, DeliveryState
from apps.events.registry import Fact, Happening
from apps.events.services import unit_of_work
from apps.events.tests.conftest import Listen, tell
from apps.stores.models import Store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FACTS, KILLS, WORKERS = 1_000, 6, 2
PATIENCE = 90.0


class Worker:
    """One relay process."""

    def __init__(self, mode: str) -> None:
        command = [sys.executable, "-m", "apps.events.tests.kill_worker", str(connection.settings_dict["NAME"]), mode]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=settings.BASE_DIR)

    def lines(self, many: int) -> int:
        """Wait until it has handled `many` facts more (or ended). Returns how many it said."""
        assert self.process.stdout is not None
        said = 0
        while said < many and self.process.stdout.readline():
            said += 1
        return said

    def kill(self) -> None:
        """The worst way to end, at whatever it was doing."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def probe_table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kill_probe (number int, pid int)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE kill_probe")


def _handled() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT number) FROM kill_probe")
        rows, different = cursor.fetchone()
        return rows, different


def _wait_until_done() -> None:
    deadline = time.monotonic() + PATIENCE
    while Delivery.objects.filter(state=DeliveryState.PENDING).exists():
        assert time.monotonic() < deadline, "not finished in time"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.05)")


def _unheard(_happening: Happening) -> None:
    """The handler lives in the workers; here only its name is needed, so that deliveries are made."""
    raise AssertionError


def _record(store: Store, fact: Fact, listen: Listen, many: int) -> None:
    listen(_unheard, fact, name="test.kill_probe")
    for first in range(0, many, 50):
        with scope(store.pk), unit_of_work():
            for number in range(first, first + 50):
                tell(fact, number, f"thing-{number % 20}")


def _relay_with_kills(mode: str, *, kills: int, between: int) -> None:
    workers = [Worker(mode) for _ in range(WORKERS)]
    try:
        turns = cycle(range(WORKERS))
        for _ in range(kills):
            place = next(turns)
            workers[place].lines(between)
            workers[place].kill()
            workers[place] = Worker(mode)
        _wait_until_done()
    finally:
        for worker in workers:
            worker.kill()


def test_of_a_thousand_facts_none_is_lost_or_handled_twice(
    store: Store, fact: Fact, listen: Listen, probe_table: None
) -> None:
    _record(store, fact, listen, FACTS)
    started = time.monotonic()
    _relay_with_kills("careful", kills=KILLS, between=60)
    rows, different = _handled()
    retried = Delivery.objects.filter(attempts__gt=1).count()
    seconds = time.monotonic() - started
    print(f"\n{FACTS} facts, {WORKERS} workers, {KILLS} kills -9: {different} handled, {rows - different} twice,", end=" ")
    print(f"{retried} taken over, {seconds:.1f} s")
    assert (rows, different) == (FACTS, FACTS)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


def test_marking_done_in_another_transaction_would_handle_some_twice(
    store: Store, fact: Fact, listen: Listen, probe_table: None
) -> None:
    """The control: the same kills against a relay that commits the handler's work and the mark one after the other."""
    _record(store, fact, listen, 300)
    _relay_with_kills("careless", kills=KILLS, between=15)
    rows, different = _handled()
    print(f"\ncontrol: {different} of 300 handled, {rows - different} twice")
    assert different == 300
    assert rows > different
