"""The embedded servers: started by whoever needs them first, stopped by whoever leaves last, whatever was killed before."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import psycopg
import pytest

from apps.core.embedded import postgres, servers
from apps.core.embedded.backend.base import ensure_database
from apps.core.embedded.places import Places
from apps.core.embedded.system import listening, read_pid, wait_until

pytestmark = pytest.mark.slow

HOLDER = """
import sys, time
from pathlib import Path
from apps.core.embedded import servers
servers.hold(Path(sys.argv[1]), throwaway=True)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    """Servers of this test alone."""
    found = Places.under(tmp_path / "servers")
    yield found
    if found.root.exists():
        servers.stop(found)


def _silent(path: Path) -> bool:
    return not listening(path)


def holder(places: Places) -> subprocess.Popen[str]:
    """Another process that uses the servers until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(places.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_held(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=30)
    assert process.returncode == 0


def execute(places: Places, sql: str) -> None:
    with psycopg.connect(host=str(places.postgres_socket_dir), user="postgres", dbname="postgres") as connection:
        connection.execute(sql.encode())


def value(places: Places, sql: str) -> object:
    with psycopg.connect(host=str(places.postgres_socket_dir), user="postgres", dbname="postgres") as connection:
        row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return row[0]


def test_two_starters_at_once_share_one_pair_of_servers_until_the_last_leaves(places: Places) -> None:
    first, second = holder(places), holder(places)
    wait_held(first)
    wait_held(second)
    assert servers.status(places) == servers.Status(postgres=True, redis=True)

    leave(first)
    assert servers.status(places) == servers.Status(postgres=True, redis=True)

    leave(second)
    assert servers.status(places) == servers.Status(postgres=False, redis=False)


def test_many_first_starters_agree_on_one_database(places: Places) -> None:
    process = holder(places)
    wait_held(process)
    barrier, starters = Barrier(8), ThreadPoolExecutor(8)

    def start(number: int) -> None:
        barrier.wait()
        ensure_database(places, user=postgres.SUPERUSER, name=f"first_{number // 4}")

    for done in [starters.submit(start, number) for number in range(8)]:
        done.result()

    assert value(places, "SELECT count(*) FROM pg_database WHERE datname LIKE 'first%'") == 2
    leave(process)


def test_the_second_start_keeps_the_data(places: Places) -> None:
    process = holder(places)
    wait_held(process)
    execute(places, "CREATE TABLE kept AS SELECT 41 + 1 AS answer")
    leave(process)

    again = holder(places)
    wait_held(again)

    assert value(places, "SELECT answer FROM kept") == 42
    leave(again)


def test_a_holder_killed_outright_does_not_keep_the_servers_alive(places: Places) -> None:
    killed, other = holder(places), holder(places)
    wait_held(killed)
    wait_held(other)

    killed.kill()
    killed.wait()
    leave(other)

    assert servers.status(places) == servers.Status(postgres=False, redis=False)


def test_it_starts_again_after_both_servers_were_killed(places: Places) -> None:
    process = holder(places)
    wait_held(process)
    for pid_file, path in (
        (places.postgres_data / "postmaster.pid", places.postgres_socket),
        (places.redis_pid, places.redis_socket),
    ):
        pid = read_pid(pid_file)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        assert wait_until(partial(_silent, path), 5)

    servers.ensure(places, throwaway=True)

    assert value(places, "SELECT 1") == 1
    assert servers.status(places).redis
    leave(process)


def test_a_stale_pid_file_naming_another_program_is_forgotten(places: Places) -> None:
    process = holder(places)
    wait_held(process)
    leave(process)
    (places.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n{places.postgres_data}\n")

    postgres.start(places, throwaway=True)

    assert postgres.running(places)


def test_it_listens_on_unix_sockets_only(places: Places) -> None:
    process = holder(places)
    wait_held(process)

    assert value(places, "SHOW listen_addresses") == ""
    leave(process)


def test_a_long_path_moves_the_sockets_to_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)

    assert len(str(Places.under(deep).postgres_socket)) < 100
    assert Places.under(deep).postgres_data.is_relative_to(deep.resolve())
