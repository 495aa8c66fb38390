"""Shapes of loyalty: the program, a customer's points, and the list of accounts."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.customers.models import LoyaltyProgram, PointsKind
from apps.stores.api.fields import RowSerializer

Plain = serializers.Serializer[dict[str, Any]]


class ProgramSerializer(RowSerializer[LoyaltyProgram]):
    """What points are earned for, what they are worth, when they expire, and the stamp card."""

    earn_per = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, coerce_to_string=False
    )
    point_value = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, coerce_to_string=False
    )
    stamp_min_subtotal = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, coerce_to_string=False
    )
    stamp_categories = serializers.ListField(
        child=serializers.SlugField(max_length=80), required=False, max_length=100, help_text="Slugs; empty for all."
    )

    class Meta:
        model = LoyaltyProgram
        fields: ClassVar[list[str]] = [
            "is_active", "earn_per", "earn_points", "point_value", "min_redeem", "expire_days", "stamps_required", "stamp_per",
            "stamp_categories", "stamp_min_subtotal", "stamp_reward", "stamp_reward_points",
        ]  # fmt: skip


class ExpiringOut(Plain):
    """Points with an end."""

    points = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class StampsOut(Plain):
    """A stamp card."""

    stamps = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]  # the name of a field; DRF takes it out of the class
    progress = serializers.IntegerField()
    rewards_available = serializers.IntegerField()
    rewards_claimed = serializers.IntegerField()
    missing = serializers.IntegerField()
    reward = serializers.CharField()


class PointsOut(Plain):
    """What a customer has."""

    balance = serializers.IntegerField()
    debt = serializers.IntegerField()
    value = serializers.FloatField()
    min_redeem = serializers.IntegerField()
    expiring = ExpiringOut(many=True)
    stamps = StampsOut()


class PointsEntryOut(Plain):
    """A line of the ledger."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=PointsKind.choices)
    points = serializers.IntegerField()
    balance = serializers.IntegerField()
    order_number = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class LoyaltyAccountOut(Plain):
    """One account in the list (clients/dashboard.md 2.24)."""

    customer_id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    display_name = serializers.CharField()
    email = serializers.CharField()
    points = serializers.IntegerField()
    qualified_count = serializers.IntegerField()
    redeemed_count = serializers.IntegerField()
    progress = serializers.IntegerField()
    available_rewards = serializers.IntegerField()
    falta = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
