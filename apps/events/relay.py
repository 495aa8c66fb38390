"""The relay: tells each subscriber of each fact, at least once, in order per subject.

Claim: a short transaction takes the head of some lines with SKIP LOCKED, counts the attempt and puts a lease
on them by moving `available_at` ahead, so a dead worker needs no cleaning up after. Handle: the transaction that holds
the handler's writes holds the done mark too, so in our own tables nothing happens twice. The fresh ones of a claim
share one transaction; if any of them fails, it is undone and each gets one of its own.

A delivery that was tried before is claimed one at a time and handled alone: if it kills the process that handles it,
it takes no innocent one along, and after `MAX_ATTEMPTS` it is put with the dead letters without being run again.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from apps.core.actors import Actor, ActorKind
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.reading import attributes, instance, select_list
from apps.core.scope import scope
from apps.events import registry
from apps.events.models import Delivery, DeliveryState, Event
from apps.events.registry import Happening, Subject
from apps.events.services import unit_of_work

log = logging.getLogger(__name__)

BATCH = 20
# Longer than any handler may take (statement_timeout is 5 s), short enough to be invisible in an evening.
LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 12
MAX_WAIT = timedelta(hours=1)
EVENT = attributes(Event)

_DUE = """
    SELECT d.id FROM events_delivery d
    WHERE d.state = 'pending' AND d.available_at <= %(now)s AND d.attempts TRIED AND NOT EXISTS (
        SELECT 1 FROM events_delivery earlier
        WHERE earlier.state = 'pending' AND earlier.subscriber = d.subscriber
          AND earlier.subject = d.subject AND earlier.id < d.id)
    ORDER BY d.available_at, d.id LIMIT MOST FOR UPDATE OF d SKIP LOCKED
"""
# Materialized: as a plain sub-select the planner may run it once per row and claim more than the limit.
CLAIM = """
WITH fresh AS MATERIALIZED (FRESH),
     again AS MATERIALIZED (AGAIN)
UPDATE events_delivery SET lease = %(lease)s, attempts = attempts + 1, available_at = %(until)s
WHERE id IN (SELECT id FROM fresh UNION ALL SELECT id FROM again)
RETURNING attempts, id
""".replace("FRESH", _DUE.replace("TRIED", "= 0").replace("MOST", "%(batch)s")).replace(
    "AGAIN", _DUE.replace("TRIED", "> 0").replace("MOST", "1")
)


class LeaseLost(Exception):
    """Another worker took the delivery over; undo what this one did."""


def backoff(attempts: int) -> timedelta:
    """How long to wait after the n-th failed attempt: 1 s, 2 s, 4 s … up to an hour."""
    doublings = min(max(attempts - 1, 0), 12)
    return min(timedelta(seconds=2**doublings), MAX_WAIT)


def drain(*, seconds: float = 20.0) -> int:
    """Deliver what is due until nothing is left or time is up. Returns how many were handled."""
    deadline, handled = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        lease = uuid7()
        claimed = _claim(lease)
        if not claimed:
            break
        handled += _deliver_fresh([delivery_id for attempts, delivery_id in claimed if attempts == 1], lease)
        handled += sum(
            _deliver(delivery_id, lease) for attempts, delivery_id in claimed if 1 < attempts <= MAX_ATTEMPTS
        )
    return handled


def _claim(lease: UUID) -> list[tuple[int, int]]:
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": lease, "until": moment + LEASE, "now": moment, "batch": BATCH})
        claimed: list[tuple[int, int]] = sorted(cursor.fetchall())  # those tried before come last
    for attempts, delivery_id in claimed:
        if attempts > MAX_ATTEMPTS:
            _put_back(delivery_id, lease, "the process that handled it died, again and again")
    return claimed


def _deliver_fresh(ids: list[int], lease: UUID) -> int:
    """All in one transaction, or each in its own when that fails. Returns how many were handled."""
    if len(ids) == 1:
        return int(_deliver(ids[0], lease))
    try:
        with unit_of_work():
            return _run(ids, lease)
    except Exception as error:  # whose fault it was shows when each is run alone
        log.info("deliveries_taken_apart", extra={"deliveries": len(ids), "error": type(error).__name__})
    return sum(_deliver(delivery_id, lease) for delivery_id in ids)


def _deliver(delivery_id: int, lease: UUID) -> bool:
    try:
        with unit_of_work():
            if not _run([delivery_id], lease):
                raise LeaseLost
    except LeaseLost:
        return False
    except Exception as error:  # a handler may fail in any way; the row remembers and is tried again
        log.exception("delivery_failed", extra={"delivery": delivery_id})
        _put_back(delivery_id, lease, f"{type(error).__name__}: {error}")
        return False
    return True


# Only what is still ours is marked; the facts come along in the same statement.
DONE = f"""
WITH mine AS (
    UPDATE events_delivery SET state = 'done', done_at = %(now)s, last_error = ''
    WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND state = 'pending' RETURNING id, event_id, subscriber)
SELECT mine.subscriber, {select_list(Event, EVENT, "fact")} FROM mine JOIN events_event AS fact ON fact.id = mine.event_id
ORDER BY mine.id
"""  # noqa: S608  # names of columns


def _run(ids: list[int], lease: UUID) -> int:
    """Mark deliveries done and call their handlers. Returns how many were still ours."""
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(DONE, {"ids": ids, "lease": lease, "now": now()})
        rows = cursor.fetchall()
    for subscriber, *values in rows:
        handler, event = registry.handler_of(subscriber), instance(Event, EVENT, values)
        if handler is None:
            raise LookupError(f"no subscriber called {subscriber}")
        with scope(event.store_id):
            handler(as_happening(event))
    return len(rows)


def _put_back(delivery_id: int, lease: UUID, error: str) -> None:
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update()
            .filter(id=delivery_id, lease=lease, state=DeliveryState.PENDING)
            .first()
        )
        if row is None:
            return
        row.state = DeliveryState.DEAD if row.attempts >= MAX_ATTEMPTS else DeliveryState.PENDING
        row.available_at = now() + backoff(row.attempts)
        row.lease, row.last_error = None, error.replace("\x00", "")[:2000]
        row.save(update_fields=["state", "available_at", "lease", "last_error"])


def as_happening(event: Event) -> Happening:
    """The stored fact as subscribers see it."""
    return Happening(
        name=event.name,
        store_id=event.store_id,
        subject=Subject(type=event.subject_type, id=event.subject_id),
        payload=event.payload,
        actor=Actor(kind=ActorKind(event.actor_kind), id=event.actor_id, label=event.actor_label),
        occurred_at=event.occurred_at,
        seq=event.seq,
        event_id=event.pk,
    )


def replay_dead(*, subscriber: str = "") -> int:
    """Give dead deliveries another life. Returns how many."""
    dead = Delivery.objects.filter(state=DeliveryState.DEAD)
    if subscriber:
        dead = dead.filter(subscriber=subscriber)
    return dead.update(state=DeliveryState.PENDING, attempts=0, available_at=now(), lease=None)


def replay(*, ids: Sequence[int]) -> int:
    """Give those of these deliveries that are dead another life. Returns how many."""
    dead = Delivery.objects.filter(state=DeliveryState.DEAD, pk__in=ids)
    return dead.update(state=DeliveryState.PENDING, attempts=0, available_at=now(), lease=None)
