"""Shapes of couriers and deliveries."""

from typing import Any

from rest_framework import serializers

from apps.stores.models import OrderStatus, PaymentStatus, Proof


class CourierOut(serializers.Serializer[dict[str, Any]]):
    """A courier and how many orders are in their hands."""

    id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    outlets = serializers.ListField(child=serializers.UUIDField())
    open_orders = serializers.IntegerField()


class AssignIn(serializers.Serializer[dict[str, Any]]):
    """Who brings it; null takes the order from whoever has it."""

    courier = serializers.UUIDField(allow_null=True)


class DeliverIn(serializers.Serializer[dict[str, Any]]):
    """The customer's code – or, from the store, why there is none."""

    code = serializers.CharField(required=False, allow_blank=True, max_length=10)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=280)


class JobOut(serializers.Serializer[dict[str, Any]]):
    """An order in a courier's hands."""

    id = serializers.UUIDField()
    order_id = serializers.UUIDField()
    order_number = serializers.CharField()
    display_number = serializers.CharField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    status_display = serializers.CharField()
    courier = serializers.JSONField()
    assigned_at = serializers.DateTimeField()
    customer_name = serializers.CharField()
    customer_phone = serializers.CharField()
    delivery_address = serializers.JSONField()
    notes = serializers.CharField()
    items = serializers.JSONField()
    currency = serializers.CharField()
    total = serializers.FloatField()
    payment_method = serializers.CharField()
    payment_status = serializers.ChoiceField(choices=PaymentStatus.choices)
    to_collect = serializers.FloatField()
    proof = serializers.ChoiceField(choices=Proof.choices, allow_blank=True)
    proof_reason = serializers.CharField()
    guesses = serializers.IntegerField()
    out_for_delivery_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
