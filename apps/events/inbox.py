"""Mechanism 3, inbox: what a provider posts is verified, stored as it came, answered, and only then understood.

A provider registers a `Mailroom`: how to verify the raw bytes, how to name the event and its mailbox, how to
handle it. Entries of one mailbox are handled in order; one that keeps failing goes to the dead letters, where
a person can read and replay it, and no longer holds up its mailbox.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.problems import NotFound, Unauthenticated
from apps.events.models import InboxEntry, InboxState
from apps.events.relay import backoff
from apps.events.services import unit_of_work

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
KEPT_HEADERS = 40

CLAIM = """
UPDATE events_inboxentry SET lease = %(lease)s, attempts = attempts + 1, available_at = %(until)s
WHERE id IN (
    SELECT i.id FROM events_inboxentry i
    WHERE i.state = 'pending' AND i.available_at <= %(now)s AND NOT EXISTS (
        SELECT 1 FROM events_inboxentry earlier
        WHERE earlier.state = 'pending' AND earlier.mailbox = i.mailbox AND earlier.id < i.id)
    ORDER BY i.available_at, i.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """How a verified request is filed: the provider's event id, and the line it waits in."""

    external_id: str
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """One provider's desk. `verify` must be total: malformed input is False, never an exception."""

    provider: str
    verify: Callable[[bytes, Mapping[str, str]], bool]
    file: Callable[[bytes, Mapping[str, str]], Letter]
    handle: Callable[[bytes, Mapping[str, str]], None]


_mailrooms: dict[str, Mailroom] = {}


def register(mailroom: Mailroom) -> None:
    """Open a provider's desk at `/webhooks/v1/<provider>/`."""
    if mailroom.provider in _mailrooms:
        raise ValueError(f"provider {mailroom.provider} is registered twice")
    _mailrooms[mailroom.provider] = mailroom


def unregister(provider: str) -> None:
    """Close a desk (tests open their own)."""
    _mailrooms.pop(provider, None)


def receive(*, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Verify and store a request. Returns False for one already stored. Raises 401 without a trace, 404 for strangers."""
    mailroom = _mailrooms.get(provider)
    if mailroom is None:
        raise NotFound("unknown_provider", _("No such provider."))
    if not mailroom.verify(body, headers):
        raise Unauthenticated("invalid_signature", _("The signature does not match."))
    letter = mailroom.file(body, headers)
    kept = dict(list(headers.items())[:KEPT_HEADERS])
    entry = InboxEntry(
        provider=provider, external_id=letter.external_id[:200], mailbox=letter.mailbox[:200], headers=kept, body=body
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:  # the provider sent it again, or two copies raced; one row is what we want
        return False
    return True


def drain() -> int:
    """Handle what is due, batch by batch, until nothing is left. Returns how many were handled."""
    handled = 0
    while True:
        lease = uuid7()
        claimed = _claim(lease)
        if not claimed:
            return handled
        handled += sum(_handle(entry_id, lease) for entry_id in claimed)


def _claim(lease: UUID) -> list[int]:
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": lease, "until": moment + LEASE, "now": moment, "batch": BATCH})
        return sorted(row[0] for row in cursor.fetchall())


def _handle(entry_id: int, lease: UUID) -> bool:
    try:
        with unit_of_work():
            mine = InboxEntry.objects.filter(id=entry_id, lease=lease, state=InboxState.PENDING)
            if not mine.update(state=InboxState.DONE, done_at=now(), last_error=""):
                return False
            entry = InboxEntry.objects.get(id=entry_id)
            _mailrooms[entry.provider].handle(bytes(entry.body), entry.headers)
    except Exception as error:  # poison of any kind: remember it, try again, and in the end show it to a person
        log.exception("inbox_entry_failed", extra={"entry": entry_id})
        _put_back(entry_id, lease, f"{type(error).__name__}: {error}")
        return False
    return True


def _put_back(entry_id: int, lease: UUID, error: str) -> None:
    with transaction.atomic():
        row = InboxEntry.objects.select_for_update().filter(id=entry_id, lease=lease, state=InboxState.PENDING).first()
        if row is None:
            return
        row.state = InboxState.DEAD if row.attempts >= MAX_ATTEMPTS else InboxState.PENDING
        row.available_at = now() + backoff(row.attempts)
        row.lease, row.last_error = None, error[:2000]
        row.save(update_fields=["state", "available_at", "lease", "last_error"])


def replay(*, entry_id: int) -> bool:
    """Give a dead or handled entry another life. Returns False when there is no such entry."""
    changed = InboxEntry.objects.filter(id=entry_id).exclude(state=InboxState.PENDING)
    return bool(changed.update(state=InboxState.PENDING, attempts=0, available_at=now(), lease=None))
