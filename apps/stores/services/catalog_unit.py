"""A unit of work that may change the menu: however many services run inside, one new version at its end.

`with catalog_unit(actor=actor) as publish:` – a service calls `publish()` where it changed something; a request that
changes nothing publishes nothing. A unit inside a unit joins it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from apps.core.actors import Actor
from apps.events.services import unit_of_work
from apps.stores.services.catalog_changes import catalog_changed

Publish = Callable[[], None]


class _Change:
    """Whether the current unit has changed the menu."""

    def __init__(self) -> None:
        self.happened = False

    def mark(self) -> None:
        """The menu is another one now."""
        self.happened = True


_current: ContextVar[_Change | None] = ContextVar("comanda_catalog_change", default=None)


@contextmanager
def catalog_unit(*, actor: Actor) -> Iterator[Publish]:
    """One transaction; gives the function that marks the menu as changed."""
    outer = _current.get()
    if outer is not None:
        with unit_of_work():
            yield outer.mark
        return
    change = _Change()
    token = _current.set(change)
    try:
        with unit_of_work():
            yield change.mark
            if change.happened:
                catalog_changed(actor=actor)
    finally:
        _current.reset(token)
