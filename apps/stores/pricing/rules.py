"""The store's rules that turn prices into totals: tax, service charge, price lists, promotions, loyalty.

Values only; who applies them is in ``lines``, ``promotions`` and ``totals``. Money is ``Decimal`` in the
store's currency, rates are percent (``Decimal("10")`` is 10 %), dates and times are local to the store.
Names follow data/README.md "Store file".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum


class TaxMode(StrEnum):
    """Whether tax is part of the shown prices or comes on top of them."""

    INCLUDED = "included"
    ADDED = "added"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxRate:
    """One rate of the store; ``rate`` in percent."""

    code: str
    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxRules:
    """``rates`` in the order they are shown; ``default`` and ``delivery`` are codes or None (Arithmetic 8)."""

    mode: TaxMode = TaxMode.INCLUDED
    rates: tuple[TaxRate, ...] = ()
    default: str | None = None
    delivery: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceCharge:
    """A percentage of the net for some services; ``optional`` means the guest may refuse it (Arithmetic 7)."""

    rate: Decimal
    services: frozenset[str]
    optional: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceList:
    """Prices of customers with a company (Arithmetic 1).

    ``prices`` are fixed prices by (product id, variant id or None); what is not in it costs the plain
    price less ``percentage``. ``min_order`` replaces the store's minimum.
    """

    id: str
    name: str = ""
    percentage: Decimal = Decimal(0)
    prices: Mapping[tuple[str, str | None], Decimal] = field(default_factory=dict)
    min_order: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Loyalty:
    """Points: ``earn_points`` per full ``earn_per`` of net; one point redeems ``point_value`` (Arithmetic 5, 10)."""

    earn_per: Decimal
    earn_points: int
    point_value: Decimal
    min_redeem: int = 0


class PromotionKind(StrEnum):
    """What a promotion does (Arithmetic 4, 6)."""

    PERCENTAGE = "percentage"
    FIXED = "fixed"
    FREE_DELIVERY = "free_delivery"
    BUY_X_GET_Y = "buy_x_get_y"
    BUNDLE = "bundle"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Lines a promotion looks at: product ids or category ids (with those below). Both empty: every line."""

    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class BundleItem:
    """``quantity`` units of a product (by id) in one set of a bundle."""

    product_id: str
    quantity: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Promotion:
    """A rule that lowers a price, automatic (``code`` None) or by coupon.

    ``value`` is percent, an amount off, or the price of the bundle. An empty set of services, channels,
    outlets or weekdays holds everywhere. ``weekdays`` are ``date.weekday()`` numbers (Monday 0). ``ends`` is
    included, ``until`` is exclusive. ``per_customer_limit`` and ``total_limit`` count orders with this
    promotion; how many there are comes with the cart (``context.CustomerFacts``, ``PricingContext``).
    ``spent``: the code that was entered works once, and an order has it already.
    """

    id: str
    slug: str
    kind: PromotionKind
    name: str = ""
    code: str | None = None
    value: Decimal = Decimal(0)
    buy: int = 0
    get: int = 0
    items: tuple[BundleItem, ...] = ()
    scope: Scope = Scope()
    min_subtotal: Decimal | None = None
    max_discount: Decimal | None = None
    starts: date | None = None
    ends: date | None = None
    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None
    services: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    outlets: frozenset[str] = frozenset()
    first_order: bool = False
    per_customer_limit: int | None = None
    total_limit: int | None = None
    retail_only: bool = False
    combinable: bool = True
    priority: int = 0
    enabled: bool = True
    spent: bool = False
