"""Loyalty: the program of a store, and what each customer has.

`PointsEntry` is the ledger: rows are only ever added. `PointsAccount.balance` is its sum, changed by conditional update
and never negative; `PointsLot` says which points are left of each earning, so that the oldest are spent and expire first.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.money import MoneyField
from apps.core.scope import ScopedModel
from apps.customers.models.customer import Customer


class LoyaltyProgram(ScopedModel):
    """For every full `earn_per` of an order's net amount `earn_points`; a point takes `point_value` off.

    Stamps: each completed order (or each unit, `stamp_per`) of the categories gives one; `stamps_required` of them are a reward.
    """

    class StampPer(models.TextChoices):
        """What is counted."""

        ORDER = "order", _("order")
        UNIT = "unit", _("unit")

    is_active = models.BooleanField(default=True)
    earn_per = MoneyField(default=1, validators=[MinValueValidator(0)])
    earn_points = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(1_000_000)])
    point_value = MoneyField(default=0, validators=[MinValueValidator(0)])
    min_redeem = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(1_000_000_000)])
    expire_days = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3660)]
    )
    stamps_required = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(1000)])
    stamp_per = models.CharField(max_length=5, choices=StampPer.choices, default=StampPer.ORDER)
    stamp_categories = models.JSONField(default=list, blank=True)
    stamp_min_subtotal = MoneyField(default=0, validators=[MinValueValidator(0)])
    stamp_reward = models.CharField(max_length=160, blank=True)
    stamp_reward_points = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(1_000_000)])
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("loyalty program")
        verbose_name_plural = _("loyalty programs")
        db_table = "loyalty_programs"
        constraints = [models.UniqueConstraint(fields=["store"], name="one_loyalty_program")]

    def __str__(self) -> str:
        return f"{self.earn_points} / {self.earn_per}"


class PointsAccount(ScopedModel):
    """The points and stamps of one customer. `debt` is what was taken back after it had been spent: it is earned off first."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="points")
    balance = models.PositiveIntegerField(default=0)
    debt = models.PositiveIntegerField(default=0)
    stamps = models.PositiveIntegerField(default=0)
    rewards_claimed = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("points account")
        verbose_name_plural = _("points accounts")
        db_table = "loyalty_accounts"
        constraints = [models.CheckConstraint(condition=models.Q(balance__gte=0), name="points_not_negative")]

    def __str__(self) -> str:
        return f"{self.balance}"


class PointsKind(models.TextChoices):
    """Why points came or went."""

    OPENING = "opening", _("brought along")
    EARNED = "earned", _("earned")
    REDEEMED = "redeemed", _("redeemed")
    GIVEN_BACK = "given_back", _("given back")
    REVERSED = "reversed", _("taken back")
    EXPIRED = "expired", _("expired")
    ADJUSTED = "adjusted", _("adjusted")
    REWARD = "reward", _("reward")
    MERGED_IN = "merged_in", _("from another record")
    MERGED_OUT = "merged_out", _("to another record")


# An order earns once, redeems once, gives back once; a second try finds the row.
ONCE_PER_ORDER = (PointsKind.EARNED, PointsKind.REDEEMED, PointsKind.GIVEN_BACK)


class PointsEntry(ScopedModel):
    """A line of the ledger: `points` came (or went, negative), and `balance` was there afterwards."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="points_entries")
    kind = models.CharField(max_length=10, choices=PointsKind.choices)
    points = models.IntegerField()
    balance = models.PositiveIntegerField()
    order = models.ForeignKey("stores.Order", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=280, blank=True)
    expires_at = models.DateTimeField(null=True, editable=False)
    actor_kind = models.CharField(max_length=12)
    actor_label = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        db_table = "loyalty_entries"
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=models.Q(kind__in=ONCE_PER_ORDER), name="points_once_per_order"
            )
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="points_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.points:+d}"


class PointsLot(ScopedModel):
    """What is left of points that came together and expire together."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="points_lots")
    remaining = models.PositiveIntegerField()
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        db_table = "loyalty_lots"
        indexes = [
            models.Index(fields=["customer"], condition=models.Q(remaining__gt=0), name="lots_left"),
            models.Index(fields=["expires_at"], condition=models.Q(remaining__gt=0), name="lots_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.remaining}"


class StampEntry(ScopedModel):
    """Stamps an order gave, and whether they were taken back. One row per order."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="stamp_entries")
    order = models.OneToOneField("stores.Order", on_delete=models.PROTECT, related_name="+")
    stamps = models.PositiveIntegerField()
    reversed_at = models.DateTimeField(null=True, editable=False)
    at = models.DateTimeField(default=now, editable=False)

    class Meta(ScopedModel.Meta):
        db_table = "loyalty_stamps"

    def __str__(self) -> str:
        return f"{self.stamps}"
