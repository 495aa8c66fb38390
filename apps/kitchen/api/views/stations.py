"""Stations and what is made where."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.problems import Forbidden
from apps.kitchen.api.base import KitchenView, Pages
from apps.kitchen.api.serializers import StationIn, StationOut, StationPageOut
from apps.kitchen.queries.stations import station_or_404, with_routes
from apps.kitchen.services import stations
from apps.stores.permissions import Perm
from apps.stores.queries import for_kitchen


class StationView(KitchenView):
    """Looking takes `kitchen.view`, changing `kitchen.edit`."""

    needs: ClassVar[dict[str, Perm | None]] = {
        "GET": Perm.KITCHEN_VIEW, "POST": Perm.KITCHEN_EDIT, "PATCH": Perm.KITCHEN_EDIT, "DELETE": Perm.KITCHEN_EDIT,
    }  # fmt: skip

    def body(self, request: Request, *, partial: bool) -> dict[str, Any]:
        """The checked body: `fields`, `categories`, `products`. 403 for an outlet the caller is not let into."""
        serializer = StationIn(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        fields: dict[str, Any] = dict(serializer.validated_data)
        routes: dict[str, Any] = {name: fields.pop(name) for name in ("categories", "products") if name in fields}
        if "outlet" in fields or not partial:
            fields["outlet_id"] = self._outlet(fields.pop("outlet", None))
        return {"fields": fields, **routes}

    def _outlet(self, wanted: UUID | None) -> UUID | None:
        assert self.access is not None
        outlet = wanted or for_kitchen.first_outlet()
        if self.access.outlets and outlet not in self.access.outlets:
            raise Forbidden("outlet_not_yours", _("You may only change stations of your own outlets."))
        return outlet

    def show(self, station_id: UUID) -> Mapping[str, Any]:
        """A station as it now is."""
        return StationOut(station_or_404(self.view_of(), station_id)).data


@extend_schema(tags=["kitchen"])
class StationListView(StationView):
    """All stations."""

    @extend_schema(
        operation_id="kitchen_stations_list",
        responses=StationPageOut,
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("page", int)],
    )
    def get(self, request: Request, **_kwargs: Any) -> Response:
        """In the order of their screens; the first one takes what no route names."""
        pages = Pages()
        page = pages.paginate_queryset(with_routes(self.view_of()), request, view=self) or []
        return pages.get_paginated_response(StationOut(page, many=True).data)

    @extend_schema(operation_id="kitchen_stations_create", request=StationIn, responses={201: StationOut})
    def post(self, request: Request, **_kwargs: Any) -> Response:
        """A new station with its routes."""
        station = stations.create(**self.body(request, partial=False), actor=self.actor)
        return Response(self.show(station.pk), status=201)


@extend_schema(tags=["kitchen"])
class StationDetailView(StationView):
    """One station."""

    @extend_schema(operation_id="kitchen_stations_get", responses=StationOut)
    def get(self, request: Request, station_id: UUID, **_kwargs: Any) -> Response:
        """With its routes."""
        return Response(self.show(station_id))

    @extend_schema(operation_id="kitchen_stations_update", request=StationIn, responses=StationOut)
    def patch(self, request: Request, station_id: UUID, **_kwargs: Any) -> Response:
        """Name, times, place in the row, routes."""
        station = station_or_404(self.view_of(), station_id)
        stations.update(station=station, **self.body(request, partial=True), actor=self.actor)
        return Response(self.show(station_id))

    @extend_schema(operation_id="kitchen_stations_delete", responses={204: None})
    def delete(self, request: Request, station_id: UUID, **_kwargs: Any) -> Response:
        """Out of use; refused while it has open tickets."""
        stations.close(station=station_or_404(self.view_of(), station_id), actor=self.actor)
        return Response(status=204)
