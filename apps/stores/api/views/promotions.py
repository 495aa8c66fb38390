"""Promotions, coupons and batches of single-use codes over HTTP. Nobody outside the store reads them: codes are secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Invalid
from apps.stores.api.offer_filters import CodeFilter, CouponFilter, PromotionFilter
from apps.stores.api.serializers.promotion import (
    BatchSerializer,
    CodeSerializer,
    CouponSerializer,
    CouponStatsOut,
    PromotionSerializer,
    parted,
)
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented, found
from apps.stores.models import CouponBatch, Promotion, PromotionTrigger
from apps.stores.permissions import Perm
from apps.stores.queries import staff_offers
from apps.stores.services import coupon_batch as batches
from apps.stores.services import promotion as offers

# Of a batch; its codes stay what they are.
CHANGEABLE = ("name", "ends", "is_active")
# Our columns → the dashboard's fields.
DASHBOARD = {
    "kind": "discount_type", "value": "discount_value", "min_subtotal": "min_purchase", "total_limit": "usage_limit",
    "per_customer_limit": "usage_limit_per_user", "starts": "valid_from", "ends": "valid_until",
}  # fmt: skip
NEEDS: dict[str, Perm | None] = {
    "list": Perm.PROMOTIONS_VIEW,
    "retrieve": Perm.PROMOTIONS_VIEW,
    "stats": Perm.PROMOTIONS_VIEW,
    "codes": Perm.PROMOTIONS_VIEW,
    "create": Perm.PROMOTIONS_EDIT,
    "partial_update": Perm.PROMOTIONS_EDIT,
    "destroy": Perm.PROMOTIONS_EDIT,
    "toggle_active": Perm.PROMOTIONS_EDIT,
}


@documented("promotions")
class PromotionViewSet(StoreViewSet[Promotion]):
    """Rules that lower a price."""

    model = Promotion
    serializer_class: Any = PromotionSerializer
    filterset_class: Any = PromotionFilter
    needs = NEEDS

    def rows(self) -> QuerySet[Promotion]:
        """All promotions in the order they apply."""
        return staff_offers.promotions()

    def create(self, request: Request, slug: str) -> Response:
        """A new promotion: automatic, by `code`, or by single-use codes (`trigger`)."""
        values, links, items = parted(self.named(validated(self.shape(request))))
        made = offers.create(actor=self.actor, values=values, links=links, items=items or ())
        return self.show(self.one(made.pk), status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names; lists of links and `items` replace those there were."""
        promotion = self._own(id)
        values, links, items = parted(validated(self.shape(request, promotion, partial=True)))
        offers.change(promotion=promotion, actor=self.actor, values=values, links=links, items=items)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete it with its codes; orders keep what they were given."""
        offers.delete(promotion=self._own(id), actor=self.actor)
        return Response(status=204)

    def named(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of a new row."""
        return values

    def _own(self, pk: UUID) -> Promotion:
        promotion: Promotion = self.one(pk)
        return promotion


@documented("coupons")
class CouponViewSet(PromotionViewSet):
    """Promotions by one code for everybody, in the dashboard's words."""

    serializer_class = CouponSerializer
    filterset_class = CouponFilter

    def rows(self) -> QuerySet[Promotion]:
        """All coupons, newest first."""
        return staff_offers.coupons()

    def create(self, request: Request, slug: str) -> Response:
        """A new coupon."""
        with _in_the_dashboards_words():
            return super().create(request, slug)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names."""
        with _in_the_dashboards_words():
            return super().partial_update(request, slug, id)

    def named(self, values: dict[str, Any]) -> dict[str, Any]:
        """Dashboards give a code and no name."""
        name = values.get("name") or values.get("description") or values["code"]
        return {**values, "name": str(name)[:120], "trigger": PromotionTrigger.CODE}

    @extend_schema(request=None, responses=CouponSerializer)
    def toggle_active(self, request: Request, slug: str, id: UUID) -> Response:
        """Switch it off, or on again."""
        promotion = self._own(id)
        offers.change(promotion=promotion, actor=self.actor, values={"is_active": not promotion.is_active})
        return self.show(self.one(id))

    @extend_schema(responses=CouponStatsOut, filters=False)
    def stats(self, request: Request, slug: str) -> Response:
        """How many there are, and how often they were used."""
        shown = CouponSerializer(self.rows(), many=True, context=self.get_serializer_context()).data
        active = sum(bool(row["is_valid_now"]) for row in shown)
        off = sum(not row["is_active"] for row in shown)
        counts = {"total": len(shown), "active": active, "inactive": off, "expired": len(shown) - active - off}
        return Response({**counts, "total_usage": sum(row["used_count"] for row in shown)})


@contextmanager
def _in_the_dashboards_words() -> Iterator[None]:
    """Field errors under the names the dashboard sent."""
    try:
        yield
    except Invalid as problem:
        problem.errors = {DASHBOARD.get(name, name): texts for name, texts in problem.errors.items()}
        codes = problem.extra.get("codes", {})
        problem.extra["codes"] = {DASHBOARD.get(name, name): words for name, words in codes.items()}
        raise


@documented("coupons")
class CouponBatchViewSet(StoreViewSet[CouponBatch]):
    """Batches of codes that each work once."""

    model = CouponBatch
    serializer_class = BatchSerializer
    needs = NEEDS

    def rows(self) -> QuerySet[CouponBatch]:
        """All batches, newest first."""
        return staff_offers.coupon_batches()

    def create(self, request: Request, slug: str) -> Response:
        """Make `size` codes for a promotion whose `trigger` is `single_use`."""
        values = validated(self.shape(request))
        batch = batches.create(promotion=values.pop("promotion"), actor=self.actor, values=values)
        return self.show(self.one(batch.pk), status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Rename it, set its last day, switch it on and off. Its codes stay what they are."""
        batch = self._own(id)
        values = validated(self.shape(request, batch, partial=True))
        allowed: dict[str, Any] = {name: values[name] for name in CHANGEABLE if name in values}
        batches.change(batch=batch, actor=self.actor, values=allowed)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete it with its codes, as long as no order has one."""
        batches.delete(batch=self._own(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(responses=CodeSerializer(many=True), filters=False)
    def codes(self, request: Request, slug: str, id: UUID) -> Response:
        """A page of its codes; `used=true|false` picks those that are used or free."""
        rows = staff_offers.coupon_codes(self._own(id).pk)
        return self.page(CodeFilter(request.query_params, rows).qs, CodeSerializer)

    def _own(self, pk: UUID) -> CouponBatch:
        batch: CouponBatch = found(CouponBatch.objects.filter(pk=pk))
        return batch
