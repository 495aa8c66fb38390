"""Shapes of products, variants and pictures. Fields only staff see are left out for everybody else."""

from decimal import Decimal
from typing import Any, ClassVar

from rest_framework import serializers

from apps.stores.api.fields import RelatedById, RelatedList, RowSerializer
from apps.stores.models import Category, ModifierGroup, Outlet, Product, ProductImage, StockLevel, Variant
from apps.stores.services.product_bulk import MAX_ROWS, BulkAction
from apps.stores.services.stock import MAX_QUANTITY, StockWish

STAFF_ONLY = ("cost_price", "stock", "barcode")


class StockField(serializers.Serializer[Any]):
    """Stock of a product or variant; null when it is not tracked. Writing null switches tracking off."""

    id = serializers.UUIDField(read_only=True)
    on_hand = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, required=False)
    reserved = serializers.IntegerField(read_only=True)
    available = serializers.SerializerMethodField()
    low_threshold = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, required=False)

    def get_attribute(self, instance: Any) -> StockLevel | None:
        """The level of a row whose `stock_levels` are prefetched."""
        return next((level for level in instance.stock_levels.all() if level.outlet_id is None), None)

    def get_available(self, level: StockLevel) -> int:
        """What can be sold."""
        return level.on_hand - level.reserved


def stock_wish(values: dict[str, Any]) -> StockWish | None:
    """Takes `stock` out of checked values; None when the body did not speak of it."""
    if "stock" not in values:
        return None
    wanted = values.pop("stock")
    if wanted is None:
        return StockWish(tracked=False)
    return StockWish(tracked=True, on_hand=wanted.get("on_hand"), low_threshold=wanted.get("low_threshold"))


class StaffFieldsMixin(serializers.Serializer[Any]):
    """Leaves `STAFF_ONLY` out unless the context says the caller is staff."""

    def get_fields(self) -> dict[str, Any]:
        """The fields this caller may see."""
        fields = super().get_fields()
        if not self.context.get("staff", True):
            for name in STAFF_ONLY:
                fields.pop(name, None)
        return fields


class ProductImageSerializer(RowSerializer[ProductImage]):
    """A stored picture; `image` is its address."""

    image = serializers.FileField(read_only=True)

    class Meta:
        model = ProductImage
        fields = ["id", "image", "alt", "position"]
        read_only_fields: ClassVar[list[str]] = ["id", "image"]


class NewImageSerializer(serializers.Serializer[Any]):
    """A picture to add: JPEG, PNG or WebP, at most 8 MB and 40 megapixels."""

    image = serializers.FileField()
    alt = serializers.CharField(required=False, allow_blank=True, max_length=160)


class VariantSerializer(StaffFieldsMixin, RowSerializer[Variant]):
    """A priced form of a product."""

    stock = StockField(required=False, allow_null=True)

    class Meta:
        model = Variant
        fields = ["id", "slug", "sku", "name", "price", "sale", "weight_g", "content", "position", "is_active", "stock"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}, "sku": {"required": False}}


class ProductSerializer(StaffFieldsMixin, RowSerializer[Product]):
    """A product with its pictures, variants, asked groups (in order) and outlets (none: all).

    `cost_price`, `barcode` and `stock` are only there for staff.
    """

    category_name = serializers.CharField(source="category.name", read_only=True)
    modifier_groups = RelatedList(model=ModifierGroup, links="group_links", key="group_id", required=False)
    outlets = RelatedList(model=Outlet, links="outlet_links", key="outlet_id", required=False)
    images = ProductImageSerializer(many=True, read_only=True)
    variants = VariantSerializer(many=True, read_only=True)
    stock = StockField(required=False, allow_null=True)

    class Meta:
        model = Product
        fields = [
            "id", "category", "category_name", "product_type", "slug", "sku", "barcode", "name", "description", "short_description",
            "kind", "status", "paused_until", "position", "featured", "price", "compare_at_price", "cost_price", "sale",
            "flavour_prices", "tax_code", "attributes", "tags", "allergens", "available", "weight_g", "content", "pack", "min_age",
            "digital", "seo", "translations", "modifier_groups", "outlets", "images", "variants", "stock", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "created_at", "updated_at"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}, "sku": {"required": False}}


class BulkSerializer(serializers.Serializer[Any]):
    """One change for many products; `percent` for `price_percent`, `category` for `category`, `minutes|until` for `pause`."""

    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_ROWS)
    action = serializers.ChoiceField(choices=[action.value for action in BulkAction])
    minutes = serializers.IntegerField(min_value=1, max_value=366 * 24 * 60, required=False, allow_null=True)
    until = serializers.DateTimeField(required=False, allow_null=True)
    percent = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=Decimal(-90), max_value=Decimal(500), required=False, allow_null=True
    )
    category = RelatedById(queryset=Category.objects, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An action comes with what it takes."""
        needed = {BulkAction.PRICE_PERCENT: "percent", BulkAction.CATEGORY: "category"}.get(attrs["action"])
        if needed and attrs.get(needed) is None:
            raise serializers.ValidationError({needed: [serializers.ErrorDetail("Required.", code="required")]})
        return attrs


class BulkResultSerializer(serializers.Serializer[Any]):
    """How many products are different now."""

    changed = serializers.IntegerField(read_only=True)
