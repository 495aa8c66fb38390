"""Reads of draft orders."""

import re
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.stores.models import DraftOrder

TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)


def drafts_of(outlets: frozenset[UUID]) -> QuerySet[DraftOrder]:
    """Drafts, newest first: those of some outlets (and of none in particular), or all."""
    rows = DraftOrder.objects.select_related("order", "created_by", "cart").order_by("-created_at", "-pk")
    return rows.filter(Q(outlet=None) | Q(outlet__in=outlets)) if outlets else rows


def store_of_token(token: str) -> tuple[UUID, UUID] | None:
    """(store id, draft id) behind a link; the token is what finds the tenant."""
    if not TOKEN.fullmatch(token):
        return None
    return DraftOrder.objects.unscoped().filter(token=token).values_list("store_id", "pk").first()
