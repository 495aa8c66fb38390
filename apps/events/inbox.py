"""Mechanism 3, inbox: what a provider posts is verified, stored as it came, answered, and only then understood.

A provider registers a `Mailroom`: how to verify the raw bytes, how to name the event and its mailbox, how to
handle it. Entries of one mailbox are handled in order; one that keeps failing goes to the dead letters, where
a person can read and replay it, and no longer holds up its mailbox. The same is true of one that cannot even be
named: a verified request is never refused for what is in it, else the provider would send it for days.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.problems import NotFound, Unauthenticated
from apps.events import wake
from apps.events.models import InboxEntry, InboxState
from apps.events.relay import backoff
from apps.events.services import unit_of_work

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
KEPT_HEADERS = 40
LONGEST_NAME = 200
UNREADABLE = "unreadable"
# Credentials a proxy or a provider may send along; the signature itself is kept.
NOT_KEPT = frozenset({"authorization", "proxy-authorization", "cookie"})

_DUE = """
    SELECT i.id FROM events_inboxentry i
    WHERE i.state = 'pending' AND i.available_at <= %(now)s AND i.attempts TRIED AND NOT EXISTS (
        SELECT 1 FROM events_inboxentry earlier
        WHERE earlier.state = 'pending' AND earlier.provider = i.provider AND earlier.mailbox = i.mailbox
          AND earlier.id < i.id)
    ORDER BY i.available_at, i.id LIMIT MOST FOR UPDATE OF i SKIP LOCKED
"""
# As in the relay: what was tried before comes alone and last, so that poison kills nobody but itself.
CLAIM = """
WITH fresh AS MATERIALIZED (FRESH),
     again AS MATERIALIZED (AGAIN)
UPDATE events_inboxentry SET lease = %(lease)s, attempts = attempts + 1, available_at = %(until)s
WHERE id IN (SELECT id FROM fresh UNION ALL SELECT id FROM again)
RETURNING attempts, id
""".replace("FRESH", _DUE.replace("TRIED", "= 0").replace("MOST", "%(batch)s")).replace(
    "AGAIN", _DUE.replace("TRIED", "> 0").replace("MOST", "1")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """How a verified request is filed: the provider's event id, and the line it waits in."""

    external_id: str
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """One provider's desk. `verify` must be total: malformed input is False, never an exception.

    `challenge` answers the provider's GET when the address is registered: the text to echo, or None to refuse.
    """

    provider: str
    verify: Callable[[bytes, Mapping[str, str]], bool]
    file: Callable[[bytes, Mapping[str, str]], Letter]
    handle: Callable[[bytes, Mapping[str, str]], None]
    challenge: Callable[[Mapping[str, str]], str | None] | None = None


_mailrooms: dict[str, Mailroom] = {}


def register(mailroom: Mailroom) -> None:
    """Open a provider's desk at `/webhooks/v1/<provider>/`."""
    if mailroom.provider in _mailrooms:
        raise ValueError(f"provider {mailroom.provider} is registered twice")
    _mailrooms[mailroom.provider] = mailroom


def unregister(provider: str) -> None:
    """Close a desk (tests open their own)."""
    _mailrooms.pop(provider, None)


def mailroom_of(provider: str) -> Mailroom:
    """The desk of a provider. Raises 404 for strangers."""
    mailroom = _mailrooms.get(provider)
    if mailroom is None:
        raise NotFound("unknown_provider", _("No such provider."))
    return mailroom


def receive(*, provider: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Verify and store a request. Returns False for one already stored. Raises 401 without a trace, 404 for strangers."""
    mailroom = mailroom_of(provider)
    if not _is_genuine(mailroom, body, headers):
        raise Unauthenticated("invalid_signature", _("The signature does not match."))
    letter = _letter(mailroom, body, headers)
    kept = {name: value for name, value in list(headers.items())[:KEPT_HEADERS] if name.lower() not in NOT_KEPT}
    entry = InboxEntry(
        provider=provider, external_id=_name(letter.external_id), mailbox=_name(letter.mailbox), headers=kept, body=body
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:  # the provider sent it again, or two copies raced; one row is what we want
        return False
    transaction.on_commit(wake.inbox_filled, robust=True)
    return True


def _is_genuine(mailroom: Mailroom, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        return mailroom.verify(body, headers) is True
    except Exception:  # a check that breaks on hostile input has not verified anything
        log.exception("inbox_verify_failed", extra={"provider": mailroom.provider})
        return False


def _letter(mailroom: Mailroom, body: bytes, headers: Mapping[str, str]) -> Letter:
    try:
        return mailroom.file(body, headers)
    except Exception:  # genuine but unreadable: keep it for a person, in a line of its own
        log.exception("inbox_not_filed", extra={"provider": mailroom.provider})
        digest = hashlib.sha256(body).hexdigest()
        return Letter(external_id=f"{UNREADABLE}:{digest}", mailbox=f"{UNREADABLE}:{digest}")


def _name(given: object) -> str:
    """`given` (some providers number their events) as the column can hold it, still different for different names."""
    clean = str(given).encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    return clean if len(clean) <= LONGEST_NAME else hashlib.sha256(clean.encode()).hexdigest()


def drain(*, seconds: float = 20.0) -> int:
    """Handle what is due, batch by batch, until nothing is left or time is up. Returns how many were handled."""
    deadline, handled = time.monotonic() + seconds, 0
    while time.monotonic() < deadline:
        lease = uuid7()
        claimed = _claim(lease)
        if not claimed:
            break
        handled += sum(_handle(entry_id, lease) for attempts, entry_id in claimed if attempts <= MAX_ATTEMPTS)
    return handled


def _claim(lease: UUID) -> list[tuple[int, int]]:
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"lease": lease, "until": moment + LEASE, "now": moment, "batch": BATCH})
        claimed: list[tuple[int, int]] = sorted(cursor.fetchall())
    for attempts, entry_id in claimed:
        if attempts > MAX_ATTEMPTS:
            _put_back(entry_id, lease, "the process that handled it died, again and again")
    return claimed


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
        row.lease, row.last_error = None, error.replace("\x00", "")[:2000]
        row.save(update_fields=["state", "available_at", "lease", "last_error"])


def replay(*, entry_id: int) -> bool:
    """Give a dead or handled entry another life. Returns False when there is no such entry."""
    changed = InboxEntry.objects.filter(id=entry_id).exclude(state=InboxState.PENDING)
    return bool(changed.update(state=InboxState.PENDING, attempts=0, available_at=now(), lease=None))
