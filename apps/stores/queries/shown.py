"""Which categories customers see: those that are active, as is everything above them. What is in another is not for sale."""

from collections.abc import Mapping
from uuid import UUID


def shown_ids(tree: Mapping[UUID, tuple[UUID | None, bool]]) -> frozenset[UUID]:
    """The shown ones of `tree`: category id → (id of the category it is in, whether it is active)."""
    return frozenset(pk for pk in tree if _is_shown(pk, tree))


def _is_shown(pk: UUID, tree: Mapping[UUID, tuple[UUID | None, bool]]) -> bool:
    step: UUID | None = pk
    for _level in range(len(tree) + 1):  # a loop in the tree must not hang a menu
        if step is None:
            return True
        parent, active = tree.get(step, (None, False))
        if not active:
            return False
        step = parent
    return False
