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

# True while a request runs inside the transaction of its stored answer: whatever fails, all of it rolls back, so
# inner blocks need no savepoint of their own.
all_or_nothing: ContextVar[bool] = ContextVar("comanda_all_or_nothing", default=False)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEEP = timedelta(hours=24)
MAX_KEY = 255

Handler = Callable[..., Response]


def _digest(*parts: str | bytes) -> str:
    joined = b"\x00".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(joined).hexdigest()


def _caller(request: Request) -> str:
    """Who may see the stored answer: the credential, else the cart key, else this address."""
    credential = request.headers.get("Authorization") or request.headers.get("X-Cart-Key")
    if not credential and isinstance(request.data, dict):
        credential = str(request.data.get("cart_key") or request.query_params.get("cart_key") or "")
    return _digest(credential or request.META.get("REMOTE_ADDR", ""))


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
            caller=_caller(request), path=request.path[:200], key=key, body_hash=_digest(dumps(request.data))
        )
        with transaction.atomic():
            _take_lock(record)
            old = _stored_answer(record)
            if old is not None:
                return old
            token = all_or_nothing.set(True)
            try:
                response = handler(view, request, *args, **kwargs)
            finally:
                all_or_nothing.reset(token)
            _store(record, response)
            return response

    return wrapped


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
