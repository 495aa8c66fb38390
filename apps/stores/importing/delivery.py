"""Where the store delivers, as zones: one per neighbourhood or area, a single one for distance; and parcel zones."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, World, unique
from apps.stores.importing.sync import prune, sync
from apps.stores.models import DeliveryZone, ShippingZone, ZoneKind

Fields = dict[str, Any]
DISTANCE = "distance"
DEFAULT_ETA = (30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Columns by slug, and the outlets of the zones that are of one only."""

    zones: dict[str, Fields]
    outlets: dict[str, str]
    parcels: dict[str, Fields]


def read(source: Source) -> Plan:
    """Both sections; either may be null."""
    outlets: dict[str, str] = {}
    zones = _zones(source.root.child("delivery"), outlets, source.slugs("outlets"))
    return Plan(zones=zones, outlets=outlets, parcels=_parcels(source.root.child("shipping")))


def _zones(row: Row | None, outlets: dict[str, str], known: Collection[str]) -> dict[str, Fields]:
    if row is None:
        return {}
    pricing = row.choice("pricing", (DISTANCE, *SECTIONS))
    eta = _range(row, "eta_minutes", DEFAULT_ETA)
    named = {kind: row.rows(section) for kind, (section, _place, _make) in SECTIONS.items()}
    distance = row.child("distance")
    if pricing == DISTANCE:
        return {DISTANCE: _distance(row, distance, eta)}
    zones = unique(named.get(pricing, []))
    section, place, make = SECTIONS.get(pricing, ("neighbourhoods", "aliases", _neighbourhood))
    if pricing and not zones:
        row.error(section, _("there is no place to deliver to"))
    found = {}
    for index, (slug, zone) in enumerate(zones.items()):
        fields = {**_common(slug, zone, eta, index), **make(zone), "kind": pricing}
        outlets[slug] = zone.reference("outlet", known, "outlets", required=False)
        found[slug] = zone.check(DeliveryZone, fields, eta_from="eta_minutes", eta_to="eta_minutes", rule=place)
    return found


def _distance(row: Row, distance: Row | None, eta: tuple[int, int]) -> Fields:
    if distance is None:
        row.error("distance", _("is missing"))
        distance = row.reader.row({}, row.at("distance"))
    rule = {name: distance.written_amount(name, decimals=2) for name in ("flat_km", "far_km", "max_km")}
    rule |= {name: distance.written_amount(name) for name in ("per_km", "far_per_km", "max_fee")}
    fields = {
        "slug": DISTANCE,
        "name": f"0–{(Decimal(rule['max_km'])).normalize():f} km" if rule["max_km"] else "km",
        "kind": str(ZoneKind.DISTANCE),
        "fee": distance.amount("flat_fee"),
        "free_over": distance.optional_amount("free_over"),
        "min_order": distance.optional_amount("min_order"),
        "eta_from": eta[0],
        "eta_to": eta[1],
        "rule": {name: value for name, value in rule.items() if value is not None},
        "position": 0,
    }
    return distance.check(DeliveryZone, fields)


def _common(slug: str, row: Row, eta: tuple[int, int], index: int) -> Fields:
    soonest, latest = _range(row, "eta_minutes", eta)
    return {
        "slug": slug,
        "name": row.text("name", required=True),
        "fee": row.amount("fee"),
        "free_over": row.optional_amount("free_over"),
        "min_order": row.optional_amount("min_order"),
        "eta_from": soonest,
        "eta_to": latest,
        "position": index,
    }


def _neighbourhood(row: Row) -> Fields:
    return {"rule": {"city": row.text("city"), "aliases": row.texts("aliases")}}


def _polygon(row: Row) -> Fields:
    points = []
    for item, path in row.items("polygon"):
        if isinstance(item, list) and len(item) == 2 and all(_is_number(part) for part in item):
            points.append([float(item[0]), float(item[1])])
        else:
            row.reader.errors.add(path, _("write a point as [lat, lng]"))
    if len(points) < 3:
        row.error("polygon", _("an area has at least three points"))
    return {"rule": {"polygon": points}}


def _band(row: Row) -> Fields:
    rule = {name: row.written_amount(name, decimals=2) for name in ("from_km", "to_km")}
    if rule["to_km"] is None or Decimal(rule["from_km"] or 0) >= Decimal(rule["to_km"]):
        row.error("to_km", _("a ring ends further away than it begins"))
    return {"rule": {name: value for name, value in rule.items() if value is not None}}


def _zip(row: Row) -> Fields:
    return {"rule": {"ranges": [item for item, _path in row.items("ranges")]}}


# pricing → where its places are in the file, the key that names the place, and how that is read
SECTIONS: dict[str, tuple[str, str, Callable[[Row], Fields]]] = {
    "neighbourhood": ("neighbourhoods", "aliases", _neighbourhood),
    "polygon": ("zones", "polygon", _polygon),
    "band": ("bands", "to_km", _band),
    "zip": ("zip_zones", "ranges", _zip),
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range(row: Row, key: str, default: tuple[int, int]) -> tuple[int, int]:
    """Two whole numbers, the first not larger."""
    value = row.raw(key)
    if value is None:
        return default
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(part, int) and not isinstance(part, bool) for part in value)
    ):
        if 0 <= value[0] <= value[1]:
            return value[0], value[1]
    row.error(key, _("write it as [from, to]"))
    return default


def _parcels(row: Row | None) -> dict[str, Fields]:
    zones = unique(row.rows("zones")) if row is not None else {}
    return {slug: _parcel(slug, zone, index) for index, (slug, zone) in enumerate(zones.items())}


def _parcel(slug: str, row: Row, index: int) -> Fields:
    days = _range(row, "days", (1, 5))
    tiers = [
        {"max_g": tier.integer("max_g", 1, low=1), "price": str(tier.amount("price"))} for tier in row.rows("tiers")
    ]
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "countries": row.texts("countries"),
        "tiers": tiers,
        "free_over": row.optional_amount("free_over"),
        "days_from": days[0],
        "days_to": days[1],
        "position": index,
    }
    return row.check(ShippingZone, fields, days_from="days", days_to="days")


def write(plan: Plan, world: World) -> None:
    """Create and update. Zones of another kind go: a store has one way to price delivery; others the file does not name stay."""
    tally, kinds = world.report.tally("delivery zones"), {fields["kind"] for fields in plan.zones.values()}
    if kinds:
        prune(DeliveryZone, DeliveryZone.objects.exclude(kind__in=kinds), tally=tally)
    zones = DeliveryZone.objects.filter(slug__in=plan.zones)
    places = {slug: world.outlets[name].pk for slug, name in plan.outlets.items() if name}
    wanted = {slug: {**fields, "outlet_id": places.get(slug)} for slug, fields in plan.zones.items()}
    sync(DeliveryZone, zones, wanted, key=lambda row: row.slug, tally=tally)
    parcels = ShippingZone.objects.filter(slug__in=plan.parcels)
    sync(ShippingZone, parcels, plan.parcels, key=lambda row: row.slug, tally=world.report.tally("shipping zones"))
