"""Stock over HTTP: levels, adjustments, the ledger."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Forbidden
from apps.stores.api.filters import StockFilter
from apps.stores.api.serializers.stock import (
    AdjustSerializer,
    StockLevelSerializer,
    StockMoveSerializer,
    ThresholdSerializer,
    TrackSerializer,
)
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import StoreViewSet, documented
from apps.stores.models import Outlet, StockLevel
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import stock
from apps.stores.services.stock import Operation


@documented("stock")
class StockViewSet(StoreViewSet[StockLevel]):
    """How much there is of what is tracked."""

    model = StockLevel
    serializer_class = StockLevelSerializer
    filterset_class = StockFilter
    needs = {
        "list": Perm.STOCK_VIEW,
        "retrieve": Perm.STOCK_VIEW,
        "moves": Perm.STOCK_VIEW,
        "create": Perm.STOCK_EDIT,
        "partial_update": Perm.STOCK_EDIT,
        "destroy": Perm.STOCK_EDIT,
        "adjust": Perm.STOCK_EDIT,
    }

    def rows(self) -> QuerySet[StockLevel]:
        """All levels, the emptiest first: shared ones and those of the outlets this person works in (or has named)."""
        rows = staff_catalog.stock_levels()
        mine = {self.at_outlet.id} if self.at_outlet else self.access.outlets if self.access else ()
        return rows.filter(Q(outlet=None) | Q(outlet__in=mine)) if mine else rows

    def mine(self, id: UUID) -> Any:
        """A level the caller may change. Staff of some outlets change the levels of those, not the shared ones."""
        level = self.one(id)
        self._check_place(level.outlet_id)
        return level

    def _outlet_named(self) -> Outlet | None:
        return Outlet.objects.get(pk=self.at_outlet.id) if self.at_outlet else None

    def _check_place(self, outlet_id: UUID | None) -> None:
        mine = self.access.outlets if self.access else frozenset()
        if mine and outlet_id not in mine:
            raise Forbidden("outlet_forbidden", _("You do not work at this branch."))

    @extend_schema(request=TrackSerializer, responses={201: StockLevelSerializer})
    def create(self, request: Request, slug: str) -> Response:
        """Start to track a product, variant or option."""
        values = validated(TrackSerializer(data=request.data))
        outlet = values.get("outlet") or self._outlet_named()
        self._check_place(outlet.pk if outlet else None)
        level = stock.track(
            target=values["target"],
            on_hand=values["on_hand"],
            low_threshold=values.get("low_threshold"),
            outlet=outlet,
            actor=self.actor,
        )
        return self.show(self.one(level.pk), status=201)

    @extend_schema(request=ThresholdSerializer, responses=StockLevelSerializer)
    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change when it counts as low."""
        level, values = self.mine(id), validated(ThresholdSerializer(data=request.data))
        stock.set_threshold(level=level, low_threshold=values["low_threshold"], actor=self.actor)
        return self.show(self.one(id))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Stop tracking it; 409 while orders hold some of it."""
        stock.untrack(level=self.mine(id), actor=self.actor)
        return Response(status=204)

    @extend_schema(request=AdjustSerializer, responses=StockLevelSerializer)
    def adjust(self, request: Request, slug: str, id: UUID) -> Response:
        """Say what happened to the goods; 409 rather than take what orders have reserved."""
        level, values = self.mine(id), validated(AdjustSerializer(data=request.data))
        stock.adjust(
            level=level,
            operation=Operation(values["operation"]),
            quantity=values["quantity"],
            note=values.get("note", ""),
            actor=self.actor,
        )
        return self.show(self.one(id))

    @extend_schema(responses=StockMoveSerializer(many=True), filters=False)
    def moves(self, request: Request, slug: str, id: UUID) -> Response:
        """The ledger, newest first."""
        return self.page(staff_catalog.stock_moves(self.one(id).pk), StockMoveSerializer)
