"""Reads of the menu for the staff API and, with what is hidden left out, for anyone. Each is a constant number of queries."""

from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet

from apps.stores.models import (
    Attribute,
    Category,
    Combo,
    ComboChoice,
    ComboSlot,
    DeliveryZone,
    ModifierGroup,
    ModifierOption,
    Outlet,
    OutletOverride,
    Product,
    ProductImage,
    ProductType,
    SaleStatus,
    ShippingZone,
    SpecialDay,
    StockLevel,
    StockMove,
    Variant,
)
from apps.stores.queries.shown import shown_ids


def products() -> QuerySet[Product]:
    """Products with everything their shape shows, in menu order."""
    return (
        Product.objects.select_related("category")
        .prefetch_related(
            Prefetch("images", ProductImage.objects.order_by("position", "pk")),
            Prefetch("variants", Variant.objects.prefetch_related("stock_levels").order_by("position", "pk")),
            "group_links",
            "outlet_links",
            "stock_levels",
        )
        .order_by("category__position", "category_id", "position", "pk")
    )


def public_products() -> QuerySet[Product]:
    """What anyone may see: on the menu (paused ones are shown as such), in a category that is, active variants only."""
    variants = Variant.objects.filter(is_active=True).order_by("position", "pk")
    rows = products().prefetch_related(None)
    return (
        rows.prefetch_related(
            Prefetch("images", ProductImage.objects.order_by("position", "pk")),
            Prefetch("variants", variants),
            "group_links",
            "outlet_links",
        )
        .exclude(status=SaleStatus.INACTIVE)
        .filter(category_id__in=public_category_ids())
    )


def public_category_ids() -> frozenset[UUID]:
    """Categories that are active, as are all those they are in."""
    rows = Category.objects.values_list("pk", "parent_id", "is_active")
    return shown_ids({pk: (parent, active) for pk, parent, active in rows})


def categories() -> QuerySet[Category]:
    """All categories with how many products are in each, in menu order."""
    return Category.objects.annotate(products_count=Count("products")).order_by("position", "pk")


def public_categories() -> QuerySet[Category]:
    """Shown categories with how many shown products are in each."""
    shown = Count("products", filter=~Q(products__status=SaleStatus.INACTIVE))
    rows = Category.objects.annotate(products_count=shown).order_by("position", "pk")
    return rows.filter(pk__in=public_category_ids())


def product_types() -> QuerySet[ProductType]:
    """Types with their attributes in order."""
    return ProductType.objects.prefetch_related(
        Prefetch("attributes", Attribute.objects.order_by("position", "pk"))
    ).order_by("name", "pk")


def variants(product_id: UUID) -> QuerySet[Variant]:
    """The variants of a product."""
    rows = Variant.objects.select_related("product").prefetch_related("stock_levels")
    return rows.filter(product_id=product_id).order_by("position", "pk")


def product_images(product_id: UUID) -> QuerySet[ProductImage]:
    """The pictures of a product."""
    return ProductImage.objects.select_related("product").filter(product_id=product_id).order_by("position", "pk")


def options() -> QuerySet[ModifierOption]:
    """Options with what they open, in order."""
    return ModifierOption.objects.prefetch_related("opens").order_by("position", "pk")


def modifier_groups() -> QuerySet[ModifierGroup]:
    """Groups with options, and how many products ask them."""
    rows = ModifierGroup.objects.annotate(products_count=Count("product_links"))
    return rows.prefetch_related(Prefetch("options", options())).order_by("name", "pk")


def combos() -> QuerySet[Combo]:
    """Combos with slots and choices."""
    choices = ComboChoice.objects.select_related("product", "variant").prefetch_related("flavour_links")
    slots = ComboSlot.objects.prefetch_related(Prefetch("choices", choices.order_by("position", "pk")))
    return Combo.objects.prefetch_related(Prefetch("slots", slots.order_by("position", "pk"))).order_by(
        "position", "pk"
    )


def outlets() -> QuerySet[Outlet]:
    """Outlets with their special days; the first is the main one."""
    days = SpecialDay.objects.order_by("date")
    return Outlet.objects.prefetch_related(Prefetch("special_days", days)).order_by("position", "created_at", "pk")


def overrides(outlet_id: UUID) -> QuerySet[OutletOverride]:
    """What an outlet prices or stops otherwise."""
    rows = OutletOverride.objects.select_related("product").filter(outlet_id=outlet_id)
    return rows.order_by("product__folded", "pk")


def stock_levels() -> QuerySet[StockLevel]:
    """Levels with what they are of, the emptiest first."""
    rows = StockLevel.objects.select_related("product", "variant__product", "option")
    return rows.annotate(free=F("on_hand") - F("reserved")).order_by("free", "pk")


def stock_moves(level_id: UUID) -> QuerySet[StockMove]:
    """The ledger of a level, newest first."""
    return StockMove.objects.filter(level_id=level_id).order_by("-at", "-pk")


def delivery_zones() -> QuerySet[DeliveryZone]:
    """Zones in the order they are tried."""
    return DeliveryZone.objects.order_by("position", "pk")


def shipping_zones() -> QuerySet[ShippingZone]:
    """Parcel rates in the order they are tried."""
    return ShippingZone.objects.order_by("position", "pk")
