"""Filters of the staff lists. An empty value is no filter; a value that names nothing finds nothing."""

from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet

from apps.core.ids import parse_uuid
from apps.stores.models import (
    Category,
    Combo,
    DeliveryZone,
    ModifierGroup,
    Product,
    ProductKind,
    SaleStatus,
    StockLevel,
)
from apps.stores.searching import search_words


def by_reference(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Rows whose `name` is the row with this id or slug."""
    pk = parse_uuid(value)
    return rows.filter(**({f"{name}_id": pk} if pk else {f"{name}__slug": value}))


def by_words(rows: QuerySet[Any], column: str, value: str) -> QuerySet[Any]:
    """Rows whose folded column has every word of a query, in any order, accents and capitals aside."""
    for word in search_words(value):
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


class ProductFilter(filters.FilterSet):
    """`status category product_type kind featured tag search ordering`."""

    status = filters.ChoiceFilter(choices=SaleStatus.choices)
    kind = filters.ChoiceFilter(choices=ProductKind.choices)
    featured = filters.BooleanFilter()
    category = filters.CharFilter(method="by_category", help_text="Id or slug.")
    product_type = filters.CharFilter(method="by_type", help_text="Id or slug.")
    tag = filters.CharFilter(method="by_tag")
    search = filters.CharFilter(
        method="by_search", help_text="Words in name, SKU, barcode or tags; accents do not matter."
    )
    ordering = filters.OrderingFilter(
        fields={
            "folded": "name",
            "price": "price",
            "position": "position",
            "category__position": "category",
            "created_at": "created_at",
            "updated_at": "updated_at",
            "sku": "sku",
        }
    )

    class Meta:
        model = Product
        fields: list[str] = []

    def by_category(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Products of a category."""
        return by_reference(rows, "category", value)

    def by_type(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Products of a type."""
        return by_reference(rows, "product_type", value)

    def by_tag(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Products with a tag."""
        return rows.filter(tags__contains=[value])

    def by_search(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Products found by all the words."""
        return by_words(rows, "folded", value)


class CategoryFilter(filters.FilterSet):
    """`parent is_active search`; `parent=none` for the top level."""

    parent = filters.CharFilter(method="by_parent", help_text="Id or slug; `none` for the top level.")
    is_active = filters.BooleanFilter()
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Category
        fields: list[str] = []

    def by_parent(self, rows: QuerySet[Category], name: str, value: str) -> QuerySet[Category]:
        """Categories inside another, or at the top."""
        return rows.filter(parent=None) if value == "none" else by_reference(rows, "parent", value)


class GroupFilter(filters.FilterSet):
    """`search`."""

    search = filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = ModifierGroup
        fields: list[str] = []


class ComboFilter(filters.FilterSet):
    """`status category featured search`."""

    status = filters.ChoiceFilter(choices=SaleStatus.choices)
    featured = filters.BooleanFilter()
    category = filters.CharFilter(method="by_category", help_text="Id or slug.")
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Combo
        fields: list[str] = []

    def by_category(self, rows: QuerySet[Combo], name: str, value: str) -> QuerySet[Combo]:
        """Combos of a category."""
        return by_reference(rows, "category", value)


class StockFilter(filters.FilterSet):
    """`low kind search product outlet`."""

    low = filters.BooleanFilter(method="by_low", help_text="Only levels at their threshold (or only the others).")
    kind = filters.ChoiceFilter(choices=[(name, name) for name in ("product", "variant", "option")], method="by_kind")
    product = filters.CharFilter(method="by_product", help_text="Id: its own level and those of its variants.")
    search = filters.CharFilter(method="by_search")
    outlet = filters.CharFilter(method="by_outlet", help_text="Id or slug; `none` for what all outlets share.")

    class Meta:
        model = StockLevel
        fields: list[str] = []

    def by_outlet(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        """Levels of an outlet."""
        return rows.filter(outlet=None) if value == "none" else by_reference(rows, "outlet", value)

    def by_low(self, rows: QuerySet[StockLevel], name: str, value: bool) -> QuerySet[StockLevel]:
        """Levels at their threshold."""
        low = Q(on_hand__lte=F("low_threshold") + F("reserved"))
        return rows.filter(low if value else ~low)

    def by_kind(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        """Levels of products, variants or options."""
        return rows.filter(**{f"{value}__isnull": False})

    def by_product(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        """Levels of a product and its variants."""
        pk = parse_uuid(value)
        return rows.filter(Q(product_id=pk) | Q(variant__product_id=pk)) if pk else rows.none()

    def by_search(self, rows: QuerySet[StockLevel], name: str, value: str) -> QuerySet[StockLevel]:
        """Levels whose product, variant or option is called so."""
        for word in search_words(value):
            named = Q(product__folded__contains=word) | Q(variant__product__folded__contains=word)
            rows = rows.filter(named | Q(variant__name__icontains=word) | Q(option__name__icontains=word))
        return rows


class ZoneFilter(filters.FilterSet):
    """`is_active search`."""

    is_active = filters.BooleanFilter()
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = DeliveryZone
        fields: list[str] = []
