"""Orders for staff: the list, one order, and the moves."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from apps.core.http.pagination import PagePagination
from apps.core.http.renderers import dumps
from apps.core.problems import Forbidden, Invalid, NotFound
from apps.events import queries as event_queries
from apps.stores.api.base import StoreAPIView
from apps.stores.api.order_search import FILTERS, cursor_page, filtered, params_of
from apps.stores.api.serializers.order import CancelIn, MarkPaidIn, OrderOut, TimelineOut, UpdateStatusIn
from apps.stores.models import CancelKind, Order, OrderStatus
from apps.stores.permissions import Perm
from apps.stores.queries import order_lists
from apps.stores.queries import orders as order_queries
from apps.stores.services import orders as order_services


def limited_to_outlets(rows: QuerySet[Order], outlets: frozenset[Any]) -> QuerySet[Order]:
    """Staff of some outlets see the orders of those outlets."""
    return rows.filter(outlet_id__in=outlets) if outlets else rows


class OrderBase(StoreAPIView):
    """Finds an order the caller may see."""

    def order(self, ref: str) -> Order:
        """The order by id or code, 404 if it is not the store's or not of the caller's outlets."""
        found = order_queries.find(ref)
        outlets = self.access.outlets if self.access else frozenset()
        if found is None or (outlets and found.outlet_id not in outlets):
            raise NotFound("order_not_found", _("There is no such order."))
        return found

    def full(self, order: Order) -> Response:
        """The order as it is now, in full: the clients replace theirs with it."""
        return Response(order_queries.full_view(self.order(str(order.pk))))


@extend_schema(tags=["orders"])
class OrderListView(StoreAPIView):
    """The store's orders, newest first."""

    needs: ClassVar = {"GET": Perm.ORDERS_VIEW}
    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(
        operation_id="orders_list",
        responses=OrderOut(many=True),
        parameters=[OpenApiParameter(name, str) for name in (*FILTERS, "view", "cursor")],
    )
    def get(self, request: Request, **_kwargs: Any) -> HttpResponse:
        """A page of orders with their lines. With `cursor` (empty: from the start) by cursor: `{next, next_cursor, results}`."""
        outlets = self.access.outlets if self.access else frozenset()
        outlets = frozenset({self.at_outlet.id}) if self.at_outlet else outlets
        # Read before the rows: a change in between makes the next look a new page, never this one stale.
        seq = self.access.log_seq if self.access else None
        if seq is None:
            seq = event_queries.last_seq(self.store.id)
        # A view can change without a fact, and two people's `view` may be one address.
        params = params_of(request.query_params, request.user.pk)
        key = (self.store.id, seq, outlets, get_language(), request.build_absolute_uri(), tuple(sorted(params.items())))
        body = order_lists.remembered(key, lambda: dumps(self._page(request, outlets, params).data))
        return HttpResponse(body, content_type="application/json")

    def _page(self, request: Request, outlets: frozenset[Any], params: dict[str, str]) -> Response:
        rows = limited_to_outlets(Order.objects.all(), outlets)
        rows = filtered(rows, params, self.store.timezone)
        paginator = PagePagination()
        if "cursor" in request.query_params:
            return self._by_cursor(request, rows, params)
        page = paginator.paginate_queryset(order_lists.as_rows(rows), request, self) or []
        return paginator.get_paginated_response(order_lists.views(page))

    def _by_cursor(self, request: Request, rows: QuerySet[Order], params: dict[str, str]) -> Response:
        size = page_size_of(request)
        found, after = cursor_page(
            order_lists.as_rows(rows), cursor=params.get("cursor", ""), ordering=params.get("ordering", ""), size=size
        )
        link = replace_query_param(request.build_absolute_uri(), "cursor", after) if after else None
        body = {"next": link, "previous": None, "next_cursor": after, "results": order_lists.views(found)}
        return Response(body)


def page_size_of(request: Request) -> int:
    """`page_size` of a list by cursor: 20 unless told, 500 at most. 400 `invalid_page`."""
    text = request.query_params.get("page_size", "")
    if text and not (text.isascii() and text.isdigit() and int(text[:8]) > 0 and len(text) <= 8):
        raise Invalid(
            "invalid_page", _("The page must be a positive number."), errors={"page_size": [_("Not a page.")]}
        )
    return min(int(text or PagePagination.page_size or 20), PagePagination.max_page_size or 500)


@extend_schema(tags=["orders"])
class UpdateStatusView(OrderBase):
    """Moving an order."""

    needs: ClassVar = {"POST": Perm.ORDERS_EDIT}

    @extend_schema(operation_id="orders_update_status", request=UpdateStatusIn, responses=OrderOut)
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Move it; answers the full order. 409 when the move is not legal, or `kitchen_not_done`: then a manager gives a reason."""
        serializer = UpdateStatusIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        order, reason = self.order(ref), serializer.validated_data.get("reason", "")
        if serializer.validated_data["status"] == OrderStatus.CANCELLED:
            return cancel(self, order, kind=CancelKind.BY_STORE, reason=reason)
        order_services.move_order(
            order_id=order.pk,
            to=serializer.validated_data["status"],
            actor=self.actor,
            reason=reason,
            may_override=self.access is not None and Perm.KITCHEN_OVERRIDE in self.access.permissions,
        )
        return self.full(order)


def cancel(view: OrderBase, order: Order, *, kind: str, reason: str) -> Response:
    """Cancel with the caller's own rights: both roads to "cancelled" end here."""
    held = view.access.permissions if view.access else frozenset()
    if Perm.ORDERS_CANCEL not in held:
        raise Forbidden("forbidden", _("You may not cancel orders."))
    order_services.cancel_order(
        order_id=order.pk, actor=view.actor, kind=kind, reason=reason, may_waste=Perm.ORDERS_CANCEL_STARTED in held
    )
    return view.full(order)


@extend_schema(tags=["orders"])
class CancelView(OrderBase):
    """Cancelling an order."""

    needs: ClassVar = {"POST": Perm.ORDERS_CANCEL}

    @extend_schema(operation_id="orders_cancel", request=CancelIn, responses=OrderOut)
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Cancel it; stock comes back, open payments close."""
        serializer = CancelIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        kind = serializer.validated_data.get("kind", CancelKind.BY_STORE)
        return cancel(self, self.order(ref), kind=kind, reason=serializer.validated_data.get("reason", ""))


@extend_schema(tags=["orders"])
class MarkPaidView(OrderBase):
    """Confirming by hand that money arrived: PIX seen on the statement, cash in the till."""

    needs: ClassVar = {"POST": Perm.PAYMENTS_CONFIRM}

    @extend_schema(operation_id="orders_mark_paid", request=MarkPaidIn, responses=OrderOut)
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Confirm what is due. 409 `nothing_due` when nothing is."""
        serializer = MarkPaidIn(data=request.data)
        serializer.is_valid(raise_exception=True)
        order = self.order(ref)
        order_services.mark_paid(
            order_id=order.pk, actor=self.actor, method=serializer.validated_data.get("payment_method", "")
        )
        return self.full(order)


@extend_schema(tags=["orders"])
class TimelineView(OrderBase):
    """Who did what, when and why."""

    needs: ClassVar = {"GET": Perm.ORDERS_VIEW}

    @extend_schema(operation_id="orders_timeline", responses=TimelineOut)
    def get(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Every fact about the order, oldest first."""
        return Response({"results": order_queries.staff_timeline(self.order(ref))})
