"""Tables into the store: every row through the service of its noun, all of them or none.

A dry run is the same work, undone at its end: what it says would happen is what happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Invalid, NotFound, Problem
from apps.core.scope import current_store_id
from apps.events.registry import Subject
from apps.events.services import record
from apps.stores import facts_sheets
from apps.stores.services import sheet_rows
from apps.stores.services.catalog_unit import catalog_unit
from apps.stores.services.sheet_rows import Outcome, World
from apps.stores.sheets.table import Cells, Errors, Table, rows_of

Write = Callable[[Cells, World], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of table: the columns it knows, those it cannot do without, what names a row, and what writes one."""

    columns: tuple[str, ...]
    required: tuple[str, ...]
    key: tuple[str, ...]
    write: Write


KINDS: Mapping[str, Kind] = {
    "products": Kind(
        columns=("sku", "name", "category", "price", "compare_at_price", "cost_price", "status", "barcode", "description"),
        required=("sku",), key=("sku",), write=sheet_rows.product,
    ),
    "prices": Kind(
        columns=("sku", "name", "price", "compare_at_price", "cost_price", "outlet"), required=("sku", "price"), key=("sku", "outlet"),
        write=sheet_rows.price,
    ),
    "stock": Kind(
        columns=("sku", "name", "on_hand", "low_threshold", "outlet"), required=("sku", "on_hand"), key=("sku", "outlet"),
        write=sheet_rows.stock,
    ),
    "customers": Kind(columns=("name", "phone", "email"), required=(), key=("phone", "email"), write=sheet_rows.customer),
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Report:
    """What happened, or (dry run, errors) would have: nothing was written where there is an error."""

    kind: str
    dry_run: bool
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: Errors = field(default_factory=Errors)


class _UndoneError(Exception):
    """Raised to take everything back."""


def kind_of(name: str) -> Kind:
    """The kind called so. Raises 404 `unknown_kind`."""
    if name not in KINDS:
        raise NotFound("unknown_kind", _("There is no such table."))
    return KINDS[name]


def bring_in(*, kind: str, table: Table, dry_run: bool, outlets: frozenset[UUID], actor: Actor) -> Report:
    """Write a table. With errors, or as a dry run, nothing is changed. `outlets`: those the person is limited to.

    Raises 400 `missing_column`, `unknown_column` for a heading that does not fit.
    """
    wanted, report = kind_of(kind), Report(kind=kind, dry_run=dry_run, rows=len(table.rows))
    _check_heading(wanted, table)
    try:
        with catalog_unit(actor=actor):
            _write(wanted, table, report, World.load(outlets=outlets, actor=actor))
            if dry_run or report.errors.count:
                raise _UndoneError
            payload = {"kind": kind, "rows": report.rows, "created": report.created, "updated": report.updated}
            subject = Subject(type="store", id=current_store_id())
            record(facts_sheets.DATA_IMPORTED, subject=subject, payload=payload, actor=actor)
    except _UndoneError:
        pass
    return report


def _check_heading(kind: Kind, table: Table) -> None:
    missing = [name for name in kind.required if name not in table.columns]
    if missing:
        text = _("Columns are missing: %(names)s.") % {"names": ", ".join(missing)}
        raise Invalid("missing_column", text, errors={"file": [text]}, columns=missing, known=list(kind.columns))
    unknown = [name for name in table.columns if name and name not in kind.columns]
    if unknown:
        text = _("Unknown columns: %(names)s.") % {"names": ", ".join(name[:40] for name in unknown[:10])}
        raise Invalid("unknown_column", text, errors={"file": [text]}, columns=unknown[:10], known=list(kind.columns))


def _write(kind: Kind, table: Table, report: Report, world: World) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for cells in rows_of(table, report.errors, world.decimals):
        key = tuple((cells.text(name) or "").lower() for name in kind.key)
        if any(key) and key in seen:
            cells.wrong(kind.key[0], "duplicate", _("The same as in row %(row)s.") % {"row": seen[key]})
            continue
        seen[key] = cells.row.number
        outcome = _one(kind, cells, world)
        if outcome is not None:
            setattr(report, outcome.value, getattr(report, outcome.value) + 1)


def _one(kind: Kind, cells: Cells, world: World) -> Outcome | None:
    """Write a row; what a service says against it becomes an error of the row."""
    try:
        with transaction.atomic():
            outcome = kind.write(cells, world)
    except Problem as problem:
        if not cells.failed:
            named = dict(problem.errors or {}) or {"": [problem.detail]}
            for column, texts in named.items():
                cells.wrong(column.partition(".")[0], problem.code, texts[0])
        return None
    except ValidationError as error:
        for column, texts in error.message_dict.items():
            cells.wrong(column, "invalid", texts[0])
        return None
    return None if cells.failed else outcome


def went_out(*, kind: str, rows: int, actor: Actor) -> None:
    """Keep in the log that somebody took a table out."""
    with catalog_unit(actor=actor):
        payload: dict[str, Any] = {"kind": kind, "rows": rows}
        subject = Subject(type="store", id=current_store_id())
        record(facts_sheets.DATA_EXPORTED, subject=subject, payload=payload, actor=actor)
