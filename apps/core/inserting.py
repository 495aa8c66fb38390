"""New rows of several tables in one statement.

An order is a row here, lines there, tickets and facts elsewhere; one INSERT each costs a round trip, a plan and, most of
all, a compilation by the object mapper. `insert_together` sends them as JSON in a single statement whose parts PostgreSQL
runs together: foreign keys between them are checked at its end. Scope is checked row by row, as `bulk_create` does.

The rows are plain new ones: the key is made by the model, nothing is returned, conflicts raise `IntegrityError`.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models
from django.utils.functional import Promise

from apps.core.jsonb import plain
from apps.core.scope import ScopedModel, check_row

Column = tuple[str, str, Callable[[Any], Any]]


def insert_together(*groups: Sequence[ScopedModel]) -> None:
    """Insert every row of every group, a group being new rows of one model of the store in scope."""
    filled = [group for group in groups if group]
    if not filled:
        return
    for group in filled:
        for row in group:
            check_row(row)
    parts = ", ".join(f"part_{number} AS ({_insert(type(group[0]))})" for number, group in enumerate(filled))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {parts} SELECT", [as_json(group) for group in filled])
    for group in filled:
        for row in group:
            row._state.adding, row._state.db = False, connection.alias


def as_json(rows: Sequence[models.Model]) -> str:
    """Rows of one model as the JSON array `jsonb_populate_recordset` reads."""
    columns = _columns(type(rows[0]))
    values = [{name: form(getattr(row, attribute)) for name, attribute, form in columns} for row in rows]
    return orjson.dumps(values, default=plain, option=orjson.OPT_NON_STR_KEYS).decode()


@lru_cache
def _insert(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(quote(name) for name, _attribute, _form in _columns(model))
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"  # noqa: S608  # our own names


@lru_cache
def _columns(model: type[models.Model]) -> tuple[Column, ...]:
    """(column, attribute, form of its value in JSON) of everything the database does not make itself."""
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    return tuple((str(field.column), field.attname, _form_of(field)) for field in fields)


def _form_of(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField | models.BooleanField | models.UUIDField | models.ForeignKey):
        return _as_it_is
    if isinstance(field, models.DecimalField):
        return _exact
    if isinstance(field, models.CharField | models.DateField | models.IntegerField):
        return _as_it_is
    form: Callable[[Any], Any] = field.get_prep_value  # encrypts, for one
    return form


def _as_it_is(value: Any) -> Any:
    return str(value) if isinstance(value, Promise) else value


def _exact(value: Decimal | float | None) -> str | None:
    """A number as text: JSON's own would be read as a float on the way."""
    return None if value is None else str(value)
