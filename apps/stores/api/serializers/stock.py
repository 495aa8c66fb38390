"""Shapes of stock levels, adjustments and the ledger."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.stores.api.fields import RelatedById, RowSerializer
from apps.stores.models import ModifierOption, Outlet, Product, StockLevel, StockMove, Variant
from apps.stores.services.stock import MAX_QUANTITY, Operation

TARGETS = ("product", "variant", "option")


class StockLevelSerializer(RowSerializer[StockLevel]):
    """How much there is of one product, variant or option."""

    name = serializers.SerializerMethodField()
    sku = serializers.SerializerMethodField()
    available = serializers.SerializerMethodField()
    is_low = serializers.SerializerMethodField()

    class Meta:
        model = StockLevel
        fields = [
            "id", "outlet", "product", "variant", "option", "name", "sku", "on_hand", "reserved", "available", "low_threshold", "is_low",
            "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = [name for name in fields if name != "low_threshold"]

    def get_name(self, level: StockLevel) -> str:
        """What it is called; a variant with its product."""
        if level.variant is not None:
            return f"{level.variant.product.name} – {level.variant.name}"
        return str(level.product or level.option)

    def get_sku(self, level: StockLevel) -> str:
        """Its SKU; options have none."""
        return str(getattr(level.variant or level.product, "sku", ""))

    def get_available(self, level: StockLevel) -> int:
        """What can be sold."""
        return level.on_hand - level.reserved

    def get_is_low(self, level: StockLevel) -> bool:
        """Whether it is at its threshold."""
        return level.on_hand - level.reserved <= level.low_threshold


class TrackSerializer(serializers.Serializer[Any]):
    """Switches tracking on for exactly one of `product`, `variant`, `option`."""

    product = RelatedById(queryset=Product.objects, required=False)
    variant = RelatedById(queryset=Variant.objects, required=False)
    option = RelatedById(queryset=ModifierOption.objects, required=False)
    outlet = RelatedById(queryset=Outlet.objects, required=False, allow_null=True)
    on_hand = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, default=0)
    low_threshold = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One target."""
        targets = [attrs[name] for name in TARGETS if attrs.get(name) is not None]
        if len(targets) != 1:
            raise serializers.ValidationError(_("Name one product, variant or option."), code="one_target")
        return {**attrs, "target": targets[0]}


class ThresholdSerializer(serializers.Serializer[Any]):
    """When a level counts as low."""

    low_threshold = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY)


class AdjustSerializer(serializers.Serializer[Any]):
    """What happened to the goods: counted (`set`, `recount`), received (`add`), corrected (`subtract`), thrown away (`waste`)."""

    operation = serializers.ChoiceField(choices=[operation.value for operation in Operation])
    quantity = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY)
    note = serializers.CharField(required=False, allow_blank=True, max_length=160)


class StockMoveSerializer(RowSerializer[StockMove]):
    """A row of the ledger."""

    class Meta:
        model = StockMove
        fields = ["id", "on_hand_delta", "reserved_delta", "reason", "order", "note", "actor_kind", "actor_id", "at"]
        read_only_fields = fields
