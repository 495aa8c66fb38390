"""Make a table's rows be what the file says, with one read and at most three writes however many rows there are.

Rows are compared before they are written: what is already so is not touched, which is what makes a second import a no-op.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import models

from apps.core.clock import now
from apps.core.scope import ScopedModel, current_store_id
from apps.stores.importing.report import Tally

K = TypeVar("K")
M = TypeVar("M", bound=ScopedModel)
BATCH = 500


def sync(
    model: type[M],
    existing: Iterable[M],
    wanted: Mapping[K, Mapping[str, Any]],
    *,
    key: Callable[[M], K],
    tally: Tally,
) -> dict[K, M]:
    """Create or update rows so that each key of `wanted` has its fields. Returns the rows by key; others are left alone."""
    known = {key(row): row for row in existing}
    fresh: list[M] = []
    changed: list[M] = []
    touched: set[str] = set()
    for name, fields in wanted.items():
        row = known.get(name)
        if row is None:
            row = known[name] = model(store_id=current_store_id(), **fields)
            fresh.append(row)
        elif differing := assign(row, fields):
            touched |= differing
            changed.append(row)
        else:
            tally.unchanged += 1
    model.objects.bulk_create(fresh, batch_size=BATCH)
    _update(model, changed, touched)
    tally.created += len(fresh)
    tally.updated += len(changed)
    return {name: known[name] for name in wanted}


def assign(row: models.Model, fields: Mapping[str, Any]) -> set[str]:
    """Set the fields that differ; returns their names."""
    differing = {name for name, value in fields.items() if getattr(row, name) != value}
    for name in differing:
        setattr(row, name, fields[name])
    return differing


def _update(model: type[M], rows: list[M], names: set[str]) -> None:
    if not rows:
        return
    columns = {model._meta.get_field(name).name for name in names}
    if any(field.name == "updated_at" for field in model._meta.get_fields()):
        columns.add("updated_at")
        for row in rows:
            row.updated_at = now()  # type: ignore[attr-defined]  # checked on the line above
    model.objects.bulk_update(rows, sorted(columns), batch_size=BATCH)


def prune(model: type[M], rows: Iterable[M], *, tally: Tally) -> None:
    """Delete rows that their parent no longer has."""
    gone = [row.pk for row in rows]
    if gone:
        model.objects.filter(pk__in=gone).delete()
        tally.removed += len(gone)


def sync_children(
    model: type[M],
    existing: Iterable[M],
    wanted: Mapping[K, Mapping[str, Any]],
    *,
    key: Callable[[M], K],
    tally: Tally,
) -> dict[K, M]:
    """`sync`, and delete the `existing` rows that are not wanted: for rows that belong wholly to one of the file."""
    rows = list(existing)
    prune(model, [row for row in rows if key(row) not in wanted], tally=tally)
    return sync(model, [row for row in rows if key(row) in wanted], wanted, key=key, tally=tally)
