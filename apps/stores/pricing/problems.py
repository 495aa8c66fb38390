"""Collects what is wrong with a line while the checks walk through it, so that a client learns all of it at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from .context import PricingContext
from .model import PricingCatalog
from .selection import MAX_DEPTH, MAX_QUANTITY, LineCode, LineProblem

_MESSAGES: dict[LineCode, str] = {
    LineCode.MALFORMED: "This is not a line we understand.",
    LineCode.UNKNOWN_PRODUCT: "There is no such product.",
    LineCode.PRODUCT_INACTIVE: "{name} is no longer sold.",
    LineCode.PRODUCT_PAUSED: "{name} is not available at the moment.",
    LineCode.NOT_SOLD_ALONE: "{name} is only sold as part of a pizza.",
    LineCode.NOT_AT_OUTLET: "{name} is not sold at this outlet.",
    LineCode.OUTSIDE_HOURS: "{name} is not sold at this time or for this service.",
    LineCode.QUANTITY_INVALID: f"The quantity has to be a whole number from 1 to {MAX_QUANTITY}.",
    LineCode.VARIANT_REQUIRED: "Choose a variant of {name}.",
    LineCode.UNKNOWN_VARIANT: "{name} has no such variant.",
    LineCode.UNKNOWN_OPTION: "{name} has no such option.",
    LineCode.OPTION_PAUSED: "{name} is not available at the moment.",
    LineCode.OPTION_MAX: "{name} can be chosen at most {max} times.",
    LineCode.GROUP_MIN: "{name}: choose at least {min}.",
    LineCode.GROUP_MAX: "{name}: choose at most {max}.",
    LineCode.GROUP_NOT_OFFERED: "This choice is not offered here.",
    LineCode.NESTING_TOO_DEEP: f"Choices can be nested {MAX_DEPTH} deep at most.",
    LineCode.PIZZA_SIZE_REQUIRED: "Choose a size of {name}.",
    LineCode.FLAVOUR_REQUIRED: "Choose a flavour of {name}.",
    LineCode.TOO_MANY_FLAVOURS: "{name} has at most {max} flavours.",
    LineCode.UNKNOWN_FLAVOUR: "There is no such flavour in this size.",
    LineCode.CRUST_NOT_OFFERED: "This crust is not offered in this size.",
    LineCode.EDGE_NOT_OFFERED: "This edge is not offered in this size.",
    LineCode.SLOT_MIN: "{name}: choose at least {min}.",
    LineCode.SLOT_MAX: "{name}: choose at most {max}.",
    LineCode.CHOICE_NOT_OFFERED: "This choice is not part of the combo.",
    LineCode.FLAVOUR_NOT_IN_COMBO: "{name} is not one of the flavours of this combo.",
}


def problem(code: LineCode, path: str = "", **params: str | int) -> LineProblem:
    """A problem with its message; ``params`` fill the message and travel with it."""
    return LineProblem(code=code, message=_MESSAGES[code].format(**params), path=path, params=params)


@dataclass(kw_only=True, slots=True)
class Inspection:
    """One line under inspection: what it is held against, and the problems found so far in the order of the walk."""

    catalog: PricingCatalog
    context: PricingContext
    _found: list[LineProblem] = field(default_factory=list)

    def add(self, code: LineCode, path: str = "", **params: str | int) -> None:
        """Note a problem."""
        self._found.append(problem(code, path, **params))

    def problems(self) -> tuple[LineProblem, ...]:
        """What was found."""
        return tuple(self._found)


def join(prefix: str, name: str) -> str:
    """A path one step deeper: ``join("choices[0]", "variant")`` → ``choices[0].variant``."""
    return f"{prefix}.{name}" if prefix else name


def is_quantity(value: object) -> bool:
    """Whether ``value`` is a whole number from 1 to ``MAX_QUANTITY`` (True and 1.0 are not)."""
    return type(value) is int and 1 <= value <= MAX_QUANTITY
