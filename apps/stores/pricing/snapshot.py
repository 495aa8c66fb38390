"""A line as it is kept with an order: names and prices of everything chosen, readable without the catalog.

Plain dicts, lists, strings and whole numbers, so that it can be stored as JSON; money is text with the currency's
decimals. Kitchen tickets, receipts and messages are written from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from .lines import PricedLine
from .model import PizzaPart, price_at
from .rounding import ZERO, round_half_up
from .selection import ChosenOption, ChosenPart, ChosenPizza

Json = dict[str, object]


def snapshot(line: PricedLine, exponent: int) -> Json:
    """``{product|combo, variant?, name, quantity, base_price, unit_price, total, options, pizza?, parts, notes}``."""
    chosen = line.selection
    item = chosen.item
    kept: Json = {"combo" if chosen.combo else "product": item.id, "slug": item.slug, "name": item.name}
    if chosen.variant:
        kept["variant"] = {"id": chosen.variant.id, "slug": chosen.variant.slug, "name": chosen.variant.name}
    kept |= {
        "quantity": line.quantity,
        "base_price": _money(line.base.amount, exponent),
        "base_rule": line.base.rule.value,
        "unit_price": _money(line.unit_price, exponent),
        "total": _money(line.total, exponent),
        "options": _options(chosen.options, exponent),
        "parts": [_part(part, exponent) for part in chosen.parts],
        "notes": chosen.notes,
    }
    if chosen.pizza:
        kept["pizza"] = _pizza(chosen.pizza, exponent)
    return kept


def summary(line: PricedLine) -> str:
    """The line in one row of text for people, in the catalog's language, without quantity and price.

    ``Pizza, Grande, 1/2 Calabresa + 1/2 Mussarela, Borda de Catupiry`` · ``Monte sua Salada, M: Frango, 2× Milho``.
    """
    chosen = line.selection
    words = [chosen.item.name, chosen.variant.name if chosen.variant else ""]
    words += _pizza_words(chosen.pizza)
    details = [*_option_words(chosen.options), *(_part_words(part) for part in chosen.parts)]
    head = ", ".join(word for word in words if word)
    return f"{head}: {', '.join(details)}" if details else head


def _options(options: Iterable[ChosenOption], exponent: int) -> list[Json]:
    return [
        {
            "group": {"id": chosen.group.id, "slug": chosen.group.slug, "name": chosen.group.name},
            "option": {"id": chosen.option.id, "slug": chosen.option.slug, "name": chosen.option.name},
            "price": _money(chosen.option.price, exponent),
            "quantity": chosen.quantity,
            "options": _options(chosen.children, exponent),
        }
        for chosen in options
    ]


def _pizza(pizza: ChosenPizza, exponent: int) -> Json:
    """Flavours with their ``parts`` of ``of``: 2 of 3."""
    kept: Json = {"size": {"id": pizza.size.id, "slug": pizza.size.slug, "name": pizza.size.name}}
    for name, part in (("crust", pizza.crust), ("edge", pizza.edge)):
        kept[name] = _pizza_part(part, pizza, exponent) if part else None
    shares = Counter(flavour.id for flavour in pizza.flavours)
    kept["flavours"] = [
        {
            "id": flavour.id,
            "slug": flavour.slug,
            "name": flavour.name,
            "price": _money(price_at(flavour.flavour_prices, pizza.size) or ZERO, exponent),
            "parts": shares[flavour.id],
            "of": len(pizza.flavours),
        }
        for flavour in {row.id: row for row in pizza.flavours}.values()
    ]
    return kept


def _pizza_part(part: PizzaPart, pizza: ChosenPizza, exponent: int) -> Json:
    price = price_at(part.prices, pizza.size) or ZERO
    return {"id": part.id, "slug": part.slug, "name": part.name, "price": _money(price, exponent)}


def _part(part: ChosenPart, exponent: int) -> Json:
    kept: Json = {
        "slot": {"id": part.slot.id, "slug": part.slot.slug, "name": part.slot.name},
        "product": part.product.id,
        "category": part.product.category_path[0] if part.product.category_path else None,
        "slug": part.product.slug,
        "name": part.product.name,
        "quantity": part.quantity,
        "extra": _money(part.choice.extra, exponent),
        "options": _options(part.options, exponent),
        "notes": part.notes,
    }
    if part.variant:
        kept["variant"] = {"id": part.variant.id, "slug": part.variant.slug, "name": part.variant.name}
    if part.pizza:
        kept["pizza"] = _pizza(part.pizza, exponent)
    return kept


def _option_words(options: Iterable[ChosenOption]) -> list[str]:
    words = []
    for chosen in options:
        inner = ", ".join(_option_words(chosen.children))
        words.append(_times(chosen.quantity, chosen.option.name) + (f" ({inner})" if inner else ""))
    return words


def _part_words(part: ChosenPart) -> str:
    names = [part.product.name, part.variant.name if part.variant else "", *_pizza_words(part.pizza)]
    inner = ", ".join(_option_words(part.options))
    return _times(part.quantity, ", ".join(name for name in names if name)) + (f" ({inner})" if inner else "")


def _pizza_words(pizza: ChosenPizza | None) -> list[str]:
    if pizza is None:
        return []
    shares, of = Counter(flavour.name for flavour in pizza.flavours), len(pizza.flavours)
    flavours = " + ".join(f"{count}/{of} {name}" if of > 1 else name for name, count in shares.items())
    extras = [part.name for part in (pizza.crust, pizza.edge) if part]
    return [pizza.size.name, flavours, *extras]


def _times(quantity: int, words: str) -> str:
    return words if quantity == 1 else f"{quantity}× {words}"


def _money(amount: Decimal, exponent: int) -> str:
    return str(round_half_up(amount, exponent))
