"""Mechanism 6, idempotency: `Idempotency-Key` on unsafe endpoints.

Same key and body: the stored answer. Same key, another body: 422. Still running: 409 with `Retry-After`.
The answer is stored in the *same transaction* as the work, so a worker killed at any point leaves either
both or neither, and a retry is always right. A refused request (a `Problem`) stores nothing: nothing happened.
"""

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.clock import now
from apps.core.http.renderers import dumps
from apps.core.models import IdempotencyRecord
from apps.core.problems import Conflict, Invalid, Refused

# A list while a request runs inside the transaction of its stored answer. Whatever fails there, all of it rolls back, so
# inner blocks need no savepoint of their own; what must be the last statement before the commit is put on the list.
before_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("comanda_before_commit", default=None)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEEP = timedelta(hours=24)
MAX_KEY = 255
MAX_PLACE = 200
OUR_COOKIES = "comanda_"

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One request under a key. `place` is (caller, method and path, key)."""

    place: tuple[str, str, str]
    body_hash: str


def _digest(*parts: str | bytes) -> str:
    joined = b"\x00".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(joined).hexdigest()


def _caller(request: Request) -> str:
    """Who may see the stored answer: the person or device *and* the cart; without any of them, this address.

    A person is known by id, not by token: a retry after a refreshed token is still the same caller. Our own cookies count,
    because one of them may be the cart of a guest who shares the address with others.
    """
    in_body = request.data.get("cart_key", "") if isinstance(request.data, dict) else ""
    cart = request.headers.get("X-Cart-Key") or request.query_params.get("cart_key") or str(in_body)
    who = (
        getattr(request.user, "pk", None)
        or getattr(request.auth, "pk", None)
        or request.headers.get("Authorization", "")
    )
    ours = sorted(item for item in request.COOKIES.items() if item[0].startswith(OUR_COOKIES))
    cookies = "" if cart else "".join(f"{name}={value};" for name, value in ours)
    address = "" if who or cart or cookies else request.META.get("REMOTE_ADDR", "")
    return _digest(str(who), cart, cookies, address)


# Asked in a statement of its own, after the lock: within one, an answer stored while we waited would be missed.
ASK = """
SELECT old.body_hash, old.status, old.body FROM core_idempotencyrecord AS old
WHERE old.caller = %s AND old.path = %s AND old.key = %s AND old.created_at > %s
"""
KEEP_ANSWER = """
INSERT INTO core_idempotencyrecord (caller, path, key, body_hash, status, body, content_type, created_at)
VALUES (%s, %s, %s, %s, %s, %s, '', %s)
ON CONFLICT (caller, path, key) DO UPDATE SET
    body_hash = EXCLUDED.body_hash, status = EXCLUDED.status, body = EXCLUDED.body, created_at = EXCLUDED.created_at
"""


def _take_lock(asked: _Asked) -> None:
    number = int(_digest(*asked.place)[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (taken,) = cursor.fetchone()
    if not taken:
        raise Conflict("request_in_progress", _("The same request is still being processed."), retry_after=1)


def _stored_answer(asked: _Asked) -> Response | None:
    with connection.cursor() as cursor:
        cursor.execute(ASK, [*asked.place, now() - KEEP])
        old = cursor.fetchone()
    if old is None:
        return None
    body_hash, status, body = old
    if body_hash != asked.body_hash:
        raise Refused("idempotency_key_reused", _("This Idempotency-Key was used with another request body."))
    return Response(orjson.loads(bytes(body)), status=status, headers={REPLAYED: "true"})


def idempotent(handler: Handler) -> Handler:
    """Make a DRF view method idempotent by header. Without the header it runs as it is."""

    @wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return handler(view, request, *args, **kwargs)
        if len(key) > MAX_KEY or not key.isprintable():
            raise Invalid("invalid_idempotency_key", _("The Idempotency-Key must be 1 to 255 printable characters."))
        asked = _Asked(
            place=(_caller(request), _place(request), key), body_hash=_digest(dumps(request.data, sort_keys=True))
        )
        with transaction.atomic():
            _take_lock(asked)
            old = _stored_answer(asked)
            if old is not None:
                return old
            return _answer_once(asked, lambda: handler(view, request, *args, **kwargs))

    return wrapped


def _place(request: Request) -> str:
    """Method and path, whole if they fit the column."""
    place = f"{request.method} {request.path}"
    return place if len(place) <= MAX_PLACE else f"{request.method} {_digest(request.path)}"


def _answer_once(asked: _Asked, work: Callable[[], Response]) -> Response:
    last: list[Callable[[], None]] = []
    token = before_commit.set(last)
    try:
        response = work()
    finally:
        before_commit.reset(token)
    _store(asked, response)
    for call in last:
        call()
    return response


def _store(asked: _Asked, response: Response) -> None:
    if response.status_code >= 400:
        return
    # An expired row under the same key is replaced; a live one cannot exist, we hold the lock.
    with connection.cursor() as cursor:
        values = (*asked.place, asked.body_hash, response.status_code, dumps(response.data), now())
        cursor.execute(KEEP_ANSWER, values)


def forget_old_answers() -> int:
    """Delete answers older than a day. Returns how many."""
    deleted, _rows = IdempotencyRecord.objects.filter(created_at__lte=now() - KEEP).delete()
    return deleted
