"""Reads of saved views."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.ids import parse_uuid
from apps.core.problems import NotFound
from apps.stores.models import SavedView


def views_of(user_id: UUID | None) -> QuerySet[SavedView]:
    """A person's own views and those of the whole store."""
    return SavedView.objects.filter(Q(user=None) | Q(user_id=user_id)).order_by("position", "name")


def query_of(ref: str, user_id: Any) -> dict[str, str]:
    """The filters of a view. Raises 404 `view_not_found` for one this person does not have."""
    pk = parse_uuid(ref)
    row = views_of(user_id).filter(pk=pk).first() if pk else None
    if row is None:
        raise NotFound("view_not_found", _("There is no such view."))
    return {name: str(value) for name, value in row.query.items()}
