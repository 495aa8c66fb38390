"""What a file says of a customer beyond the name: addresses, consent, points brought along, the company.

Addresses are known by their label. Consent and points are only ever brought once: what the customer said or spent since stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.customers.models import (
    Address,
    Company,
    Consent,
    ConsentChannel,
    IdentityKind,
    PointsEntry,
    PointsKind,
    Purpose,
)
from apps.customers.queries.people import company_numbers
from apps.customers.services import points
from apps.stores.importing.row import Row
from apps.stores.importing.source import World
from apps.stores.importing.sync import sync

SOURCE = "import"
ADDRESS = {
    "street": "street", "number": "number", "complement": "complement", "neighbourhood": "neighborhood",
    "neighbourhood_slug": "neighborhood_slug", "city": "city", "state": "state", "postal_code": "zip_code", "country": "country",
}  # fmt: skip
# By which way somebody can be reached who is recognised so.
CHANNELS = {
    IdentityKind.PHONE: ConsentChannel.WHATSAPP, IdentityKind.WHATSAPP: ConsentChannel.WHATSAPP,
    IdentityKind.EMAIL: ConsentChannel.EMAIL, IdentityKind.INSTAGRAM: ConsentChannel.INSTAGRAM,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The checked details of one row."""

    addresses: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    points: int = 0
    company: Mapping[str, Any] | None = None


def read(row: Row, kinds: list[str]) -> Details:
    """The details of a customer who is recognised by identities of these `kinds`."""
    consent = row.child("consent")
    agreed = consent is not None and consent.flag("marketing")
    channels = dict.fromkeys(str(CHANNELS[IdentityKind(kind)]) for kind in kinds if kind in CHANNELS)
    return Details(
        addresses=_addresses(row),
        channels=tuple(channels) if agreed else (),
        points=row.integer("points"),
        company=_company(row),
    )


def _addresses(row: Row) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for item in row.rows("addresses"):
        label = item.text("label", required=True)
        if label in found:
            item.error("label", _("“%(value)s” is there twice") % {"value": label[:60]})
            continue
        values: dict[str, Any] = {ours: item.text(theirs) for theirs, ours in ADDRESS.items()}
        values |= {"label": label, "lat": item.number("lat"), "lng": item.number("lng")}
        found[label] = item.check(Address, values, **{ours: theirs for theirs, ours in ADDRESS.items()})
    return found


def _company(row: Row) -> dict[str, Any] | None:
    company = row.child("company")
    if company is None:
        return None
    company.raw("price_list")  # read with the price lists
    written = {name: company.text(name) for name in ("cnpj", "vat_number")}
    numbers = company_numbers(written)
    for name, value in written.items():
        if value and not numbers[name]:
            company.error(name, _("“%(value)s” is no such number, or a digit is wrong") % {"value": value[:30]})
    values = {"name": company.text("name", required=True), **numbers,
              "payment_terms_days": company.integer("payment_terms_days")}  # fmt: skip
    return company.check(Company, values)


def write(people: Mapping[UUID, Details], world: World) -> None:
    """Everything of all customers: a fixed number of statements, but for points, which go through their ledger."""
    _write_addresses(people, world)
    _write_companies(people, world)
    _write_consents(people, world)
    known = set(PointsEntry.objects.filter(customer_id__in=people).values_list("customer_id", flat=True))
    tally = world.report.tally("points")
    for customer_id, details in people.items():
        if details.points and customer_id not in known:
            points.credit(
                customer_id=customer_id,
                points=details.points,
                kind=PointsKind.OPENING,
                reason=SOURCE,
                actor=world.actor,
            )
            tally.created += 1
        elif details.points:
            tally.unchanged += 1


def _write_addresses(people: Mapping[UUID, Details], world: World) -> None:
    wanted: dict[tuple[UUID, str], dict[str, Any]] = {}
    existing = list(Address.objects.filter(customer_id__in=people))
    have_default = {row.customer_id for row in existing if row.is_default}
    for customer_id, details in people.items():
        for position, (label, values) in enumerate(details.addresses.items()):
            extra = {"is_default": True} if not position and customer_id not in have_default else {}
            wanted[(customer_id, label)] = {"customer_id": customer_id, **values, **extra}
    tally = world.report.tally("addresses")
    sync(Address, existing, wanted, key=lambda row: (row.customer_id, row.label), tally=tally)


def _write_companies(people: Mapping[UUID, Details], world: World) -> None:
    wanted = {pk: {"customer_id": pk, **row.company} for pk, row in people.items() if row.company}
    existing = Company.objects.filter(customer_id__in=wanted)
    sync(Company, existing, wanted, key=lambda row: row.customer_id, tally=world.report.tally("companies"))


def _write_consents(people: Mapping[UUID, Details], world: World) -> None:
    known = set(
        Consent.objects.filter(customer_id__in=people, purpose=Purpose.MARKETING).values_list("customer_id", "channel")
    )
    wanted = {(pk, channel) for pk, row in people.items() for channel in row.channels}
    Consent.objects.bulk_create(
        Consent(
            store_id=world.store.pk, customer_id=pk, purpose=Purpose.MARKETING, channel=channel, granted=True,
            text_version=SOURCE, source=SOURCE, actor_kind=str(world.actor.kind), actor_id=world.actor.id,
        )
        for pk, channel in sorted(wanted - known, key=str)
    )  # fmt: skip
    tally = world.report.tally("consents")
    tally.created += len(wanted - known)
    tally.unchanged += len(wanted & known)
