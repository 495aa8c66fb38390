"""Model instances out of hand-written SQL, for the few reads every order pays for.

The object mapper compiles a query anew each time it runs, which costs several times what PostgreSQL takes to answer it.
Columns that were not read are loaded when they are touched, as with `only()`. The SQL has to say the store itself.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import orjson
from django.db import connection, models

M = TypeVar("M", bound=models.Model)
Form = Callable[[Any], Any] | None


def attributes(model: type[models.Model], *names: str) -> tuple[str, ...]:
    """These attributes (`store_id`, not `store`) in the order the model declares them; all of them if none is named."""
    known = tuple(field.attname for field in model._meta.concrete_fields)
    if unknown := set(names) - set(known):
        raise LookupError(f"{model.__name__} has no {sorted(unknown)}")
    return tuple(name for name in known if name in names) if names else known


def instance(model: type[M], names: tuple[str, ...], values: Sequence[Any]) -> M:
    """A row of `model`: `names` are from `attributes`, `values` the columns as the cursor gave them."""
    forms = _forms(model, names)
    read = [value if form is None or value is None else form(value) for form, value in zip(forms, values, strict=True)]
    return model.from_db(connection.alias, names, read)


@lru_cache
def select_list(model: type[models.Model], names: tuple[str, ...], alias: str) -> str:
    """The columns of these attributes, for a SELECT that calls the table `alias`."""
    columns = {field.attname: field.column for field in model._meta.concrete_fields}
    return ", ".join(f"{alias}.{connection.ops.quote_name(str(columns[name]))}" for name in names)


@lru_cache
def _forms(model: type[models.Model], names: tuple[str, ...]) -> tuple[Form, ...]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return tuple(_form_of(fields[name]) for name in names)


def _form_of(field: models.Field[Any, Any]) -> Form:
    if isinstance(field, models.JSONField):
        return orjson.loads
    if hasattr(field, "from_db_value"):
        raise TypeError(f"{field} needs the object mapper")
    return None
