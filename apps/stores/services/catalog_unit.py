"""A unit of work that may change the menu: however many services run inside, one new version at its end.

`with catalog_unit(actor=actor) as publish:` – a service calls `publish()` where it changed something; a request that
changes nothing publishes nothing. A unit inside a unit joins it.

Changes of one store's menu take turns, from their first statement to their commit. They would wait for each other at the
version anyway, but with rows in their hands: one that renames a category holds it and wants the version, one that
deletes it had the version and wanted the category, and a new product checks its category at the commit, after the version.
The turn is the first lock of every unit, so none of these circles can close, nor can two people nest two groups into a
loop. Orders take no turn and never wait for one: they change stock and, when something runs out, the version.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

from apps.core.actors import Actor
from apps.core.scope import current_store_id
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


# Advisory locks are named by one number (idempotency keys are) or by two: this is the first of ours.
TURN = 1

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
            take_turn(current_store_id())
            yield change.mark
            if change.happened:
                catalog_changed(actor=actor)
    finally:
        _current.reset(token)


def take_turn(store_id: UUID) -> None:
    """Wait until no other change of this store's menu is under way. The turn ends with the transaction.

    Take it before any row lock. Raises `OperationalError` (a 503) when the other one takes longer than the lock timeout.
    """
    number = int.from_bytes(store_id.bytes[-4:], signed=True)  # two stores may share one: they take turns, no more
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURN, number])
