"""Couriers and deliveries. A courier sees and moves the orders that were given to them, and no others."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.http.pagination import PagePagination
from apps.core.ids import parse_uuid
from apps.core.problems import Forbidden, Invalid, NotFound
from apps.stores.api.base import StoreAPIView
from apps.stores.api.serializers.courier import AssignIn, CourierOut, DeliverIn, JobOut
from apps.stores.api.validation import validated
from apps.stores.api.views.orders import OrderBase
from apps.stores.models import CourierJob, OrderStatus
from apps.stores.permissions import Perm
from apps.stores.queries import couriers as queries
from apps.stores.services import couriers as services
from apps.users.models import User


@extend_schema(tags=["deliveries"])
class CourierListView(StoreAPIView):
    """Who can bring orders."""

    needs: ClassVar = {"GET": Perm.DELIVERIES_ASSIGN}
    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(operation_id="couriers_list", responses=CourierOut(many=True))
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """A page of active couriers with the orders in their hands."""
        paginator = PagePagination()
        page = paginator.paginate_queryset(queries.couriers(), request, self) or []
        in_hand = queries.open_jobs()
        return paginator.get_paginated_response([queries.courier_view(row, in_hand) for row in page])


@extend_schema(tags=["deliveries"])
class AssignCourierView(OrderBase):
    """Giving an order to a courier."""

    needs: ClassVar = {"POST": Perm.DELIVERIES_ASSIGN}

    @extend_schema(operation_id="orders_assign_courier", request=AssignIn, responses={200: JobOut, 204: None})
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """Give it (200), or with null take it back (204)."""
        courier = validated(AssignIn(data=request.data))["courier"]
        job = services.assign(order_id=self.order(ref).pk, courier_id=courier, actor=self.actor)
        if job is None:
            return Response(status=204)
        return Response(queries.job_view(queries.jobs(user_id=None, outlets=frozenset()).get(pk=job.pk)))


class DeliveryBase(StoreAPIView):
    """Finds the deliveries the caller may see: a courier's own, for others those of their outlets."""

    needs: ClassVar = {"GET": Perm.DELIVERIES_WORK, "POST": Perm.DELIVERIES_WORK}

    @property
    def sees_all(self) -> bool:
        """Whether the caller may do this for every courier."""
        return self.access is not None and Perm.DELIVERIES_ASSIGN in self.access.permissions

    @property
    def own(self) -> UUID | None:
        """The user whose deliveries are meant; None: everybody's."""
        user = self.request.user
        if self.sees_all:
            return None
        if not isinstance(user, User):
            raise Forbidden("forbidden", _("You may not do this."))
        return user.pk

    def jobs(self) -> Any:
        """The deliveries in sight."""
        return queries.jobs(user_id=self.own, outlets=self.access.outlets if self.access else frozenset())

    def job(self, ref: str) -> CourierJob:
        """One of them by its order's id or code. Raises 404."""
        found = queries.of_order(self.jobs(), ref)
        if found is None:
            raise NotFound("order_not_found", _("There is no such order."))
        return found

    def show(self, ref: str) -> Response:
        """It as it is now."""
        return Response(queries.job_view(self.job(ref)))


@extend_schema(tags=["deliveries"])
class DeliveryListView(DeliveryBase):
    """Orders in couriers' hands."""

    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(
        operation_id="deliveries_list",
        responses=JobOut(many=True),
        parameters=[OpenApiParameter("status", str), OpenApiParameter("open", bool), OpenApiParameter("courier", str)],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Newest first; `status`, `open=true` and `courier` narrow it. An empty filter is none."""
        rows, params = self.jobs(), request.query_params
        if params.get("status"):
            rows = rows.filter(order__status=params["status"] if params["status"] in OrderStatus.values else "-")
        if params.get("open", "").lower() in {"true", "1"}:
            rows = rows.filter(order__status__in=queries.OPEN)
        if params.get("courier"):
            rows = rows.filter(courier_id=parse_uuid(params["courier"]))
        paginator = PagePagination()
        page = paginator.paginate_queryset(rows, request, self) or []
        return paginator.get_paginated_response([queries.job_view(row) for row in page])


@extend_schema(tags=["deliveries"])
class DeliveryView(DeliveryBase):
    """One delivery."""

    @extend_schema(operation_id="deliveries_get", responses=JobOut)
    def get(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """By its order's id or code."""
        return self.show(ref)


@extend_schema(tags=["deliveries"])
class PickUpView(DeliveryBase):
    """Leaving with an order."""

    @extend_schema(operation_id="deliveries_pick_up", request=None, responses=JobOut)
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """The order is out for delivery. 409 `illegal_transition` unless it is ready."""
        services.pick_up(order_id=self.job(ref).order_id, user_id=self.own, actor=self.actor)
        return self.show(ref)


@extend_schema(tags=["deliveries"])
class DeliverView(DeliveryBase):
    """Handing an order over."""

    @extend_schema(operation_id="deliveries_deliver", request=DeliverIn, responses=JobOut)
    def post(self, request: Request, ref: str, **_kwargs: Any) -> Response:
        """With the customer's `code`; the store may give a `reason` instead. 422 `delivery_code_wrong`, 409 `delivery_code_locked`."""
        given, order_id = validated(DeliverIn(data=request.data)), self.job(ref).order_id
        if given.get("code"):
            services.deliver_with_code(order_id=order_id, user_id=self.own, code=given["code"], actor=self.actor)
        elif not given.get("reason"):
            text = _("Ask the customer for the code.")
            raise Invalid("delivery_code_required", text, errors={"code": [text]})
        elif not self.sees_all:
            raise Forbidden("forbidden", _("Only the store can confirm a delivery without a code."))
        else:
            services.deliver_with_reason(order_id=order_id, reason=given["reason"], actor=self.actor)
        return self.show(ref)
