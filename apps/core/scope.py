"""Mechanism 1, scope: the store a piece of work belongs to, and models that refuse to forget it.

`with scope(store_id):` is entered once at each edge – a view after membership is checked, a task base,
a socket, a command. Inside, `Model.objects` sees that store only. Outside, *every* query or write
raises `ScopeError`: fail closed, so that a forgotten filter is an error in a test, not a leak.

`_base_manager` is scoped as well (`base_manager_name`), so `save()`, `delete()`, `refresh_from_db()`
and following a foreign key obey the same rule; the async family ends in the same methods.
A query set carries the store it was made for and refuses to run in any other scope, so one that is kept, returned
or handed to another thread can neither show nor change the wrong store's rows.
`objects.unscoped()` is the one ugly door (allowed places are listed in `tests/test_scope_doors.py`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, ParamSpec, Self, TypeVar, cast
from uuid import UUID

from django.db import models
from django.db.models.expressions import Col, Expression
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import AND

from apps.core.ids import uuid7

M = TypeVar("M", bound="ScopedModel", covariant=True)
P = ParamSpec("P")
R = TypeVar("R")

_STORE_ID = models.UUIDField()
_current: ContextVar[UUID | None] = ContextVar("comanda_store", default=None)


class ScopeError(RuntimeError):
    """Store data was touched with no store in scope, or with the wrong one. Always a bug."""


@contextmanager
def scope(store_id: UUID) -> Iterator[None]:
    """Make `store_id` the current store for the block (nests; the inner one wins)."""
    token = _current.set(store_id)
    try:
        yield
    finally:
        _current.reset(token)


def current_store_id() -> UUID:
    """The store in scope. Raises `ScopeError` when there is none."""
    store_id = _current.get()
    if store_id is None:
        raise ScopeError("no store in scope")
    return store_id


def scoped_or_none() -> UUID | None:
    """The store in scope, or None – for logging only."""
    return _current.get()


def check_row(row: "ScopedModel") -> None:
    """Raise `ScopeError` unless the row belongs to the store in scope."""
    if row.store_id != current_store_id():
        raise ScopeError(f"{type(row).__name__} of store {row.store_id} written in the scope of {current_store_id()}")


class _BornIn(Expression):
    """The store a query set was made for, as an SQL value that can only be compiled in that store's scope."""

    def __init__(self, store_id: UUID) -> None:
        super().__init__(output_field=_STORE_ID)
        self.store_id = store_id

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """The id, after a look at the scope. Every kind of statement passes here: select, update, delete, aggregate."""
        if self.store_id != current_store_id():
            raise ScopeError(f"a query of store {self.store_id} was run in the scope of {current_store_id()}")
        return "%s", (self.store_id,)


class ScopedQuerySet(models.QuerySet[M]):
    """A query set born inside a scope. Bulk writes compare every row's store with it."""

    def _insert(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> Any:
        """Where every insert of Django ends, fixtures' `save_base(raw=True)` included."""
        rows = list(objs)
        for row in rows:
            check_row(row)
        return super()._insert(rows, *args, **kwargs)  # type: ignore[misc]  # not in the stubs

    def _update(self, values: Sequence[tuple[models.Field[Any, Any], Any, Any]]) -> int:
        """Where `save()` of an existing row ends."""
        for field, _model, value in values:
            if field.attname == "store_id" and value != current_store_id():
                raise ScopeError("a row cannot change its store")
        return super()._update(values)  # type: ignore[misc, no-any-return]  # not in the stubs

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Insert rows of the current store only."""
        rows = list(objs)
        for row in rows:
            check_row(row)
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], fields: Sequence[str], *args: Any, **kwargs: Any) -> int:  # type: ignore[override]  # stub narrows `fields`
        """Update rows of the current store only."""
        rows = list(objs)
        for row in rows:
            check_row(row)
        return super().bulk_update(rows, fields, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Update; a row can never be moved to another store."""
        if {"store", "store_id"} & set(kwargs):
            raise ScopeError("a row cannot change its store")
        return super().update(**kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Raw SQL cannot be filtered, so it is refused; use a cursor and say the store in the SQL."""
        raise ScopeError("raw() cannot be scoped")


class ScopedManager(models.Manager[M]):
    """The default manager of every table that belongs to a store."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        """Rows of the store in scope; raises when there is none."""
        rows: ScopedQuerySet[M] = ScopedQuerySet(self.model, using=self._db)
        # What `filter(store_id=…)` would end in. Every query of the project starts here, so it is worth 60 µs to say it directly.
        store = cast("models.Field[Any, Any]", self.model._meta.get_field("store"))
        column = Col(rows.query.get_initial_alias(), store)
        rows.query.where.add(Exact(column, _BornIn(current_store_id())), AND)
        return rows

    def none(self) -> ScopedQuerySet[M]:
        """No rows: needs no scope (the schema generator asks for it)."""
        return ScopedQuerySet(self.model, using=self._db).none()

    def unscoped(self) -> models.QuerySet[M]:
        """Rows of all stores. Only for code that *finds* the tenant, the relay, and migrations."""
        return models.QuerySet(self.model, using=self._db)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """Raw SQL cannot be filtered, so it is refused; use a cursor and say the store in the SQL."""
        raise ScopeError("raw() cannot be scoped")


class ScopedModel(models.Model):
    """A row of one store: UUIDv7 key, `store`, and guards on `save()` and `delete()`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+", editable=False)
    store_id: UUID

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row if it belongs to the store in scope (a new row joins it)."""
        if vars(self).get("store_id") is None:
            self.store_id = current_store_id()
        check_row(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row if it belongs to the store in scope."""
        check_row(self)
        return super().delete(*args, **kwargs)


def in_scope_of(store_id: UUID, call: Callable[P, R]) -> Callable[P, R]:
    """`call`, wrapped so that it runs inside the scope of `store_id`."""

    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with scope(store_id):
            return call(*args, **kwargs)

    return wrapped
