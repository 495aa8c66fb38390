"""Reads of promotions, coupons and price lists for the staff API. Each is a constant number of queries."""

from uuid import UUID

from django.db.models import Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.stores.models import (
    CouponBatch,
    CouponCode,
    PriceList,
    PriceListMember,
    PriceListPrice,
    Promotion,
    PromotionItem,
    PromotionTrigger,
    PromotionUse,
)

LINKS = ("product_links", "category_links", "type_links", "outlet_links")


def promotions() -> QuerySet[Promotion]:
    """Promotions in the order they apply, with `used_count`: orders that have them, and those before the store came here."""
    uses = PromotionUse.objects.filter(promotion=OuterRef("pk"), given_back_at=None).order_by()
    count = uses.values("promotion").annotate(n=Count("id")).values("n")
    rows = Promotion.objects.annotate(
        used_count=Coalesce(Subquery(count, output_field=IntegerField()), 0) + F("used_before")
    )
    parts = PromotionItem.objects.select_related("product").order_by("pk")
    return rows.prefetch_related(*LINKS, Prefetch("items", parts)).order_by("priority", "slug")


def coupons() -> QuerySet[Promotion]:
    """Promotions by a code for everybody, newest first."""
    return promotions().filter(trigger=PromotionTrigger.CODE).order_by("-created_at", "pk")


def coupon_batches() -> QuerySet[CouponBatch]:
    """Batches with `used_count`, newest first."""
    used = Count("codes", filter=Q(codes__order__isnull=False))
    return CouponBatch.objects.select_related("promotion").annotate(used_count=used).order_by("-created_at", "pk")


def coupon_codes(batch_id: UUID) -> QuerySet[CouponCode]:
    """The codes of a batch with their orders."""
    return CouponCode.objects.filter(batch_id=batch_id).select_related("order").order_by("code")


def price_lists() -> QuerySet[PriceList]:
    """Price lists with their fixed prices and `member_count`."""
    prices = PriceListPrice.objects.select_related("product", "variant").order_by("product__folded", "pk")
    rows = PriceList.objects.annotate(member_count=Count("members"))
    return rows.prefetch_related(Prefetch("prices", prices)).order_by("name", "pk")


def members(price_list_id: UUID) -> QuerySet[PriceListMember]:
    """Who buys by a list."""
    rows = PriceListMember.objects.select_related("customer").filter(price_list_id=price_list_id)
    return rows.order_by("customer__name", "pk")
