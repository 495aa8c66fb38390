"""Worker processes killed with SIGKILL while relaying: everything is handled, nothing twice in our tables (scenario 29)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

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

FACTS, KILLS, WORKERS = 1_000, 5, 2
PATIENCE = 90.0


class Workers:
    """A process that forks relay workers on demand. Leaving the block ends them all, by their own pids."""

    def __init__(self, mode: str) -> None:
        self.command = [
            sys.executable,
            "-m",
            "apps.events.tests.kill_worker",
            str(connection.settings_dict["NAME"]),
            mode,
        ]
        self.pids: list[int] = []

    def __enter__(self) -> "Workers":
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=settings.BASE_DIR,
        )
        return self

    def __exit__(self, *_error: object) -> None:
        for _ in list(self.pids):
            self.kill()
        self.process.kill()
        self.process.wait(10)

    def start(self) -> None:
        """One worker more."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.pids.append(int(self.line("pid")))

    def line(self, kind: str) -> str:
        """The rest of the next line of a kind. Ends at once if the process does."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(kind):
                return line.removeprefix(kind).strip()
        raise AssertionError("the workers ended by themselves")

    def kill(self) -> None:
        """The oldest worker, in the worst way, at whatever it is doing."""
        os.kill(self.pids.pop(0), signal.SIGKILL)


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


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"not in time; handled {_handled()}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.02)")


def _have_handled(many: int) -> bool:
    return _handled()[0] >= many


def _all_done() -> bool:
    return not Delivery.objects.filter(state=DeliveryState.PENDING).exists()


def _unheard(_happening: Happening) -> None:
    """The handler lives in the workers; here only its name is needed, so that deliveries are made."""
    raise AssertionError


def _record(store: Store, fact: Fact, listen: Listen, many: int) -> None:
    listen(_unheard, fact, name="test.kill_probe")
    for first in range(0, many, 50):
        with scope(store.pk), unit_of_work():
            for number in range(first, first + 50):
                tell(fact, number, f"thing-{number % 20}")


def test_of_a_thousand_facts_none_is_lost_or_handled_twice(
    store: Store, fact: Fact, listen: Listen, probe_table: None
) -> None:
    _record(store, fact, listen, FACTS)
    started = time.monotonic()
    with Workers("careful") as workers:
        for _ in range(WORKERS):
            workers.start()
        for number in range(1, KILLS + 1):
            share = FACTS * number // (KILLS + 1)
            _wait_until(partial(_have_handled, share))
            workers.kill()
            workers.start()
        _wait_until(_all_done)
    rows, different = _handled()
    retried = Delivery.objects.filter(attempts__gt=1).count()
    print(
        f"\n{FACTS} facts, {WORKERS} workers, {KILLS} kills -9: {different} handled, {rows - different} twice,", end=" "
    )
    print(f"{retried} taken over, {time.monotonic() - started:.1f} s")
    assert (rows, different) == (FACTS, FACTS)
    assert retried > 0, "the kills hit something"
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DONE}


def test_marking_done_in_another_transaction_would_handle_some_twice(
    store: Store, fact: Fact, listen: Listen, probe_table: None
) -> None:
    """The control: kills against a relay that commits the handler's work and the mark one after the other."""
    _record(store, fact, listen, 50)
    with Workers("careless") as workers:
        workers.start()
        for _ in range(2):
            for _ in range(10):
                workers.line("handled")
            workers.kill()
            workers.start()
        _wait_until(_all_done)
    rows, different = _handled()
    print(f"\ncontrol: {different} of 50 handled, {rows - different} twice")
    assert different == 50
    assert rows > different
