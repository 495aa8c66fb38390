"""Tickets: the list of a screen, the totals, and what one tap does."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kitchen.api.base import KitchenView, Pages
from apps.kitchen.api.serializers import AllDayPageOut, FinishIn, ListQuery, RemakeIn, TicketOut, TicketPageOut
from apps.kitchen.queries import tickets
from apps.kitchen.services import items, work
from apps.kitchen.services.work import Wire

LISTS = {"open": tickets.open_tickets, "bumped": tickets.bumped_tickets, "all": tickets.all_tickets}
STATION = OpenApiParameter("station", str, description="slug of a station; all when left out")
CHANGED = {200: TicketOut}


@extend_schema(tags=["kitchen"])
class TicketListView(KitchenView):
    """The tickets of a screen."""

    @extend_schema(
        operation_id="kitchen_tickets_list",
        responses=TicketPageOut,
        parameters=[
            STATION,
            OpenApiParameter("status", str, enum=["open", "all", "bumped"], description="`open` unless told"),
            OpenApiParameter("limit", int),
            OpenApiParameter("page", int),
        ],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Open ones oldest first, bumped ones last bump first, all newest first."""
        query = ListQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = LISTS[query.validated_data["status"] or "open"](self.view_of(query.validated_data["station"]))
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(tickets.dicts(page))


@extend_schema(tags=["kitchen"])
class AllDayView(KitchenView):
    """What there is to make in all."""

    @extend_schema(operation_id="kitchen_all_day", responses=AllDayPageOut, parameters=[STATION])
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Totals of the open items with the same name and options, most first."""
        query = ListQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = tickets.all_day(self.view_of(query.validated_data["station"]))
        return Response({"count": len(rows), "next": None, "previous": None, "results": rows})


class TicketActionView(KitchenView):
    """One verb on one ticket."""

    call: ClassVar[Callable[..., Wire]]

    def answer(self, ticket_id: UUID, **more: Any) -> Response:
        """Do it and show the ticket as it then is."""
        return Response(type(self).call(ticket_id=ticket_id, view=self.view_of(), actor=self.actor, **more))


@extend_schema(tags=["kitchen"])
class StartView(TicketActionView):
    """Start."""

    call = staticmethod(work.start)

    @extend_schema(operation_id="kitchen_ticket_start", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, **_kwargs: Any) -> Response:
        """Begin a queued ticket; the first start of an order makes it `preparing`."""
        return self.answer(ticket_id)


@extend_schema(tags=["kitchen"])
class DoneView(TicketActionView):
    """Finish."""

    call = staticmethod(work.finish)

    @extend_schema(operation_id="kitchen_ticket_done", request=FinishIn, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, **_kwargs: Any) -> Response:
        """Everything on it is made; the last ticket makes the order `ready`."""
        body = FinishIn(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(ticket_id, bump=body.validated_data["bump"])


@extend_schema(tags=["kitchen"])
class BumpView(TicketActionView):
    """Clear."""

    call = staticmethod(work.bump)

    @extend_schema(operation_id="kitchen_ticket_bump", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, **_kwargs: Any) -> Response:
        """Take a done ticket off the screen."""
        return self.answer(ticket_id)


@extend_schema(tags=["kitchen"])
class RecallView(TicketActionView):
    """Call back."""

    call = staticmethod(work.recall)

    @extend_schema(operation_id="kitchen_ticket_recall", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, **_kwargs: Any) -> Response:
        """Bring a done or cleared ticket back; the order keeps its status."""
        return self.answer(ticket_id)


@extend_schema(tags=["kitchen"])
class AckView(TicketActionView):
    """Acknowledge."""

    call = staticmethod(work.acknowledge)

    @extend_schema(operation_id="kitchen_ticket_ack", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, **_kwargs: Any) -> Response:
        """Somebody has seen it; a cancellation then leaves the screen."""
        return self.answer(ticket_id)


@extend_schema(tags=["kitchen"])
class UndoView(TicketActionView):
    """Undo."""

    call = staticmethod(work.undo)

    @extend_schema(operation_id="kitchen_ticket_undo", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, **_kwargs: Any) -> Response:
        """Take the last step back."""
        return self.answer(ticket_id)


class ItemActionView(TicketActionView):
    """One verb on one item. The whole ticket is answered."""


@extend_schema(tags=["kitchen"])
class ItemStartView(ItemActionView):
    """Start an item."""

    call = staticmethod(items.start)

    @extend_schema(operation_id="kitchen_item_start", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, item_id: UUID, **_kwargs: Any) -> Response:
        """Begin one item; the first one begins the ticket."""
        return self.answer(ticket_id, item_id=item_id)


@extend_schema(tags=["kitchen"])
class ItemDoneView(ItemActionView):
    """Cross an item off."""

    call = staticmethod(items.finish)

    @extend_schema(operation_id="kitchen_item_done", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, item_id: UUID, **_kwargs: Any) -> Response:
        """The last one finishes the ticket."""
        return self.answer(ticket_id, item_id=item_id)


@extend_schema(tags=["kitchen"])
class ItemUndoView(ItemActionView):
    """Take an item back."""

    call = staticmethod(items.undo)

    @extend_schema(operation_id="kitchen_item_undo", request=None, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, item_id: UUID, **_kwargs: Any) -> Response:
        """One step back; a finished ticket is in progress again."""
        return self.answer(ticket_id, item_id=item_id)


@extend_schema(tags=["kitchen"])
class ItemRemakeView(ItemActionView):
    """Make an item again."""

    call = staticmethod(items.remake)

    @extend_schema(operation_id="kitchen_item_remake", request=RemakeIn, responses=CHANGED)
    def post(self, request: Request, ticket_id: UUID, item_id: UUID, **_kwargs: Any) -> Response:
        """The item is kept as `remade` with the reason, and a fresh one is to be made."""
        body = RemakeIn(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(ticket_id, item_id=item_id, reason=body.validated_data["reason"])
