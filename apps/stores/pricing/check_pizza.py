"""Checks a wished pizza against the store's pizza menu: size, crust, edge, flavours (data/README.md "pizza")."""

from __future__ import annotations

from collections.abc import Sequence

from .availability import product_problem
from .model import Choice, Kind, PizzaPart, PizzaSize, PricingCatalog, Product, find, price_at
from .problems import Inspection, join
from .selection import ChosenPizza, LineCode, PizzaIntent


def check_pizza(
    line: Inspection, product: Product, intent: PizzaIntent | None, prefix: str = "", choice: Choice | None = None
) -> ChosenPizza | None:
    """The pizza with its defaults filled in; None for another kind of product, or without size or known flavour.

    ``choice`` is the combo's choice it stands for: that fixes the size and limits the flavours.
    """
    if product.kind is not Kind.PIZZA:
        if intent is not None:
            line.add(LineCode.MALFORMED, join(prefix, "flavours"))
        return None
    wish = intent or PizzaIntent()
    size = _size(line.catalog, wish, choice)
    if size is None:
        line.add(LineCode.PIZZA_SIZE_REQUIRED, join(prefix, "size"), name=product.name)
        return None
    if not wish.flavours:
        line.add(LineCode.FLAVOUR_REQUIRED, join(prefix, "flavours"), name=product.name)
    menu = line.catalog.pizza
    crust = _part(line, menu.crusts, wish.crust, size, LineCode.CRUST_NOT_OFFERED, join(prefix, "crust"))
    edge = _part(line, menu.edges, wish.edge, size, LineCode.EDGE_NOT_OFFERED, join(prefix, "edge"))
    flavours = _flavours(line, wish, size, prefix, choice)
    return ChosenPizza(size=size, crust=crust, edge=edge, flavours=flavours) if flavours else None


def _size(catalog: PricingCatalog, wish: PizzaIntent, choice: Choice | None) -> PizzaSize | None:
    """The wished size, or in a combo the fixed one (``check_combo`` has seen that they agree)."""
    ref = wish.size or (choice.size_id if choice else None)
    return find(catalog.pizza.sizes, ref)


def _part(
    line: Inspection, parts: Sequence[PizzaPart], ref: str | None, size: PizzaSize, code: LineCode, path: str
) -> PizzaPart | None:
    if not ref:
        return next((part for part in parts if price_at(part.prices, size) is not None), None)
    part = find(parts, ref)
    if part is None or price_at(part.prices, size) is None:
        line.add(code, path)
        return None
    return part


def _flavours(
    line: Inspection, wish: PizzaIntent, size: PizzaSize, prefix: str, choice: Choice | None
) -> tuple[Product, ...]:
    if len(wish.flavours) > size.max_flavours:
        line.add(LineCode.TOO_MANY_FLAVOURS, join(prefix, "flavours"), name=size.name, max=size.max_flavours)
    flavours = []
    for index, ref in enumerate(wish.flavours):
        path = join(prefix, f"flavours[{index}]")
        flavour = line.catalog.product(ref)
        if flavour is None or flavour.kind is not Kind.FLAVOUR or price_at(flavour.flavour_prices, size) is None:
            line.add(LineCode.UNKNOWN_FLAVOUR, path, flavour=ref)
            continue
        _judge_flavour(line, flavour, path, choice)
        flavours.append(flavour)
    return tuple(flavours)


def _judge_flavour(line: Inspection, flavour: Product, path: str, choice: Choice | None) -> None:
    code = product_problem(line.catalog, flavour, line.context)
    if code is not None:
        line.add(code, path, name=flavour.name)
    if choice and choice.flavours and not {flavour.id, flavour.slug} & choice.flavours:
        line.add(LineCode.FLAVOUR_NOT_IN_COMBO, path, name=flavour.name)
