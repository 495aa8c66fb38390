"""Writers of the notifications room: a fact becomes a notification, and a person has read one, or all."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.ids import parse_uuid
from apps.core.problems import NotFound
from apps.core.scope import current_store_id
from apps.events.registry import Happening
from apps.events.services import unit_of_work
from apps.notifications import queries
from apps.notifications.models import Kind, Notification, NotificationRead
from apps.stores.queries import orders
from apps.stores.queries.access import Access
from apps.users.models import User

LABEL = 160


def notify(*, happening: Happening, kind: Kind) -> None:
    """Keep a notification of a stored fact. The fact is unique in the table, so telling twice keeps one."""
    if happening.event_id is None:
        raise ValueError("only a stored fact is notified of")
    order = orders.brief(parse_uuid(happening.payload.get("order_id"))) if kind is not Kind.STOCK else None
    label = order.display_number if order else str(happening.payload.get("name") or "")
    row = Notification(
        store_id=current_store_id(),
        event_id=happening.event_id,
        kind=kind,
        subject_type="order" if order else happening.subject.type,
        subject_id=str(order.id if order else happening.subject.id),
        outlet_id=order.outlet_id if order else None,
        label=label[:LABEL],
        created_at=happening.occurred_at,
    )
    with unit_of_work():
        Notification.objects.bulk_create([row], ignore_conflicts=True)


def mark_read(*, notification_id: UUID, user: User, access: Access) -> Notification:
    """The reader has seen this one; the first time counts. Raises 404 for what they may not see."""
    with unit_of_work():
        if not queries.visible_to(access).filter(pk=notification_id).exists():
            raise NotFound("notification_not_found", _("There is no such notification."))
        _remember([notification_id], user)
        return queries.for_reader(user, access).get(pk=notification_id)


def mark_all_read(*, user: User, access: Access) -> int:
    """The reader has seen everything there is now. Returns how many were new to them."""
    with unit_of_work():
        return _remember(list(queries.unread(user, access).values_list("pk", flat=True)), user)


def _remember(ids: list[UUID], user: User) -> int:
    moment, store_id = now(), current_store_id()
    rows = [NotificationRead(store_id=store_id, notification_id=row_id, user=user, read_at=moment) for row_id in ids]
    NotificationRead.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)
