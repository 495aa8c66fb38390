"""Checks chosen options against the groups a product asks and those that chosen options open.

A group is asked once per line (or per part of a combo): the quantities chosen in it are summed wherever they
occur, and its limits are held against that sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .availability import status_code
from .model import ModifierGroup, Option, find
from .problems import Inspection, is_quantity, join
from .selection import MAX_DEPTH, ChosenOption, LineCode, OptionIntent


@dataclass(kw_only=True, slots=True)
class _Walk:
    """What the walk has met so far: groups asked (id → group and the place), units per group and per option."""

    line: Inspection
    asked: dict[str, tuple[ModifierGroup, str]] = field(default_factory=dict)
    group_units: dict[str, int] = field(default_factory=dict)
    option_units: dict[tuple[str, str], int] = field(default_factory=dict)

    def ask(self, group_ids: Sequence[str], prefix: str) -> list[ModifierGroup]:
        """The groups asked at this place; the first place a group is asked at is the one that is reported."""
        groups = [group for ref in group_ids if (group := self.line.catalog.group(ref)) is not None]
        for group in groups:
            if group.id not in self.asked:
                self.asked[group.id] = (group, prefix)
        return groups


def check_options(
    line: Inspection, group_ids: Sequence[str], intents: Sequence[OptionIntent], prefix: str = ""
) -> tuple[ChosenOption, ...]:
    """The options that exist, with every problem added to ``line``; unknown ones are left out."""
    walk = _Walk(line=line)
    chosen = _check_level(walk, group_ids, intents, prefix, depth=1)
    _check_limits(walk)
    return chosen


def _check_level(
    walk: _Walk, group_ids: Sequence[str], intents: Sequence[OptionIntent], prefix: str, depth: int
) -> tuple[ChosenOption, ...]:
    groups = walk.ask(group_ids, prefix)
    chosen = []
    for index, intent in enumerate(intents):
        path = join(prefix, f"options[{index}]")
        if depth > MAX_DEPTH:
            walk.line.add(LineCode.NESTING_TOO_DEEP, path)
            continue
        option = _check_option(walk, groups, intent, path, depth)
        if option is not None:
            chosen.append(option)
    return tuple(chosen)


def _check_option(
    walk: _Walk, groups: Sequence[ModifierGroup], intent: OptionIntent, path: str, depth: int
) -> ChosenOption | None:
    group = find(groups, intent.group)
    if group is None:
        walk.line.add(LineCode.GROUP_NOT_OFFERED, path, group=intent.group)
        return None
    option = find(group.options, intent.option)
    if option is None:
        walk.line.add(LineCode.UNKNOWN_OPTION, path, name=group.name, option=intent.option)
        return None
    if not is_quantity(intent.quantity):
        walk.line.add(LineCode.QUANTITY_INVALID, path)
        return None
    _count(walk, group, option, intent.quantity, path)
    opened = option.opens if depth < MAX_DEPTH else ()
    children = _check_level(walk, opened, intent.children, path, depth + 1) if opened or intent.children else ()
    return ChosenOption(group=group, option=option, quantity=intent.quantity, children=children)


def _count(walk: _Walk, group: ModifierGroup, option: Option, quantity: int, path: str) -> None:
    """Add the units to the sums; tell of a pause, and of the option's maximum where it is first passed."""
    if status_code(option.status, option.paused_until, walk.line.context.available_at) is not None:
        walk.line.add(LineCode.OPTION_PAUSED, path, name=option.name)
    key = (group.id, option.id)
    before = walk.option_units.get(key, 0)
    walk.option_units[key] = before + quantity
    walk.group_units[group.id] = walk.group_units.get(group.id, 0) + quantity
    if before <= option.max < before + quantity:
        walk.line.add(LineCode.OPTION_MAX, path, name=option.name, max=option.max)


def _check_limits(walk: _Walk) -> None:
    for group, prefix in walk.asked.values():
        units = walk.group_units.get(group.id, 0)
        if units < group.min:
            walk.line.add(LineCode.GROUP_MIN, join(prefix, f"groups.{group.slug}"), name=group.name, min=group.min)
        if group.max is not None and units > group.max:
            walk.line.add(LineCode.GROUP_MAX, join(prefix, f"groups.{group.slug}"), name=group.name, max=group.max)
