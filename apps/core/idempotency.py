"""Mechanism 6, idempotency: `Idempotency-Key` on unsafe endpoints.

Same key and body: the stored answer. Same key, another body: 422. Still running: 409 with `Retry-After`.
The answer is stored in the *same transaction* as the work, so a worker killed at any point leaves either
both or neither, and a retry is always right. A refused request (a `Problem`) stores nothing: nothing happened.
"""

import hashlib
from collections.abc import Callable
from contextvars import ContextVar
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


def _take_lock(record: IdempotencyRecord) -> None:
    number = int(_digest(record.caller, record.path, record.key)[:15], 16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (taken,) = cursor.fetchone()
    if not taken:
        raise Conflict("request_in_progress", _("The same request is still being processed."), retry_after=1)


def _stored_answer(record: IdempotencyRecord) -> Response | None:
    old = IdempotencyRecord.objects.filter(
        caller=record.caller, path=record.path, key=record.key, created_at__gt=now() - KEEP
    ).first()
    if old is None:
        return None
    if old.body_hash != record.body_hash:
        raise Refused("idempotency_key_reused", _("This Idempotency-Key was used with another request body."))
    return Response(orjson.loads(bytes(old.body)), status=old.status, headers={REPLAYED: "true"})


def idempotent(handler: Handler) -> Handler:
    """Make a DRF view method idempotent by header. Without the header it runs as it is."""

    @wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER, "")
        if not key:
            return handler(view, request, *args, **kwargs)
        if len(key) > MAX_KEY or not key.isprintable():
            raise Invalid("invalid_idempotency_key", _("The Idempotency-Key must be 1 to 255 printable characters."))
        record = IdempotencyRecord(
            caller=_caller(request),
            path=_place(request),
            key=key,
            body_hash=_digest(dumps(request.data, sort_keys=True)),
        )
        with transaction.atomic():
            _take_lock(record)
            old = _stored_answer(record)
            if old is not None:
                return old
            return _answer_once(record, lambda: handler(view, request, *args, **kwargs))

    return wrapped


def _place(request: Request) -> str:
    """Method and path, whole if they fit the column."""
    place = f"{request.method} {request.path}"
    return place if len(place) <= MAX_PLACE else f"{request.method} {_digest(request.path)}"


def _answer_once(record: IdempotencyRecord, work: Callable[[], Response]) -> Response:
    last: list[Callable[[], None]] = []
    token = before_commit.set(last)
    try:
        response = work()
    finally:
        before_commit.reset(token)
    _store(record, response)
    for call in last:
        call()
    return response


def _store(record: IdempotencyRecord, response: Response) -> None:
    if response.status_code >= 400:
        return
    record.status, record.body = response.status_code, dumps(response.data)
    # An expired row under the same key is replaced; a live one cannot exist, we hold the lock.
    IdempotencyRecord.objects.bulk_create(
        [record],
        update_conflicts=True,
        unique_fields=["caller", "path", "key"],
        update_fields=["body_hash", "status", "body", "created_at"],
    )


def forget_old_answers() -> int:
    """Delete answers older than a day. Returns how many."""
    deleted, _rows = IdempotencyRecord.objects.filter(created_at__lte=now() - KEEP).delete()
    return deleted
