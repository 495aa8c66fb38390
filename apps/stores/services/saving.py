"""How catalog services write a row: columns validated, foreign keys of the same store, clashes as field errors.

A unique constraint is the only check of uniqueness (never look-then-insert); its violation becomes the same
field error a form would show, so two simultaneous requests get the same answer as two consecutive ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Max, ProtectedError, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.ids import readable_code
from apps.core.problems import Conflict, Invalid, NotFound, Problem
from apps.core.scope import ScopedModel, current_store_id
from apps.events.registry import Subject
from apps.events.services import record
from apps.stores import facts

Values = Mapping[str, Any]
Row = TypeVar("Row", bound=models.Model)


def assign(row: models.Model, values: Values) -> list[str]:
    """Set the columns of `values` that differ; returns their names."""
    changed = [name for name, value in values.items() if _differs(row, name, value)]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _differs(row: models.Model, name: str, value: Any) -> bool:
    field = row._meta.get_field(name)
    if isinstance(field, models.ForeignKey):
        return bool(getattr(row, field.attname) != (value.pk if value is not None else None))
    return bool(getattr(row, name) != value)


def insert(row: Row) -> Row:
    """Insert a new row. Raises `ValidationError` or `Invalid` with field errors."""
    if isinstance(row, ScopedModel) and getattr(row, "store_id", None) is None:
        row.store_id = current_store_id()
    _check(row, None)
    with clashes_as_errors(type(row)):
        row.save(force_insert=True)
    return row


def update(row: models.Model, changed: Iterable[str]) -> None:
    """Write the named columns (and `updated_at`). Raises like `insert`."""
    names = list(changed)
    if not names:
        return
    _check(row, names)
    if any(field.name == "updated_at" for field in row._meta.concrete_fields):
        names.append("updated_at")
    with clashes_as_errors(type(row)):
        row.save(update_fields=names)


def _check(row: models.Model, names: list[str] | None) -> None:
    fields = row._meta.concrete_fields
    keys = [field for field in fields if isinstance(field, models.ForeignKey)]
    exclude = {field.name for field in keys} | {
        field.name for field in fields if names is not None and field.name not in names
    }
    row.clean_fields(exclude=exclude)
    for key in keys:
        if names is None or key.name in names:
            _check_own(row, key)


def _check_own(row: models.Model, key: "models.ForeignKey[Any, Any]") -> None:
    """A reference leads to a row of this store, whoever passed it in."""
    target, pk = key.related_model, getattr(row, key.attname)
    if pk is None or not issubclass(target, ScopedModel):
        return
    other = getattr(row, key.name) if key.is_cached(row) else None
    own = other.store_id == current_store_id() if other is not None else target.objects.filter(pk=pk).exists()
    if not own:
        raise not_found(key.name)


@contextmanager
def clashes_as_errors(model: type[models.Model]) -> Iterator[None]:
    """Turn a violated constraint of `model` into field errors. The savepoint keeps the unit usable for the answer."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise _as_problem(model, error) from error


def _as_problem(model: type[models.Model], error: IntegrityError) -> Problem:
    name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
    for constraint in model._meta.constraints:
        if constraint.name == name and isinstance(constraint, models.UniqueConstraint):
            return taken(_meaningful(constraint.fields))
    for field in model._meta.concrete_fields:
        if getattr(field, "unique", False) and not field.primary_key and f"_{field.column}_" in name:
            return taken(field.name)
    return Conflict("stale_state", _("Somebody else changed this a moment ago. Reload and try again."))


def _meaningful(fields: Iterable[str]) -> str:
    """The field a person would change: of (store, slug) the slug, of (outlet, product, variant) the product."""
    names = [name for name in fields if name not in {"store", "outlet"}]
    return "product" if "product" in names and "slug" not in names else names[-1]


def taken(field: str) -> Invalid:
    """400: the value is used by another row."""
    message = _("This is already in use.")
    return Invalid("unique", message, errors={field: [message]}, codes={field: ["unique"]})


def not_found(field: str) -> Invalid:
    """400: the field names something that does not exist here (or belongs to another store)."""
    message = _("There is no such thing in this store.")
    return Invalid("not_found", message, errors={field: [message]}, codes={field: ["not_found"]})


def wrong(field: str, message: Any, code: str = "invalid") -> Invalid:
    """400 about one field."""
    return Invalid(code, message, errors={field: [message]}, codes={field: [code]})


def remove(row: models.Model) -> None:
    """Delete a row. Raises 409 `in_use` when something that must stay refers to it, 404 when somebody was faster."""
    try:
        with transaction.atomic():
            _total, deleted = row.delete()
    except ProtectedError as error:
        names = sorted({str(item._meta.verbose_name_plural) for item in error.protected_objects})
        raise Conflict("in_use", _("Still used by: %(names)s.") % {"names": ", ".join(names)}, used_by=names) from error
    if not deleted.get(row._meta.label):
        raise NotFound("not_found", _("There is no such thing in this store."))


def free_slug(rows: QuerySet[Any], text: str, *, field: str = "slug", length: int = 50) -> str:
    """A slug made of `text` that no row of `rows` has. (The constraint has the last word.)"""
    base = slugify(text)[: length - 5] or readable_code(6).lower()
    used = set(rows.filter(**{f"{field}__startswith": base}).values_list(field, flat=True))
    return base if base not in used else next(s for n in range(2, len(used) + 3) if (s := f"{base}-{n}") not in used)


def next_position(rows: QuerySet[Any]) -> int:
    """The place after the last row."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def settings_fact(what: str, subject_id: UUID, *, actor: Actor, changed: Iterable[str] = ()) -> None:
    """Record that something of the store's set-up changed, e.g. `category.created`. Values stay out of the log."""
    noun = what.partition(".")[0]
    payload = {"what": what, "changed": sorted(changed)}
    record(facts.SETTINGS_CHANGED, subject=Subject(type=noun, id=subject_id), payload=payload, actor=actor)


def place(candidates: QuerySet[Any], ids: list[UUID], *, field: str = "ids") -> None:
    """Give rows the positions of their ids in the list. Raises a field error for an id that is no candidate or comes twice."""
    rows: dict[UUID, Any] = {
        row.pk: row for row in candidates.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    }
    if len(rows) != len(ids):
        missing = next((i for i, pk in enumerate(ids) if pk not in rows), None)
        raise not_found(f"{field}.{missing}") if missing is not None else wrong(field, _("An id is named twice."))
    for position, pk in enumerate(ids):
        rows[pk].position = position
    candidates.bulk_update(rows.values(), ["position"])


def touch(rows: Iterable[Any]) -> None:
    """Stamp rows that are about to be written in bulk (which does not do it)."""
    moment = now()
    for row in rows:
        row.updated_at = moment
