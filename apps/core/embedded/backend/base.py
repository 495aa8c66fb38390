"""The database wrapper: exactly Django's, plus "make sure the server is there" before a connection is made."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg import sql

from apps.core.embedded import servers
from apps.core.embedded.backend.creation import DatabaseCreation
from apps.core.embedded.places import Places
from apps.core.embedded.system import exclusive

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
                ensure_database(places, user=parameters["user"], name=DATABASE)
            _looked_at[key] = time.monotonic()
        return parameters


_looked_at: dict[tuple[str, str], float] = {}
_made: set[tuple[str, str]] = set()


def ensure_database(places: Places, *, user: str, name: str) -> None:
    """Make the database unless it is there.

    Several first starters queue at a file lock: two `CREATE DATABASE` at once end in "duplicate database" or in a violated
    unique index of PostgreSQL's own catalog, whichever comes first.
    """
    host = str(places.postgres_socket_dir)
    if (host, name) in _made:
        return
    with exclusive(places.database_lock), psycopg.connect(host=host, user=user, dbname="postgres") as connection:
        connection.autocommit = True
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    _made.add((host, name))
