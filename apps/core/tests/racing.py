"""Calls that start at the same moment, each in its own thread on its own database connection."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Barrier
from typing import TypeVar

from django.db import connection

R = TypeVar("R")
PATIENCE = 60.0


def at_once(calls: Sequence[Callable[[], R]]) -> list[R]:
    """The answers of `calls`, in their order. All wait for the last one to be ready."""
    start = Barrier(len(calls))

    def run(call: Callable[[], R]) -> R:
        try:
            start.wait(PATIENCE)
            return copy_context().run(call)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def in_turns(work: Callable[[int], R], *, threads: int, times: int) -> list[R]:
    """`work(0 … times-1)` shared out over `threads` that start together."""

    def some(first: int) -> list[R]:
        return [work(number) for number in range(first, times, threads)]

    return [answer for answers in at_once([partial(some, first) for first in range(threads)]) for answer in answers]
