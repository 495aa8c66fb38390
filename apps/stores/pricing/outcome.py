"""The values promotions work with and come to: what was applied, why the rest was not, and what is left to pay."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .rules import PromotionKind


class PromotionReason(StrEnum):
    """Why a promotion applied or did not; stable codes, part of the public API."""

    APPLIED = "applied"
    UNKNOWN_CODE = "unknown_code"
    DISABLED = "disabled"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    WRONG_WEEKDAY = "wrong_weekday"
    WRONG_TIME = "wrong_time"
    WRONG_SERVICE = "wrong_service"
    WRONG_CHANNEL = "wrong_channel"
    WRONG_OUTLET = "wrong_outlet"
    RETAIL_ONLY = "retail_only"
    NOT_FIRST_ORDER = "not_first_order"
    CUSTOMER_LIMIT = "customer_limit_reached"
    TOTAL_LIMIT = "total_limit_reached"
    ALREADY_USED = "already_used"
    CUSTOMER_REQUIRED = "customer_required"
    BELOW_MINIMUM = "below_min_subtotal"
    NO_LINE_IN_SCOPE = "no_line_in_scope"
    NOTHING_TO_DISCOUNT = "nothing_to_discount"
    NO_DELIVERY_FEE = "no_delivery_fee"
    BETTER_SET = "better_set_won"


@dataclass(frozen=True, kw_only=True, slots=True)
class AppliedPromotion:
    """What a promotion took off: of the lines (``shares``, one per line), or of the delivery fee."""

    promotion_id: str
    slug: str
    name: str
    kind: PromotionKind
    amount: Decimal
    code: str | None = None
    on_delivery: bool = False
    shares: tuple[Decimal, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PromotionTrace:
    """One promotion that was looked at and what became of it; ``amount`` is zero unless it applied.

    Coupons that nobody entered are never traced: their codes are not for everybody. ``missing`` is how much
    subtotal is lacking when the reason is ``below_min_subtotal``.
    """

    reason: PromotionReason
    promotion_id: str | None = None
    slug: str = ""
    name: str = ""
    code: str | None = None
    is_coupon: bool = False
    amount: Decimal = Decimal(0)
    missing: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A cart after one set of promotions, points and delivery; ``left`` is what discounts left of each line."""

    subtotal: Decimal
    applied: tuple[AppliedPromotion, ...]
    left: tuple[Decimal, ...]
    discount: Decimal
    points_discount: Decimal
    net: Decimal
    delivery_fee: Decimal
    delivery_discount: Decimal

    @property
    def saved(self) -> Decimal:
        """What sets are compared by: discounts and waived delivery (Arithmetic 4 and 6)."""
        return self.discount + self.delivery_discount
