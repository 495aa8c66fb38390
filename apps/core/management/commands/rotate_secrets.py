"""`manage.py rotate_secrets`: re-make every stored secret with the newest key, so that an old one can be retired."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql

from apps.core.crypto import EncryptedField, rotate

BATCH = 500

Row = tuple[Any, str]


class Command(BaseCommand):
    """Works through every encrypted column while the system runs; may be killed and started again at any point."""

    help = "Re-encrypt every secret with the first of FIELD_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, per column, how many secrets were re-made, kept, and could not be opened. Fails if there were any of those."""
        lost = 0
        for table, column, key in _columns():
            changed, kept, broken = _rotate_column(table, column, key)
            lost += broken
            self.stdout.write(f"{table}.{column}: {changed} re-made, {kept} already new, {broken} unreadable")
        if lost:
            raise CommandError(f"{lost} secrets open with none of the keys; keep looking for the old key")


def _columns() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedField):
                yield model._meta.db_table, str(field.column), str(model._meta.pk.column)


def _rotate_column(table: str, column: str, key: str) -> tuple[int, int, int]:
    changed = kept = broken = 0
    after: Any = None
    while rows := _batch(table, column, key, after):
        after = rows[-1][0]
        for row_key, token in rows:
            try:
                fresh = rotate(token)
            except ValueError:
                broken += 1
                continue
            if fresh == token:
                kept += 1
            else:
                changed += _replace(table, column, key, (row_key, token), fresh)
    return changed, kept, broken


def _batch(table: str, column: str, key: str, after: Any) -> list[Row]:
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column), "key": sql.Identifier(key)}
    later = sql.SQL("AND {key} > %s").format(**names) if after is not None else sql.SQL("")
    query = sql.SQL("SELECT {key}, {column} FROM {table} WHERE {column} <> '' {later} ORDER BY {key} LIMIT %s")
    with connection.cursor() as cursor:
        cursor.execute(query.format(later=later, **names), [BATCH] if after is None else [after, BATCH])
        return list(cursor.fetchall())


def _replace(table: str, column: str, key: str, old: Row, fresh: str) -> int:
    """Only if nobody wrote a new secret meanwhile: that one is made with the newest key anyway."""
    query = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s").format(
        table=sql.Identifier(table), column=sql.Identifier(column), key=sql.Identifier(key)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [fresh, *old])
        return int(cursor.rowcount)
