"""Shapes of `validate-coupon`, and of how an amount is explained."""

from typing import Any

from rest_framework import serializers

from apps.stores.models import Service
from apps.stores.models.promotion import CODE_LENGTH


class CouponIn(serializers.Serializer[dict[str, Any]]):
    """A code, and what is known already of how and by whom it will be used. `subtotal` is the browser's and decides nothing."""

    code = serializers.CharField(max_length=CODE_LENGTH)
    subtotal = serializers.FloatField(required=False, allow_null=True)
    delivery_method = serializers.ChoiceField(choices=Service.choices, required=False, allow_null=True)
    outlet = serializers.CharField(required=False, allow_blank=True, max_length=60)
    channel = serializers.CharField(required=False, allow_blank=True, max_length=12, help_text="`web` unless said.")
    customer_phone = serializers.CharField(required=False, allow_blank=True, max_length=30)
    customer_email = serializers.CharField(required=False, allow_blank=True, max_length=160)
    cart_key = serializers.CharField(required=False, allow_blank=True, max_length=80)


class CartQuery(serializers.Serializer[dict[str, Any]]):
    """What a cart may be shown with: a code, and how it will be served."""

    coupon = serializers.CharField(required=False, allow_blank=True, max_length=CODE_LENGTH)
    service = serializers.ChoiceField(choices=Service.choices, required=False, allow_blank=True)


class PromotionTraceOut(serializers.Serializer[dict[str, Any]]):
    """A promotion that was looked at: whether it applied, and if not, why."""

    promotion = serializers.CharField()
    name = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    applied = serializers.BooleanField()
    amount = serializers.FloatField()
    reason = serializers.CharField()
    missing = serializers.FloatField(allow_null=True)
    detail = serializers.CharField()


class AmountOut(serializers.Serializer[dict[str, Any]]):
    """Where an amount comes from. `line` is the place of the line it is about."""

    name = serializers.CharField()
    amount = serializers.FloatField()
    rule = serializers.CharField()
    facts = serializers.JSONField()
    detail = serializers.CharField()
    line = serializers.IntegerField(required=False)


class CouponOut(serializers.Serializer[dict[str, Any]]):
    """The coupon's effect. `discount_type` is `percentage` only where the browser's own calculation comes to `discount`."""

    valid = serializers.BooleanField()
    code = serializers.CharField()
    description = serializers.CharField()
    discount_type = serializers.CharField()
    discount_value = serializers.FloatField()
    discount = serializers.FloatField()
    kind = serializers.CharField()
    value = serializers.FloatField()
    max_discount = serializers.FloatField(allow_null=True)
    min_subtotal = serializers.FloatField(allow_null=True)
    reason = serializers.CharField()
    subtotal = serializers.FloatField()
    total_discount = serializers.FloatField()
    promotions = PromotionTraceOut(many=True)
    explanation = AmountOut(many=True)
