"""Shapes of delivery and shipping zones."""

from typing import Any, ClassVar

from apps.stores.api.fields import RowSerializer
from apps.stores.models import DeliveryZone, ShippingZone


class DeliveryZoneSerializer(RowSerializer[DeliveryZone]):
    """A zone, its fee and how it recognises an address (`rule`, by `kind`)."""

    class Meta:
        model = DeliveryZone
        fields = [
            "id", "slug", "name", "kind", "fee", "free_over", "min_order", "eta_from", "eta_to", "rule", "outlet", "position",
            "is_active",
        ]  # fmt: skip
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {"slug": {"required": False}}


class ShippingZoneSerializer(RowSerializer[ShippingZone]):
    """Parcels to some countries by weight."""

    class Meta:
        model = ShippingZone
        fields = ["id", "slug", "name", "countries", "tiers", "free_over", "days_from", "days_to", "position"]
        read_only_fields: ClassVar[list[str]] = ["id"]
        extra_kwargs: ClassVar[dict[str, dict[str, Any]]] = {
            "slug": {"required": False}, "countries": {"required": True}, "tiers": {"required": True},
        }  # fmt: skip
