"""Whether a promotion holds for an order: every condition of data/README.md "promotions", with a reason for each no."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .context import PricingContext
from .lines import PricedLine
from .outcome import PromotionReason
from .rules import Promotion, Scope
from .sales import within


def refusal(
    promotion: Promotion, lines: Sequence[PricedLine], subtotal: Decimal, context: PricingContext
) -> PromotionReason | None:
    """The first condition that does not hold, or None when all do and a line is in scope."""
    return (
        _when(promotion, context)
        or _where(promotion, context)
        or _who(promotion, context)
        or _what(promotion, lines, subtotal)
    )


def _when(promotion: Promotion, context: PricingContext) -> PromotionReason | None:
    """Calendar day and time of placing, whatever day the order is wanted for."""
    day = context.at.date()
    if not promotion.enabled:
        return PromotionReason.DISABLED
    if promotion.starts is not None and day < promotion.starts:
        return PromotionReason.NOT_STARTED
    if promotion.ends is not None and day > promotion.ends:
        return PromotionReason.ENDED
    if promotion.weekdays and day.weekday() not in promotion.weekdays:
        return PromotionReason.WRONG_WEEKDAY
    if not within(promotion.since, promotion.until, context.at.time()):
        return PromotionReason.WRONG_TIME
    return None


def _where(promotion: Promotion, context: PricingContext) -> PromotionReason | None:
    if promotion.services and context.service not in promotion.services:
        return PromotionReason.WRONG_SERVICE
    if promotion.channels and context.channel not in promotion.channels:
        return PromotionReason.WRONG_CHANNEL
    if promotion.outlets and context.outlet_id not in promotion.outlets:
        return PromotionReason.WRONG_OUTLET
    return None


def _who(promotion: Promotion, context: PricingContext) -> PromotionReason | None:
    """A person we do not know yet has no earlier orders and no company."""
    customer = context.customer
    if promotion.spent:
        return PromotionReason.ALREADY_USED
    if promotion.retail_only and customer is not None and customer.is_company:
        return PromotionReason.RETAIL_ONLY
    if promotion.first_order and customer is not None and customer.orders_before > 0:
        return PromotionReason.NOT_FIRST_ORDER
    if context.is_final and customer is None and (promotion.first_order or promotion.per_customer_limit is not None):
        return PromotionReason.CUSTOMER_REQUIRED
    own = customer.uses.get(promotion.id, 0) if customer else 0
    if promotion.per_customer_limit is not None and own >= promotion.per_customer_limit:
        return PromotionReason.CUSTOMER_LIMIT
    everybody = context.promotion_uses.get(promotion.id, 0)
    if promotion.total_limit is not None and everybody >= promotion.total_limit:
        return PromotionReason.TOTAL_LIMIT
    return None


def _what(promotion: Promotion, lines: Sequence[PricedLine], subtotal: Decimal) -> PromotionReason | None:
    if promotion.min_subtotal is not None and subtotal < promotion.min_subtotal:
        return PromotionReason.BELOW_MINIMUM
    if not any(in_scope(promotion.scope, line) for line in lines):
        return PromotionReason.NO_LINE_IN_SCOPE
    return None


def in_scope(scope: Scope, line: PricedLine) -> bool:
    """Whether a promotion looks at this line; combos count by their own category."""
    if not scope.products and not scope.categories:
        return True
    chosen = line.selection
    if chosen.product is not None and chosen.product.id in scope.products:
        return True
    return not scope.categories.isdisjoint(chosen.item.category_path)
