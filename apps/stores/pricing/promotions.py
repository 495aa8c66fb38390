"""Chooses the promotions of a cart (data/README.md Arithmetic 4–6) and tells of each why it applied or not.

All combinable promotions apply together, every other one is tried alone, and the set that saves most wins.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal

from .conditions import refusal
from .context import PricingContext
from .delivery import DeliveryQuote
from .effects import shares_of
from .lines import PricedLine
from .model import PricingCatalog
from .outcome import AppliedPromotion, Outcome, PromotionReason, PromotionTrace
from .rounding import ZERO
from .rules import Promotion, PromotionKind

__all__ = ["AppliedPromotion", "Outcome", "PromotionReason", "PromotionTrace", "best_outcome"]


def best_outcome(
    catalog: PricingCatalog,
    lines: Sequence[PricedLine],
    context: PricingContext,
    *,
    delivery: DeliveryQuote | None = None,
    points_value: Decimal = ZERO,
) -> tuple[Outcome, tuple[PromotionTrace, ...]]:
    """The cart after the set of promotions that saves most, and what became of every promotion looked at.

    ``points_value`` is what redeemed points are worth at most: they come off after discounts and before delivery,
    so they can decide whether delivery is free and with it which set is best.
    """
    subtotal = sum((line.total for line in lines), ZERO)
    rows = sorted(catalog.promotions, key=lambda row: (row.priority, row.slug))
    reasons = {row.id: refusal(row, lines, subtotal, context) for row in rows}
    coupon = _entered(rows, reasons, context.coupon)
    looked_at = [row for row in rows if not row.code or row is coupon]
    candidates = [row for row in looked_at if reasons[row.id] is None]
    outcomes = [_settle(catalog, lines, chosen, delivery, points_value) for chosen in _sets(candidates)]
    best = _best(outcomes)
    useful = {row.promotion_id for outcome in outcomes for row in outcome.applied}
    traces = [_trace(row, reasons[row.id] or _fate(row, best, useful), best, subtotal) for row in looked_at]
    if coupon is None and context.coupon:
        traces.append(PromotionTrace(reason=PromotionReason.UNKNOWN_CODE, code=context.coupon, is_coupon=True))
    return best, tuple(traces)


def _entered(
    rows: Sequence[Promotion], reasons: Mapping[str, PromotionReason | None], coupon: str | None
) -> Promotion | None:
    """The promotion of the entered code, case and blanks aside; of several with it the first that holds."""
    code = (coupon or "").strip().casefold()
    matching = [row for row in rows if code and row.code and row.code.strip().casefold() == code]
    return next((row for row in matching if reasons[row.id] is None), matching[0] if matching else None)


def _sets(candidates: Sequence[Promotion]) -> list[list[Promotion]]:
    """The sets to try, in the order in which a tie is decided: the combinable one first."""
    alone = [[row] for row in candidates if not row.combinable]
    return [[row for row in candidates if row.combinable], *alone]


def _best(outcomes: Sequence[Outcome]) -> Outcome:
    """``max`` keeps the first of equals, which is the order ``_sets`` gives."""
    return max(outcomes, key=lambda outcome: outcome.saved)


def _settle(
    catalog: PricingCatalog,
    lines: Sequence[PricedLine],
    chosen: Sequence[Promotion],
    delivery: DeliveryQuote | None,
    points_value: Decimal,
) -> Outcome:
    """Discounts, then points, then the delivery fee on what is left, then what promotions waive of it."""
    before = tuple(line.total for line in lines)
    left, on_lines = _discount_lines(catalog, lines, chosen, before)
    remaining = sum(left, ZERO)
    points = min(points_value, remaining)
    net = remaining - points
    fee = delivery.fee_for(net) if delivery is not None else ZERO
    on_delivery = _waive(chosen, fee)
    subtotal = sum(before, ZERO)
    return Outcome(
        subtotal=subtotal,
        applied=_in_order(chosen, [*on_lines, *on_delivery]),
        left=left,
        discount=subtotal - remaining,
        points_discount=points,
        net=net,
        delivery_fee=fee,
        delivery_discount=sum((row.amount for row in on_delivery), ZERO),
    )


def _discount_lines(
    catalog: PricingCatalog, lines: Sequence[PricedLine], chosen: Sequence[Promotion], left: tuple[Decimal, ...]
) -> tuple[tuple[Decimal, ...], list[AppliedPromotion]]:
    applied = []
    for promotion in chosen:
        if promotion.kind is PromotionKind.FREE_DELIVERY:
            continue
        shares = shares_of(promotion, lines, left, catalog.exponent)
        amount = sum(shares, ZERO)
        if amount > 0:
            left = tuple(value - share for value, share in zip(left, shares, strict=True))
            applied.append(_applied(promotion, amount, shares=shares))
    return left, applied


def _waive(chosen: Sequence[Promotion], fee: Decimal) -> list[AppliedPromotion]:
    """Free delivery takes off the fee up to its cap; a second one what the first left."""
    waived = []
    for promotion in chosen:
        if promotion.kind is PromotionKind.FREE_DELIVERY:
            cap = promotion.max_discount
            amount = fee if cap is None else min(fee, cap)
            if amount > 0:
                fee -= amount
                waived.append(_applied(promotion, amount, on_delivery=True))
    return waived


def _applied(
    promotion: Promotion, amount: Decimal, *, shares: tuple[Decimal, ...] = (), on_delivery: bool = False
) -> AppliedPromotion:
    return AppliedPromotion(
        promotion_id=promotion.id,
        slug=promotion.slug,
        name=promotion.name,
        kind=promotion.kind,
        code=promotion.code,
        amount=amount,
        shares=shares,
        on_delivery=on_delivery,
    )


def _in_order(chosen: Sequence[Promotion], applied: Sequence[AppliedPromotion]) -> tuple[AppliedPromotion, ...]:
    by_id = {row.promotion_id: row for row in applied}
    return tuple(by_id[row.id] for row in chosen if row.id in by_id)


def _fate(promotion: Promotion, best: Outcome, useful: Container[str]) -> PromotionReason:
    """What became of a candidate: applied, of use only in a set that lost, or of no use here (yet)."""
    if any(row.promotion_id == promotion.id for row in best.applied):
        return PromotionReason.APPLIED
    if promotion.id in useful:
        return PromotionReason.BETTER_SET
    waives = promotion.kind is PromotionKind.FREE_DELIVERY
    return PromotionReason.NO_DELIVERY_FEE if waives else PromotionReason.NOTHING_TO_DISCOUNT


def _trace(promotion: Promotion, reason: PromotionReason, best: Outcome, subtotal: Decimal) -> PromotionTrace:
    amount = next((row.amount for row in best.applied if row.promotion_id == promotion.id), ZERO)
    below = reason is PromotionReason.BELOW_MINIMUM and promotion.min_subtotal is not None
    return PromotionTrace(
        reason=reason,
        promotion_id=promotion.id,
        slug=promotion.slug,
        name=promotion.name,
        code=promotion.code,
        is_coupon=promotion.code is not None,
        amount=amount,
        missing=(promotion.min_subtotal or ZERO) - subtotal if below else None,
    )
