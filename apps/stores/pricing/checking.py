"""Checks a wished line against the catalog and reports every problem at once.

``check_line`` is the door. It never raises for what a client sent; it answers what can be priced and what is wrong.
"""

from __future__ import annotations

from .availability import product_problem, variant_problem
from .check_combo import check_combo
from .check_options import check_options
from .check_pizza import check_pizza
from .context import PricingContext
from .model import Kind, PricingCatalog, Product, Variant, find
from .problems import Inspection, is_quantity
from .selection import Checked, LineCode, LineIntent, Selection


def check_line(catalog: PricingCatalog, intent: LineIntent, context: PricingContext) -> Checked:
    """The selection behind a wish and all that is wrong with it (``LineProblem.path`` is within the line)."""
    line = Inspection(catalog=catalog, context=context)
    selection = _check(line, intent)
    return Checked(selection=selection, problems=line.problems())


def _check(line: Inspection, intent: LineIntent) -> Selection | None:
    if (intent.product is None) == (intent.combo is None):
        line.add(LineCode.MALFORMED)
        return None
    countable = is_quantity(intent.quantity)
    if not countable:
        line.add(LineCode.QUANTITY_INVALID, "quantity")
    selection = _check_product(line, intent) if intent.combo is None else check_combo(line, intent)
    return selection if countable else None


def _check_product(line: Inspection, intent: LineIntent) -> Selection | None:
    product = line.catalog.product(intent.product or "")
    if product is None:
        line.add(LineCode.UNKNOWN_PRODUCT, "product")
        return None
    if product.kind is Kind.FLAVOUR:
        line.add(LineCode.NOT_SOLD_ALONE, "product", name=product.name)
        return None
    code = product_problem(line.catalog, product, line.context)
    if code is not None:
        line.add(code, "product", name=product.name)
    if intent.choices:
        line.add(LineCode.MALFORMED, "choices")
    return _select(line, product, intent)


def _select(line: Inspection, product: Product, intent: LineIntent) -> Selection | None:
    """The selection, or None when what decides the price is missing: the variant, or the pizza's size and flavour.

    A simple product somebody forgot to give a price is not sold, rather than sold for nothing.
    """
    if product.kind is Kind.SIMPLE and product.price is None:
        line.add(LineCode.PRODUCT_INACTIVE, "product", name=product.name)
        return None
    variant = _check_variant(line, product, intent.variant)
    pizza = check_pizza(line, product, intent.pizza)
    options = check_options(line, product.modifier_group_ids, intent.options)
    missing = (product.kind is Kind.VARIANTS and variant is None) or (product.kind is Kind.PIZZA and pizza is None)
    if missing:
        return None
    return Selection(
        quantity=intent.quantity, product=product, variant=variant, options=options, pizza=pizza, notes=intent.notes
    )


def _check_variant(line: Inspection, product: Product, ref: str | None) -> Variant | None:
    if not ref:
        if product.kind is Kind.VARIANTS:
            line.add(LineCode.VARIANT_REQUIRED, "variant", name=product.name)
        return None
    variant = find(product.variants, ref)
    if variant is None:
        line.add(LineCode.UNKNOWN_VARIANT, "variant", name=product.name)
        return None
    code = variant_problem(line.catalog, product, variant, line.context)
    if code is not None:
        line.add(code, "variant", name=f"{product.name} – {variant.name}")
    return variant
