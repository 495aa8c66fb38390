"""Loads everything a store's menu consists of, in a fixed number of queries, for whoever builds something from it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from apps.core.clock import now
from apps.customers.models import LoyaltyProgram
from apps.stores.models import (
    Category,
    Combo,
    ComboChoice,
    ComboChoiceFlavour,
    ComboSlot,
    DeliveryZone,
    ModifierGroup,
    ModifierOption,
    OptionOpens,
    Outlet,
    OutletOverride,
    Product,
    ProductImage,
    ProductModifierGroup,
    ProductOutlet,
    ProductType,
    SaleStatus,
    ServicePause,
    ShippingZone,
    SpecialDay,
    StockLevel,
    Store,
    Variant,
)
from apps.stores.queries import loyalty_rules
from apps.stores.queries.offers import OfferRows, load_offers
from apps.stores.queries.shown import shown_ids

T = TypeVar("T")


def group_by(rows: Iterable[T], attribute: str) -> dict[UUID, list[T]]:
    """Rows by the id in one of their columns, keeping their order."""
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in rows:
        found[getattr(row, attribute)].append(row)
    return found


@dataclass(slots=True, kw_only=True)
class CatalogRows:
    """The rows of one store's menu, children grouped by parent id.

    Products and combos that are inactive or in a category nobody sees (`shown` has the others) are left out, so whatever is
    built from the rows neither shows nor sells them."""

    store: Store
    outlets: list[Outlet]
    special_days: dict[UUID, list[SpecialDay]]
    categories: list[Category]
    shown: frozenset[UUID]
    types: list[ProductType]
    products: list[Product]
    variants: dict[UUID, list[Variant]]
    images: dict[UUID, list[ProductImage]]
    group_ids: dict[UUID, list[UUID]]
    outlet_ids: dict[UUID, list[UUID]]
    overrides: list[OutletOverride]
    groups: list[ModifierGroup]
    options: dict[UUID, list[ModifierOption]]
    opens: dict[UUID, list[UUID]]
    combos: list[Combo]
    slots: dict[UUID, list[ComboSlot]]
    choices: dict[UUID, list[ComboChoice]]
    choice_flavours: dict[UUID, list[UUID]]
    zones: list[DeliveryZone]
    shipping: list[ShippingZone]
    offers: OfferRows
    loyalty: LoyaltyProgram | None = None
    pauses: list[ServicePause] = field(default_factory=list)
    stock: dict[UUID, StockLevel] = field(default_factory=dict)
    outlet_stock: dict[tuple[UUID, UUID], StockLevel] = field(default_factory=dict)
    tracked: set[UUID] = field(default_factory=set)
    at: UUID | None = None

    def available(self, target: UUID) -> int | None:
        """Units of a product, variant or option that can be sold at the outlet `at`; None when it is not tracked."""
        level = (self.outlet_stock.get((self.at, target)) if self.at else None) or self.stock.get(target)
        if level is None:
            return 0 if target in self.tracked else None
        return max(level.on_hand - level.reserved, 0)


def _ids(rows: Iterable[Any], parent: str, child: str) -> dict[UUID, list[UUID]]:
    return {key: [getattr(row, child) for row in found] for key, found in group_by(rows, parent).items()}


def target_of(level: StockLevel) -> UUID:
    """The product, variant or option a level is of."""
    target = level.product_id or level.variant_id or level.option_id
    assert target is not None  # one is set, by constraint
    return target


def load_rows(store_id: UUID) -> CatalogRows:
    """The rows of the store in scope: about twenty queries whatever its size."""
    today = now().date()
    levels = list(StockLevel.objects.all())
    outlets = list(Outlet.objects.filter(is_active=True).order_by("position", "created_at"))
    categories = list(Category.objects.order_by("position", "name"))
    shown = shown_ids({row.pk: (row.parent_id, row.is_active) for row in categories})
    products = Product.objects.exclude(status=SaleStatus.INACTIVE).filter(category_id__in=shown)
    combos = Combo.objects.exclude(status=SaleStatus.INACTIVE).filter(category_id__in=shown)
    return CatalogRows(
        store=Store.objects.get(pk=store_id),
        outlets=outlets,
        at=outlets[0].pk if outlets else None,
        special_days=group_by(
            SpecialDay.objects.filter(date__gte=today - timedelta(days=2)),  # a menu may not change for months
            "outlet_id",
        ),
        categories=categories,
        shown=shown,
        types=list(ProductType.objects.prefetch_related("attributes").order_by("name")),
        products=list(products.order_by("position", "folded")),
        variants=group_by(Variant.objects.filter(is_active=True).order_by("position", "id"), "product_id"),
        images=group_by(ProductImage.objects.order_by("position", "id"), "product_id"),
        group_ids=_ids(ProductModifierGroup.objects.order_by("position"), "product_id", "group_id"),
        outlet_ids=_ids(ProductOutlet.objects.all(), "product_id", "outlet_id"),
        overrides=list(OutletOverride.objects.all()),
        groups=list(ModifierGroup.objects.order_by("name")),
        options=group_by(
            ModifierOption.objects.exclude(status=SaleStatus.INACTIVE).order_by("position", "id"), "group_id"
        ),
        opens=_ids(OptionOpens.objects.order_by("position"), "option_id", "group_id"),
        combos=list(combos.order_by("position", "name")),
        slots=group_by(ComboSlot.objects.order_by("position"), "combo_id"),
        choices=group_by(ComboChoice.objects.order_by("position", "id"), "slot_id"),
        choice_flavours=_ids(ComboChoiceFlavour.objects.all(), "choice_id", "flavour_id"),
        zones=list(DeliveryZone.objects.filter(is_active=True).order_by("position", "name")),
        pauses=list(ServicePause.objects.filter(until__gt=now()).order_by("until")),
        shipping=list(ShippingZone.objects.order_by("position", "name")),
        offers=load_offers(),
        loyalty=loyalty_rules.load(),
        stock={target_of(level): level for level in levels if level.outlet_id is None},
        outlet_stock={(level.outlet_id, target_of(level)): level for level in levels if level.outlet_id is not None},
        tracked={target_of(level) for level in levels},
    )
