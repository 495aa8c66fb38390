"""Reads of the notifications room: what one person of a store may see, newest first, and what of it is new to them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import translation

from apps.notifications.models import Kind, Notification, NotificationRead
from apps.notifications.texts import body_of, title_of
from apps.stores.permissions import Perm
from apps.stores.queries.access import Access
from apps.users.models import User

# A notification says no more than its reader may look up: who sees no orders hears of none.
NEEDS = {Kind.ORDER: Perm.ORDERS_VIEW, Kind.PAYMENT: Perm.PAYMENTS_VIEW, Kind.STOCK: Perm.STOCK_VIEW}


def visible_to(access: Access) -> QuerySet[Notification]:
    """The notifications this kind of staff may see: of what they may look up, and of their outlets."""
    kinds = [kind for kind, needed in NEEDS.items() if needed in access.permissions]
    rows = Notification.objects.filter(kind__in=kinds)
    if access.outlets:
        rows = rows.filter(Q(outlet_id=None) | Q(outlet_id__in=access.outlets))
    return rows


def for_reader(user: User, access: Access) -> QuerySet[Notification]:
    """What the reader may see, newest first, each with its fact and with `read_at` (None: new to them)."""
    seen = NotificationRead.objects.filter(notification=OuterRef("pk"), user=user).values("read_at")[:1]
    rows = visible_to(access).select_related("event").annotate(read_at=Subquery(seen))
    return rows.order_by("-created_at", "-id")


def unread(user: User, access: Access) -> QuerySet[Notification]:
    """What is new to the reader."""
    return visible_to(access).exclude(pk__in=_read_ids(user))


def _read_ids(user: User) -> QuerySet[Any, UUID]:
    return NotificationRead.objects.filter(user=user).values_list("notification_id", flat=True)


def as_read(rows: Iterable[Notification], user: User) -> list[dict[str, Any]]:
    """Rows of `for_reader` as clients read them, in the reader's own language if they chose one."""
    with translation.override(user.language or translation.get_language()):
        return [_view(row) for row in rows]


def _view(row: Any) -> dict[str, Any]:
    title = title_of(row.event.name)
    body = body_of(row.event.name, row.label, row.event.payload)
    return {
        "id": str(row.pk), "notification_type": row.kind, "event": row.event.name, "title": title,
        "message": body, "body": body, "subject": {"type": row.subject_type, "id": row.subject_id},
        "is_read": row.read_at is not None, "read_at": row.read_at, "created_at": row.created_at,
    }  # fmt: skip
