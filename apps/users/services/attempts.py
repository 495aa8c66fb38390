"""Counting attempts: a limit per account and per address, with a cooldown that survives a flushed cache.

`spend` counts *before* the costly check, in one statement, so a thousand parallel guesses are counted like a thousand
slow ones. Call it outside of a transaction: a refusal must not roll the count back.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.problems import TooMany
from apps.users.models import Attempts

KEEP = timedelta(days=1)

SPEND = """
INSERT INTO user_attempts AS a (key, count, resets_at) VALUES (%(key{n})s, 1, %(window_end{n})s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN a.resets_at <= %(now)s THEN 1 ELSE LEAST(a.count, %(most{n})s) + 1 END,
  resets_at = CASE WHEN a.resets_at <= %(now)s THEN EXCLUDED.resets_at
                   WHEN a.count = %(most{n})s THEN %(cooldown_end{n})s ELSE a.resets_at END
RETURNING count, resets_at
"""
SPENT = "SELECT {n}, count, resets_at{quick} FROM s{n}"
# A count need not be on disk before we go on: nobody's row is locked for longer than it takes to change it.
QUICK = ", set_config('synchronous_commit', 'off', true)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` attempts in `window`; one more starts the `cooldown`, which further tries do not lengthen."""

    name: str
    most: int
    window: timedelta
    cooldown: timedelta


MINUTES = timedelta(minutes=1)
LOGIN_PER_ACCOUNT = Limit(name="login-account", most=5, window=15 * MINUTES, cooldown=5 * MINUTES)
# A whole restaurant shares one address, so this one only stops somebody who walks through many accounts.
LOGIN_PER_ADDRESS = Limit(name="login-address", most=50, window=15 * MINUTES, cooldown=15 * MINUTES)
# Sending costs the shop money and the receiver nerves; guessing has six digits to go through.
CODES_PER_TARGET = Limit(name="code-target", most=6, window=60 * MINUTES, cooldown=60 * MINUTES)
CODES_PER_ADDRESS = Limit(name="code-address", most=30, window=60 * MINUTES, cooldown=30 * MINUTES)
CODE_TRIES = Limit(name="code-tries", most=5, window=15 * MINUTES, cooldown=15 * MINUTES)
CODE_TRIES_PER_ADDRESS = Limit(name="code-tries-address", most=60, window=15 * MINUTES, cooldown=15 * MINUTES)
REGISTER_PER_ADDRESS = Limit(name="register-address", most=30, window=60 * MINUTES, cooldown=30 * MINUTES)


def client_address(meta: dict[str, Any]) -> str:
    """Who is calling, from the WSGI environment. Behind a trusted proxy it is the last hop the proxy added.

    An IPv6 caller is a /64: anybody who has one of its addresses has them all.
    """
    text = str(meta.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXY:
        text = str(meta.get("HTTP_X_FORWARDED_FOR", text)).rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def spend(limit: Limit, who: str) -> int:
    """Count one attempt of `who`; returns how many are left. Raises 429 `too_many_attempts` with `retry_after` seconds."""
    return spend_each((limit, who))[0]


def spend_each(*spendings: tuple[Limit, str]) -> list[int]:
    """Count one attempt for each (limit, who), in one statement; returns how many are left of each.

    Raises 429 if one is over; the others get theirs back.
    """
    moment = now()
    counts = list(zip(spendings, _counts(spendings, moment), strict=True))
    over = [resets_at for (limit, _who), (count, resets_at) in counts if count > limit.most]
    if not over:
        return [limit.most - count for (limit, _who), (count, _resets_at) in counts]
    for (limit, who), (count, _resets_at) in counts:
        if count <= limit.most:
            give_back(limit, who)
    seconds = max(1, int((max(over) - moment).total_seconds()) + 1)
    raise TooMany("too_many_attempts", _("Too many attempts. Try again later."), retry_after=seconds)


def _counts(spendings: Sequence[tuple[Limit, str]], moment: datetime) -> list[tuple[int, datetime]]:
    values: dict[str, str | int | datetime] = {"now": moment}
    for n, (limit, who) in enumerate(spendings):
        values |= {
            f"key{n}": _key(limit, who),
            f"most{n}": limit.most,
            f"window_end{n}": moment + limit.window,
            f"cooldown_end{n}": moment + limit.cooldown,
        }
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(spendings), quick=not connection.in_atomic_block), values)
        return [(count, resets_at) for _n, count, resets_at, *_quick in sorted(cursor.fetchall())]


def _statement(number: int, *, quick: bool) -> str:
    """One upsert per spending, always in the order they are named, so that two callers cannot wait for each other."""
    upserts = ", ".join(f"s{n} AS ({SPEND.replace('{n}', str(n))})" for n in range(number))
    row = SPENT.replace("{quick}", QUICK if quick else "")
    return f"WITH {upserts} " + " UNION ALL ".join(row.replace("{n}", str(n)) for n in range(number))


def forgive(limit: Limit, who: str) -> None:
    """Forget what `who` tried: the right password clears the account's slate."""
    Attempts.objects.filter(key=_key(limit, who)).delete()


def give_back(limit: Limit, who: str) -> None:
    """Uncount one attempt that succeeded, and leave the failures standing (nobody buys guesses with own logins)."""
    Attempts.objects.filter(key=_key(limit, who), count__gt=0).update(count=F("count") - 1)


def forget_old_attempts() -> int:
    """Delete rows whose window or cooldown ended a day ago. Returns how many."""
    return Attempts.objects.filter(resets_at__lt=now() - KEEP).delete()[0]


def _key(limit: Limit, who: str) -> str:
    """A keyed hash: the table must not become a list of who has an account here."""
    return salted_hmac(f"comanda.attempts.{limit.name}", who, algorithm="sha256").hexdigest()
