"""One-time codes: made by `secrets`, kept only as a keyed hash, good once, for a few minutes, for a few tries.

The tries belong to the address, not to the code, so a new code buys no new guesses. Nothing here looks whether anybody has an
account: a code goes to whoever asks, and what it opens is found out when it comes back.
"""

import logging
import secrets
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.problems import Invalid, Problem, TooMany, Unavailable
from apps.users import queries
from apps.users.models import LoginCode
from apps.users.senders import EMAIL, CodeMessage, sender_of
from apps.users.services import attempts

LOGIN, RESET = "login", "reset"
DIGITS = 6
LIFE = timedelta(minutes=5)
COOLDOWN = timedelta(seconds=60)

log = logging.getLogger(__name__)

# A code replaces the one before it, unless that one was sent a moment ago: of two presses at once, one sends.
STORE = """
INSERT INTO user_login_codes AS c (key, code_hash, sent_at, expires_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET code_hash = EXCLUDED.code_hash, sent_at = EXCLUDED.sent_at, expires_at = EXCLUDED.expires_at
WHERE c.sent_at <= %s RETURNING c.key
"""


def canonical(channel: str, address: str) -> str:
    """The address as it is compared: E.164 or a lower-case mailbox. Raises 400 `invalid`."""
    found = queries.canonical_identifier(address)
    if not found or ("@" in found) != (channel == EMAIL) or len(found) > 254:
        field = "email" if channel == EMAIL else "phone_number"
        text = _("This is not an e-mail address.") if channel == EMAIL else _("This is not a phone number.")
        raise Invalid("invalid", text, errors={field: [text]}, message=str(text))
    return found


def send(*, channel: str, address: str, purpose: str, caller: str) -> int:
    """Send a fresh code. Returns the seconds until another can be asked for.

    Raises 400 for what is no address, 429 `resend_cooldown` and `too_many_attempts`, 503 `codes_unavailable`.
    """
    target = canonical(channel, address)
    sender = sender_of(channel)
    if sender is None:
        raise _unavailable()
    attempts.spend(attempts.CODES_PER_ADDRESS, caller)
    key = _key(purpose, target)
    _check_cooldown(key)
    attempts.spend(attempts.CODES_PER_TARGET, target)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    _store(key, code)
    minutes = int(LIFE.total_seconds()) // 60
    try:
        sender(CodeMessage(channel=channel, address=target, purpose=purpose, minutes=minutes, code=code))
    except Exception as error:  # whatever the provider's way to fail is, the caller may try again at once
        LoginCode.objects.filter(key=key).delete()
        log.warning("code_not_sent", extra={"channel": channel, "reason": type(error).__name__})
        raise _unavailable() from None
    return int(COOLDOWN.total_seconds())


def _unavailable() -> Problem:
    text = _("Codes cannot be sent at the moment.")
    return Unavailable("codes_unavailable", text, retry_after=60, message=str(text), success=False)


def _check_cooldown(key: str) -> None:
    sent = LoginCode.objects.filter(key=key).values_list("sent_at", flat=True).first()
    if sent is not None and sent > now() - COOLDOWN:
        seconds = int((sent + COOLDOWN - now()).total_seconds()) + 1
        text = _("A code was sent a moment ago. Wait a little before asking for another.")
        raise TooMany("resend_cooldown", text, retry_after=seconds, message=str(text), success=False)


def _store(key: str, code: str) -> None:
    moment = now()
    values: list[Any] = [key, _hash(key, code), moment, moment + LIFE, moment - COOLDOWN]
    with connection.cursor() as cursor:
        cursor.execute(STORE, values)
        stored = cursor.fetchone()
    if not stored:
        _check_cooldown(key)
        raise TooMany("resend_cooldown", _("Too many attempts. Try again later."), retry_after=1)


def use(*, channel: str, address: str, purpose: str, code: str, caller: str) -> tuple[str, int]:
    """Use up a code. Returns the address it proves ("" when the code is wrong, over or used) and how many tries are left.

    Raises 429 `too_many_attempts`. Each try is counted before the code is looked at.
    """
    target = canonical(channel, address)
    attempts.spend(attempts.CODE_TRIES_PER_ADDRESS, caller)
    left = attempts.spend(attempts.CODE_TRIES, f"{purpose}:{target}")
    key = _key(purpose, target)
    row = LoginCode.objects.filter(key=key, expires_at__gt=now()).first()
    right = constant_time_compare(row.code_hash if row else "", _hash(key, code.strip()))
    # Of two who send the same code at once, one deletes the row.
    if not right or row is None or not LoginCode.objects.filter(key=key, code_hash=row.code_hash).delete()[0]:
        return "", left
    attempts.forgive(attempts.CODE_TRIES, f"{purpose}:{target}")
    attempts.give_back(attempts.CODE_TRIES_PER_ADDRESS, caller)
    return target, left


def forget_old_codes() -> int:
    """Delete codes nobody typed in time. Returns how many."""
    return LoginCode.objects.filter(expires_at__lt=now() - LIFE).delete()[0]


def _key(purpose: str, target: str) -> str:
    """A keyed hash: the table is no list of who wanted to log in."""
    return salted_hmac(f"comanda.codes.{purpose}", target, algorithm="sha256").hexdigest()


def _hash(key: str, code: str) -> str:
    """Six digits are quickly gone through: without the install's secret key the hash says nothing about the code."""
    return salted_hmac("comanda.codes.code", f"{key}:{code}", algorithm="sha256").hexdigest()
