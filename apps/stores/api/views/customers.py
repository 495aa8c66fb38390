"""Customers for staff: the list, one of them, and what is done with a whole customer. Parts of one are in `customer_parts`."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.http.pagination import PagePagination
from apps.core.ids import parse_uuid
from apps.core.phones import to_e164
from apps.core.problems import NotFound
from apps.customers.models import Customer
from apps.customers.queries import people
from apps.customers.services import profile
from apps.stores.api.base import StoreAPIView
from apps.stores.api.serializers import customer as shapes
from apps.stores.api.serializers.order import OrderOut
from apps.stores.api.validation import validated
from apps.stores.api.views.orders import limited_to_outlets
from apps.stores.models import Order, Store
from apps.stores.permissions import Perm
from apps.stores.queries import customer_views, order_lists
from apps.stores.services import customer_book

ORDERINGS = {
    "name": "folded", "created_at": "created_at", "total_orders": "order_count", "total_spent": "total_spent",
    "last_order_at": "last_order_at",
}  # fmt: skip
FILTERS = ("search", "tag", "blocked", "company", "has_orders", "ordering")
MOST_FOUND = 50


class CustomerBase(StoreAPIView):
    """Finds a customer of the store."""

    needs: ClassVar = {
        "GET": Perm.CUSTOMERS_VIEW, "POST": Perm.CUSTOMERS_EDIT, "PATCH": Perm.CUSTOMERS_EDIT, "PUT": Perm.CUSTOMERS_EDIT,
        "DELETE": Perm.CUSTOMERS_EDIT,
    }  # fmt: skip

    @property
    def country(self) -> str:
        """Where a number without a country code is from."""
        return str(Store.objects.values_list("country", flat=True).get(pk=self.store.id))

    @property
    def outlets(self) -> frozenset[UUID]:
        """The outlets the caller is limited to; none for all."""
        return self.access.outlets if self.access else frozenset()

    def people(self) -> QuerySet[Customer]:
        """The customers the caller may see."""
        return customer_views.of_outlets(people.people(), self.outlets)

    def customer(self, customer_id: UUID) -> Customer:
        """The customer, or 404 – also for one who has ordered at other people's outlets only."""
        row = customer_views.of_outlets(Customer.objects.filter(pk=customer_id), self.outlets).first()
        if row is None:
            raise NotFound("customer_not_found", _("There is no such customer."))
        return row

    def shown(self, customer_id: UUID, status: int = 200) -> Response:
        """The customer as it is now."""
        self.customer(customer_id)
        return Response(customer_views.one(customer_id), status=status)

    def given(self, kind: type[Any], request: Request) -> dict[str, Any]:
        """The checked body."""
        return validated(kind(data=request.data))


def _is_true(value: str) -> bool:
    return value.lower() in {"1", "true", "yes"}


@extend_schema(tags=["customers"])
class CustomerListView(CustomerBase):
    """The customers of the store."""

    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(
        operation_id="customers_list",
        responses=shapes.CustomerOut(many=True),
        parameters=[OpenApiParameter(name, str) for name in FILTERS],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Newest first. `search` finds names, phones (either spelling) and e-mails; accents do not matter."""
        rows = customer_book.filtered(self.people(), request.query_params, self.country)
        name = request.query_params.get("ordering") or "-created_at"
        column = ORDERINGS.get(name.lstrip("-"), "created_at")
        if column in {"order_count", "total_spent", "last_order_at"}:
            rows = customer_views.with_totals(rows)
        rows = rows.order_by(f"-{column}" if name.startswith("-") else column, "-id")
        paginator = PagePagination()
        page = paginator.paginate_queryset(customer_views.with_parts(rows), request, self) or []
        return paginator.get_paginated_response(customer_views.views(page))

    @extend_schema(operation_id="customers_create", request=shapes.CustomerIn, responses={201: shapes.CustomerOut})
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """A customer. 409 `identity_taken` (with `customer_id`) when another one has the phone or e-mail."""
        values = self.given(shapes.CustomerIn, request)
        row = customer_book.create(values=values, country=self.country, actor=self.actor)
        return self.shown(row.pk, status=201)


@extend_schema(tags=["customers"])
class CustomerView(CustomerBase):
    """One customer."""

    @extend_schema(operation_id="customers_get", responses=shapes.CustomerOut)
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Everything about one; one that was merged away says into whom."""
        return self.shown(customer_id)

    @extend_schema(operation_id="customers_update", request=shapes.CustomerIn, responses=shapes.CustomerOut)
    def patch(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Change what the body names."""
        values = self.given(shapes.CustomerIn, request)
        customer_book.change(customer_id=customer_id, values=values, country=self.country, actor=self.actor)
        return self.shown(customer_id)


@extend_schema(tags=["customers"])
class CustomerStatsView(CustomerBase):
    """How many there are."""

    @extend_schema(operation_id="customers_stats", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Totals, and how recently people ordered."""
        return Response(customer_views.stats())


@extend_schema(tags=["customers"])
class CustomerSearchView(CustomerBase):
    """Finding one while typing."""

    @extend_schema(
        operation_id="customers_search",
        responses=shapes.CustomerOut(many=True),
        parameters=[OpenApiParameter("q", str), OpenApiParameter("limit", int)],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """A plain list, at most 50; nothing for an empty question."""
        text = request.query_params.get("q", "").replace("\x00", "").strip()
        limit = request.query_params.get("limit", "")
        most = min(int(limit), MOST_FOUND) if limit.isascii() and limit.isdigit() and len(limit) < 5 else 8
        rows = people.search(self.people(), text, self.country) if text else self.people().none()
        found = customer_views.with_parts(rows.order_by("folded"))[:most]
        return Response(customer_views.views(found))


@extend_schema(tags=["customers"])
class CustomerByPhoneView(CustomerBase):
    """Who is calling."""

    @extend_schema(
        operation_id="customers_by_phone", responses=shapes.CustomerOut, parameters=[OpenApiParameter("phone", str)]
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """The customer with this phone, in any spelling; 404 for nobody."""
        phone = to_e164(request.query_params.get("phone", ""), self.country)
        row = people.find(phone=phone) if phone else None
        if row is None:
            raise NotFound("customer_not_found", _("There is no such customer."))
        return self.shown(row.pk)


@extend_schema(tags=["customers"])
class CustomerOrdersView(CustomerBase):
    """What a customer ordered."""

    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(operation_id="customers_orders", responses=OrderOut(many=True))
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Newest first; staff of some outlets see the orders of those."""
        rows = Order.objects.filter(customer=self.customer(customer_id)).order_by("-placed_at", "-id")
        rows = limited_to_outlets(rows, self.outlets)
        paginator = PagePagination()
        page = paginator.paginate_queryset(order_lists.as_rows(rows), request, self) or []
        return paginator.get_paginated_response(order_lists.views(page))


@extend_schema(tags=["customers"])
class BlockView(CustomerBase):
    """Taking no orders of somebody."""

    needs: ClassVar = {"POST": Perm.CUSTOMERS_MANAGE}

    @extend_schema(operation_id="customers_block", request=shapes.BlockIn, responses=shapes.CustomerOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """For good, or until a moment. Says why, for whoever has to explain it."""
        given = self.given(shapes.BlockIn, request)
        profile.block(customer_id=customer_id, actor=self.actor, **given)
        return self.shown(customer_id)


@extend_schema(tags=["customers"])
class UnblockView(CustomerBase):
    """Taking orders again."""

    needs: ClassVar = {"POST": Perm.CUSTOMERS_MANAGE}

    @extend_schema(operation_id="customers_unblock", request=None, responses=shapes.CustomerOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Fine if there was no block."""
        profile.unblock(customer_id=customer_id, actor=self.actor)
        return self.shown(customer_id)


class StoreInQuery(CustomerBase):
    """The dashboard names the store in the query or the body, or not at all: then it is the caller's first one."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out which store is meant, then go on as usual."""
        body = request.data if isinstance(request.data, dict) else {}
        named = request.query_params.get("store") or body.get("store") or ""
        if not named and parse_uuid(kwargs.get("customer_id", "")):
            named = customer_book.store_of_customer(request.user, kwargs["customer_id"])
        super().initial(request, *args, **{**kwargs, "slug": str(named) or customer_book.first_store(request.user)})


@extend_schema(exclude=True)
class AnyCustomerListView(StoreInQuery, CustomerListView):
    """`/stores/customers/?store=`."""


@extend_schema(exclude=True)
class AnyCustomerView(StoreInQuery, CustomerView):
    """`/stores/customers/{id}/`."""


@extend_schema(exclude=True)
class AnyCustomerStatsView(StoreInQuery, CustomerStatsView):
    """`/stores/customers/stats/?store=`."""


@extend_schema(exclude=True)
class AnyCustomerByPhoneView(StoreInQuery, CustomerByPhoneView):
    """`/stores/customers/by_phone/?store=`."""


@extend_schema(exclude=True)
class AnyCustomerOrdersView(StoreInQuery, CustomerOrdersView):
    """`/stores/customers/{id}/orders/`."""


@extend_schema(exclude=True)
class CrmSearchView(CustomerSearchView):
    """`S/crm/customers/search/`."""
