"""A store's zones as the pricing engine's delivery and shipping rules."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.stores.models import DeliveryZone, Outlet, ShippingZone, ZoneKind
from apps.stores.pricing.delivery_rules import (
    Band,
    DeliveryPricing,
    DeliveryRules,
    DistanceRules,
    Neighbourhood,
    ShippingRules,
    ShippingTier,
    ZipZone,
)
from apps.stores.pricing.delivery_rules import DeliveryZone as ZoneRules
from apps.stores.pricing.delivery_rules import ShippingZone as ShippingZoneRules
from apps.stores.pricing.geo import Point
from apps.stores.queries.rows import CatalogRows

PRICING = {
    ZoneKind.NEIGHBOURHOOD: DeliveryPricing.NEIGHBOURHOOD,
    ZoneKind.DISTANCE: DeliveryPricing.DISTANCE,
    ZoneKind.POLYGON: DeliveryPricing.POLYGON,
    ZoneKind.BAND: DeliveryPricing.BAND,
    ZoneKind.ZIP: DeliveryPricing.ZIP,
}


def delivery(rows: CatalogRows) -> dict[UUID, DeliveryRules | None]:
    """The delivery rules of each outlet: of its own zones and the store's. None: it has none."""
    return {outlet.pk: _of_outlet(outlet.pk, rows.zones) for outlet in rows.outlets}


def _of_outlet(outlet_id: UUID, zones: Sequence[DeliveryZone]) -> DeliveryRules | None:
    """The first zone's kind is tried first, then the other kinds in the order of their first zones."""
    mine = [zone for zone in zones if zone.outlet_id in (None, outlet_id)]
    groups = [
        _group([zone for zone in mine if zone.kind == kind]) for kind in dict.fromkeys(zone.kind for zone in mine)
    ]
    return replace(groups[0], also=tuple(groups[1:])) if groups else None


def _group(zones: Sequence[DeliveryZone]) -> DeliveryRules:
    """The zones of one kind."""
    first, kind = zones[0], ZoneKind(zones[0].kind)
    return DeliveryRules(
        pricing=PRICING[kind],
        eta_minutes=(first.eta_from, first.eta_to),
        distance=_distance(first) if kind is ZoneKind.DISTANCE else None,
        neighbourhoods=tuple(map(_neighbourhood, zones)) if kind is ZoneKind.NEIGHBOURHOOD else (),
        zones=tuple(map(_polygon, zones)) if kind is ZoneKind.POLYGON else (),
        bands=tuple(map(_band, zones)) if kind is ZoneKind.BAND else (),
        zip_zones=tuple(map(_zip_zone, zones)) if kind is ZoneKind.ZIP else (),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _distance(zone: DeliveryZone) -> DistanceRules:
    rule = zone.rule
    return DistanceRules(
        flat_fee=zone.fee,
        flat_km=_decimal(rule.get("flat_km")) or Decimal(0),
        per_km=_decimal(rule.get("per_km")) or Decimal(0),
        far_km=_decimal(rule.get("far_km")),
        far_per_km=_decimal(rule.get("far_per_km")),
        max_fee=_decimal(rule.get("max_fee")),
        max_km=_decimal(rule.get("max_km")),
        free_over=zone.free_over,
        min_order=zone.min_order,
    )


def _common(zone: DeliveryZone) -> dict[str, Any]:
    """What zones of all kinds but distance have."""
    return {
        "id": str(zone.pk), "slug": zone.slug, "name": zone.name, "fee": zone.fee, "free_over": zone.free_over,
        "min_order": zone.min_order, "eta_minutes": (zone.eta_from, zone.eta_to),
    }  # fmt: skip


def _neighbourhood(zone: DeliveryZone) -> Neighbourhood:
    rule = zone.rule
    return Neighbourhood(**_common(zone), city=rule.get("city", ""), aliases=tuple(rule.get("aliases", [])))


def _polygon(zone: DeliveryZone) -> ZoneRules:
    corners = tuple(Point(lat=lat, lng=lng) for lat, lng in zone.rule.get("polygon", []))
    return ZoneRules(**_common(zone), polygon=corners)


def _band(zone: DeliveryZone) -> Band:
    start, end = _decimal(zone.rule.get("from_km")), _decimal(zone.rule.get("to_km"))
    return Band(**_common(zone), from_km=start or Decimal(0), to_km=end or Decimal(0))


def _zip_zone(zone: DeliveryZone) -> ZipZone:
    return ZipZone(**_common(zone), ranges=tuple((start, end) for start, end in zone.rule.get("ranges", [])))


def shipping(rows: CatalogRows) -> ShippingRules | None:
    """The parcel rates; None: the store ships nothing."""
    return ShippingRules(zones=tuple(map(_shipping_zone, rows.shipping))) if rows.shipping else None


def _shipping_zone(zone: ShippingZone) -> ShippingZoneRules:
    tiers = tuple(ShippingTier(max_g=int(tier["max_g"]), price=Decimal(str(tier["price"]))) for tier in zone.tiers)
    return ShippingZoneRules(
        id=str(zone.pk),
        slug=zone.slug,
        name=zone.name,
        countries=frozenset(zone.countries),
        tiers=tiers,
        free_over=zone.free_over,
        days=(zone.days_from, zone.days_to),
    )


def point_of(outlet: Outlet) -> Point | None:
    """Where an outlet is, if it is known."""
    if outlet.latitude is None or outlet.longitude is None:
        return None
    return Point(lat=outlet.latitude, lng=outlet.longitude)
