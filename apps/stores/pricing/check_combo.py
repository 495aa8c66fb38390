"""Checks a wished combo: its slots, the products in them, and each part like a line of its own."""

from __future__ import annotations

from collections.abc import Sequence

from .availability import combo_problem, product_problem, variant_problem
from .check_options import check_options
from .check_pizza import check_pizza
from .model import Choice, Combo, Kind, PricingCatalog, Product, Slot, Variant, find
from .problems import Inspection, is_quantity, join
from .selection import ChoiceIntent, ChosenPart, LineCode, LineIntent, Selection


def check_combo(line: Inspection, intent: LineIntent) -> Selection | None:
    """The combo with the parts that exist; every problem is added to ``line``."""
    combo = line.catalog.combo(intent.combo or "")
    if combo is None:
        line.add(LineCode.UNKNOWN_PRODUCT, "combo")
        return None
    code = combo_problem(combo, line.context)
    if code is not None:
        line.add(code, "combo", name=combo.name)
    if intent.options or intent.pizza or intent.variant:
        line.add(LineCode.MALFORMED, "combo")
    parts = (_check_part(line, combo, wish, f"choices[{index}]") for index, wish in enumerate(intent.choices))
    known = tuple(part for part in parts if part is not None)
    _check_slots(line, combo, intent.choices)
    return Selection(quantity=intent.quantity, combo=combo, parts=known, notes=intent.notes)


def _check_slots(line: Inspection, combo: Combo, wishes: Sequence[ChoiceIntent]) -> None:
    """Count what was wished, not what was found: an unknown product is one problem, not also a missing one."""
    for slot in combo.slots:
        rows = [wish for wish in wishes if wish.slot in (slot.id, slot.slug) and is_quantity(wish.quantity)]
        chosen, path = sum(wish.quantity for wish in rows), f"slots.{slot.slug}"
        if chosen < slot.min:
            line.add(LineCode.SLOT_MIN, path, name=slot.name, min=slot.min)
        if chosen > slot.max:
            line.add(LineCode.SLOT_MAX, path, name=slot.name, max=slot.max)


def _check_part(line: Inspection, combo: Combo, wish: ChoiceIntent, prefix: str) -> ChosenPart | None:
    slot = find(combo.slots, wish.slot)
    product = line.catalog.product(wish.product)
    choice = _match(line.catalog, slot, product, wish) if slot and product else None
    if slot is None or product is None or choice is None:
        line.add(LineCode.CHOICE_NOT_OFFERED, prefix, slot=wish.slot, product=wish.product)
        return None
    if not is_quantity(wish.quantity):
        line.add(LineCode.QUANTITY_INVALID, join(prefix, "quantity"))
        return None
    variant = _variant(line, product, choice, wish, prefix)
    _judge(line, product, variant, join(prefix, "product"))
    return ChosenPart(
        slot=slot,
        choice=choice,
        product=product,
        quantity=wish.quantity,
        variant=variant,
        options=check_options(line, product.modifier_group_ids, wish.options, prefix),
        pizza=check_pizza(line, product, wish.pizza, prefix, choice),
        notes=wish.notes,
    )


def _match(catalog: PricingCatalog, slot: Slot, product: Product, wish: ChoiceIntent) -> Choice | None:
    """The slot's choice for this product; a variant or size the choice fixes has to agree when it is named."""
    rows = (row for row in slot.choices if row.product_id in (product.id, product.slug))
    return next((row for row in rows if _agrees(catalog, row, product, wish)), None)


def _agrees(catalog: PricingCatalog, row: Choice, product: Product, wish: ChoiceIntent) -> bool:
    sizes, size = catalog.pizza.sizes, wish.pizza.size if wish.pizza else None
    if row.size_id and size and find(sizes, size) != find(sizes, row.size_id):
        return False
    named = bool(row.variant_id and wish.variant)
    return not named or find(product.variants, wish.variant) == find(product.variants, row.variant_id)


def _judge(line: Inspection, product: Product, variant: Variant | None, path: str) -> None:
    code = product_problem(line.catalog, product, line.context)
    if code is None and variant is not None:
        code = variant_problem(line.catalog, product, variant, line.context)
    if code is not None:
        line.add(code, path, name=product.name)


def _variant(line: Inspection, product: Product, choice: Choice, wish: ChoiceIntent, prefix: str) -> Variant | None:
    """The variant the choice fixes, else the wished one."""
    ref = choice.variant_id or wish.variant
    variant = find(product.variants, ref)
    if variant is None and ref:
        line.add(LineCode.UNKNOWN_VARIANT, join(prefix, "variant"), name=product.name)
    elif variant is None and product.kind is Kind.VARIANTS:
        line.add(LineCode.VARIANT_REQUIRED, join(prefix, "variant"), name=product.name)
    return variant
