"""Identifiers: sortable primary keys, unguessable tokens, short codes people can read aloud.

UUIDv7 is made here because PostgreSQL only learned it in version 18 and the older
supported servers have no function for it.
"""

import os
import secrets
import time
from uuid import UUID

# No 0/O, 1/I/L: a code is read from a screen across a kitchen, or over the phone.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562 version 7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)


def access_token() -> str:
    """A URL-safe secret of 192 bits, for links that stand in for a login."""
    return secrets.token_urlsafe(24)


def readable_code(length: int) -> str:
    """`length` characters from the readable alphabet, chosen by a secure generator."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def parse_uuid(value: object) -> UUID | None:
    """The UUID written in `value`, or None. Never raises, whatever a client sends."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not 32 <= len(value) <= 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
