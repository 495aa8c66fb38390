"""The store's log as a pull feed: `GET S/events/?after=<seq>`."""

from typing import Any, ClassVar, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Invalid
from apps.events import queries
from apps.stores.api.base import StoreAPIView
from apps.stores.api.serializers.order import FeedOut
from apps.stores.permissions import Perm
from apps.stores.queries.access import Access
from apps.stores.queries.log import feed

MOST = 500


@extend_schema(tags=["events"])
class EventFeedView(StoreAPIView):
    """Facts in order, for whoever wants to catch up."""

    needs: ClassVar = {"GET": Perm.EVENTS_VIEW}

    @extend_schema(
        operation_id="events_feed",
        responses=FeedOut,
        parameters=[OpenApiParameter("after", int), OpenApiParameter("limit", int)],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """At most `limit` (100) facts above `after` (0) that the caller may read; `next_after` continues."""
        after, limit = _number(request, "after", 0), min(_number(request, "limit", 100), MOST)
        last = queries.last_seq(self.store.id)  # read before the facts: what comes up to here is there already
        found = feed(store_id=self.store.id, after=after, limit=limit, access=cast(Access, self.access))
        rows = [
            {
                "seq": event.seq, "name": event.name, "version": event.version,
                "subject": f"{event.subject_type}:{event.subject_id}", "payload": event.payload, "occurred_at": event.occurred_at,
                "actor": {"kind": event.actor_kind, "id": event.actor_id, "label": event.actor_label},
            }
            for event in found
        ]  # fmt: skip
        newest = found[-1].seq if found else after
        return Response(
            {
                "results": rows,
                "last_seq": last,
                "next_after": newest if len(found) >= limit else max(last, newest),
            }
        )


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(
            "invalid_number", _("This must be a whole number."), errors={name: [_("This must be a whole number.")]}
        )
    return int(text)
