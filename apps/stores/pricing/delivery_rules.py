"""A store's rules for bringing things to people (data/README.md "delivery" and "shipping"). Values only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .geo import Point


class DeliveryPricing(StrEnum):
    """What the fee depends on; ``parcel`` is shipping, the last two stand in while nobody can say where an address is."""

    DISTANCE = "distance"
    NEIGHBOURHOOD = "neighbourhood"
    POLYGON = "polygon"
    BAND = "band"
    ZIP = "zip"
    PARCEL = "parcel"
    FLAT = "flat"
    TO_CONFIRM = "to_confirm"


@dataclass(frozen=True, kw_only=True, slots=True)
class DistanceRules:
    """``flat_fee`` up to ``flat_km``, ``per_km`` beyond it, ``far_per_km`` beyond ``far_km``, at most ``max_fee``, up to ``max_km``."""

    flat_fee: Decimal
    flat_km: Decimal = Decimal(0)
    per_km: Decimal = Decimal(0)
    far_km: Decimal | None = None
    far_per_km: Decimal | None = None
    max_fee: Decimal | None = None
    max_km: Decimal | None = None
    free_over: Decimal | None = None
    min_order: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbourhood:
    """A named part of a city with its fee. ``free_over``: no fee when the net reaches it."""

    id: str
    slug: str
    name: str
    fee: Decimal
    city: str = ""
    aliases: tuple[str, ...] = ()
    free_over: Decimal | None = None
    min_order: Decimal | None = None
    eta_minutes: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryZone:
    """An area on the map with its fee; the first one that holds a point counts."""

    id: str
    slug: str
    name: str
    fee: Decimal
    polygon: tuple[Point, ...]
    free_over: Decimal | None = None
    min_order: Decimal | None = None
    eta_minutes: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A ring around the outlet: further than ``from_km``, up to and including ``to_km``; one from 0 has the outlet itself."""

    id: str
    slug: str
    name: str
    fee: Decimal
    from_km: Decimal
    to_km: Decimal
    free_over: Decimal | None = None
    min_order: Decimal | None = None
    eta_minutes: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ZipZone:
    """Postal codes from – to, both included, as digits of the same length."""

    id: str
    slug: str
    name: str
    fee: Decimal
    ranges: tuple[tuple[str, str], ...]
    free_over: Decimal | None = None
    min_order: Decimal | None = None
    eta_minutes: tuple[int, int] | None = None


Zone = Neighbourhood | DeliveryZone | Band | ZipZone


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryRules:
    """How one outlet prices delivery: by ``pricing``, with the default ``eta_minutes`` (from, to).

    A place that these rules do not serve is tried with those in ``also``, in their order.
    """

    pricing: DeliveryPricing
    eta_minutes: tuple[int, int] | None = None
    distance: DistanceRules | None = None
    neighbourhoods: tuple[Neighbourhood, ...] = ()
    zones: tuple[DeliveryZone, ...] = ()
    bands: tuple[Band, ...] = ()
    zip_zones: tuple[ZipZone, ...] = ()
    also: tuple[DeliveryRules, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippingTier:
    """The price of a parcel of up to ``max_g`` grams."""

    max_g: int
    price: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippingZone:
    """Countries with the same parcel prices; ``tiers`` ascending, ``days`` (from, to)."""

    id: str
    slug: str
    name: str
    countries: frozenset[str]
    tiers: tuple[ShippingTier, ...]
    free_over: Decimal | None = None
    days: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShippingRules:
    """How one store ships parcels; the first zone with the country counts."""

    zones: tuple[ShippingZone, ...] = ()
