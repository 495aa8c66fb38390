"""Shapes of combos, their slots and choices."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.stores.api.fields import RelatedList, RowSerializer
from apps.stores.models import Combo, ComboChoice, ComboSlot, Product


class ChoiceSerializer(RowSerializer[ComboChoice]):
    """A product that may fill a slot; a pizza has a size and the flavours allowed in it."""

    product_name = serializers.CharField(source="product.name", read_only=True)
    variant_name = serializers.CharField(source="variant.name", read_only=True, default=None, allow_null=True)
    flavours = RelatedList(model=Product, links="flavour_links", key="flavour_id", required=False)

    class Meta:
        model = ComboChoice
        fields = ["product", "product_name", "variant", "variant_name", "extra", "size", "flavours"]


class SlotSerializer(RowSerializer[ComboSlot]):
    """A place in a combo."""

    choices = ChoiceSerializer(many=True)

    class Meta:
        model = ComboSlot
        fields = ["id", "slug", "name", "min", "max", "choices"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


class ComboSerializer(RowSerializer[Combo]):
    """A set at one price. A write of `slots` replaces the list. `image` is written at `…/image/`."""

    image = serializers.FileField(read_only=True, allow_null=True)
    slots = SlotSerializer(many=True, required=False)

    class Meta:
        model = Combo
        fields = [
            "id", "category", "slug", "name", "description", "image", "price", "compare_at_price", "status", "paused_until",
            "featured", "position", "available", "translations", "slots",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}
