"""Filters of the lists of promotions, coupons and codes."""

import django_filters as filters
from django.db.models import Q, QuerySet

from apps.stores.models import CouponCode, Promotion, PromotionKind, PromotionTrigger


class PromotionFilter(filters.FilterSet):
    """`kind trigger is_active search`."""

    kind = filters.ChoiceFilter(choices=PromotionKind.choices)
    trigger = filters.ChoiceFilter(choices=PromotionTrigger.choices)
    is_active = filters.BooleanFilter()
    search = filters.CharFilter(method="by_search", help_text="Part of the name, code or slug.")

    class Meta:
        model = Promotion
        fields: list[str] = []

    def by_search(self, rows: QuerySet[Promotion], name: str, value: str) -> QuerySet[Promotion]:
        """Those called so."""
        named = Q(name__icontains=value) | Q(description__icontains=value)
        return rows.filter(named | Q(code__icontains=value) | Q(slug__icontains=value))


class CouponFilter(PromotionFilter):
    """`discount_type is_active search`, as the dashboard asks."""

    discount_type = filters.ChoiceFilter(field_name="kind", choices=PromotionKind.choices)


class CodeFilter(filters.FilterSet):
    """`used search`."""

    used = filters.BooleanFilter(field_name="order", lookup_expr="isnull", exclude=True)
    search = filters.CharFilter(field_name="code", lookup_expr="icontains")

    class Meta:
        model = CouponCode
        fields: list[str] = []
