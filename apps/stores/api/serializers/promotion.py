"""Shapes of promotions, and of coupons in the words of the published dashboard (clients/dashboard.md 2.8)."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.clock import local, now
from apps.core.scope import current_store_id
from apps.stores.api.fields import RelatedById, RelatedList, RowSerializer
from apps.stores.models import (
    Category,
    CouponBatch,
    CouponCode,
    Outlet,
    Product,
    ProductType,
    Promotion,
    PromotionItem,
    PromotionTrigger,
    Store,
)
from apps.stores.services.promotion import Items, Links

LINKS = ("products", "categories", "product_types", "outlets")
# The dashboard cuts the date out of both ends without looking whether there is one.
FOREVER = date(2099, 12, 31)


class PartSerializer(RowSerializer[PromotionItem]):
    """So many units of a product in one set."""

    product_name = serializers.CharField(source="product.name", read_only=True)

    class Meta:
        model = PromotionItem
        fields = ["product", "product_name", "quantity"]


class PromotionSerializer(RowSerializer[Promotion]):
    """A promotion. Empty `products`, `categories` and `product_types`: every line. Other empty lists: everywhere.

    With a `code` it is a coupon. `trigger: single_use` waits for codes of a batch. `ends` is included, `until` is not.
    """

    trigger = serializers.ChoiceField(choices=PromotionTrigger.choices, required=False)
    products = RelatedList(model=Product, links="product_links", key="product_id", required=False)
    categories = RelatedList(model=Category, links="category_links", key="category_id", required=False)
    product_types = RelatedList(model=ProductType, links="type_links", key="product_type_id", required=False)
    outlets = RelatedList(model=Outlet, links="outlet_links", key="outlet_id", required=False)
    items = PartSerializer(many=True, required=False)
    used_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Promotion
        fields = [
            "id", "slug", "name", "description", "kind", "trigger", "code", "value", "buy", "get", "items", "products", "categories",
            "product_types", "min_subtotal", "max_discount", "starts", "ends", "weekdays", "since", "until", "services", "channels",
            "outlets", "first_order", "retail_only", "per_customer_limit", "total_limit", "used_count", "combinable", "priority",
            "is_active", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "created_at", "updated_at"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


def parted(values: dict[str, Any]) -> tuple[dict[str, Any], Links, Items | None]:
    """Checked values as the service takes them: columns, links, parts of a set."""
    links = {name: values.pop(name) for name in LINKS if name in values}
    parts = values.pop("items", None)
    items = None if parts is None else [(row["product"], row.get("quantity", 1)) for row in parts]
    return values, links, items


@extend_schema_field(OpenApiTypes.DATE)
class DayField(serializers.Field[Any, Any, Any, Any]):
    """A day; a moment is accepted too, and means the day it is written with."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": serializers.DateField.default_error_messages["invalid"]
    }

    def to_internal_value(self, data: Any) -> date:
        """The day."""
        try:
            return datetime.fromisoformat(str(data)).date()
        except ValueError:
            self.fail("invalid", format="YYYY-MM-DD")

    def to_representation(self, value: date) -> str:
        """ISO."""
        return value.isoformat()


class CouponSerializer(RowSerializer[Promotion]):
    """A coupon: a promotion by one code for everybody, percentage or fixed."""

    code = serializers.CharField(max_length=40)
    description = serializers.CharField(required=False, allow_blank=True, max_length=280)
    discount_type = serializers.ChoiceField(source="kind", choices=["percentage", "fixed", "free_delivery"])
    discount_value = serializers.DecimalField(
        source="value", max_digits=12, decimal_places=2, min_value=0, required=False
    )
    min_purchase = serializers.DecimalField(
        source="min_subtotal", max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    usage_limit = serializers.IntegerField(source="total_limit", min_value=1, required=False, allow_null=True)
    usage_limit_per_user = serializers.IntegerField(
        source="per_customer_limit", min_value=1, required=False, allow_null=True
    )
    used_count = serializers.IntegerField(read_only=True)
    is_valid_now = serializers.SerializerMethodField()
    first_order_only = serializers.BooleanField(source="first_order", required=False)
    applicable_categories = RelatedList(
        model=Category, links="category_links", key="category_id", required=False, source="categories"
    )
    valid_from = DayField(source="starts", required=False, allow_null=True)
    valid_until = DayField(source="ends", required=False, allow_null=True)

    class Meta:
        model = Promotion
        fields = [
            "id", "code", "name", "description", "discount_type", "discount_value", "min_purchase", "max_discount", "usage_limit",
            "usage_limit_per_user", "used_count", "is_active", "is_valid_now", "first_order_only", "applicable_categories",
            "valid_from", "valid_until", "combinable", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "created_at", "updated_at"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"name": {"required": False}}

    @cached_property
    def _today(self) -> date:
        """The date in the store; one look for a whole list, which has one serializer."""
        timezone = Store.objects.values_list("timezone", flat=True).get(pk=current_store_id())
        return local(now(), timezone).date()

    def get_is_valid_now(self, row: Any) -> bool:
        """Whether the code would be accepted today from somebody with the right cart."""
        today = self._today
        running = (row.starts is None or row.starts <= today) and (row.ends is None or today <= row.ends)
        return bool(row.is_active and running and (row.total_limit is None or row.used_count < row.total_limit))

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Never without a `min_purchase`, a `valid_from` and a `valid_until`: the dashboard reads them unseen."""
        shown: dict[str, Any] = super().to_representation(instance)
        shown["min_purchase"] = shown["min_purchase"] or 0
        shown["valid_from"] = shown["valid_from"] or instance.created_at.date().isoformat()
        shown["valid_until"] = shown["valid_until"] or FOREVER.isoformat()
        return shown


class CouponStatsOut(serializers.Serializer[dict[str, int]]):
    """How many coupons there are, and how often they were used."""

    total = serializers.IntegerField()
    active = serializers.IntegerField()
    inactive = serializers.IntegerField()
    expired = serializers.IntegerField()
    total_usage = serializers.IntegerField()


class BatchSerializer(RowSerializer[CouponBatch]):
    """A batch of `size` codes, each good for one order. `promotion` and `size` are set once."""

    promotion = RelatedById(queryset=Promotion.objects)
    used_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = CouponBatch
        fields = ["id", "promotion", "name", "prefix", "size", "ends", "is_active", "used_count", "created_at"]
        read_only_fields: ClassVar[list[str]] = ["id", "created_at"]


class CodeSerializer(RowSerializer[CouponCode]):
    """A code, and the order that has it."""

    order_number = serializers.CharField(source="order.code", read_only=True, default=None, allow_null=True)

    class Meta:
        model = CouponCode
        fields = ["id", "code", "used_at", "order", "order_number"]
        read_only_fields: ClassVar[list[str]] = ["id", "code", "used_at", "order"]
