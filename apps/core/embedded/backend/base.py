"""The database wrapper: exactly Django's, plus "make sure the server is there" before a connection is made."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from apps.core.embedded import servers
from apps.core.embedded.backend.creation import DatabaseCreation

DATABASE = "comanda"
# Asked for every connection a request takes from the pool; looking at two sockets each time cost it 3 ms.
LOOK_AGAIN_SECONDS = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A PostgreSQL connection to the embedded server."""

    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        """Where to connect; starts the servers and makes the database the first time."""
        parameters: dict[str, Any] = super().get_connection_params()
        key = (parameters["host"], parameters["dbname"])
        if _looked_at.get(key, 0.0) < time.monotonic() - LOOK_AGAIN_SECONDS:
            places = servers.hold(settings.EMBEDDED_DIR, throwaway=settings.TESTING)
            if parameters.get("dbname") == DATABASE:
                _ensure_database(str(places.postgres_socket_dir), parameters["user"])
            _looked_at[key] = time.monotonic()
        return parameters


_looked_at: dict[tuple[str, str], float] = {}
_made: set[str] = set()


def _ensure_database(host: str, user: str) -> None:
    if host in _made:
        return
    with psycopg.connect(host=host, user=user, dbname="postgres", autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if found is None:
            # Another process being first is just as good.
            with suppress(psycopg.errors.DuplicateDatabase):
                connection.execute("CREATE DATABASE comanda")
    _made.add(host)
