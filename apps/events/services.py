"""Mechanism 2, facts: `unit_of_work` and `record`.

A unit is one transaction. Facts recorded in it are buffered and written by its last three statements:
take the store's next sequence numbers (a row lock that is held only until the commit that follows), insert
the facts, insert one delivery per subscriber. Because the lock is the last one taken, two units can never
deadlock on it, and because it is held to the commit, sequence order is commit order: a cursor never skips.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.idempotency import all_or_nothing
from apps.core.scope import current_store_id
from apps.events import registry, wake
from apps.events.models import Delivery, Event
from apps.events.registry import Fact, Happening, Subject


@dataclass(slots=True)
class _Unit:
    happenings: list[tuple[Fact, Happening]] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("comanda_unit", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction that may record facts. A unit inside a unit joins it."""
    if _unit.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
        return
    unit = _Unit()
    token = _unit.set(unit)
    try:
        with transaction.atomic(savepoint=not all_or_nothing.get()):
            yield
            _append(unit)
    finally:
        _unit.reset(token)


def record(
    fact: Fact, *, subject: Subject, actor: Actor, payload: Mapping[str, Any], occurred_at: datetime | None = None
) -> Happening:
    """Append a fact about `subject` in the store in scope. Inline subscribers run before this returns.

    Raises `RuntimeError` outside a unit of work and for a fact nobody defined: both are bugs.
    """
    unit = _unit.get()
    if unit is None:
        raise RuntimeError(f"{fact.name} recorded outside a unit of work")
    if not registry.is_defined(fact):
        raise RuntimeError(f"{fact.name} is not a defined fact")
    happening = Happening(
        name=fact.name,
        store_id=current_store_id(),
        subject=subject,
        payload=dict(payload),
        actor=actor,
        occurred_at=occurred_at or now(),
    )
    unit.happenings.append((fact, happening))
    for handler in registry.inline_handlers(fact.name):
        handler(happening)
    return happening


def _append(unit: _Unit) -> None:
    by_store: dict[UUID, list[tuple[Fact, Happening]]] = {}
    for fact, happening in unit.happenings:
        by_store.setdefault(happening.store_id, []).append((fact, happening))
    for store_id in sorted(by_store):  # a fixed order, should one unit ever span stores
        _append_store(store_id, by_store[store_id])


def _append_store(store_id: UUID, happenings: list[tuple[Fact, Happening]]) -> None:
    last = _take_sequences(store_id, len(happenings))
    first = last - len(happenings) + 1
    events = Event.objects.bulk_create(
        [_row(fact, happening, first + offset) for offset, (fact, happening) in enumerate(happenings)]
    )
    deliveries = [
        Delivery(event=event, subscriber=label, subject=f"{event.subject_type}:{event.subject_id}")
        for event in events
        for label in registry.relayed_labels(event.name)
    ]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)
    transaction.on_commit(lambda: wake.after_commit(store_id=store_id, seq=last, relay=bool(deliveries)))


def _take_sequences(store_id: UUID, count: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_eventcursor (store_id, last_seq) VALUES (%s, %s) ON CONFLICT (store_id)"
            " DO UPDATE SET last_seq = events_eventcursor.last_seq + EXCLUDED.last_seq RETURNING last_seq",
            [store_id, count],
        )
        return int(cursor.fetchone()[0])


def _row(fact: Fact, happening: Happening, seq: int) -> Event:
    return Event(
        store_id=happening.store_id,
        seq=seq,
        name=fact.name,
        version=fact.version,
        subject_type=happening.subject.type,
        subject_id=str(happening.subject.id),
        payload=happening.payload,
        actor_kind=happening.actor.kind,
        actor_id=happening.actor.id,
        actor_label=happening.actor.label,
        occurred_at=happening.occurred_at,
    )
