"""The memory of answers: a table with an end for every row, read before anybody is asked and written after."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.conf import settings

from apps.core.clock import now
from apps.geo.models import Answer
from apps.geo.providers.base import Kind, Provider
from apps.geo.values import Address, Found, Point, PostalCode, Precision, Road

# "There is none" is believed for a shorter time: streets are built, and providers learn.
KEEP_NOTHING = timedelta(days=1)


def key_of(kind: Kind, providers: list[Provider], question: str) -> str:
    """Where the answer to a question is kept. Another list of providers is another memory."""
    names = ",".join(provider.name for provider in providers)
    return hashlib.sha256(f"{settings.SECRET_KEY}|{kind}|{names}|{question}".encode()).hexdigest()


def look(key: str) -> Answer | None:
    """The kept answer, unless it is too old."""
    return Answer.objects.filter(key=key, expires_at__gt=now()).first()


def keep(key: str, kind: Kind, provider: Provider, value: Any) -> None:
    """Remember an answer for as long as the provider's terms allow; a later one replaces it."""
    life = KEEP_NOTHING if value is None else provider.keep
    row = Answer(
        key=key, kind=kind, provider=provider.name, body=None if value is None else asdict(value),
        created_at=now(), expires_at=now() + min(life, provider.keep),
    )  # fmt: skip
    Answer.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["provider", "body", "created_at", "expires_at"],
    )


def forget_old() -> int:
    """Delete what is too old. Returns how many."""
    return Answer.objects.filter(expires_at__lte=now()).delete()[0]


def found(body: dict[str, Any]) -> Found:
    """A kept place."""
    return Found(
        point=Point(**body["point"]), address=Address(**body["address"]), label=body["label"],
        precision=Precision(body["precision"]), provider=body["provider"],
    )  # fmt: skip


def road(body: dict[str, Any]) -> Road:
    """A kept way."""
    return Road(**body)


def postal_code(body: dict[str, Any]) -> PostalCode:
    """A kept CEP."""
    point = body.pop("point")
    return PostalCode(**body, point=Point(**point) if point else None)
