"""Translates the spellings of the published clients into a `LineIntent`, and a checked selection into what is stored.

Clients say `product_id`/`variant_id`, put choices under `options.selections` and `options.pizza`, combos under
`customizations.choices`; the house spelling (data/README.md) is accepted as well. Prices in a body are never read.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from apps.core.problems import Invalid
from apps.stores.pricing.model import Kind, PricingCatalog, Slot
from apps.stores.pricing.parsing import MalformedLine, parse_line
from apps.stores.pricing.selection import ChoiceIntent, ChosenOption, ChosenPart, ChosenPizza, LineIntent, Selection

MAX_NOTES = 280


def read_line(body: object, catalog: PricingCatalog) -> LineIntent:
    """The wish in a cart request. Raises `Invalid` `malformed_line` for a wrong shape."""
    if not isinstance(body, Mapping):
        raise Invalid("malformed_line", _("This is not a line we understand."))
    row: dict[str, Any] = {
        "product": _ref(body, "product_id", "product"),
        "combo": _ref(body, "combo_id", "combo"),
        "variant": _ref(body, "variant_id", "variant"),
        "qty": body.get("quantity", body.get("qty", 1)),
        "notes": body.get("notes") or "",
        **_choices(body),
    }
    try:
        intent = parse_line(row)
    except MalformedLine as error:
        path = error.problem.path or "product_id"
        raise Invalid(
            "malformed_line", _("This is not a line we understand."), errors={path: [_("Not understood.")]}
        ) from error
    if len(intent.notes) > MAX_NOTES:
        raise Invalid("invalid", _("The note is too long."), errors={"notes": [_("The note is too long.")]})
    return _default_choices(_default_variant(_combo_by_product_id(intent, catalog), catalog), catalog)


def _ref(body: Mapping[str, Any], *names: str) -> Any:
    return next((body[name] for name in names if body.get(name)), None)


def _choices(body: Mapping[str, Any]) -> dict[str, Any]:
    """Options, pizza and combo choices from wherever the client put them."""
    options, custom = body.get("options") or {}, body.get("customizations") or {}
    if isinstance(options, list):
        options = {"selections": options}
    if not isinstance(options, Mapping) or not isinstance(custom, Mapping):
        raise Invalid(
            "malformed_line", _("This is not a line we understand."), errors={"options": [_("Not understood.")]}
        )
    pizza = body.get("pizza") or options.get("pizza") or body
    if not isinstance(pizza, Mapping):
        raise Invalid(
            "malformed_line", _("This is not a line we understand."), errors={"pizza": [_("Not understood.")]}
        )
    choices = body.get("choices") or custom.get("choices")
    return {
        "options": _spelled(options.get("selections")),
        **{name: pizza.get(name) for name in ("size", "crust", "edge", "flavours")},
        "choices": [_choice(row) for row in choices] if isinstance(choices, list) else choices,
    }


def _spelled(rows: Any) -> Any:
    return rows if rows else None


def _choice(row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    return {
        "slot": _ref(row, "slot", "slot_id"),
        "product": _ref(row, "product_id", "product"),
        "variant": _ref(row, "variant_id", "variant"),
        "qty": row.get("quantity", row.get("qty", 1)),
        "notes": row.get("notes") or "",
        **{name: value for name, value in _choices(row).items() if name != "choices"},
    }


def _combo_by_product_id(intent: LineIntent, catalog: PricingCatalog) -> LineIntent:
    """One published client adds combos by `product_id` (clients/storefront.md 0.13)."""
    if (
        intent.product
        and intent.combo is None
        and catalog.product(intent.product) is None
        and catalog.combo(intent.product)
    ):
        return replace(intent, product=None, combo=intent.product)
    return intent


def _default_variant(intent: LineIntent, catalog: PricingCatalog) -> LineIntent:
    """The published clients know no variants: they mean the one whose price the menu shows, the cheapest."""
    product = catalog.product(intent.product) if intent.product else None
    if product is None or intent.variant or product.kind is not Kind.VARIANTS or not product.variants:
        return intent
    return replace(intent, variant=min(product.variants, key=lambda row: row.price).id)


def _default_choices(intent: LineIntent, catalog: PricingCatalog) -> LineIntent:
    """They know no slots either: who adds a combo without a word about its parts means those the menu lists."""
    combo = catalog.combo(intent.combo) if intent.combo else None
    if combo is None or intent.choices:
        return intent
    slots = [slot for slot in combo.slots if slot.min and slot.choices]
    return replace(intent, choices=tuple(_first_choice(slot) for slot in slots))


def _first_choice(slot: Slot) -> ChoiceIntent:
    first = slot.choices[0]
    return ChoiceIntent(slot=slot.id, product=first.product_id, variant=first.variant_id, quantity=slot.min)


def stored_selection(selection: Selection) -> dict[str, Any]:
    """What is kept with a cart line: ids only, in the house spelling, in a stable order."""
    kept: dict[str, Any] = {
        "options": _options(selection.options),
        "choices": sorted((_part(part) for part in selection.parts), key=lambda row: orjson.dumps(row)),
        **_pizza(selection.pizza),
    }
    return {name: value for name, value in kept.items() if value}


def _options(options: Iterable[ChosenOption]) -> list[dict[str, Any]]:
    rows = [
        {"group": row.group.id, "option": row.option.id, "qty": row.quantity, "options": _options(row.children)}
        for row in options
    ]
    return sorted(rows, key=lambda row: (row["group"], row["option"]))


def _pizza(pizza: ChosenPizza | None) -> dict[str, Any]:
    if pizza is None:
        return {}
    return {
        "size": pizza.size.id,
        "crust": pizza.crust.id if pizza.crust else None,
        "edge": pizza.edge.id if pizza.edge else None,
        "flavours": sorted(flavour.id for flavour in pizza.flavours),
    }


def _part(part: ChosenPart) -> dict[str, Any]:
    return {
        "slot": part.slot.id,
        "product": part.product.id,
        "variant": part.variant.id if part.variant else None,
        "qty": part.quantity,
        "options": _options(part.options),
        "notes": part.notes,
        **_pizza(part.pizza),
    }


def fingerprint(selection: Selection, notes: str) -> str:
    """Equal for equal choices: the same product with the same options is one line, any difference makes another."""
    item = selection.product or selection.combo
    parts = [
        item.id if item else "",
        selection.variant.id if selection.variant else "",
        stored_selection(selection),
        notes,
    ]
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
