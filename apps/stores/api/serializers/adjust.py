"""Shape of a change of a placed order by hand (`clients/dashboard.md` 2.6, `adjust`)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.stores.api.serializers.cart import MOST_MONEY
from apps.stores.services.adjusting import Adjustment

OPS = ("add", "update", "remove", "price")


class ItemOpIn(serializers.Serializer[dict[str, Any]]):
    """One change of the lines. `add` takes what `cart/add/` takes, `price` a `unit_price` and a `reason`."""

    op = serializers.ChoiceField(choices=[(name, name) for name in OPS])
    item_id = serializers.CharField(required=False, max_length=60)
    quantity = serializers.IntegerField(required=False)
    unit_price = serializers.DecimalField(required=False, **MOST_MONEY)  # type: ignore[arg-type]  # same keywords for every amount
    reason = serializers.CharField(required=False, allow_blank=True, max_length=280)
    product_id = serializers.CharField(required=False, allow_null=True, max_length=80)
    combo_id = serializers.CharField(required=False, allow_null=True, max_length=80)
    variant_id = serializers.CharField(required=False, allow_null=True, max_length=80)
    options = serializers.JSONField(required=False)
    customizations = serializers.JSONField(required=False)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=280)


class AdjustIn(serializers.Serializer[dict[str, Any]]):
    """What shall be otherwise; a zero takes an earlier adjustment back. `reason` stands for what has none of its own."""

    discount = serializers.DecimalField(required=False, allow_null=True, **MOST_MONEY)  # type: ignore[arg-type]  # same keywords for every amount
    discount_reason = serializers.CharField(required=False, allow_blank=True, max_length=280)
    surcharge_value = serializers.DecimalField(required=False, allow_null=True, **MOST_MONEY)  # type: ignore[arg-type]  # same keywords for every amount
    surcharge_reason = serializers.CharField(required=False, allow_blank=True, max_length=280)
    delivery_fee = serializers.DecimalField(required=False, allow_null=True, **MOST_MONEY)  # type: ignore[arg-type]  # same keywords for every amount
    delivery_fee_reason = serializers.CharField(required=False, allow_blank=True, max_length=280)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=280, help_text=_("for all of it"))
    item_ops = serializers.ListField(child=ItemOpIn(), required=False, max_length=100)

    @property
    def sets_a_price(self) -> bool:
        """Whether a price is overridden, which takes a permission of its own."""
        return any(row["op"] == "price" for row in self.validated_data.get("item_ops", []))

    def wish(self) -> Adjustment:
        """The checked request as the service reads it."""
        data = self.validated_data
        return Adjustment(
            discount=data.get("discount"), surcharge=data.get("surcharge_value"), delivery_fee=data.get("delivery_fee"),
            reasons={name: data[name] for name in ("discount_reason", "surcharge_reason", "delivery_fee_reason") if data.get(name)},
            reason=data.get("reason", ""), item_ops=data.get("item_ops", []),
        )  # fmt: skip
