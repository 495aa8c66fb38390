"""The base price of a line: the first rule of data/README.md Arithmetic 1 that applies.

A pizza is priced by its flavours and a combo by its own price; price lists, sales and outlet prices are about
products with a plain price and do not touch them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .availability import override_for
from .context import PricingContext
from .model import PizzaSize, PriceRule, PricingCatalog, Product, Variant, price_at
from .rounding import HUNDRED, ZERO, round_half_up
from .rules import PriceList
from .selection import ChosenPizza, Selection


class BaseRule(StrEnum):
    """Which rule gave the base price."""

    LIST_PRICE = "list_price"
    LIST_PERCENTAGE = "list_percentage"
    SALE = "sale"
    OUTLET = "outlet"
    PLAIN = "plain"
    PIZZA = "pizza"
    COMBO = "combo"


@dataclass(frozen=True, kw_only=True, slots=True)
class BasePrice:
    """``amount`` by ``rule``; ``plain`` is what it would cost without any rule (for a struck-through price)."""

    amount: Decimal
    rule: BaseRule
    plain: Decimal


def base_price(catalog: PricingCatalog, selection: Selection, context: PricingContext) -> BasePrice:
    """The base price of a selection: combo, pizza, or product and variant."""
    if selection.pizza is not None:
        price = flavours_price(selection.pizza, catalog.pizza.price_rule, catalog.exponent)
        price += pizza_extras(selection.pizza)
        return BasePrice(amount=price, rule=BaseRule.PIZZA, plain=price)
    if selection.product is not None:
        return product_price(catalog, selection.product, selection.variant, context)
    price = selection.item.price or ZERO
    return BasePrice(amount=price, rule=BaseRule.COMBO, plain=price)


def product_price(
    catalog: PricingCatalog, product: Product, variant: Variant | None, context: PricingContext
) -> BasePrice:
    """What a product or variant costs in this context: price list, sale, outlet, plain. Also used to show a menu."""
    plain = (variant.price if variant else product.price) or ZERO
    rules = _list_price(catalog, product, variant, context, plain) or _today(catalog, product, variant, context)
    amount, rule = rules or (plain, BaseRule.PLAIN)
    return BasePrice(amount=amount, rule=rule, plain=plain)


def price_list_of(catalog: PricingCatalog, context: PricingContext) -> PriceList | None:
    """The price list the customer buys by, if any."""
    ref = context.customer.price_list_id if context.customer else None
    return catalog.price_lists.get(ref) if ref else None


def _list_price(
    catalog: PricingCatalog, product: Product, variant: Variant | None, context: PricingContext, plain: Decimal
) -> tuple[Decimal, BaseRule] | None:
    price_list = price_list_of(catalog, context)
    if price_list is None:
        return None
    fixed = price_list.prices.get((product.id, variant.id if variant else None))
    if fixed is not None:
        return fixed, BaseRule.LIST_PRICE
    share = (HUNDRED - price_list.percentage) / HUNDRED
    return round_half_up(plain * share, catalog.exponent), BaseRule.LIST_PERCENTAGE


def _today(
    catalog: PricingCatalog, product: Product, variant: Variant | None, context: PricingContext
) -> tuple[Decimal, BaseRule] | None:
    """The sale price at its times, else the outlet's own price."""
    sale = variant.sale if variant else product.sale
    if sale is not None and sale.at(context.at):
        return sale.price, BaseRule.SALE
    override = override_for(catalog, context.outlet_id, product, variant)
    return (override.price, BaseRule.OUTLET) if override.price is not None else None


def flavours_price(pizza: ChosenPizza, rule: PriceRule, exponent: int) -> Decimal:
    """What the flavours of a pizza cost together.

    ``highest``: the dearest. ``average``: the mean of the different flavours, however large their parts. ``sum``:
    the sum of the fractions, each flavour's price times its part of the pizza. Rounded once.
    """
    if rule is PriceRule.HIGHEST:
        return max(_prices(pizza.flavours, pizza.size))
    distinct = tuple({flavour.id: flavour for flavour in pizza.flavours}.values())
    rows = _prices(distinct if rule is PriceRule.AVERAGE else pizza.flavours, pizza.size)
    return round_half_up(sum(rows, ZERO) / len(rows), exponent)


def _prices(flavours: Sequence[Product], size: PizzaSize) -> list[Decimal]:
    return [price_at(flavour.flavour_prices, size) or ZERO for flavour in flavours]


def pizza_extras(pizza: ChosenPizza) -> Decimal:
    """Crust and edge of a pizza at its size."""
    parts = (part for part in (pizza.crust, pizza.edge) if part is not None)
    return sum((price_at(part.prices, pizza.size) or ZERO for part in parts), ZERO)
