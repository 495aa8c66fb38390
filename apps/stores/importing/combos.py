"""Sets sold at one price: slots, and what may fill them – a product, a variant, or a pizza of one size with its flavours."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing import pizza, shapes
from apps.stores.importing.products import Plan as Products
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source, unique
from apps.stores.models import Combo, ComboChoice, ComboSlot, ProductKind, SaleStatus

Fields = dict[str, Any]
# What makes a choice the same one at the next import: product, variant (or empty), size (or empty).
ChoiceKey = tuple[str, str, str]


@dataclass(slots=True)
class Plan:
    """Combos by slug, slots by (combo, slot), choices by slot and what they are, flavours by the same."""

    combos: dict[str, Fields] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    slots: dict[tuple[str, str], Fields] = field(default_factory=dict)
    choices: dict[tuple[str, str, ChoiceKey], Fields] = field(default_factory=dict)
    flavours: dict[tuple[str, str, ChoiceKey], list[str]] = field(default_factory=dict)


def read(source: Source, products: Products) -> Plan:
    """All combos."""
    plan = Plan()
    for index, (slug, row) in enumerate(unique(source.rows("combos")).items()):
        plan.combos[slug] = _combo(slug, row, index)
        plan.categories[slug] = row.reference("category", source.slugs("categories"), "categories")
        slots = unique(row.rows("slots"))
        if not slots:
            row.error("slots", _("a combo has at least one slot"))
        for position, (name, slot) in enumerate(slots.items()):
            plan.slots[(slug, name)] = _slot(name, slot, position)
            _read_choices(plan, (slug, name), slot, source, products)
    return plan


def _combo(slug: str, row: Row, index: int) -> Fields:
    fields = {
        "slug": slug,
        "name": row.text("name", required=True),
        "description": row.text("description"),
        "price": row.amount("price"),
        "status": row.choice("status", SaleStatus.values, default=SaleStatus.ACTIVE.value),
        "paused_until": row.moment("paused_until"),
        "position": index,
        "available": shapes.windows(row),
        "translations": row.plain("translations"),
    }
    return row.check(Combo, fields)


def _slot(slug: str, row: Row, position: int) -> Fields:
    low, high = row.integer("min", 1), row.integer("max", 1, low=1)
    if low > high:
        row.error("max", _("is less than min"))
    fields = {"slug": slug, "name": row.text("name", required=True), "min": low, "max": high, "position": position}
    return row.check(ComboSlot, fields)


def _read_choices(plan: Plan, slot: tuple[str, str], row: Row, source: Source, products: Products) -> None:
    choices = row.rows("choices")
    if not choices:
        row.error("choices", _("a slot has at least one choice"))
    for position, choice in enumerate(choices):
        key, flavours = _choice_key(choice, source, products)
        if (*slot, key) in plan.choices:
            choice.error("", _("the same choice is there twice"))
        fields = {"extra": choice.optional_amount("extra") or 0, "position": position}
        plan.choices[(*slot, key)] = choice.check(ComboChoice, {**fields, "size": key[2]})
        plan.flavours[(*slot, key)] = flavours


def _choice_key(row: Row, source: Source, products: Products) -> tuple[ChoiceKey, list[str]]:
    product = row.reference("product", source.slugs("products"), "products")
    kind = products.products.get(product, {}).get("kind")
    variant = _variant_of(row, product, kind, products)
    flavours = {slug for slug, fields in products.products.items() if fields["kind"] == ProductKind.FLAVOUR}
    allowed = row.texts("flavours", known=flavours, noun=_("the flavours"))
    size = row.reference("size", pizza.sizes(source), "pizza.sizes", required=kind == ProductKind.PIZZA)
    if kind == ProductKind.PIZZA and not allowed:
        row.error("flavours", _("a pizza in a combo lists its flavours"))
    if kind == ProductKind.FLAVOUR:
        row.error("product", _("a flavour is sold only in a pizza"))
    if size and kind and kind != ProductKind.PIZZA:
        row.error("size", _("only a pizza has a size"))
    return (product, variant, size), allowed


def _variant_of(row: Row, product: str, kind: str | None, products: Products) -> str:
    variant = row.text("variant")
    if variant and product and (product, variant) not in products.variants:
        row.error(
            "variant", _("“%(product)s” has no variant “%(variant)s”") % {"product": product, "variant": variant[:60]}
        )
    if not variant and kind == ProductKind.VARIANTS:
        row.error("variant", _("“%(product)s” is sold as a variant: name one") % {"product": product})
    return variant
