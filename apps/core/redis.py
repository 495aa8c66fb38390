"""The shared Redis connections. Redis only carries hints and copies; losing it must never fail a request.

Timeouts are short on purpose, and after a failure callers of `hint` skip Redis for a second instead of
paying the timeout on every request.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

import redis
import redis.asyncio
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

T = TypeVar("T")
TIMEOUT_SECONDS = 0.3
REST_SECONDS = 1.0
_down_until = 0.0


@lru_cache(maxsize=1)
def client() -> "redis.Redis":
    """The blocking client of this process (pooled, thread-safe)."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


def async_client() -> "redis.asyncio.Redis":
    """A new asyncio client; the caller closes it. One per event loop. Reads wait for ever: a quiet channel is no failure."""
    return redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=None)


def hint(call: Callable[["redis.Redis"], T], default: T) -> T:
    """`call` with the client, or `default` when Redis is away. Never raises for a Redis failure."""
    global _down_until
    if time.monotonic() < _down_until:
        return default
    try:
        return call(client())
    except (redis.RedisError, OSError) as error:
        _down_until = time.monotonic() + REST_SECONDS
        log.warning("redis_unavailable", extra={"error": type(error).__name__})
        return default


def forget_failure() -> None:
    """Use Redis again at once (tests)."""
    global _down_until
    _down_until = 0.0


def ping() -> bool:
    """Whether Redis answers now."""
    try:
        answer: Any = client().ping()
    except (redis.RedisError, OSError):
        return False
    return bool(answer)
