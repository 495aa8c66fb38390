"""Orders for their customers: by link, by id within a store, or by id alone as some clients ask.

An order's id is a UUIDv7 and its code is short, so neither is a key: without the order's own token, the customer's login
or the cart key that placed it, only a reduced form is shown – how it stands, not who ordered or where it goes.
"""

from contextlib import ExitStack
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.http.pagination import PagePagination
from apps.core.problems import NotFound, Unauthenticated
from apps.core.scope import scope
from apps.stores.api.base import PublicStoreView
from apps.stores.api.order_search import filtered
from apps.stores.api.ownership import is_theirs
from apps.stores.api.serializers.order import OrderOut, TrackingOut, WhatsAppOut
from apps.stores.api.views.orders import limited_to_outlets
from apps.stores.models import Order
from apps.stores.permissions import Perm
from apps.stores.queries import access, customer_views, order_lists, orders
from apps.stores.queries.order_views import STAMPS
from apps.users.authentication import BearerOrTokenAuthentication, LenientAuthentication
from apps.users.models import User

# What somebody who merely knows an id may see: how it stands. A list of what is shown, so that a new field stays private.
SHOWN = (
    "id", "order_id", "order_number", "display_number", "status", "status_display", "payment_status", "payment_method", "service",
    "delivery_method", "delivery_method_display", "channel", "source", "currency", "subtotal", "discount", "delivery_fee",
    "delivery_discount", "service_charge", "tax", "total", "total_amount", "created_at", "updated_at", "estimated_ready_at", "items_count",
    *(f"{name}_at" for name in STAMPS),
)  # fmt: skip
SHOWN_OF_LINE = (
    "id",
    "quantity",
    "unit_price",
    "subtotal",
    "total_price",
    "product_name",
    "variant_name",
    "combo_name",
    "product",
    "combo",
)
PRIVATE = {"Cache-Control": "no-store"}


def _missing() -> NotFound:
    return NotFound("order_not_found", _("There is no such order."))


def visible(order: Order, request: Request, store_access: access.Access | None) -> dict[str, Any]:
    """The order in full for whoever may see it in full, else reduced."""
    if is_theirs(order, request) or _works_on(order, store_access):
        return orders.full_view(order)
    return reduced(orders.full_view(order, with_qr=False))


def reduced(body: dict[str, Any]) -> dict[str, Any]:
    """How an order stands, without who ordered, where it goes, how to pay, or what was written in a note."""
    lines = {
        name: [{key: row[key] for key in SHOWN_OF_LINE if key in row} for row in body[name]]
        for name in ("items", "combo_items")
    }
    return {**{name: body[name] for name in SHOWN}, **lines}


def _works_on(order: Order, found: access.Access | None) -> bool:
    """Staff who may see orders – those of their own outlets, if they are limited to some."""
    return (
        found is not None
        and Perm.ORDERS_VIEW in found.permissions
        and (not found.outlets or order.outlet_id in found.outlets)
    )


@extend_schema(tags=["tracking"])
class ByTokenView(APIView):
    """The order behind a link."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="order_by_token", responses=TrackingOut)
    def get(self, request: Request, token: str) -> Response:
        """What it is, where it stands, how to pay."""
        found = orders.order_by_token(token)
        if found is None:
            raise _missing()
        return Response(found, headers=PRIVATE)


class StoreOrderBase(PublicStoreView):
    """An order of the store in the path."""

    def order(self, ref: str) -> Order:
        """The order by id or code."""
        found = orders.find(ref)
        if found is None:
            raise _missing()
        return found


@extend_schema(tags=["orders"])
class StoreOrderView(StoreOrderBase):
    """One order, for staff in full, for its customer in full, for others reduced."""

    @extend_schema(operation_id="orders_get", responses=OrderOut)
    def get(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """By id or code."""
        return Response(visible(self.order(ref), request, self.access), headers=PRIVATE)


@extend_schema(tags=["tracking"])
class StorePaymentStatusView(StoreOrderBase):
    """How the payment stands."""

    @extend_schema(operation_id="orders_payment_status", responses=OrderOut)
    def get(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """The same fields as by token, as far as the caller may see them."""
        return Response(visible(self.order(ref), request, self.access), headers=PRIVATE)


@extend_schema(tags=["tracking"])
class StoreOrderWhatsAppView(StoreOrderBase):
    """A chat with the store about the order."""

    @extend_schema(operation_id="orders_whatsapp", responses=WhatsAppOut)
    def get(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """A `wa.me` link."""
        order = self.order(ref)
        url = orders.whatsapp_url(order.store, order)
        return Response({"whatsapp_url": url, "url": url})


class GlobalOrderBase(APIView):
    """The same without a store in the path: the order itself finds the tenant."""

    authentication_classes = [LenientAuthentication]
    permission_classes = [AllowAny]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Leave the scope whatever happens."""
        with ExitStack() as self._stack:
            return super().dispatch(request, *args, **kwargs)

    def order(self, request: Request, ref: str) -> tuple[Order, access.Access | None]:
        """The order, and what the caller may do in its store. Enters the scope for the rest of the request."""
        store_id = orders.store_of_order(ref)
        if store_id is None:
            raise _missing()
        allowed = access.staff_access(user=request.user, store_id=store_id) if isinstance(request.user, User) else None
        self._stack.enter_context(scope(store_id))
        found = orders.find(ref)
        if found is None:
            raise _missing()
        return found, allowed


@extend_schema(tags=["tracking"])
class GlobalOrderView(GlobalOrderBase):
    """`GET /stores/orders/<id or code>/`."""

    @extend_schema(operation_id="order_get", responses=OrderOut)
    def get(self, request: Request, ref: str) -> Response:
        """As `StoreOrderView`; combos are listed apart, as the app prints both lists."""
        order, allowed = self.order(request, ref)
        body = visible(order, request, allowed)
        combos = {row["id"] for row in body["combo_items"]}
        return Response({**body, "items": [row for row in body["items"] if row["id"] not in combos]}, headers=PRIVATE)


@extend_schema(tags=["tracking"])
class GlobalPaymentStatusView(GlobalOrderBase):
    """`GET /stores/orders/<id or code>/payment-status/`."""

    @extend_schema(operation_id="order_payment_status", responses=OrderOut)
    def get(self, request: Request, ref: str) -> Response:
        """As the store-scoped form."""
        order, allowed = self.order(request, ref)
        return Response(visible(order, request, allowed), headers=PRIVATE)


@extend_schema(tags=["tracking"])
class GlobalWhatsAppView(GlobalOrderBase):
    """`GET /stores/orders/<id or code>/whatsapp/`."""

    @extend_schema(operation_id="order_whatsapp", responses=WhatsAppOut)
    def get(self, request: Request, ref: str) -> Response:
        """As the store-scoped form."""
        order, _allowed = self.order(request, ref)
        url = orders.whatsapp_url(order.store, order)
        return Response({"whatsapp_url": url, "url": url})


@extend_schema(tags=["orders"])
class MyOrdersView(APIView):
    """`GET /stores/orders/?store=<slug>`: the caller's own orders at a store – or the store's, for its staff."""

    authentication_classes = [BearerOrTokenAuthentication]
    permission_classes = [AllowAny]
    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(
        operation_id="my_orders",
        responses=OrderOut(many=True),
        parameters=[OpenApiParameter("store", str, required=True)],
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        if not isinstance(request.user, User):
            raise Unauthenticated("not_authenticated", _("Log in first."))
        ref = access.find_store(request.query_params.get("store", ""))
        allowed = access.staff_access(user=request.user, store_id=ref.id)
        with scope(ref.id):
            is_staff = allowed is not None and Perm.ORDERS_VIEW in allowed.permissions
            rows = Order.objects.all() if is_staff else customer_views.orders_of_login(request.user)
            rows = limited_to_outlets(rows, allowed.outlets if allowed else frozenset())
            paginator = PagePagination()
            rows = order_lists.as_rows(filtered(rows, request.query_params, ref.timezone))
            body = order_lists.views(paginator.paginate_queryset(rows, request, self) or [])
        return paginator.get_paginated_response(body)
