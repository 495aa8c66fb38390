"""What every test stands on: real servers of its own, an empty cache, and no way out to the network."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache

from apps.core import redis

pytest_plugins = ["apps.stores.tests.fixtures"]

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session", autouse=True)
def embedded_servers() -> None:
    """PostgreSQL and Redis of the tests, unless the environment names others. Stopped by the last run that leaves."""
    if settings.EMBEDDED_POSTGRES or settings.EMBEDDED_REDIS:
        from apps.core.embedded import servers

        servers.hold(settings.EMBEDDED_DIR, throwaway=True)


@pytest.fixture(autouse=True)
def empty_redis(embedded_servers: None) -> None:
    """Each test starts with a Redis database that holds nothing, and that nobody remembers as broken."""
    redis.forget_failure()
    if settings.EMBEDDED_REDIS:
        redis.client().flushdb()
    else:
        cache.clear()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would reach another machine fails at once, whatever client it uses."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}: tests have no network")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
