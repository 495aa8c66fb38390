"""The port through which one-time codes leave the house.

A room that can reach people registers a sender per channel in its `AppConfig.ready`. Until one does, e-mail goes through the
configured mail server, and in development everything goes to a local outbox: a file only its owner can read. A code is never
written to a log. In production a channel nobody serves answers that it is not available, to everybody alike.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

WHATSAPP, EMAIL = "whatsapp", "email"
# These print or keep mail where a log may pick it up.
NOT_A_SERVER = ("console.EmailBackend", "filebased.EmailBackend", "dummy.EmailBackend", "locmem.EmailBackend")
OUTBOX = "codes.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage:
    """What is to be sent: the code stays out of reprs, so out of logs and tracebacks."""

    channel: str
    address: str
    purpose: str
    minutes: int
    code: str = field(repr=False)

    def text(self) -> str:
        """The message in the language of the request."""
        return _("%(code)s is your code. It is good for %(minutes)s minutes. Do not show it to anybody.") % {
            "code": self.code,
            "minutes": self.minutes,
        }


class Sender(Protocol):
    """Delivers a code or raises."""

    def __call__(self, message: CodeMessage) -> None:
        """Send it."""


_senders: dict[str, Sender] = {}


def register_sender(channel: str, sender: Sender) -> None:
    """Serve a channel (`whatsapp`, `email`) from now on."""
    _senders[channel] = sender


def sender_of(channel: str) -> Sender | None:
    """Who serves a channel here; None when nobody does."""
    if channel in _senders:
        return _senders[channel]
    if channel == EMAIL and not settings.EMAIL_BACKEND.endswith(NOT_A_SERVER):
        return by_mail
    return None if settings.PRODUCTION else to_outbox


def by_mail(message: CodeMessage) -> None:
    """Through the configured mail server."""
    send_mail(_("Your code"), message.text(), None, [message.address])


def outbox_path() -> Path:
    """Where development keeps what would have been sent."""
    return Path(settings.OUTBOX_DIR) / OUTBOX


def to_outbox(message: CodeMessage) -> None:
    """One line of JSON per message, in a file that only its owner reads."""
    path = outbox_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    row = {
        "at": datetime.now(UTC).isoformat(), "channel": message.channel, "to": message.address, "purpose": message.purpose,
        "code": message.code, "text": message.text(),
    }  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
