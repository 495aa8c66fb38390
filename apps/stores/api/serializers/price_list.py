"""Shapes of price lists."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.customers.models import Customer
from apps.stores.api.fields import RelatedById, RowSerializer
from apps.stores.models import PriceList, PriceListMember, PriceListPrice
from apps.stores.services.price_list import Price


class ListPriceSerializer(RowSerializer[PriceListPrice]):
    """What a product, or one variant of it (by id), costs by the list."""

    product_name = serializers.CharField(source="product.name", read_only=True)
    variant_name = serializers.CharField(source="variant.name", read_only=True, default=None, allow_null=True)

    class Meta:
        model = PriceListPrice
        fields = ["product", "product_name", "variant", "variant_name", "price"]


class PriceListSerializer(RowSerializer[PriceList]):
    """A price list. A write of `prices` replaces them all; what is not in it costs the plain price less `percentage`."""

    prices = ListPriceSerializer(many=True, required=False)
    member_count = serializers.IntegerField(read_only=True, default=0)

    class Meta:
        model = PriceList
        fields = [
            "id", "slug", "name", "percentage", "min_order", "prices", "member_count", "is_active", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "created_at", "updated_at"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


def prices_of(values: dict[str, Any]) -> list[Price] | None:
    """Takes the fixed prices out of checked values; None when the body did not speak of them."""
    rows = values.pop("prices", None)
    if rows is None:
        return None
    return [(row["product"], row.get("variant"), row["price"]) for row in rows]


class MemberSerializer(RowSerializer[PriceListMember]):
    """A customer who buys by the list."""

    customer = RelatedById(queryset=Customer.objects)
    customer_name = serializers.CharField(source="customer.name", read_only=True)

    class Meta:
        model = PriceListMember
        fields = ["id", "customer", "customer_name", "created_at"]
        read_only_fields: ClassVar[list[str]] = ["id", "created_at"]
