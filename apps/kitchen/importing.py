"""The kitchen's part of a store file: stations of each outlet, and which categories go where.

Registered with the importer of `stores`, which knows when to call it: read everything first, write only a file without errors.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from apps.kitchen.models import Station
from apps.kitchen.services.stations import import_stations
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Station rows by outlet slug, station slugs by category slug."""

    stations: Mapping[str, list[dict[str, str]]]
    routed: Mapping[str, list[str]]


def read(source: Source) -> Callable[[World], None]:
    """Check the stations of the file; returns what writes them."""
    outlets = {slug: _stations(row) for slug, row in _sections(source, "outlets").items()}
    known = {station["slug"] for rows in outlets.values() for station in rows}
    rows = {slug: row for slug, row in _sections(source, "categories").items() if row.has("stations")}
    categories = {slug: row.texts("stations", known=known, noun=_("stations")) for slug, row in rows.items()}
    plan = Plan(stations=outlets, routed=categories)
    return lambda world: write(plan, world)


def write(plan: Plan, world: World) -> None:
    """Stations and routes of the store in scope."""
    outlets = {world.outlets[slug].pk: rows for slug, rows in plan.stations.items() if slug in world.outlets}
    routed = {world.categories[slug].pk: slugs for slug, slugs in plan.routed.items() if slug in world.categories}
    done = import_stations(outlets=outlets, routed=routed)
    tally = world.report.tally("stations")
    tally.created += done.created
    tally.updated += done.updated
    tally.unchanged += done.unchanged
    routes = world.report.tally("station routes")
    routes.created += done.routes
    routes.removed += done.routes_removed


def _stations(outlet: Row) -> list[dict[str, str]]:
    stations = unique(outlet.rows("stations"))
    return [
        row.check(Station, {"slug": slug, "name": row.text("name", required=True)}) for slug, row in stations.items()
    ]


def _sections(source: Source, name: str) -> dict[str, Row]:
    """The rows of a section by slug, read beside their own reader, so that no key is reported as unknown twice."""
    rows: dict[str, Row] = {}
    values: Any = source.document.get(name)
    for index, value in enumerate(values if isinstance(values, list) else []):
        if isinstance(value, Mapping) and isinstance(value.get("slug"), str):
            rows[value["slug"]] = Row(source.reader, value, f"{name}[{index}]")
    return rows
