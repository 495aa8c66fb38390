"""Reads of loyalty: the program, and what a customer has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from apps.core.clock import now
from apps.customers.models import LoyaltyProgram, PointsAccount, PointsEntry, PointsLot

EXPIRING_SHOWN = 20


def program() -> LoyaltyProgram | None:
    """The program of the store in scope, if it has one that is running."""
    return LoyaltyProgram.objects.filter(is_active=True).first()


def available(customer_id: UUID) -> int:
    """Points that can be redeemed at this moment: what is over but not swept yet is not among them."""
    balance = PointsAccount.objects.filter(customer_id=customer_id).values_list("balance", flat=True).first() or 0
    over = PointsLot.objects.filter(customer_id=customer_id, remaining__gt=0, expires_at__lte=now())
    return max(int(balance) - int(over.aggregate(points=Sum("remaining"))["points"] or 0), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Stamps: how many, how many of the present card, how many rewards wait, how many stamps to the next."""

    stamps: int
    required: int
    progress: int
    rewards_available: int
    rewards_claimed: int
    missing: int


def card(account: PointsAccount | None, rules: LoyaltyProgram | None) -> Card:
    """The stamp card of a customer."""
    stamps, claimed = (account.stamps, account.rewards_claimed) if account else (0, 0)
    required = rules.stamps_required if rules else 0
    if not required:
        return Card(stamps=stamps, required=0, progress=0, rewards_available=0, rewards_claimed=claimed, missing=0)
    progress = stamps % required
    return Card(
        stamps=stamps, required=required, progress=progress, rewards_available=max(stamps // required - claimed, 0),
        rewards_claimed=claimed, missing=required - progress,
    )  # fmt: skip


def account_of(customer_id: UUID) -> PointsAccount | None:
    """The account, if there ever was anything in it."""
    return PointsAccount.objects.filter(customer_id=customer_id).first()


def summary(customer_id: UUID) -> dict[str, Any]:
    """Balance, what it is worth, what expires next, and the stamp card."""
    rules, account, points = program(), account_of(customer_id), available(customer_id)
    stamps = card(account, rules)
    return {
        "balance": points,
        "debt": account.debt if account else 0,
        "value": points * rules.point_value if rules else 0,
        "min_redeem": rules.min_redeem if rules else 0,
        "expiring": expiring(customer_id),
        "stamps": {name: getattr(stamps, name) for name in Card.__slots__} | {"reward": rules.stamp_reward if rules else ""},
    }  # fmt: skip


def expiring(customer_id: UUID) -> list[dict[str, Any]]:
    """Points with an end, the next first: `[{"points", "expires_at"}]`."""
    lots = PointsLot.objects.filter(customer_id=customer_id, remaining__gt=0, expires_at__gt=now())
    rows: dict[datetime | None, int] = {}
    for moment, points in lots.order_by("expires_at").values_list("expires_at", "remaining"):
        rows[moment] = rows.get(moment, 0) + points
    return [{"points": points, "expires_at": moment} for moment, points in list(rows.items())[:EXPIRING_SHOWN]]


def history(customer_id: UUID) -> QuerySet[PointsEntry]:
    """The ledger of a customer, newest first."""
    return PointsEntry.objects.filter(customer_id=customer_id).select_related("order").order_by("-at", "-id")


def expired_owners(limit: int) -> list[tuple[UUID, UUID]]:
    """(store, customer) of points whose time is over, in every store: what the clock has to sweep."""
    over = PointsLot.objects.unscoped().filter(remaining__gt=0, expires_at__lte=now())
    return list(over.order_by("store_id", "customer_id").values_list("store_id", "customer_id").distinct()[:limit])
