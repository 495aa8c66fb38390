"""Delivery and shipping zones over HTTP. Anyone reads where the store delivers."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.stores.api.filters import ZoneFilter
from apps.stores.api.serializers.delivery import DeliveryZoneSerializer, ShippingZoneSerializer
from apps.stores.api.validation import validated
from apps.stores.api.viewsets import OpenStoreViewSet, documented
from apps.stores.models import DeliveryZone, ShippingZone
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import delivery_zone as zones

Z = TypeVar("Z", DeliveryZone, ShippingZone)


class ZoneViewSet(OpenStoreViewSet[Z]):
    """What both kinds of zones have in common."""

    needs = {
        "list": None,
        "retrieve": None,
        "create": Perm.SETTINGS_EDIT,
        "partial_update": Perm.SETTINGS_EDIT,
        "destroy": Perm.SETTINGS_EDIT,
    }

    def create(self, request: Request, slug: str) -> Response:
        """A new zone, tried last unless `position` is given."""
        values = validated(self.shape(request))
        zone = zones.create(zone=self.model(), actor=self.actor, values=values)
        return self.show(zone, status=201)

    def partial_update(self, request: Request, slug: str, id: UUID) -> Response:
        """Change what the body names."""
        zone: Any = self.one(id)
        values = validated(self.shape(request, zone, partial=True))
        return self.show(zones.change(zone=zone, actor=self.actor, values=values))

    def destroy(self, request: Request, slug: str, id: UUID) -> Response:
        """Delete a zone; orders keep the fee they were placed with."""
        zones.delete(zone=self.one(id), actor=self.actor)
        return Response(status=204)


@documented("delivery zones")
class DeliveryZoneViewSet(ZoneViewSet[DeliveryZone]):
    """Where the store delivers, and for how much."""

    model = DeliveryZone
    serializer_class = DeliveryZoneSerializer
    filterset_class = ZoneFilter

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of zones, under `results` and, for the published storefronts, under `zones`."""
        response = super().list(request, *args, **kwargs)
        response.data["zones"] = response.data["results"]
        return response

    def rows(self) -> QuerySet[DeliveryZone]:
        """All for staff, the active ones for everybody else."""
        rows = staff_catalog.delivery_zones()
        return rows if self.is_staff else rows.filter(is_active=True)


@documented("shipping zones")
class ShippingZoneViewSet(ZoneViewSet[ShippingZone]):
    """What parcels cost."""

    model = ShippingZone
    serializer_class = ShippingZoneSerializer

    def rows(self) -> QuerySet[ShippingZone]:
        """All rates in order."""
        return staff_catalog.shipping_zones()
