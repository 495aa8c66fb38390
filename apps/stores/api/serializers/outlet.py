"""Shapes of outlets, their special days and overrides."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.stores.api.fields import RowSerializer
from apps.stores.models import Outlet, OutletOverride, SpecialDay


class SpecialDaySerializer(RowSerializer[SpecialDay]):
    """Hours of one date; an empty list is closed."""

    class Meta:
        model = SpecialDay
        fields = ["id", "date", "hours", "service_hours", "note"]
        read_only_fields: ClassVar[list[str]] = ["id"]


class OutletSerializer(RowSerializer[Outlet]):
    """A branch with its week; `special_days` are read here and written at their own address."""

    special_days = SpecialDaySerializer(many=True, read_only=True)

    class Meta:
        model = Outlet
        fields = [
            "id", "slug", "name", "phone", "address", "latitude", "longitude", "hours", "service_hours", "services",
            "scheduling", "prep_minutes", "tax", "service_charge", "position", "is_active",
            "paused_until", "pause_reason", "special_days", "created_at",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id", "created_at"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {
            "slug": {"required": False},
            "hours": {"required": True},
            "latitude": {"min_value": -90, "max_value": 90},
            "longitude": {"min_value": -180, "max_value": 180},
        }


class OverrideSerializer(RowSerializer[OutletOverride]):
    """Another price or status at an outlet; null or an empty text inherits."""

    product_name = serializers.CharField(source="product.name", read_only=True)

    class Meta:
        model = OutletOverride
        fields = ["id", "product", "product_name", "variant", "price", "status", "paused_until"]
        read_only_fields: ClassVar[list[str]] = ["id"]
