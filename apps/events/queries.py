"""Reads of the log: a store's feed after a cursor, and the history of one object."""

from uuid import UUID

from django.db.models import QuerySet

from apps.events.models import Event, EventCursor


def last_seq(store_id: UUID) -> int:
    """The newest sequence number of a store, 0 for a silent one."""
    return EventCursor.objects.filter(store_id=store_id).values_list("last_seq", flat=True).first() or 0


def feed(store_id: UUID, *, after: int, limit: int) -> QuerySet[Event]:
    """At most `limit` facts of a store with a sequence above `after`, oldest first."""
    return Event.objects.filter(store_id=store_id, seq__gt=after).order_by("seq")[:limit]


def between(store_id: UUID, *, after: int, until: int) -> QuerySet[Event]:
    """The facts of a store above `after` up to and with `until`, oldest first."""
    return Event.objects.filter(store_id=store_id, seq__gt=after, seq__lte=until).order_by("seq")


def id_of(store_id: UUID, *, seq: int) -> int | None:
    """The row behind a sequence number of a store, for a reader that keeps a reference to the fact."""
    return Event.objects.filter(store_id=store_id, seq=seq).values_list("pk", flat=True).first()


def history(store_id: UUID, *, subject_type: str, subject_id: UUID | str) -> QuerySet[Event]:
    """Every fact about one object, oldest first."""
    return Event.objects.filter(store_id=store_id, subject_type=subject_type, subject_id=str(subject_id)).order_by(
        "seq"
    )
