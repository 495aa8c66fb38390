"""A store's notifications for the person who is logged in."""

from typing import Any, ClassVar, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.http.pagination import PagePagination
from apps.notifications import queries, services
from apps.notifications.api.serializers import CountOut, NotificationOut
from apps.stores.api.base import StoreAPIView
from apps.stores.permissions import HasStoreAccess, IsStoreStaff, Perm
from apps.stores.queries.access import Access
from apps.users.models import User


class NotificationBase(StoreAPIView):
    """Who reads: people, no devices."""

    permission_classes = [HasStoreAccess, IsStoreStaff]
    needs: ClassVar = {"GET": Perm.NOTIFICATIONS_VIEW, "POST": Perm.NOTIFICATIONS_VIEW}

    @property
    def reader(self) -> tuple[User, Access]:
        """The person and what they may see."""
        return cast(User, self.request.user), cast(Access, self.access)


@extend_schema(tags=["notifications"])
class NotificationListView(NotificationBase):
    """The bell."""

    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(operation_id="notifications_list", responses=NotificationOut(many=True))
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Newest first, in the reader's language."""
        paginator = PagePagination()
        user, access = self.reader
        page = paginator.paginate_queryset(queries.for_reader(user, access), request, self) or []
        return paginator.get_paginated_response(queries.as_read(page, user))


@extend_schema(tags=["notifications"])
class UnreadCountView(NotificationBase):
    """The number on the bell."""

    @extend_schema(operation_id="notifications_unread_count", responses=CountOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """How many the reader has not seen."""
        return Response({"count": queries.unread(*self.reader).count()})


@extend_schema(tags=["notifications"])
class ReadView(NotificationBase):
    """Having seen one."""

    @extend_schema(operation_id="notifications_read", request=None, responses=NotificationOut)
    def post(self, request: Request, notification_id: UUID, **_kwargs: Any) -> Response:
        """Mark it read for the reader alone; again is fine."""
        user, access = self.reader
        row = services.mark_read(notification_id=notification_id, user=user, access=access)
        return Response(queries.as_read([row], user)[0])


@extend_schema(tags=["notifications"])
class ReadAllView(NotificationBase):
    """Having seen them all."""

    @extend_schema(operation_id="notifications_read_all", request=None, responses=CountOut)
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Mark all read for the reader alone. Answers how many were new."""
        user, access = self.reader
        return Response({"count": services.mark_all_read(user=user, access=access)})
