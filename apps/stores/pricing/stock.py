"""What a line takes from stock: the tracked products, variants, options and flavours in it, with their quantities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .model import Product, Variant
from .selection import ChosenOption, ChosenPizza, Selection


class StockKind(StrEnum):
    """What kind of row keeps the stock."""

    PRODUCT = "product"
    VARIANT = "variant"
    OPTION = "option"


@dataclass(frozen=True, kw_only=True, slots=True)
class StockDemand:
    """``quantity`` units of one tracked row, by id."""

    kind: StockKind
    id: str
    quantity: int


def stock_demands(selection: Selection) -> tuple[StockDemand, ...]:
    """The demands of a whole line, one per row and in a stable order (by kind and id, the order to lock in)."""
    return merge_demands(_of_selection(selection))


def merge_demands(demands: Iterable[StockDemand]) -> tuple[StockDemand, ...]:
    """The same demands with one entry per row: use it over all lines of a cart."""
    units: dict[tuple[StockKind, str], int] = {}
    for demand in demands:
        key = (demand.kind, demand.id)
        units[key] = units.get(key, 0) + demand.quantity
    return tuple(StockDemand(kind=kind, id=ref, quantity=count) for (kind, ref), count in sorted(units.items()))


def _of_selection(selection: Selection) -> Iterator[StockDemand]:
    count = selection.quantity
    if selection.product is not None:
        yield from _of_item(selection.product, selection.variant, selection.options, selection.pizza, count)
    for part in selection.parts:
        yield from _of_item(part.product, part.variant, part.options, part.pizza, count * part.quantity)


def _of_item(
    product: Product,
    variant: Variant | None,
    options: tuple[ChosenOption, ...],
    pizza: ChosenPizza | None,
    count: int,
) -> Iterator[StockDemand]:
    """A tracked variant has its own stock; otherwise the product's counts for all its forms."""
    if variant is not None and variant.tracked:
        yield StockDemand(kind=StockKind.VARIANT, id=variant.id, quantity=count)
    elif product.tracked:
        yield StockDemand(kind=StockKind.PRODUCT, id=product.id, quantity=count)
    yield from _of_options(options, count)
    if pizza is not None:
        yield from _of_flavours(pizza, count)


def _of_options(options: Iterable[ChosenOption], count: int) -> Iterator[StockDemand]:
    for chosen in options:
        units = count * chosen.quantity
        if chosen.option.tracked:
            yield StockDemand(kind=StockKind.OPTION, id=chosen.option.id, quantity=units)
        yield from _of_options(chosen.children, units)


def _of_flavours(pizza: ChosenPizza, count: int) -> Iterator[StockDemand]:
    """One unit of each different flavour per pizza, whatever its part: stock counts whole portions."""
    for flavour in {row.id: row for row in pizza.flavours}.values():
        if flavour.tracked:
            yield StockDemand(kind=StockKind.PRODUCT, id=flavour.id, quantity=count)
