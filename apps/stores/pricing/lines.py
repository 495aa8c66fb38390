"""What one line costs: base price, unit price, line total (data/README.md Arithmetic 1–3), and what it takes from stock.

``price_line`` turns a checked ``Selection`` into a ``PricedLine``, the value that carts show, orders keep and
the kitchen reads. Money is ``Decimal`` with the currency's decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .base_price import BasePrice, base_price, pizza_extras
from .context import PricingContext
from .model import PricingCatalog, Product
from .rounding import ZERO, round_half_up
from .selection import ChosenOption, ChosenPart, Selection
from .stock import StockDemand, stock_demands


@dataclass(frozen=True, kw_only=True, slots=True)
class PricedLine:
    """A line with its price.

    ``base`` says what the product itself costs and why, ``unit_price`` adds options (or a combo's parts), ``total``
    is ``unit_price`` × quantity. ``discount`` and ``points_discount`` are this line's share of the cart's, filled by
    ``totals.price_cart``. ``weight_g`` is the shipping weight of the whole line. ``index`` is its place in the cart.
    """

    index: int
    selection: Selection
    base: BasePrice
    unit_price: Decimal
    total: Decimal
    tax_code: str | None
    weight_g: int
    demands: tuple[StockDemand, ...] = ()
    discount: Decimal = ZERO
    points_discount: Decimal = ZERO

    @property
    def quantity(self) -> int:
        """How many units are bought."""
        return self.selection.quantity

    @property
    def product_id(self) -> str | None:
        """The product bought, None for a combo."""
        return self.selection.product.id if self.selection.product else None

    @property
    def category_path(self) -> tuple[str, ...]:
        """Its category and those above; a combo counts by its own."""
        return self.selection.item.category_path

    @property
    def net(self) -> Decimal:
        """What is left of the line after discounts and points."""
        return self.total - self.discount - self.points_discount


def price_line(catalog: PricingCatalog, selection: Selection, context: PricingContext, *, index: int = 0) -> PricedLine:
    """The price of a checked selection. Arithmetic 1–3; only a price list's percentage is ever rounded here."""
    catalog = catalog.at(context.outlet_id)
    base = base_price(catalog, selection, context)
    added = options_price(selection.options) + _parts_price(selection.parts)
    unit = round_half_up(base.amount + added, catalog.exponent)
    tax_code = (selection.product.tax_code if selection.product else None) or catalog.tax.default
    return PricedLine(
        index=index,
        selection=selection,
        base=base,
        unit_price=unit,
        total=unit * selection.quantity,
        tax_code=tax_code,
        weight_g=_weight(selection),
        demands=stock_demands(selection),
    )


def options_price(options: Iterable[ChosenOption]) -> Decimal:
    """Σ option price × quantity, nested ones multiplied by the quantity of what opened them (Arithmetic 2)."""
    total = ZERO
    for chosen in options:
        total += (chosen.option.price + options_price(chosen.children)) * chosen.quantity
    return total


def _parts_price(parts: Iterable[ChosenPart]) -> Decimal:
    """What a combo's parts add: Σ quantity × (extra + options + crust and edge)."""
    total = ZERO
    for part in parts:
        extras = pizza_extras(part.pizza) if part.pizza else ZERO
        total += (part.choice.extra + options_price(part.options) + extras) * part.quantity
    return total


def _weight(selection: Selection) -> int:
    """Shipping weight of the line in grams; what has none weighs nothing."""
    if selection.product is not None:
        one = _weight_of(selection.product, selection.variant.weight_g if selection.variant else None)
    else:
        one = sum(
            part.quantity * _weight_of(part.product, part.variant.weight_g if part.variant else None)
            for part in selection.parts
        )
    return one * selection.quantity


def _weight_of(product: Product, variant_weight: int | None) -> int:
    return variant_weight if variant_weight is not None else product.weight_g or 0


def cart_weight(lines: Iterable[PricedLine]) -> int:
    """The shipping weight of a cart in grams (Arithmetic 6)."""
    return sum(line.weight_g for line in lines)
