"""What a store keeps about whoever is logged in: for that person alone. (The login's own profile is `/users/profile/`.)"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.actors import Actor, ActorKind
from apps.core.http.pagination import PagePagination
from apps.core.problems import Refused, Unauthenticated
from apps.customers.models import Customer
from apps.customers.queries import loyalty
from apps.customers.services import accounts, details
from apps.stores.api.base import PublicStoreView, created
from apps.stores.api.proof import proof_of
from apps.stores.api.serializers import customer as shapes
from apps.stores.api.serializers.loyalty import PointsEntryOut, PointsOut
from apps.stores.api.validation import validated
from apps.stores.queries import customer_data, customer_views
from apps.stores.services import order_people
from apps.users.models import User

PRIVATE = {"Cache-Control": "no-store"}


class MyProfileOut(serializers.Serializer[dict[str, Any]]):
    """Me at this store. `customer` is null until a phone or e-mail was proved by a code."""

    customer = shapes.CustomerOut(allow_null=True)
    points = PointsOut(allow_null=True)
    consents = shapes.ConsentOut(many=True)


class MyBase(PublicStoreView):
    """For whoever is logged in; 401 for a guest."""

    @property
    def me(self) -> Actor:
        """The caller as a customer, whatever else they are in this store."""
        user = self.user()
        return Actor(kind=ActorKind.CUSTOMER, id=str(user.pk), label=user.display_name)

    def user(self) -> User:
        """The caller."""
        if not isinstance(self.request.user, User):
            raise Unauthenticated("not_authenticated", _("Log in first."))
        return self.request.user

    def found(self) -> Customer | None:
        """The customer the caller has proved to be here."""
        return accounts.customer_of(user=self.user(), actor=self.me)

    def mine(self) -> Customer:
        """The same; 422 `identity_unproven` when nothing is proved."""
        customer = self.found()
        if customer is None:
            raise Refused("identity_unproven", _("Log in with a code sent to your phone or e-mail first."))
        return customer


@extend_schema(tags=["my profile"])
class MyProfileView(MyBase):
    """Me at this store."""

    @extend_schema(operation_id="my_profile_get", responses=MyProfileOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """What the store keeps about me, my points, and what I agreed to."""
        customer = self.found()
        if customer is None:
            return Response({"customer": None, "points": None, "consents": []}, headers=PRIVATE)
        body = customer_data.export(customer, with_notes=False)
        body["customer"].pop("cpf", None)
        points = {name: value for name, value in body["points"].items() if name != "history"}
        shown = {"customer": body["customer"], "points": points, "consents": body["consents"]["results"]}
        return Response(shown, headers=PRIVATE)

    @extend_schema(operation_id="my_profile_erase", request=None, responses={204: None})
    def delete(self, request: Request, **_kwargs: Any) -> Response:
        """Forget me here. 409 `orders_open` while an order is under way."""
        order_people.erase_customer(customer_id=self.mine().pk, actor=self.me)
        return Response(status=204)


@extend_schema(tags=["my profile"])
class MyExportView(MyBase):
    """Everything the store keeps about me."""

    @extend_schema(operation_id="my_profile_export", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """In one document."""
        return Response(customer_data.export(self.mine(), with_notes=False), headers=PRIVATE)


@extend_schema(tags=["my profile"])
class MyPointsView(MyBase):
    """My points."""

    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(operation_id="my_points", responses=PointsEntryOut(many=True))
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Every line of the ledger, newest first; `summary` has the balance."""
        customer = self.mine()
        return points_page(request, self, customer.pk)


def points_page(request: Request, view: Any, customer_id: UUID) -> Response:
    """A page of a customer's ledger with the balance."""
    paginator = PagePagination()
    page = paginator.paginate_queryset(loyalty.history(customer_id), request, view) or []
    answer = paginator.get_paginated_response([customer_data.points_view(row) for row in page])
    answer.data = {**answer.data, "summary": loyalty.summary(customer_id)}
    return answer


@extend_schema(tags=["my profile"])
class MyConsentsView(MyBase):
    """What I agreed to."""

    @extend_schema(operation_id="my_consents_list", responses=shapes.ConsentsOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """How it stands, and every word of it."""
        return Response(customer_data.consents(self.mine().pk), headers=PRIVATE)

    @extend_schema(operation_id="my_consents_create", request=shapes.ConsentIn, responses={201: shapes.ConsentsOut})
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """Say yes, or take it back. When and from where is kept as proof."""
        customer = self.mine()
        values = validated(shapes.ConsentIn(data=request.data))
        details.set_consent(customer_id=customer.pk, values=values, proof=proof_of(request), actor=self.me)
        return created(customer_data.consents(customer.pk))


@extend_schema(tags=["my profile"])
class MyAddressesView(MyBase):
    """Where I have things brought."""

    @extend_schema(operation_id="my_addresses_list", responses=shapes.AddressesOut)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """The default one first."""
        rows = self.mine().addresses.order_by("-is_default", "-updated_at")
        return Response({"results": [customer_views.address_view(row) for row in rows]}, headers=PRIVATE)

    @extend_schema(
        operation_id="my_addresses_create",
        request=shapes.CustomerAddressIn,
        responses={201: shapes.CustomerAddressOut},
    )
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """A new one."""
        customer = self.mine()
        values = validated(shapes.CustomerAddressIn(data=request.data))
        return created(
            customer_views.address_view(details.add_address(customer_id=customer.pk, values=values, actor=self.me))
        )


@extend_schema(tags=["my profile"])
class MyAddressView(MyBase):
    """One of my addresses."""

    @extend_schema(
        operation_id="my_addresses_update", request=shapes.CustomerAddressIn, responses=shapes.CustomerAddressOut
    )
    def patch(self, request: Request, address_id: UUID, **_kwargs: Any) -> Response:
        """Change what the body names."""
        customer = self.mine()
        values = validated(shapes.CustomerAddressIn(data=request.data))
        row = details.change_address(customer_id=customer.pk, address_id=address_id, values=values, actor=self.me)
        return Response(customer_views.address_view(row))

    @extend_schema(operation_id="my_addresses_delete", responses={204: None})
    def delete(self, request: Request, address_id: UUID, **_kwargs: Any) -> Response:
        """Forget it."""
        details.remove_address(customer_id=self.mine().pk, address_id=address_id, actor=self.me)
        return Response(status=204)
