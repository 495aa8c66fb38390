"""The second wall between stores: PostgreSQL itself refuses a row that points at another store's row.

The scope keeps foreign rows out of sight, but a foreign *key* could still be written by id, and a join would follow it.
So every foreign key from one tenant table to another gets a twin over `(store_id, <column>)`, which can only be satisfied
inside one store. (Sharding by `store_id` asks for the same keys.) The twins are found by introspection after every
`migrate`, so a new model cannot forget them; they are checked at the commit, like Django's own.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connections, transaction
from psycopg import sql

from apps.core.scope import ScopedModel

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Twin:
    """A foreign key `table.column` → `target.id`, to be held inside one store."""

    table: str
    column: str
    target: str

    @property
    def name(self) -> str:
        """The constraint's name: stable, and within PostgreSQL's 63 bytes."""
        digest = hashlib.sha256(f"{self.table}.{self.column}".encode()).hexdigest()[:8]
        return f"{self.table[:24]}_{self.column[:20]}_{digest}_store"

    @property
    def target_name(self) -> str:
        """The unique pair it refers to."""
        return f"{self.target[:50]}_in_store"


def twins() -> Iterator[Twin]:
    """Every foreign key between two tenant tables."""
    for model in apps.get_models():
        if not issubclass(model, ScopedModel) or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and issubclass(target, ScopedModel):
                yield Twin(model._meta.db_table, str(field.column), target._meta.db_table)


def build(*, using: str = "default", **_signal: Any) -> None:
    """Add what is missing. Cheap when nothing is: one look at the catalog."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conname LIKE %s OR conname LIKE %s", ["%_store", "%_in_store"]
        )
        known = {row[0] for row in cursor.fetchall()}
        missing = [twin for twin in twins() if twin.name not in known]
        columns = _columns(cursor) if missing else set()
        for twin in missing:
            if {(twin.table, twin.column), (twin.target, "store_id")} <= columns:
                _add(cursor, twin, known)


def _columns(cursor: Any) -> set[tuple[str, str]]:
    """What exists: a `migrate` to an older state leaves the models ahead of the tables."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    )
    return set(cursor.fetchall())


def _add(cursor: Any, twin: Twin, known: set[str]) -> None:
    names = {
        "table": sql.Identifier(twin.table),
        "column": sql.Identifier(twin.column),
        "target": sql.Identifier(twin.target),
        "name": sql.Identifier(twin.name),
        "pair": sql.Identifier(twin.target_name),
    }
    if twin.target_name not in known:
        cursor.execute(sql.SQL("ALTER TABLE {target} ADD CONSTRAINT {pair} UNIQUE (store_id, id)").format(**names))
        known.add(twin.target_name)
    # Not valid at first: the table is locked for a moment instead of for a scan, and new rows are checked from here on.
    add = (
        "ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (store_id, {column}) REFERENCES {target} (store_id, id)"
    )
    cursor.execute(sql.SQL(add + " DEFERRABLE INITIALLY DEFERRED NOT VALID").format(**names))
    try:
        with transaction.atomic(using=cursor.db.alias):
            cursor.execute(sql.SQL("ALTER TABLE {table} VALIDATE CONSTRAINT {name}").format(**names))
    except IntegrityError as error:  # rows from before the wall: they have to be looked at by a person
        log.error("rows_point_into_another_store", extra={"table": twin.table, "column": twin.column}, exc_info=error)
