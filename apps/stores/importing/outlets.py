"""The branches of the store with their week and their special days."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.stores.importing import shapes
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.sync import sync
from apps.stores.models import Outlet, SpecialDay

ADDRESS = (
    "street",
    "number",
    "complement",
    "neighbourhood",
    "neighbourhood_slug",
    "city",
    "state",
    "postal_code",
    "country",
)
# Sections with readers elsewhere (kitchen) or none yet; asked here so that they are not called unknown keys.
ELSEWHERE = ("stations", "rooms", "tables", "tabs", "devices")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Columns by slug; hours of special days by (slug, date)."""

    outlets: dict[str, dict[str, Any]]
    days: dict[tuple[str, date], list[list[str]]]


def read(source: Source) -> Plan:
    """All outlets; a store has at least one."""
    rows = unique(source.rows("outlets"))
    if not rows:
        source.root.error("outlets", _("a store has at least one outlet"))
    days: dict[tuple[str, date], list[list[str]]] = {}
    for slug, row in rows.items():
        days |= {(slug, day): hours for day, hours in _special_days(row).items()}
    return Plan(outlets={slug: _fields(slug, row, index) for index, (slug, row) in enumerate(rows.items())}, days=days)


def _fields(slug: str, row: Row, index: int) -> dict[str, Any]:
    for name in ELSEWHERE:
        row.raw(name)
    address = row.child("address") or row.reader.row({}, row.at("address"))
    latitude, longitude = _coordinate(address, "lat", 90), _coordinate(address, "lng", 180)
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "phone": row.text("phone"),
        "address": {name: address.text(name) for name in ADDRESS if address.has(name)},
        "latitude": latitude,
        "longitude": longitude,
        "hours": shapes.week(row, "hours"),
        "services": shapes.services(row),
        "position": index,
    }
    return row.check(Outlet, fields)


def _coordinate(row: Row, key: str, limit: int) -> float | None:
    value = row.number(key)
    if value is not None and abs(value) > limit:
        row.error(key, _("must be between -%(limit)s and %(limit)s degrees") % {"limit": limit})
        return None
    return value


def _special_days(row: Row) -> dict[date, list[list[str]]]:
    found: dict[date, list[list[str]]] = {}
    for special in row.rows("exceptions"):
        day, hours = special.day("date", required=True), shapes.intervals(special, "hours")
        if day in found:
            special.error("date", _("“%(value)s” is there twice") % {"value": day})
        elif day is not None:
            found[day] = hours
    return found


def write(plan: Plan, world: World) -> None:
    """Outlets first, then their days. Days somebody added by hand stay."""
    existing = Outlet.objects.filter(slug__in=plan.outlets)
    tally = world.report.tally("outlets")
    world.outlets = sync(Outlet, existing, plan.outlets, key=lambda row: row.slug, tally=tally)
    wanted: dict[tuple[UUID, date], dict[str, Any]] = {}
    for (slug, day), hours in plan.days.items():
        outlet = world.outlets[slug]
        wanted[(outlet.pk, day)] = {"outlet_id": outlet.pk, "date": day, "hours": hours}
    days = SpecialDay.objects.filter(outlet__in=[row.pk for row in world.outlets.values()])
    sync(SpecialDay, days, wanted, key=lambda row: (row.outlet_id, row.date), tally=world.report.tally("special days"))
