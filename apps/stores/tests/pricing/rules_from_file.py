"""The store-wide rules of a store file as pricing's values: tax, charges, promotions, delivery. See ``from_file``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from apps.stores.pricing.delivery_rules import (
    DeliveryPricing,
    DeliveryRules,
    DeliveryZone,
    DistanceRules,
    Neighbourhood,
    ShippingRules,
    ShippingTier,
    ShippingZone,
)
from apps.stores.pricing.geo import Point
from apps.stores.pricing.rules import (
    BundleItem,
    Loyalty,
    PriceList,
    Promotion,
    PromotionKind,
    Scope,
    ServiceCharge,
    TaxMode,
    TaxRate,
    TaxRules,
)

Row = Mapping[str, Any]
WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


def _money(row: Row, key: str) -> Decimal | None:
    return Decimal(row[key]) if row.get(key) is not None else None


def _day(row: Row, key: str) -> date | None:
    return date.fromisoformat(row[key]) if key in row else None


def _time(row: Row, key: str) -> time | None:
    return time.fromisoformat(row[key]) if key in row else None


def _span(row: Row, key: str) -> tuple[int, int] | None:
    return (row[key][0], row[key][1]) if key in row else None


def tax_of(row: Row) -> TaxRules:
    """Tax of the store."""
    rates = tuple(TaxRate(code=rate["code"], name=rate["name"], rate=Decimal(rate["rate"])) for rate in row["rates"])
    return TaxRules(mode=TaxMode(row["mode"]), rates=rates, default=row["default"], delivery=row["delivery"])


def service_charge_of(row: Row | None) -> ServiceCharge | None:
    """The service charge."""
    if row is None:
        return None
    return ServiceCharge(rate=Decimal(row["rate"]), services=frozenset(row["services"]), optional=row["optional"])


def price_list_of(row: Row) -> PriceList:
    """A price list."""
    prices = {(item["product"], item.get("variant")): Decimal(item["price"]) for item in row["prices"]}
    return PriceList(
        id=row["slug"],
        name=row["name"],
        percentage=Decimal(row["percentage"]),
        prices=prices,
        min_order=_money(row, "min_order"),
    )


def loyalty_of(row: Row | None) -> Loyalty | None:
    """Loyalty points."""
    if row is None:
        return None
    return Loyalty(
        earn_per=Decimal(row["earn_per"]),
        earn_points=row["earn_points"],
        point_value=Decimal(row["point_value"]),
        min_redeem=row["min_redeem"],
    )


def promotion_of(row: Row) -> Promotion:
    """A promotion or coupon."""
    scope = row.get("scope", {})
    return Promotion(
        id=row["slug"],
        slug=row["slug"],
        name=row["name"],
        kind=PromotionKind(row["kind"]),
        code=row["code"],
        value=Decimal(row.get("value", 0)),
        buy=row.get("buy", 0),
        get=row.get("get", 0),
        items=tuple(BundleItem(product_id=item["product"], quantity=item["qty"]) for item in row.get("items", ())),
        scope=Scope(products=frozenset(scope.get("products", ())), categories=frozenset(scope.get("categories", ()))),
        min_subtotal=_money(row, "min_subtotal"),
        max_discount=_money(row, "max_discount"),
        starts=_day(row, "starts"),
        ends=_day(row, "ends"),
        weekdays=frozenset(WEEKDAYS[day] for day in row.get("weekdays", ())),
        since=_time(row, "from"),
        until=_time(row, "to"),
        services=frozenset(row.get("services", ())),
        channels=frozenset(row.get("channels", ())),
        outlets=frozenset(row.get("outlets", ())),
        first_order=row.get("first_order", False),
        per_customer_limit=row.get("per_customer_limit"),
        total_limit=row.get("total_limit"),
        retail_only=row.get("retail_only", False),
        combinable=row["combinable"],
        priority=row["priority"],
    )


def delivery_of(row: Row | None) -> DeliveryRules | None:
    """How the store delivers."""
    if row is None:
        return None
    return DeliveryRules(
        pricing=DeliveryPricing(row["pricing"]),
        eta_minutes=_span(row, "eta_minutes"),
        distance=_distance_of(row["distance"]),
        neighbourhoods=tuple(_neighbourhood_of(item) for item in row["neighbourhoods"]),
        zones=tuple(_zone_of(item) for item in row["zones"]),
    )


def _distance_of(row: Row | None) -> DistanceRules | None:
    if row is None:
        return None
    return DistanceRules(
        flat_km=Decimal(row["flat_km"]),
        flat_fee=Decimal(row["flat_fee"]),
        per_km=Decimal(row["per_km"]),
        max_fee=Decimal(row["max_fee"]),
        max_km=Decimal(row["max_km"]),
    )


def _neighbourhood_of(row: Row) -> Neighbourhood:
    return Neighbourhood(
        id=row["slug"],
        slug=row["slug"],
        name=row["name"],
        city=row["city"],
        aliases=tuple(row["aliases"]),
        fee=Decimal(row["fee"]),
        free_over=_money(row, "free_over"),
        min_order=_money(row, "min_order"),
        eta_minutes=_span(row, "eta_minutes"),
    )


def _zone_of(row: Row) -> DeliveryZone:
    return DeliveryZone(
        id=row["slug"],
        slug=row["slug"],
        name=row["name"],
        polygon=tuple(Point(lat=lat, lng=lng) for lat, lng in row["polygon"]),
        fee=Decimal(row["fee"]),
        free_over=_money(row, "free_over"),
        min_order=_money(row, "min_order"),
        eta_minutes=_span(row, "eta_minutes"),
    )


def shipping_of(row: Row | None) -> ShippingRules | None:
    """How the store ships parcels."""
    if row is None:
        return None
    zones = tuple(
        ShippingZone(
            id=item["slug"],
            slug=item["slug"],
            name=item["name"],
            countries=frozenset(item["countries"]),
            tiers=tuple(ShippingTier(max_g=tier["max_g"], price=Decimal(tier["price"])) for tier in item["tiers"]),
            free_over=_money(item, "free_over"),
            days=_span(item, "days"),
        )
        for item in row["zones"]
    )
    return ShippingRules(zones=zones)
