"""The team of a store: members, invitations, and accepting one."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.stores.api.base import StoreAPIView, StoreViewMixin, created
from apps.stores.api.serializers import staff as shapes
from apps.stores.models import Role, Staff, StaffInvite
from apps.stores.permissions import Perm
from apps.stores.queries import staff as queries
from apps.stores.queries.access import Access
from apps.stores.services import invites, staff
from apps.users.authentication import LenientAuthentication
from apps.users.models import User
from apps.users.services import attempts, logins

NEEDS: dict[str, Perm | None] = {
    "GET": Perm.STAFF_VIEW,
    "POST": Perm.STAFF_EDIT,
    "PATCH": Perm.STAFF_EDIT,
    "DELETE": Perm.STAFF_EDIT,
}


def member_of(view: StoreViewMixin) -> Access:
    """The caller's access, on a view that lets nobody in without one."""
    assert view.access is not None
    return view.access


class StaffFilter(django_filters.FilterSet):
    """`?role=&is_active=&search=`; empty means any."""

    role = django_filters.ChoiceFilter(choices=Role.choices)
    is_active = django_filters.BooleanFilter()
    search = django_filters.CharFilter(method="by_text", max_length=100)

    class Meta:
        model = Staff
        fields = ["role", "is_active"]

    def by_text(self, rows: QuerySet[Staff], name: str, value: str) -> QuerySet[Staff]:
        """Part of a name or an e-mail address."""
        matches = [Q(**{f"user__{field}__icontains": value}) for field in ("first_name", "last_name", "email")]
        return rows.filter(matches[0] | matches[1] | matches[2])


class StaffListView(StoreViewMixin, GenericAPIView[Staff]):
    """Members of the store."""

    needs = NEEDS
    filterset_class = StaffFilter
    serializer_class = shapes.StaffSerializer

    def get_queryset(self) -> QuerySet[Staff]:
        """Members of the store in scope (no store is in scope while the schema is drawn)."""
        return QuerySet(Staff) if getattr(self, "swagger_fake_view", False) else queries.members()

    @extend_schema(tags=["staff"], operation_id="staff_list", responses=shapes.StaffSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The team, oldest member first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(tags=["staff"], request=shapes.InviteRequestSerializer, responses={201: shapes.NewInviteSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Invite somebody. The answer holds the token to hand over; it is good for seven days and one use."""
        given = _read(shapes.InviteRequestSerializer, request)
        new = invites.invite(by=member_of(self), **given)
        return created({**shapes.InviteSerializer(new.invite).data, "invite_token": new.token})


class StaffDetailView(StoreAPIView):
    """One member."""

    needs = NEEDS

    @extend_schema(tags=["staff"], responses=shapes.StaffSerializer)
    def get(self, request: Request, slug: str, staff_id: UUID) -> Response:
        """One member."""
        return Response(shapes.StaffSerializer(queries.member(staff_id)).data)

    @extend_schema(tags=["staff"], request=shapes.StaffChangeSerializer, responses=shapes.StaffSerializer)
    def patch(self, request: Request, slug: str, staff_id: UUID) -> Response:
        """Change role, outlets or whether the membership counts."""
        changes = _read(shapes.StaffChangeSerializer, request)
        return Response(
            shapes.StaffSerializer(staff.update(by=member_of(self), staff_id=staff_id, changes=changes)).data
        )

    @extend_schema(tags=["staff"], responses={204: None})
    def delete(self, request: Request, slug: str, staff_id: UUID) -> Response:
        """End the membership. The person's account stays."""
        staff.remove(by=member_of(self), staff_id=staff_id)
        return Response(status=204)


class InviteListView(StoreViewMixin, GenericAPIView[StaffInvite]):
    """Open invitations."""

    needs = NEEDS
    serializer_class = shapes.InviteSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[StaffInvite]:
        """Invitations of the store in scope."""
        return QuerySet(StaffInvite) if getattr(self, "swagger_fake_view", False) else queries.open_invites()

    @extend_schema(tags=["staff"], operation_id="staff_invites_list", responses=shapes.InviteSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Invitations nobody has accepted yet, without their tokens."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class InviteDetailView(StoreAPIView):
    """One invitation."""

    needs = NEEDS

    @extend_schema(tags=["staff"], responses={204: None})
    def delete(self, request: Request, slug: str, invite_id: UUID) -> Response:
        """Take an invitation back."""
        invites.withdraw(by=member_of(self), invite_id=invite_id)
        return Response(status=204)


class AcceptInviteView(APIView):
    """Joining a team."""

    authentication_classes = [LenientAuthentication]
    permission_classes = [AllowAny]

    @extend_schema(tags=["auth"], request=shapes.AcceptInviteSerializer, responses={201: shapes.JoinedSerializer})
    def post(self, request: Request) -> Response:
        """Accept an invitation and log in. Whoever has an account already gives its password, or is logged in."""
        given = _read(shapes.AcceptInviteSerializer, request)
        caller = request.user if isinstance(request.user, User) else None
        member = invites.accept(**given, caller=caller, address=attempts.client_address(request.META))
        return created(
            {
                "token": logins.open_with_token(user=member.user),
                "user_id": member.user_id,
                "email": member.user.email or "",
                "store": shapes.StoreNameSerializer(member.store).data,
                "role": member.role,
            }
        )


def _read(kind: Any, request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
