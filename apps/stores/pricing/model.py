"""The catalog as pricing sees it: immutable values built from the database (or, in tests, from a file).

Ids are opaque strings (UUIDs at run time, slugs in tests); every lookup takes an id or, failing that, a slug,
because clients send both. Money is ``Decimal`` with at most the currency's decimals, weight is integer grams,
dates and times are local to the store and naive. Names follow data/README.md "Store file".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from .rules import Loyalty, PriceList, Promotion, ServiceCharge, TaxRules
from .sales import Sale


class Kind(StrEnum):
    """How a product is sold and priced."""

    SIMPLE = "simple"
    VARIANTS = "variants"
    PIZZA = "pizza"
    FLAVOUR = "flavour"


class Status(StrEnum):
    """``paused`` is shown but cannot be bought; ``inactive`` is hidden."""

    ACTIVE = "active"
    PAUSED = "paused"
    INACTIVE = "inactive"


class PriceRule(StrEnum):
    """How several flavours make one pizza price; see ``lines.flavours_price``."""

    HIGHEST = "highest"
    AVERAGE = "average"
    SUM = "sum"


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def slug(self) -> str: ...


_N = TypeVar("_N", bound=_Named)


def find(rows: Iterable[_N], ref: str | None) -> _N | None:
    """The row whose id is ``ref``, else the one whose slug is, else None."""
    by_slug: _N | None = None
    for row in rows:
        if row.id == ref:
            return row
        if by_slug is None and row.slug == ref:
            by_slug = row
    return by_slug


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A time in which something may be bought. Empty weekdays or services: all of them; no times: all day.

    ``weekdays`` are ``date.weekday()`` numbers. ``until`` is exclusive; at or before ``since`` it runs past
    midnight and belongs to the day it began on.
    """

    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None
    services: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One form of a product with its own price. ``tracked``: it has stock of its own."""

    id: str
    slug: str
    name: str
    price: Decimal
    status: Status = Status.ACTIVE
    paused_until: datetime | None = None
    sale: Sale | None = None
    weight_g: int | None = None
    tracked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """Something on the menu. ``price`` is None for variants, pizza and flavour.

    ``category_path`` is the id of its category followed by those of its ancestors. ``flavour_prices`` is size
    id or slug → price. ``outlet_ids`` empty: sold at every outlet. ``windows`` empty: at any time.
    """

    id: str
    slug: str
    name: str
    kind: Kind = Kind.SIMPLE
    price: Decimal | None = None
    status: Status = Status.ACTIVE
    paused_until: datetime | None = None
    category_path: tuple[str, ...] = ()
    tax_code: str | None = None
    variants: tuple[Variant, ...] = ()
    modifier_group_ids: tuple[str, ...] = ()
    sale: Sale | None = None
    windows: tuple[Window, ...] = ()
    outlet_ids: frozenset[str] = frozenset()
    flavour_prices: Mapping[str, Decimal] = field(default_factory=dict)
    weight_g: int | None = None
    tracked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """A choice within a modifier group; ``price`` per unit, at most ``max`` units, ``opens`` group ids."""

    id: str
    slug: str
    name: str
    price: Decimal = Decimal(0)
    max: int = 1
    status: Status = Status.ACTIVE
    paused_until: datetime | None = None
    opens: tuple[str, ...] = ()
    tracked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ModifierGroup:
    """A question asked about a product; ``min`` and ``max`` limit the sum of chosen quantities (max None: any)."""

    id: str
    slug: str
    name: str
    min: int = 0
    max: int | None = 1
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PizzaSize:
    """A size of the pizza menu with at most ``max_flavours`` equal parts."""

    id: str
    slug: str
    name: str
    max_flavours: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class PizzaPart:
    """A crust or an edge; ``prices`` is size id or slug → price, a size left out is not offered."""

    id: str
    slug: str
    name: str
    prices: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PizzaMenu:
    """How pizzas are built here. The first crust and edge offered at a size are taken when nobody chose."""

    sizes: tuple[PizzaSize, ...] = ()
    crusts: tuple[PizzaPart, ...] = ()
    edges: tuple[PizzaPart, ...] = ()
    price_rule: PriceRule = PriceRule.HIGHEST


def price_at(prices: Mapping[str, Decimal], size: PizzaSize) -> Decimal | None:
    """The price for a size, whether the mapping is keyed by size ids or slugs; None when not offered."""
    price = prices.get(size.id)
    return price if price is not None else prices.get(size.slug)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One product a combo slot may hold; ``extra`` is added to the combo's price per unit.

    ``variant_id`` and ``size_id`` (id or slug) fix the form; ``flavours`` (ids or slugs) limit a pizza's flavours,
    empty meaning all.
    """

    product_id: str
    extra: Decimal = Decimal(0)
    variant_id: str | None = None
    size_id: str | None = None
    flavours: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A place in a combo; the sum of quantities chosen for it is between ``min`` and ``max``."""

    id: str
    slug: str
    name: str
    min: int = 1
    max: int = 1
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Combo:
    """A set of products at one price, with its own category and the default tax code."""

    id: str
    slug: str
    name: str
    price: Decimal
    status: Status = Status.ACTIVE
    paused_until: datetime | None = None
    category_path: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    outlet_ids: frozenset[str] = frozenset()
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletOverride:
    """What an outlet changes about a product or one of its variants; None is inherited."""

    price: Decimal | None = None
    status: Status | None = None
    paused_until: datetime | None = None


OverrideKey = tuple[str, str, str | None]
"""(outlet id, product id, variant id or None)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class PricingCatalog:
    """Everything about a store that decides what a cart costs, in one value that can be cached by version.

    ``exponent`` is the currency's number of decimals. ``min_order`` is service → lowest subtotal. ``at_outlets`` has
    the whole once more for outlets with taxes or a service charge of their own.
    """

    exponent: int
    products: Mapping[str, Product] = field(default_factory=dict)
    combos: Mapping[str, Combo] = field(default_factory=dict)
    groups: Mapping[str, ModifierGroup] = field(default_factory=dict)
    pizza: PizzaMenu = field(default_factory=PizzaMenu)
    overrides: Mapping[OverrideKey, OutletOverride] = field(default_factory=dict)
    tax: TaxRules = field(default_factory=TaxRules)
    service_charge: ServiceCharge | None = None
    price_lists: Mapping[str, PriceList] = field(default_factory=dict)
    promotions: tuple[Promotion, ...] = ()
    loyalty: Loyalty | None = None
    min_order: Mapping[str, Decimal] = field(default_factory=dict)
    at_outlets: Mapping[str, PricingCatalog] = field(default_factory=dict)
    _products_by_slug: Mapping[str, Product] = field(init=False, repr=False, compare=False)
    _combos_by_slug: Mapping[str, Combo] = field(init=False, repr=False, compare=False)
    _groups_by_slug: Mapping[str, ModifierGroup] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index by slug once, so that a lookup by slug is as cheap as one by id."""
        object.__setattr__(self, "_products_by_slug", {row.slug: row for row in self.products.values()})
        object.__setattr__(self, "_combos_by_slug", {row.slug: row for row in self.combos.values()})
        object.__setattr__(self, "_groups_by_slug", {row.slug: row for row in self.groups.values()})

    def at(self, outlet_id: str | None) -> PricingCatalog:
        """The catalog as it holds at an outlet."""
        return self.at_outlets.get(outlet_id or "", self)

    def product(self, ref: str) -> Product | None:
        """A product by id or slug."""
        return self.products.get(ref) or self._products_by_slug.get(ref)

    def combo(self, ref: str) -> Combo | None:
        """A combo by id or slug."""
        return self.combos.get(ref) or self._combos_by_slug.get(ref)

    def group(self, ref: str) -> ModifierGroup | None:
        """A modifier group by id or slug."""
        return self.groups.get(ref) or self._groups_by_slug.get(ref)
