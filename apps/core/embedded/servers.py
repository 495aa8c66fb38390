"""Both servers together, and who is using them.

A process that needs them calls `hold`: it takes a shared lock, starts what is not running, and on its way out lets go; the
one that finds nobody else left stops them. Locks belong to the kernel, so a process killed with -9 counts as gone.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from apps.core.embedded import postgres, redis_server
from apps.core.embedded.places import Places
from apps.core.embedded.system import exclusive


@dataclass(frozen=True, slots=True)
class Status:
    """What is running now."""

    postgres: bool
    redis: bool


_held: dict[Path, tuple[int, TextIOWrapper]] = {}


def hold(root: Path, *, throwaway: bool = False) -> Places:
    """Use the servers under `root` until this process ends, starting them if need be. Cheap to call again."""
    places = Places.under(root)
    if places.root not in _held:
        places.root.mkdir(parents=True, exist_ok=True)
        users = places.users_lock.open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
        _held[places.root] = (os.getpid(), users)
        atexit.register(release, root)
    ensure(places, throwaway=throwaway)
    return places


def ensure(places: Places, *, throwaway: bool = False) -> None:
    """Start whichever server is not running; of several starters one works and the others wait for it."""
    if postgres.running(places) and redis_server.running(places) and not _starting(places):
        return
    with exclusive(places.start_lock):
        postgres.start(places, throwaway=throwaway)
        redis_server.start(places)


def release(root: Path) -> bool:
    """Stop using the servers; stops them when nobody else does. Returns whether they were stopped."""
    places = Places.under(root)
    owner, users = _held.pop(places.root, (0, None))
    if users is None or owner != os.getpid():
        return False  # a forked child shares its parent's hold and must not end it
    with users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop(places)
    return True


def stop(places: Places) -> None:
    """Stop both servers whoever uses them."""
    with exclusive(places.start_lock):
        redis_server.stop(places)
        postgres.stop(places)


def status(places: Places) -> Status:
    """What is running now."""
    return Status(postgres=postgres.running(places), redis=redis_server.running(places))


def _starting(places: Places) -> bool:
    """Whether somebody is between "listening" and "ready"."""
    with places.start_lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
