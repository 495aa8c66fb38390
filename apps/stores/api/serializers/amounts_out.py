"""Why something costs what it costs, as carts and orders tell it (`queries.explained` builds it)."""

from typing import Any

from rest_framework import serializers


class DiscountOut(serializers.Serializer[dict[str, Any]]):
    """A promotion that lowered the price."""

    promotion = serializers.CharField()
    name = serializers.CharField()
    code = serializers.CharField(allow_null=True, allow_blank=True)
    amount = serializers.FloatField()


class TraceOut(serializers.Serializer[dict[str, Any]]):
    """A promotion that was looked at, and why it applied or not."""

    promotion = serializers.CharField()
    name = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    applied = serializers.BooleanField()
    amount = serializers.FloatField()
    reason = serializers.CharField()
    missing = serializers.FloatField(allow_null=True)
    detail = serializers.CharField()


class ExplanationOut(serializers.Serializer[dict[str, Any]]):
    """Where an amount comes from. `line` is the index of the line it is of."""

    name = serializers.CharField()
    amount = serializers.FloatField()
    rule = serializers.CharField()
    facts = serializers.DictField()
    detail = serializers.CharField()
    line = serializers.IntegerField(required=False)


class TaxLineOut(serializers.Serializer[dict[str, Any]]):
    """A tax, on what, and how much."""

    code = serializers.CharField()
    name = serializers.CharField()
    rate = serializers.FloatField()
    on = serializers.FloatField()
    tax = serializers.FloatField()


class DeliveryOut(serializers.Serializer[dict[str, Any]]):
    """How the delivery fee came about."""

    kind = serializers.CharField()
    zone = serializers.CharField(allow_null=True)
    zone_name = serializers.CharField(allow_null=True)
    distance_km = serializers.FloatField(allow_null=True)
    eta_minutes = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
