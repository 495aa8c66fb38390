"""Reads a wished line from JSON in the house's own spelling (data/README.md "orders": a line).

``{product|combo, variant, qty, options: [{group, option, qty, options}], size, crust, edge, flavours, choices:
[{slot, …as a line}], notes}``. Other clients' spellings are translated at their edge. Shapes only: whether it can
be bought is ``checking``'s question. Unknown keys are ignored, so a price a client sends has no effect.
"""

from __future__ import annotations

from collections.abc import Mapping

from .problems import join, problem
from .selection import MAX_DEPTH, ChoiceIntent, LineCode, LineIntent, LineProblem, OptionIntent, PizzaIntent

MAX_TEXT = 500
"""Longest note or reference, in characters."""
MAX_ITEMS = 100
"""Most options or choices in one list: enough for any menu, few enough to read."""


class MalformedLine(Exception):
    """The value has the wrong shape; ``problem`` says where."""

    def __init__(self, path: str) -> None:
        """Build the problem for the place in question."""
        self.problem: LineProblem = problem(LineCode.MALFORMED, path)
        super().__init__(self.problem.message)


def parse_line(raw: object, path: str = "") -> LineIntent:
    """A line from parsed JSON; raises ``MalformedLine``."""
    row = _mapping(raw, path)
    return LineIntent(
        product=_reference(row, "product", path),
        combo=_reference(row, "combo", path),
        variant=_reference(row, "variant", path),
        quantity=_quantity(row, path),
        options=_options(row, path, depth=1),
        pizza=_pizza(row, path),
        choices=tuple(_choice(item, where) for item, where in _items(row, "choices", path)),
        notes=_text(row, "notes", path),
    )


def _choice(raw: object, path: str) -> ChoiceIntent:
    row = _mapping(raw, path)
    return ChoiceIntent(
        slot=_required(row, "slot", path),
        product=_required(row, "product", path),
        variant=_reference(row, "variant", path),
        quantity=_quantity(row, path),
        options=_options(row, path, depth=1),
        pizza=_pizza(row, path),
        notes=_text(row, "notes", path),
    )


def _options(row: Mapping[str, object], path: str, depth: int) -> tuple[OptionIntent, ...]:
    """Options of a line or of an option. One level more than is allowed is read, so that checking can name it."""
    if depth > MAX_DEPTH + 1:
        return ()
    return tuple(_option(item, where, depth) for item, where in _items(row, "options", path))


def _option(raw: object, path: str, depth: int) -> OptionIntent:
    row = _mapping(raw, path)
    return OptionIntent(
        group=_required(row, "group", path),
        option=_required(row, "option", path),
        quantity=_quantity(row, path),
        children=_options(row, path, depth + 1),
    )


def _pizza(row: Mapping[str, object], path: str) -> PizzaIntent | None:
    if not any(row.get(key) for key in ("size", "crust", "edge", "flavours")):
        return None
    flavours = tuple(_name(item, where) for item, where in _items(row, "flavours", path))
    size, crust, edge = (_reference(row, key, path) for key in ("size", "crust", "edge"))
    return PizzaIntent(size=size, crust=crust, edge=edge, flavours=flavours)


def _mapping(raw: object, path: str) -> Mapping[str, object]:
    if not isinstance(raw, Mapping):
        raise MalformedLine(path)
    return raw


def _items(row: Mapping[str, object], key: str, path: str) -> list[tuple[object, str]]:
    """The items of a list with their paths; absent and null are empty."""
    value, where = row.get(key), join(path, key)
    if value is None:
        return []
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        raise MalformedLine(where)
    return [(item, f"{where}[{index}]") for index, item in enumerate(value)]


def _quantity(row: Mapping[str, object], path: str) -> int:
    """``qty`` (or ``quantity``), one when absent. A whole number that is not in range is checking's to refuse."""
    key = "qty" if "qty" in row else "quantity"
    value = row.get(key, 1)
    if type(value) is not int:
        raise MalformedLine(join(path, key))
    return value


def _reference(row: Mapping[str, object], key: str, path: str) -> str | None:
    value = row.get(key)
    return None if value in (None, "") else _name(value, join(path, key))


def _required(row: Mapping[str, object], key: str, path: str) -> str:
    return _name(row.get(key), join(path, key))


def _text(row: Mapping[str, object], key: str, path: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or not _storable(value):
        raise MalformedLine(join(path, key))
    return value.strip()


def _name(value: object, path: str) -> str:
    if not isinstance(value, str) or not value or not _storable(value):
        raise MalformedLine(path)
    return value


def _storable(text: str) -> bool:
    """Short enough, and without what PostgreSQL text cannot hold: NUL and lone surrogates."""
    return len(text) <= MAX_TEXT and "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
