"""What rooms above this one have to say before an order moves.

They register a guard when the application starts. It raises a `Problem`, or puts its own things in order and lets the move
pass; it runs in the transaction of the move, with the order locked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from apps.core.actors import Actor
from apps.stores.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A legal move that is about to be made. `may_override`: whoever asks may set guards aside by saying why (`reason`)."""

    order: Order
    actor: Actor
    reason: str = ""
    may_override: bool = False

    @property
    def is_overridden(self) -> bool:
        """Whether somebody who may has said why it goes ahead all the same."""
        return self.may_override and bool(self.reason.strip())


Guard = Callable[[Step], None]
_guards: dict[str, list[Guard]] = {}


def guards(status: str) -> Callable[[Guard], Guard]:
    """Register a guard of the moves to `status`."""

    def decorator(guard: Guard) -> Guard:
        known = _guards.setdefault(status, [])
        if guard not in known:
            known.append(guard)
        return guard

    return decorator


def check(status: str, step: Step) -> None:
    """Ask every guard of `status`. Raises what the first one that says no raises."""
    for guard in _guards.get(status, ()):
        guard(step)
