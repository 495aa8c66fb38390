"""What a cart costs (data/README.md Arithmetic 3–10): discounts, points, delivery, service charge, tax, total.

``price_cart`` is the door for lines that are priced already, ``price_intents`` for wishes as clients send them.
Both are pure: the same input gives the same output, and nothing a client claims about money is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from .base_price import price_list_of
from .checking import check_line
from .context import PricingContext
from .delivery import DeliveryQuote
from .explain import Explanation, explain
from .lines import PricedLine, price_line
from .model import PricingCatalog
from .points import PointsReason, points_earned, points_spent, redemption
from .problems import join
from .promotions import AppliedPromotion, Outcome, PromotionTrace, best_outcome
from .rounding import HUNDRED, ZERO, round_half_up
from .rules import TaxMode
from .selection import LineIntent, LineProblem
from .spread import spread
from .taxes import Taxable, TaxLine, tax_lines

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedCart:
    """A cart with every amount of an order, in the store's currency.

    ``discounts`` lists what was taken off, ``free_delivery`` included; ``discount`` sums only what came off the
    lines. ``net`` = subtotal − discount − points. ``min_order`` is the lowest subtotal that may be ordered, None
    when there is none. ``promotions`` tells of every automatic promotion and the coupon why it applied or not.
    """

    lines: tuple[PricedLine, ...]
    subtotal: Decimal
    discounts: tuple[AppliedPromotion, ...]
    discount: Decimal
    points_discount: Decimal
    points_redeemed: int
    points_reason: PointsReason
    net: Decimal
    delivery_fee: Decimal
    delivery_discount: Decimal
    service_charge: Decimal
    tax_lines: tuple[TaxLine, ...]
    tax: Decimal
    total: Decimal
    points_earned: int
    weight_g: int
    min_order: Decimal | None
    promotions: tuple[PromotionTrace, ...]
    coupon: PromotionTrace | None
    explanation: tuple[Explanation, ...]

    @property
    def is_below_minimum(self) -> bool:
        """Whether the subtotal is less than the lowest one that may be ordered."""
        return self.min_order is not None and self.subtotal < self.min_order


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedIntents:
    """A cart of what could be priced, and all that is wrong with the lines (paths start with ``lines[i]``)."""

    cart: PricedCart
    problems: tuple[LineProblem, ...]


def price_intents(
    catalog: PricingCatalog,
    intents: Sequence[LineIntent],
    context: PricingContext,
    *,
    delivery: DeliveryQuote | None = None,
) -> PricedIntents:
    """Check, price and total wishes. A line no price can be told of is left out; ``PricedLine.index`` stays true."""
    catalog = catalog.at(context.outlet_id)
    lines: list[PricedLine] = []
    problems: list[LineProblem] = []
    for index, intent in enumerate(intents):
        checked = check_line(catalog, intent, context)
        problems += [replace(row, path=join(f"lines[{index}]", row.path).rstrip(".")) for row in checked.problems]
        if checked.selection is not None:
            lines.append(price_line(catalog, checked.selection, context, index=index))
    cart = price_cart(catalog, lines, context, delivery=delivery)
    return PricedIntents(cart=cart, problems=tuple(problems))


def price_cart(
    catalog: PricingCatalog,
    lines: Sequence[PricedLine],
    context: PricingContext,
    *,
    delivery: DeliveryQuote | None = None,
) -> PricedCart:
    """Total priced lines. ``delivery`` None: nothing is delivered, or where to is not known yet (no fee).

    Lines are worked on in an order of their own: where a last cent lands can decide under which rate it is taxed and what
    a later promotion finds, and that must not depend on what somebody put into the cart first.
    """
    catalog = catalog.at(context.outlet_id)
    order = sorted(range(len(lines)), key=lambda index: _place(lines[index]))
    arranged = [lines[index] for index in order]
    asked = redemption(catalog.loyalty, context, catalog.exponent)
    outcome, traces = best_outcome(catalog, arranged, context, delivery=delivery, points_value=asked.value)
    settled = _settle_lines(arranged, outcome, catalog.exponent)
    charge = _service_charge(catalog, context, outcome.net)
    taxes = _taxes(catalog, settled, outcome, charge)
    tax = sum((row.tax for row in taxes), ZERO)
    due = outcome.net + outcome.delivery_fee - outcome.delivery_discount + charge
    if catalog.tax.mode is TaxMode.ADDED:
        due += tax

    def money(amount: Decimal) -> Decimal:
        return round_half_up(amount, catalog.exponent)

    return PricedCart(
        lines=_as_given(settled, order),
        subtotal=money(outcome.subtotal),
        discounts=tuple(replace(row, shares=_as_given(row.shares, order)) for row in outcome.applied),
        discount=money(outcome.discount),
        points_discount=money(outcome.points_discount),
        points_redeemed=points_spent(catalog.loyalty, asked, outcome.points_discount),
        points_reason=asked.reason,
        net=money(outcome.net),
        delivery_fee=money(outcome.delivery_fee),
        delivery_discount=money(outcome.delivery_discount),
        service_charge=money(charge),
        tax_lines=taxes,
        tax=money(tax),
        total=money(due),
        points_earned=points_earned(catalog.loyalty, context, outcome.net),
        weight_g=sum(line.weight_g for line in lines),
        min_order=min_order(catalog, context, delivery),
        promotions=traces,
        coupon=next((row for row in traces if row.is_coupon), None),
        explanation=explain(catalog, outcome, delivery, charge, taxes),
    )


def _place(line: PricedLine) -> tuple[object, ...]:
    """Where a line stands among others. Lines in the same place are alike in everything a rule looks at."""
    chosen = line.selection
    variant = chosen.variant.slug if chosen.variant else ""
    return (
        line.category_path, chosen.item.slug, variant, line.tax_code or "", line.product_id or "", line.unit_price,
        line.base.amount, line.quantity,
    )  # fmt: skip


def _as_given(rows: Sequence[Row], order: Sequence[int]) -> tuple[Row, ...]:
    """Rows in the order of the lines as they came in; what is no row per line stays as it is."""
    by_index = dict(zip(order, rows, strict=True)) if rows else {}
    return tuple(by_index[index] for index in sorted(by_index))


def _settle_lines(lines: Sequence[PricedLine], outcome: Outcome, exponent: int) -> tuple[PricedLine, ...]:
    """The lines with their shares of discounts and points, which are spread over what discounts left."""
    points = spread(outcome.points_discount, outcome.left, exponent)
    return tuple(
        replace(line, discount=line.total - left, points_discount=share)
        for line, left, share in zip(lines, outcome.left, points, strict=True)
    )


def _service_charge(catalog: PricingCatalog, context: PricingContext, net: Decimal) -> Decimal:
    """Rounded rate × net for its services; only an optional charge can be waived (Arithmetic 7)."""
    rule = catalog.service_charge
    if rule is None or context.service not in rule.services:
        return ZERO
    if rule.optional and context.service_charge_waived:
        return ZERO
    return round_half_up(net * rule.rate / HUNDRED, catalog.exponent)


def _taxes(
    catalog: PricingCatalog, lines: Sequence[PricedLine], outcome: Outcome, charge: Decimal
) -> tuple[TaxLine, ...]:
    rules = catalog.tax
    amounts = [Taxable(code=line.tax_code, amount=line.net) for line in lines]
    amounts.append(Taxable(code=rules.delivery, amount=outcome.delivery_fee - outcome.delivery_discount))
    amounts.append(Taxable(code=rules.default, amount=charge))
    return tax_lines(rules, amounts, catalog.exponent)


def min_order(catalog: PricingCatalog, context: PricingContext, delivery: DeliveryQuote | None) -> Decimal | None:
    """The lowest subtotal: of the customer's price list, else of the delivery zone, else of the service."""
    price_list = price_list_of(catalog, context)
    if price_list is not None and price_list.min_order is not None:
        return price_list.min_order
    if delivery is not None and delivery.min_order is not None:
        return delivery.min_order
    return catalog.min_order.get(context.service) if context.service else None
