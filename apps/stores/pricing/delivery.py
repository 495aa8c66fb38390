"""What delivery or shipping to a place costs (data/README.md Arithmetic 6).

``quote`` and ``quote_parcel`` answer a ``DeliveryQuote``, or ``OutOfArea`` with the reason; they never guess.
A quote holds the fee before "free over", which depends on the cart: ``DeliveryQuote.fee_for(net)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from .delivery_rules import (
    DeliveryPricing,
    DeliveryRules,
    DistanceRules,
    Neighbourhood,
    ShippingRules,
    ShippingTier,
    ZipZone,
    Zone,
)
from .geo import Point, distance_km, fold, holds
from .rounding import ZERO, round_half_up


class OutOfAreaReason(StrEnum):
    """Why nothing is brought there; stable codes."""

    NOT_OFFERED = "not_offered"
    NO_POINT = "no_point"
    TOO_FAR = "too_far"
    NOT_SERVED = "not_served"


@dataclass(frozen=True, kw_only=True, slots=True)
class OutOfArea:
    """Nothing is brought there. ``distance_km`` when it is known."""

    reason: OutOfAreaReason
    distance_km: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where to: whatever of it is known. ``country`` is ISO 3166."""

    point: Point | None = None
    neighbourhood: str = ""
    neighbourhood_slug: str | None = None
    city: str = ""
    country: str = ""
    postal_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryQuote:
    """``fee`` is what it costs while the net is below ``free_over``; minutes and days are (from, to)."""

    kind: DeliveryPricing
    fee: Decimal
    zone_id: str | None = None
    zone: str | None = None
    zone_name: str = ""
    distance_km: Decimal | None = None
    weight_g: int | None = None
    eta_minutes: tuple[int, int] | None = None
    days: tuple[int, int] | None = None
    min_order: Decimal | None = None
    free_over: Decimal | None = None

    def fee_for(self, net: Decimal) -> Decimal:
        """The fee of a cart with that net: nothing when it reaches ``free_over``."""
        return ZERO if self.free_over is not None and net >= self.free_over else self.fee

    def facts(self) -> dict[str, str]:
        """What went into the fee, as text, for an explanation."""
        known = {"zone": self.zone, "distance_km": self.distance_km, "weight_g": self.weight_g}
        return {name: str(value) for name, value in known.items() if value is not None}


def quote(
    rules: DeliveryRules | None, origin: Point | None, place: Place, *, exponent: int
) -> DeliveryQuote | OutOfArea:
    """The delivery fee from an outlet at ``origin`` to a place. ``rules`` None: the store does not deliver.

    Rules that need the point of a place without one end the search with ``no_point``: later rules may not jump the queue.
    """
    if rules is None:
        return OutOfArea(reason=OutOfAreaReason.NOT_OFFERED)
    found = _quote(rules, origin, place, exponent)
    for other in rules.also:
        if isinstance(found, DeliveryQuote) or found.reason is OutOfAreaReason.NO_POINT:
            break
        later = _quote(other, origin, place, exponent)
        found = later if isinstance(later, DeliveryQuote) else _plainer(found, later)
    return found


def _plainer(a: OutOfArea, b: OutOfArea) -> OutOfArea:
    """Of two reasons the one that tells more: a missing point, then the distance."""
    tells = (OutOfAreaReason.NO_POINT, OutOfAreaReason.TOO_FAR, OutOfAreaReason.NOT_SERVED)
    return min(a, b, key=lambda row: tells.index(row.reason) if row.reason in tells else len(tells))


def _quote(rules: DeliveryRules, origin: Point | None, place: Place, exponent: int) -> DeliveryQuote | OutOfArea:
    if rules.pricing is DeliveryPricing.ZIP:
        codes = find_zip_zone(rules.zip_zones, place.postal_code)
        return _by_zone(rules, codes) if codes else OutOfArea(reason=OutOfAreaReason.NOT_SERVED)
    if rules.pricing is DeliveryPricing.NEIGHBOURHOOD:
        found = find_neighbourhood(rules.neighbourhoods, place)
        return _by_zone(rules, found) if found else OutOfArea(reason=OutOfAreaReason.NOT_SERVED)
    if place.point is None:
        return OutOfArea(reason=OutOfAreaReason.NO_POINT)
    if rules.pricing is DeliveryPricing.POLYGON:
        point = place.point
        zone = next((row for row in rules.zones if holds(row.polygon, point)), None)
        return _by_zone(rules, zone) if zone else OutOfArea(reason=OutOfAreaReason.NOT_SERVED)
    if origin is None or (rules.distance is None and not rules.bands):
        return OutOfArea(reason=OutOfAreaReason.NOT_OFFERED)
    km = distance_km(origin, place.point)
    if rules.distance is None:
        return _by_band(rules, km)
    return _by_distance(rules, rules.distance, km, exponent)


def _by_band(rules: DeliveryRules, km: Decimal) -> DeliveryQuote | OutOfArea:
    band = next((row for row in rules.bands if (row.from_km < km or not row.from_km) and km <= row.to_km), None)
    if band is None:
        beyond = all(row.to_km < km for row in rules.bands)
        return OutOfArea(reason=OutOfAreaReason.TOO_FAR if beyond else OutOfAreaReason.NOT_SERVED, distance_km=km)
    return replace(_by_zone(rules, band), distance_km=km)


def find_zip_zone(rows: Iterable[ZipZone], postal_code: str) -> ZipZone | None:
    """The first zone with the code; only digits count, and only codes of the same length are compared."""
    code = "".join(char for char in postal_code if char.isascii() and char.isdigit())
    return next((row for row in rows if any(len(a) == len(code) and a <= code <= b for a, b in row.ranges)), None)


def _by_distance(
    rules: DeliveryRules, distance: DistanceRules, km: Decimal, exponent: int
) -> DeliveryQuote | OutOfArea:
    """The flat fee, plus so much for each km beyond the flat distance in proportion, up to the highest fee."""
    if distance.max_km is not None and km > distance.max_km:
        return OutOfArea(reason=OutOfAreaReason.TOO_FAR, distance_km=km)
    far = ZERO
    if distance.far_km is not None and distance.far_per_km is not None:
        far = max(km - max(distance.far_km, distance.flat_km), ZERO)
    near = max(km - distance.flat_km, ZERO) - far
    fee = distance.flat_fee + round_half_up(distance.per_km * near + (distance.far_per_km or ZERO) * far, exponent)
    return DeliveryQuote(
        kind=DeliveryPricing.DISTANCE,
        fee=fee if distance.max_fee is None else min(fee, distance.max_fee),
        distance_km=km,
        eta_minutes=rules.eta_minutes,
        min_order=distance.min_order,
        free_over=distance.free_over,
    )


def _by_zone(rules: DeliveryRules, zone: Zone) -> DeliveryQuote:
    return DeliveryQuote(
        kind=rules.pricing,
        fee=zone.fee,
        zone_id=zone.id,
        zone=zone.slug,
        zone_name=zone.name,
        eta_minutes=zone.eta_minutes or rules.eta_minutes,
        min_order=zone.min_order,
        free_over=zone.free_over,
    )


def find_neighbourhood(rows: Iterable[Neighbourhood], place: Place) -> Neighbourhood | None:
    """The neighbourhood of a place by slug (or id), else by name or alias; case, accents and punctuation aside.

    A city that is known on both sides has to agree.
    """
    known = tuple(rows)
    if place.neighbourhood_slug:
        ref = place.neighbourhood_slug
        return next((row for row in known if ref in (row.id, row.slug)), None)
    wanted = fold(place.neighbourhood)
    if not wanted:
        return None
    return next((row for row in known if _same_city(row, place) and wanted in _names(row)), None)


def _same_city(row: Neighbourhood, place: Place) -> bool:
    return not row.city or not place.city or fold(row.city) == fold(place.city)


def _names(row: Neighbourhood) -> set[str]:
    return {fold(name) for name in (row.slug, row.name, *row.aliases)}


def quote_parcel(
    rules: ShippingRules | None, place: Place, weight_g: int, *, is_company: bool = False
) -> DeliveryQuote | OutOfArea:
    """The price of shipping ``weight_g`` grams. Parcels of a customer with a company always pay."""
    if rules is None:
        return OutOfArea(reason=OutOfAreaReason.NOT_OFFERED)
    country = place.country.upper()
    zone = next((row for row in rules.zones if country in row.countries and row.tiers), None)
    if zone is None:
        return OutOfArea(reason=OutOfAreaReason.NOT_SERVED)
    return DeliveryQuote(
        kind=DeliveryPricing.PARCEL,
        fee=_parcels_price(zone.tiers, weight_g),
        zone_id=zone.id,
        zone=zone.slug,
        zone_name=zone.name,
        weight_g=weight_g,
        days=zone.days,
        free_over=None if is_company else zone.free_over,
    )


def _parcels_price(tiers: tuple[ShippingTier, ...], weight_g: int) -> Decimal:
    """Full parcels of the last tier at its price, the rest at the first tier that holds it; there is always one."""
    largest = tiers[-1]
    full, rest = divmod(weight_g, largest.max_g)
    price = largest.price * full
    if rest or not full:
        price += next(tier.price for tier in tiers if rest <= tier.max_g)
    return price
