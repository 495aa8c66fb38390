"""A store's zones as the pricing engine's delivery and shipping rules."""

from decimal import Decimal
from typing import Any

from apps.stores.models import DeliveryZone, Outlet, ShippingZone, ZoneKind
from apps.stores.pricing.delivery_rules import (
    DeliveryPricing,
    DeliveryRules,
    DistanceRules,
    Neighbourhood,
    ShippingRules,
    ShippingTier,
)
from apps.stores.pricing.delivery_rules import DeliveryZone as ZoneRules
from apps.stores.pricing.delivery_rules import ShippingZone as ShippingZoneRules
from apps.stores.pricing.geo import Point
from apps.stores.queries.rows import CatalogRows

PRICING = {
    ZoneKind.NEIGHBOURHOOD: DeliveryPricing.NEIGHBOURHOOD,
    ZoneKind.DISTANCE: DeliveryPricing.DISTANCE,
    ZoneKind.POLYGON: DeliveryPricing.POLYGON,
}


def delivery(rows: CatalogRows) -> DeliveryRules | None:
    """The delivery rules; the first zone's kind decides how the store prices delivery. None: no zones."""
    if not rows.zones:
        return None
    first = rows.zones[0]
    same = [zone for zone in rows.zones if zone.kind == first.kind]
    return DeliveryRules(
        pricing=PRICING[ZoneKind(first.kind)],
        eta_minutes=(first.eta_from, first.eta_to),
        distance=_distance(first) if first.kind == ZoneKind.DISTANCE else None,
        neighbourhoods=tuple(map(_neighbourhood, same)) if first.kind == ZoneKind.NEIGHBOURHOOD else (),
        zones=tuple(map(_polygon, same)) if first.kind == ZoneKind.POLYGON else (),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _distance(zone: DeliveryZone) -> DistanceRules:
    rule = zone.rule
    return DistanceRules(
        flat_fee=zone.fee,
        flat_km=_decimal(rule.get("flat_km")) or Decimal(0),
        per_km=_decimal(rule.get("per_km")) or Decimal(0),
        max_fee=_decimal(rule.get("max_fee")),
        max_km=_decimal(rule.get("max_km")),
        free_over=zone.free_over,
        min_order=zone.min_order,
    )


def _neighbourhood(zone: DeliveryZone) -> Neighbourhood:
    return Neighbourhood(
        id=str(zone.pk),
        slug=zone.slug,
        name=zone.name,
        fee=zone.fee,
        city=zone.rule.get("city", ""),
        aliases=tuple(zone.rule.get("aliases", [])),
        free_over=zone.free_over,
        min_order=zone.min_order,
        eta_minutes=(zone.eta_from, zone.eta_to),
    )


def _polygon(zone: DeliveryZone) -> ZoneRules:
    return ZoneRules(
        id=str(zone.pk),
        slug=zone.slug,
        name=zone.name,
        fee=zone.fee,
        polygon=tuple(Point(lat=lat, lng=lng) for lat, lng in zone.rule.get("polygon", [])),
        free_over=zone.free_over,
        min_order=zone.min_order,
        eta_minutes=(zone.eta_from, zone.eta_to),
    )


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
