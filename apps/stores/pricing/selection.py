"""What was chosen: the wish as a client sends it, the same resolved against the catalog, and what is wrong with it.

``LineIntent`` carries references (ids or slugs) and nothing else – no price a client could forge.
``checking.check_line`` turns it into a ``Selection`` of catalog values and a list of ``LineProblem``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .model import Choice, Combo, ModifierGroup, Option, PizzaPart, PizzaSize, Product, Slot, Variant

MAX_QUANTITY = 999
MAX_DEPTH = 3


class LineCode(StrEnum):
    """Stable codes of what can be wrong with a line; part of the public API."""

    MALFORMED = "malformed"
    UNKNOWN_PRODUCT = "unknown_product"
    PRODUCT_INACTIVE = "product_inactive"
    PRODUCT_PAUSED = "product_paused"
    NOT_SOLD_ALONE = "not_sold_alone"
    NOT_AT_OUTLET = "not_at_outlet"
    OUTSIDE_HOURS = "outside_hours"
    QUANTITY_INVALID = "quantity_invalid"
    VARIANT_REQUIRED = "variant_required"
    UNKNOWN_VARIANT = "unknown_variant"
    UNKNOWN_OPTION = "unknown_option"
    OPTION_PAUSED = "option_paused"
    OPTION_MAX = "option_max"
    GROUP_MIN = "group_min"
    GROUP_MAX = "group_max"
    GROUP_NOT_OFFERED = "group_not_offered"
    NESTING_TOO_DEEP = "nesting_too_deep"
    PIZZA_SIZE_REQUIRED = "pizza_size_required"
    FLAVOUR_REQUIRED = "flavour_required"
    TOO_MANY_FLAVOURS = "too_many_flavours"
    UNKNOWN_FLAVOUR = "unknown_flavour"
    CRUST_NOT_OFFERED = "crust_not_offered"
    EDGE_NOT_OFFERED = "edge_not_offered"
    SLOT_MIN = "slot_min"
    SLOT_MAX = "slot_max"
    CHOICE_NOT_OFFERED = "choice_not_offered"
    FLAVOUR_NOT_IN_COMBO = "flavour_not_in_combo"


@dataclass(frozen=True, kw_only=True, slots=True)
class LineProblem:
    """One thing wrong with a line.

    ``message`` is English; ``params`` holds what it mentions, so that a caller can say it in another language by
    ``code``. ``path`` points into the intent in wire spelling: ``options[0].options[1]``, ``choices[2].variant``,
    ``flavours[1]``; something missing is named by where it belongs: ``groups.base``, ``slots.drink``.
    """

    code: LineCode
    message: str
    path: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionIntent:
    """A wished option; ``children`` are those of the groups it opens, per unit of this one."""

    group: str
    option: str
    quantity: int = 1
    children: tuple[OptionIntent, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PizzaIntent:
    """A wished pizza: equal parts, a flavour named twice has two of them."""

    size: str | None = None
    crust: str | None = None
    edge: str | None = None
    flavours: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceIntent:
    """A wished product in a slot of a combo; ``quantity`` per combo."""

    slot: str
    product: str
    variant: str | None = None
    quantity: int = 1
    options: tuple[OptionIntent, ...] = ()
    pizza: PizzaIntent | None = None
    notes: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineIntent:
    """A wished line: exactly one of ``product`` and ``combo``, as id or slug."""

    product: str | None = None
    combo: str | None = None
    variant: str | None = None
    quantity: int = 1
    options: tuple[OptionIntent, ...] = ()
    pizza: PizzaIntent | None = None
    choices: tuple[ChoiceIntent, ...] = ()
    notes: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenOption:
    """An option found in the catalog, with what was chosen of the groups it opens."""

    group: ModifierGroup
    option: Option
    quantity: int
    children: tuple[ChosenOption, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenPizza:
    """A pizza found in the catalog; crust and edge are the defaults when nobody said otherwise."""

    size: PizzaSize
    crust: PizzaPart | None
    edge: PizzaPart | None
    flavours: tuple[Product, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenPart:
    """A filled place of a combo; ``quantity`` per combo."""

    slot: Slot
    choice: Choice
    product: Product
    quantity: int
    variant: Variant | None = None
    options: tuple[ChosenOption, ...] = ()
    pizza: ChosenPizza | None = None
    notes: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """A line that can be priced: exactly one of ``product`` and ``combo`` is set (else ``item`` raises ``ValueError``)."""

    quantity: int
    product: Product | None = None
    combo: Combo | None = None
    variant: Variant | None = None
    options: tuple[ChosenOption, ...] = ()
    pizza: ChosenPizza | None = None
    parts: tuple[ChosenPart, ...] = ()
    notes: str = ""

    @property
    def item(self) -> Product | Combo:
        """What is bought, whichever it is."""
        item = self.product or self.combo
        if item is None:
            raise ValueError("a selection has a product or a combo")
        return item


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The outcome of checking: ``selection`` is None when no price can be told at all.

    With a selection *and* problems the line can be shown with a price, but must not be bought.
    """

    selection: Selection | None
    problems: tuple[LineProblem, ...] = ()

    @property
    def is_sellable(self) -> bool:
        """Whether the line may be bought as it is."""
        return self.selection is not None and not self.problems
