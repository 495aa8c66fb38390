"""Customers with the ways to recognise them. One who is known by any identity of the row is the same customer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.ids import uuid7
from apps.core.phones import to_e164
from apps.customers.models import Customer, Identity, IdentityKind
from apps.customers.queries import people
from apps.stores.importing import customer_details
from apps.stores.importing.customer_details import Details
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.staff import is_email
from apps.stores.importing.sync import sync

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Columns, identities as (kind, value), and where the row stands."""

    path: str
    fields: dict[str, Any]
    identities: tuple[Key, ...]
    details: Details


def read(source: Source) -> list[Person]:
    """All customers. No two share an identity."""
    store = source.document.get("store")
    country = str(store.get("country", "")) if isinstance(store, dict) else ""
    owners: dict[Key, str] = {}
    return [_person(row, country, owners) for row in unique(source.rows("customers"), key="id").values()]


def _person(row: Row, country: str, owners: dict[Key, str]) -> Person:
    found: list[Key] = []
    for item in row.rows("identities"):
        key = _identity(item, country)
        if not key[0] or not key[1]:
            continue
        if owners.setdefault(key, row.path) != row.path:
            item.error("value", _("“%(value)s” is already used by %(path)s") % {"value": key[1], "path": owners[key]})
        elif key not in found:
            found.append(key)
    if not row.value.get("identities"):
        row.error("identities", _("a customer has at least one, or nobody can recognise them again"))
    values: dict[str, Any] = {
        "name": row.text("name", required=True), "language": row.text("language"), "tags": row.texts("tags"),
        "orders_before": row.integer("orders_before"),
    }  # fmt: skip
    fields = {
        **row.check(Customer, values),
        "folded": people.search_text(values["name"], (value for _kind, value in found)),
    }
    details = customer_details.read(row, [kind for kind, _value in found])
    return Person(path=row.path, fields=fields, identities=tuple(found), details=details)


def _identity(row: Row, country: str) -> Key:
    kind, written = row.choice("kind", IdentityKind.values), row.text("value", required=True)
    forms: dict[str, Callable[[str], str]] = {
        IdentityKind.PHONE: lambda value: to_e164(value, country or "BR"),
        IdentityKind.EMAIL: lambda value: value.lower() if is_email(value.lower()) else "",
    }
    value = forms.get(kind, str)(written)
    if written and kind and not value:
        names = {"phone": _("a phone number"), "email": _("an e-mail address")}
        row.error("value", _("“%(value)s” is not %(what)s") % {"value": written[:80], "what": names[kind]})
    if value:
        row.check(Identity, {"value": value})
    return kind, value


def write(persons: list[Person], world: World) -> None:
    """Customers, then the identities they do not have yet. A row whose identities belong to two customers is an error."""
    values = [value for person in persons for _kind, value in person.identities]
    known = {(row.kind, row.value): row for row in Identity.objects.filter(value__in=values)}
    wanted: dict[UUID, dict[str, Any]] = {}
    fresh: list[Identity] = []
    details: dict[UUID, Details] = {}
    for person in persons:
        ids = {known[key].customer_id for key in person.identities if key in known}
        if len(ids) > 1:
            world.errors.add(f"{person.path}.identities", _("belong to two customers of the store; merge them first"))
        pk = ids.pop() if ids else uuid7()
        wanted[pk] = {"id": pk, **person.fields}
        details[pk] = person.details
        fresh += [_row(pk, key, world) for key in person.identities if key not in known]
    existing = Customer.objects.filter(pk__in=wanted)
    sync(Customer, existing, wanted, key=lambda row: row.pk, tally=world.report.tally("customers"))
    Identity.objects.bulk_create(fresh)
    tally = world.report.tally("identities")
    tally.created += len(fresh)
    tally.unchanged += len(known)
    customer_details.write(details, world)


def _row(customer_id: UUID, key: Key, world: World) -> Identity:
    return Identity(store_id=world.store.pk, customer_id=customer_id, kind=key[0], value=key[1])
