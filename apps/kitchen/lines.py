"""From the options of a sold line to the rows a cook reads: short texts with a level of indentation.

A combo is made at several stations, so each of its parts can be an item of its own (`parts_of`).

Understands the whole snapshot of `stores.pricing.snapshot` (a dict with `options`, `parts`, `pizza`) and a bare list of
options, at any depth, and skips what it does not know: an odd row must never keep an order from the kitchen.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = dict[str, Any]
DEEPEST = 5


def rows(chosen: Any) -> list[Row]:
    """`[{"level": 0, "text": "2× Milho", "kind": "option"}, …]` – kinds: option, part (of a combo), combo (of a part), note."""
    if isinstance(chosen, Mapping):
        return [*_pizza(chosen.get("pizza"), 0), *_options(chosen.get("options"), 0), *_parts(chosen.get("parts"), 0)]
    return list(_options(chosen, 0))


def parts_of(chosen: Any) -> list[Mapping[str, Any]]:
    """The parts of a combo's snapshot; none for a product, or for a snapshot that does not say which product a part is."""
    parts = _mappings(chosen.get("parts")) if isinstance(chosen, Mapping) else []
    return [*parts] if all(part.get("product") and _name(part) for part in parts) else []


def part_rows(part: Mapping[str, Any], *, combo: str) -> list[Row]:
    """The rows of a part that is an item of its own: what it belongs to, and what was chosen for it."""
    notes = [_row(0, str(part["notes"]), "note")] if part.get("notes") else []
    return [_row(0, combo, "combo"), *_pizza(part.get("pizza"), 0), *_options(part.get("options"), 0), *notes]


def part_title(part: Mapping[str, Any]) -> str:
    """What such an item is called."""
    return title(product=_name(part), variant=_name(part.get("variant")), chosen=part)


def times(part: Mapping[str, Any]) -> int:
    """How many of the part are in one combo."""
    quantity = part.get("quantity")
    return quantity if isinstance(quantity, int) and quantity > 0 else 1


def title(*, product: str, variant: str, chosen: Any) -> str:
    """What the item is called: the product, its variant, and of a pizza the size – “Pizza Grande”."""
    pizza = chosen.get("pizza") if isinstance(chosen, Mapping) else None
    return " ".join(word for word in (product, variant, _size(pizza)) if word)


def _options(options: Any, level: int) -> Iterator[Row]:
    for chosen in _mappings(options):
        if "slot" in chosen or "parts" in chosen:
            yield from _parts([chosen], level)
            continue
        name = _name(chosen.get("option")) or _name(chosen)
        if name and level < DEEPEST:
            yield _row(level, _times(chosen, name), "option")
            yield from _options(chosen.get("options"), level + 1)


def _parts(parts: Any, level: int) -> Iterator[Row]:
    for part in _mappings(parts):
        name = title(product=_name(part), variant=_name(part.get("variant")), chosen=part)
        if not name or level >= DEEPEST:
            continue
        yield _row(level, _times(part, name), "part")
        yield from _pizza(part.get("pizza"), level + 1)
        yield from _options(part.get("options"), level + 1)
        if part.get("notes"):
            yield _row(level + 1, str(part["notes"]), "note")


def _pizza(pizza: Any, level: int) -> Iterator[Row]:
    if not isinstance(pizza, Mapping):
        return
    for flavour in _mappings(pizza.get("flavours")):
        share = f"{flavour.get('parts')}/{flavour.get('of')} " if (flavour.get("of") or 1) != 1 else ""
        yield _row(level, f"{share}{_name(flavour)}", "option")
    if extras := " · ".join(name for extra in ("crust", "edge") if (name := _name(pizza.get(extra)))):
        yield _row(level, extras, "option")


def _size(pizza: Any) -> str:
    return _name(pizza.get("size")) if isinstance(pizza, Mapping) else ""


def _mappings(value: Any) -> Iterable[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _name(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _times(row: Mapping[str, Any], name: str) -> str:
    quantity = row.get("quantity")
    return f"{quantity}× {name}" if isinstance(quantity, int) and quantity > 1 else name


def _row(level: int, text: str, kind: str) -> Row:
    return {"level": level, "text": text, "kind": kind}
