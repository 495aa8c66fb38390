"""What each kind of promotion takes off which lines (data/README.md Arithmetic 4).

Every function sees what earlier promotions left of the lines and answers one share per line, so that shares can
be subtracted and summed without rounding again.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .conditions import in_scope
from .lines import PricedLine
from .rounding import HUNDRED, ZERO, round_half_up
from .rules import BundleItem, Promotion, PromotionKind
from .spread import spread

Amounts = tuple[Decimal, ...]


def shares_of(promotion: Promotion, lines: Sequence[PricedLine], left: Amounts, exponent: int) -> Amounts:
    """What the promotion takes off each line; zeros when there is nothing to take. Not for ``free_delivery``."""
    kind = promotion.kind
    in_reach = tuple(
        amount if in_scope(promotion.scope, line) else ZERO for line, amount in zip(lines, left, strict=True)
    )
    if kind is PromotionKind.BUY_X_GET_Y:
        return _buy_x_get_y(promotion, lines, in_reach, exponent)
    if kind is PromotionKind.BUNDLE:
        return _bundle(promotion, lines, in_reach, exponent)
    available = sum(in_reach, ZERO)
    if kind is PromotionKind.PERCENTAGE:
        amount = round_half_up(available * promotion.value / HUNDRED, exponent)
    else:
        amount = promotion.value
    return _spread_capped(promotion, amount, in_reach, exponent)


def _spread_capped(promotion: Promotion, amount: Decimal, reach: Amounts, exponent: int) -> Amounts:
    """The amount, at most the promotion's cap and what is there, spread over the lines in reach."""
    limits = [amount, sum(reach, ZERO)]
    if promotion.max_discount is not None:
        limits.append(promotion.max_discount)
    return spread(max(min(limits), ZERO), reach, exponent)


def _buy_x_get_y(promotion: Promotion, lines: Sequence[PricedLine], reach: Amounts, exponent: int) -> Amounts:
    """Of n units in scope, n div (buy + get) × get are free, the cheapest by unit price."""
    together = promotion.buy + promotion.get
    rows = [index for index, line in enumerate(lines) if in_scope(promotion.scope, line)]
    units = sum(lines[index].quantity for index in rows)
    free = units // together * promotion.get if promotion.get > 0 and promotion.buy > 0 else 0
    shares = [ZERO] * len(lines)
    for index in sorted(rows, key=lambda row: lines[row].unit_price):
        count = min(free, lines[index].quantity)
        free -= count
        shares[index] = min(lines[index].unit_price * count, reach[index])
    return _spread_capped(promotion, sum(shares, ZERO), tuple(shares), exponent)


def _bundle(promotion: Promotion, lines: Sequence[PricedLine], reach: Amounts, exponent: int) -> Amounts:
    """For each complete set, Σ base price × quantity − value if positive; taken off the lines of its products."""
    amount = ZERO
    for units in _complete_sets(promotion.items, lines, reach):
        saved = sum((lines[index].base.amount for index in units), ZERO) - promotion.value
        amount += max(saved, ZERO)
    products = {item.product_id for item in promotion.items}
    within = tuple(value if line.product_id in products else ZERO for line, value in zip(lines, reach, strict=True))
    return _spread_capped(promotion, amount, within, exponent)


def _complete_sets(items: Sequence[BundleItem], lines: Sequence[PricedLine], reach: Amounts) -> list[list[int]]:
    """The complete sets in the cart, each as the line indexes of its units."""
    wanted: dict[str, int] = {}
    for item in items:
        wanted[item.product_id] = wanted.get(item.product_id, 0) + max(item.quantity, 1)
    pools = [(_units_of(product_id, lines, reach), count) for product_id, count in wanted.items()]
    sets = min((len(pool) // count for pool, count in pools), default=0)
    return [
        [unit for pool, count in pools for unit in pool[number * count : (number + 1) * count]]
        for number in range(sets)
    ]


def _units_of(product_id: str, lines: Sequence[PricedLine], reach: Amounts) -> list[int]:
    """The units of a product in the cart, each as the index of its line: dearest first, in the buyer's favour."""
    rows = [index for index, line in enumerate(lines) if line.product_id == product_id and reach[index] > 0]
    rows.sort(key=lambda index: -lines[index].base.amount)
    return [index for index in rows for _ in range(lines[index].quantity)]
