"""Mechanism 2, facts: `unit_of_work` and `record`.

A unit is one transaction. Facts recorded in it are buffered and written by its last two statements: take the
store's next sequence numbers (a row lock that is held only until the commit that follows), insert the facts with
one delivery per subscriber. The lock is the last one taken – foreign keys, which lock what they point to and
would do it at the commit, are checked before it – so two units never deadlock on it. It is held to the commit,
so sequence order is commit order: a cursor never skips.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from apps.core.actors import Actor, ActorKind
from apps.core.clock import now
from apps.core.idempotency import before_commit
from apps.core.jsonb import plain
from apps.core.scope import current_store_id
from apps.events import registry, wake
from apps.events.models import Event
from apps.events.registry import Fact, Happening, Subject

Mark = Callable[[], None]


# A person's name may be longer than what the log shows of it; failing the change for that would be absurd.
LABEL = 120


@dataclass(slots=True)
class _Unit:
    connection: Any
    happenings: list[tuple[Fact, Happening, Mark]] = field(default_factory=list)


_unit: ContextVar[_Unit | None] = ContextVar("comanda_unit", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction that may record facts. A unit inside a unit joins it."""
    if is_open():
        with transaction.atomic(savepoint=False):
            yield
        return
    later = before_commit.get()
    unit = _Unit(connection=_connection())
    token = _unit.set(unit)
    try:
        with transaction.atomic(savepoint=later is None):
            yield
            if later is None:
                _append(unit)
            else:  # the request that surrounds us still has rows to write; the sequence has to come after them
                later.append(lambda: _append(unit))
    finally:
        _unit.reset(token)


def is_open() -> bool:
    """Whether the caller is inside a unit of work (one of another thread, inherited with a context, is not ours)."""
    unit = _unit.get()
    return unit is not None and unit.connection is _connection()


def _connection() -> Any:
    return connections[DEFAULT_DB_ALIAS]


def record(
    fact: Fact,
    *,
    subject: Subject,
    actor: Actor,
    payload: Mapping[str, Any],
    occurred_at: datetime | None = None,
    in_hand: Any = None,
) -> Happening:
    """Append a fact about `subject` in the store in scope. Inline subscribers run before this returns.

    `in_hand` is not kept: rows the caller has just written, which saves an inline subscriber from reading them back.
    Raises `RuntimeError` outside a unit of work and for a fact nobody defined: both are bugs.
    """
    unit = _unit.get()
    if unit is None or not is_open():
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
        in_hand=in_hand,
    )
    unit.happenings.append((fact, happening, _marked()))
    for handler in registry.inline_handlers(fact.name):
        handler(happening)
    return happening


def _marked() -> Mark:
    """A do-nothing on-commit hook. Django drops it when the savepoint it was made in is rolled back: so may the fact be."""

    def mark() -> None:
        """Nothing to do; being there says it."""

    transaction.on_commit(mark)
    return mark


def _append(unit: _Unit) -> None:
    alive = {id(hook) for _savepoints, hook, _robust in unit.connection.run_on_commit}
    by_store: dict[UUID, list[tuple[Fact, Happening]]] = {}
    for fact, happening, mark in unit.happenings:
        if id(mark) in alive:
            by_store.setdefault(happening.store_id, []).append((fact, happening))
    for store_id in sorted(by_store):  # a fixed order, should one unit ever span stores
        _append_store(store_id, by_store[store_id])


# One round trip: foreign keys so far, then the store's next numbers.
TAKE = """
SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;
INSERT INTO events_eventcursor (store_id, last_seq) VALUES (%s, %s)
ON CONFLICT (store_id) DO UPDATE SET last_seq = events_eventcursor.last_seq + EXCLUDED.last_seq RETURNING last_seq
"""
# One more: the facts, and who has to hear of them.
APPEND = """
WITH told AS (
    INSERT INTO events_event (store_id, seq, name, version, subject_type, subject_id, payload, actor_kind, actor_id,
        actor_label, occurred_at)
    SELECT %(store)s, fact.seq, fact.name, fact.version, fact.subject_type, fact.subject_id, fact.payload,
        fact.actor_kind, fact.actor_id, fact.actor_label, fact.occurred_at
    FROM jsonb_to_recordset(%(facts)s::jsonb) AS fact (seq bigint, name text, version int, subject_type text,
        subject_id text, payload jsonb, actor_kind text, actor_id text, actor_label text, occurred_at timestamptz)
    ORDER BY fact.seq RETURNING id, seq)
INSERT INTO events_delivery (event_id, subscriber, subject, state, attempts, available_at, last_error)
SELECT told.id, ear.subscriber, ear.subject, 'pending', 0, %(now)s, ''
FROM told JOIN jsonb_to_recordset(%(ears)s::jsonb) AS ear (seq bigint, subscriber text, subject text) USING (seq)
ORDER BY told.id
"""


def _append_store(store_id: UUID, happenings: list[tuple[Fact, Happening]]) -> None:
    last = _take_sequences(store_id, len(happenings))
    numbered = list(enumerate(happenings, start=last - len(happenings) + 1))
    ears = [
        {"seq": seq, "subscriber": label, "subject": str(happening.subject)}
        for seq, (_fact, happening) in numbered
        for label in registry.relayed_labels(happening.name)
    ]
    facts = [_row(seq, *told) for seq, told in numbered]
    values: dict[str, Any] = {"store": store_id, "now": now(), "facts": _json(facts), "ears": _json(ears)}
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)
    transaction.on_commit(lambda: wake.after_commit(store_id=store_id, seq=last, relay=bool(ears)), robust=True)


def _take_sequences(store_id: UUID, count: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [store_id, count])
        while cursor.nextset():
            pass
        return int(cursor.fetchone()[0])


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows, default=plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _row(seq: int, fact: Fact, happening: Happening) -> dict[str, Any]:
    return {
        "seq": seq,
        "name": fact.name,
        "version": fact.version,
        "subject_type": happening.subject.type,
        "subject_id": str(happening.subject.id),
        "payload": happening.payload,
        "actor_kind": happening.actor.kind,
        "actor_id": happening.actor.id,
        "actor_label": happening.actor.label[:LABEL],
        "occurred_at": happening.occurred_at,
    }


def forget_actor(*, actor_ids: Sequence[str]) -> None:
    """Take the names of customers out of whatever they caused, in the store in scope."""
    caused = Event.objects.filter(
        store_id=current_store_id(), actor_kind=ActorKind.CUSTOMER, actor_id__in=list(actor_ids)
    )
    caused.exclude(actor_label="").update(actor_label="")


def shred(*, subject_type: str, subject_ids: Sequence[str]) -> None:
    """Erase a person from the log: blank the personal paths of every fact about these subjects. The facts themselves stay."""
    about = Event.objects.filter(
        store_id=current_store_id(), subject_type=subject_type, subject_id__in=list(subject_ids)
    )
    about.filter(actor_kind=ActorKind.CUSTOMER).exclude(actor_label="").update(actor_label="")
    personal = {fact.name: fact.personal for fact in registry.all_facts() if fact.personal}
    rows = list(about.filter(name__in=personal))
    for row in rows:
        for path in personal[row.name]:
            _blank(row.payload, path.split("."))
    Event.objects.bulk_update(rows, ["payload"], batch_size=500)


def _blank(value: Any, path: Sequence[str]) -> None:
    """Empty the text at the end of `path`; a list on the way means each of its items. What is not there is left alone."""
    if isinstance(value, list):
        for item in value:
            _blank(item, path)
    elif isinstance(value, dict) and path[0] in value:
        if len(path) > 1:
            _blank(value[path[0]], path[1:])
        else:
            value[path[0]] = ""
