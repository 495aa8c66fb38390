"""Loyalty: the program, the list of accounts, and one customer's points."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, Sum
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.http.pagination import PagePagination
from apps.customers.models import IdentityKind, LoyaltyProgram, PointsAccount
from apps.customers.queries import loyalty
from apps.customers.services import points, stamps
from apps.customers.services.recording import lock
from apps.events.services import unit_of_work
from apps.stores.api.base import PublicStoreView
from apps.stores.api.serializers import customer as customer_shapes
from apps.stores.api.serializers import loyalty as shapes
from apps.stores.api.validation import validated
from apps.stores.api.views.customers import CustomerBase
from apps.stores.api.views.my_profile import points_page
from apps.stores.permissions import Perm
from apps.stores.services.loyalty import set_program


@extend_schema(tags=["loyalty"])
class ProgramView(PublicStoreView):
    """The terms of the program. Anyone reads them."""

    needs: ClassVar = {"GET": None, "PATCH": Perm.SETTINGS_EDIT}

    @extend_schema(operation_id="loyalty_get", responses=shapes.ProgramSerializer)
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """What is earned for what; `is_active: false` when there is none."""
        program = LoyaltyProgram.objects.first() or LoyaltyProgram(is_active=False)
        return Response(shapes.ProgramSerializer(program).data)

    @extend_schema(
        operation_id="loyalty_update",
        request=shapes.ProgramSerializer(partial=True),
        responses=shapes.ProgramSerializer,
    )
    def patch(self, request: Request, **_kwargs: Any) -> Response:
        """Change what the body names; orders already placed keep what they were promised."""
        values = validated(shapes.ProgramSerializer(data=request.data, partial=True))
        return Response(shapes.ProgramSerializer(set_program(values=values, actor=self.actor)).data)


@extend_schema(tags=["loyalty"])
class AccountListView(CustomerBase):
    """Who takes part."""

    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(
        operation_id="loyalty_accounts",
        responses=shapes.LoyaltyAccountOut(many=True),
        parameters=[OpenApiParameter("resumo", str, description="`1` adds totals.")],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """Most recently changed first."""
        rows = PointsAccount.objects.filter(customer__merged_into=None, customer__erased_at=None)
        rows = rows.select_related("customer").prefetch_related("customer__identities").order_by("-updated_at", "-id")
        program, paginator = loyalty.program(), PagePagination()
        page = paginator.paginate_queryset(rows, request, self) or []
        answer = paginator.get_paginated_response([_account(row, program) for row in page])
        if request.query_params.get("resumo"):
            answer.data = {**answer.data, "resumo": _totals(program)}
        return answer


def _account(row: PointsAccount, program: LoyaltyProgram | None) -> dict[str, Any]:
    card = loyalty.card(row, program)
    emails = (item.value for item in row.customer.identities.all() if item.kind == IdentityKind.EMAIL)
    return {
        "customer_id": str(row.customer_id), "user_id": str(row.customer_id), "display_name": row.customer.name,
        "email": next(emails, ""), "points": row.balance, "qualified_count": card.stamps,
        "redeemed_count": card.rewards_claimed, "progress": card.progress, "available_rewards": card.rewards_available,
        "falta": card.missing, "updated_at": row.updated_at,
    }  # fmt: skip


def _totals(program: LoyaltyProgram | None) -> dict[str, int]:
    rows = PointsAccount.objects.all()
    needed = program.stamps_required if program else 0
    claimed = rows.aggregate(claimed=Sum("rewards_claimed"))["claimed"] or 0
    won = rows.aggregate(won=Sum(F("stamps") / needed))["won"] or 0 if needed else 0
    almost = [1 for stamps_ in rows.values_list("stamps", flat=True) if needed and stamps_ % needed == needed - 1]
    return {
        "participantes": rows.count(), "brindes_ganhos": int(won), "brindes_resgatados": int(claimed),
        "brindes_disponiveis": max(int(won) - int(claimed), 0), "quase_la": len(almost),
    }  # fmt: skip


@extend_schema(tags=["loyalty"])
class CustomerPointsView(CustomerBase):
    """One customer's points."""

    needs: ClassVar = {"GET": Perm.CUSTOMERS_VIEW, "POST": Perm.CUSTOMERS_MANAGE}
    pagination_class = PagePagination  # read by the OpenAPI document

    @extend_schema(operation_id="customer_points_list", responses=shapes.PointsEntryOut(many=True))
    def get(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """The ledger, newest first; `summary` has the balance."""
        return points_page(request, self, self.customer(customer_id).pk)

    @extend_schema(operation_id="customer_points_adjust", request=customer_shapes.PointsIn, responses=shapes.PointsOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Give or take points by hand, with a reason. 409 `points_not_enough`."""
        given = self.given(customer_shapes.PointsIn, request)
        with unit_of_work():
            lock(customer_id)
            points.adjust(customer_id=customer_id, actor=self.actor, **given)
        return Response(loyalty.summary(customer_id))


@extend_schema(tags=["loyalty"])
class ClaimRewardView(CustomerBase):
    """A full stamp card is handed in."""

    @extend_schema(operation_id="customer_stamps_claim", request=None, responses=shapes.PointsOut)
    def post(self, request: Request, customer_id: UUID, **_kwargs: Any) -> Response:
        """Hand out the reward. 409 `no_reward` when no card is full."""
        stamps.claim_reward(customer_id=customer_id, actor=self.actor)
        return Response(loyalty.summary(customer_id))
