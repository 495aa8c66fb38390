"""What every test stands on: real servers of its own, an empty cache, and no way out to the network."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.operations import DatabaseOperations

from apps.core import redis

pytest_plugins = ["apps.stores.tests.fixtures", "apps.geo.tests.fixtures"]

# What migrations wrote; making it anew after every test would cost more than the test.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session", autouse=True)
def embedded_servers() -> None:
    """PostgreSQL and Redis of the tests, unless the environment names others. Stopped by the last run that leaves."""
    if settings.EMBEDDED_POSTGRES or settings.EMBEDDED_REDIS:
        from apps.core.embedded import servers

        servers.hold(settings.EMBEDDED_DIR, throwaway=True)


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> None:
    """Empty the tables after a transactional test by deleting their few rows: truncating seventy tables takes seconds."""

    def delete_rows(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        tables = [name for name in connection.introspection.table_names() if name not in KEPT]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign key triggers: all of it goes
            cursor.execute(";".join(f'DELETE FROM "{name}"' for name in tables))  # noqa: S608 - our own tables' names

    DatabaseOperations.execute_sql_flush = delete_rows  # type: ignore[method-assign]  # for the test run only


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
