"""Loyalty points: what redeeming takes off and what an order earns (data/README.md Arithmetic 5 and 10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from .context import PricingContext
from .rounding import ZERO, round_half_up
from .rules import Loyalty


class PointsReason(StrEnum):
    """Why points were redeemed or not; stable codes."""

    NOT_ASKED = "not_asked"
    REDEEMED = "redeemed"
    NO_LOYALTY = "no_loyalty"
    NO_CUSTOMER = "no_customer"
    BELOW_MINIMUM = "below_min_redeem"
    NOT_ENOUGH = "not_enough_points"


@dataclass(frozen=True, kw_only=True, slots=True)
class Redemption:
    """``points`` may be redeemed and are worth ``value``; both zero when ``reason`` says no."""

    reason: PointsReason
    points: int = 0
    value: Decimal = ZERO


def redemption(loyalty: Loyalty | None, context: PricingContext, exponent: int) -> Redemption:
    """What the wished points are worth, before looking at the cart; whole cents, whatever one point is worth."""
    wished, customer = context.redeem_points, context.customer
    if wished <= 0:
        return Redemption(reason=PointsReason.NOT_ASKED)
    if loyalty is None:
        return Redemption(reason=PointsReason.NO_LOYALTY)
    if customer is None:
        return Redemption(reason=PointsReason.NO_CUSTOMER)
    if wished < loyalty.min_redeem:
        return Redemption(reason=PointsReason.BELOW_MINIMUM)
    if wished > customer.points:
        return Redemption(reason=PointsReason.NOT_ENOUGH)
    value = round_half_up(wished * loyalty.point_value, exponent)
    return Redemption(reason=PointsReason.REDEEMED, points=wished, value=value)


def points_spent(loyalty: Loyalty | None, asked: Redemption, discount: Decimal) -> int:
    """Points that a discount really costs: all that were asked for, or fewer when less was left to pay."""
    if loyalty is None or loyalty.point_value <= 0 or discount == asked.value:
        return asked.points
    needed = int((discount / loyalty.point_value).to_integral_value(rounding=ROUND_CEILING))
    return min(needed, asked.points)


def points_earned(loyalty: Loyalty | None, context: PricingContext, net: Decimal) -> int:
    """Points of a known customer for a net amount: full ``earn_per`` only."""
    if loyalty is None or context.customer is None or loyalty.earn_per <= 0:
        return 0
    return int(net // loyalty.earn_per) * loyalty.earn_points
