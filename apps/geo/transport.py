"""HTTP to the providers: one GET, one JSON answer, and a hard end to the waiting.

A time-out of an HTTP library bounds each read, not the whole: a server that sends a byte now and then, or a name that does
not resolve, holds its caller for ever. So the request runs in a small pool of threads and the caller waits for the result
just as long as its budget says. The thread itself gives up soon after. Nothing here touches the database, and nothing here
may be called while a transaction is open: that would keep its locks for as long as a stranger likes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from typing import Any

import orjson
import requests
from django.db import connection

from apps.geo.errors import Failure, ProviderError
from apps.geo.values import Budget

LARGEST = 512 * 1024
# Threads that wait for strangers. More look-ups than this at once queue up, and run out of their budget if they must.
AT_ONCE = 16
AGENT = "Comanda"

_pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="geo")
_own = threading.local()


def get_json(
    provider: str, url: str, params: Mapping[str, str], *, budget: Budget, headers: Mapping[str, str] | None = None
) -> Any:
    """The JSON behind an address. Raises `ProviderError`, at the latest when the budget is used up."""
    if in_transaction():
        raise RuntimeError(f"{provider} was asked inside a transaction")
    if budget.left <= 0:
        raise ProviderError(provider, Failure.SLOW)
    waiting = _pool.submit(_get, provider, url, dict(params), budget, dict(headers or {}))
    try:
        return waiting.result(timeout=budget.left)
    except Late as error:
        waiting.cancel()
        raise ProviderError(provider, Failure.SLOW) from error


def in_transaction() -> bool:
    """Whether a transaction of our own is open (that of a test case does not count: it is never committed)."""
    blocks: list[Any] = connection.atomic_blocks
    return any(not getattr(block, "_from_testcase", False) for block in blocks)


def _session() -> requests.Session:
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
    session: requests.Session = _own.session
    return session


def _get(provider: str, url: str, params: dict[str, str], budget: Budget, headers: dict[str, str]) -> Any:
    wait = max(budget.left, 0.05)
    try:
        with _session().get(
            url,
            params=params,
            headers={"User-Agent": AGENT, "Accept": "application/json", **headers},
            timeout=(wait, wait),
            stream=True,
            allow_redirects=False,
        ) as answer:
            _check(provider, answer)
            return _parsed(provider, _read(provider, answer, budget))
    except requests.Timeout as error:
        raise ProviderError(provider, Failure.SLOW) from error
    except requests.RequestException as error:
        raise ProviderError(provider, Failure.UNREACHABLE) from error


def _check(provider: str, answer: requests.Response) -> None:
    """Statuses that are no answer. 400 and 404 are for the adapter: with some providers they mean "there is none"."""
    status = answer.status_code
    if status == 429:
        given = answer.headers.get("Retry-After", "")
        seconds = float(given) if given.isascii() and given.isdigit() else 30.0
        raise ProviderError(provider, Failure.RATE_LIMITED, http=status, retry_after=min(seconds, 3600.0))
    if status in {401, 403}:
        raise ProviderError(provider, Failure.REFUSED, http=status)
    if status in {400, 404}:
        raise NothingThere(status)
    if status != 200:
        raise ProviderError(provider, Failure.BROKEN, http=status)


class NothingThere(Exception):
    """A 400 or 404, which the adapter reads."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _read(provider: str, answer: requests.Response, budget: Budget) -> bytes:
    found = bytearray()
    for chunk in answer.iter_content(16 * 1024):
        found += chunk
        if len(found) > LARGEST:
            raise ProviderError(provider, Failure.GARBAGE)
        if budget.left <= 0:
            raise ProviderError(provider, Failure.SLOW)
    return bytes(found)


def _parsed(provider: str, body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProviderError(provider, Failure.GARBAGE) from error
