"""Pairing of kitchen screens, tills, kiosks and printers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.stores.api.base import StoreAPIView, StoreViewMixin, created
from apps.stores.api.serializers import staff as shapes
from apps.stores.api.views.staff import member_of
from apps.stores.models import Device
from apps.stores.permissions import Perm
from apps.stores.queries import devices as queries
from apps.stores.services import devices
from apps.users.services import attempts

NEEDS: dict[str, Perm | None] = {"GET": Perm.DEVICES_EDIT, "POST": Perm.DEVICES_EDIT}


class ScreenView(APIView):
    """A view for a screen that is nobody yet."""

    authentication_classes = []
    permission_classes = [AllowAny]


class PairView(ScreenView):
    """The start of a pairing."""

    @extend_schema(tags=["devices"], request=None, responses={201: shapes.PairingSerializer})
    def post(self, request: Request) -> Response:
        """Get a code to show and a secret to poll with, both good for ten minutes."""
        started = devices.start_pairing(address=attempts.client_address(request.META))
        return created(shapes.PairingSerializer(started).data)


class PollView(ScreenView):
    """The wait for a manager."""

    @extend_schema(tags=["devices"], request=shapes.PollRequestSerializer, responses=shapes.PollSerializer)
    def post(self, request: Request) -> Response:
        """Where the pairing stands. The first answer that says `claimed` carries the token."""
        serializer = shapes.PollRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        found = devices.poll(secret=serializer.validated_data["secret"])
        body: dict[str, Any] = {"status": found.status}
        if found.device and found.store:
            store, device = shapes.StoreNameSerializer(found.store), shapes.DeviceSerializer(found.device)
            body |= {"store": store.data, "device": device.data}
        if found.token:
            body["token"] = found.token
        return Response(body)


class DeviceListView(StoreViewMixin, GenericAPIView[Device]):
    """Devices of the store."""

    needs = NEEDS
    serializer_class = shapes.DeviceSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Device]:
        """Devices of the store in scope (no store is in scope while the schema is drawn)."""
        return QuerySet(Device) if getattr(self, "swagger_fake_view", False) else queries.devices()

    @extend_schema(tags=["devices"], operation_id="devices_list", responses=shapes.DeviceSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Every device, newest first, revoked ones included."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ClaimView(StoreAPIView):
    """A manager at the screen."""

    needs = NEEDS

    @extend_schema(tags=["devices"], request=shapes.ClaimSerializer, responses={201: shapes.DeviceSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Make the screen that shows this code a device of the store."""
        serializer = shapes.ClaimSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        device = devices.claim(by=member_of(self), **serializer.validated_data)
        return created(shapes.DeviceSerializer(device).data)


class RevokeView(StoreAPIView):
    """The end of a device's access."""

    needs = NEEDS

    @extend_schema(tags=["devices"], request=None, responses=shapes.DeviceSerializer)
    def post(self, request: Request, slug: str, device_id: UUID) -> Response:
        """Take the device's access away. It cannot be given back: pair the screen again."""
        return Response(shapes.DeviceSerializer(devices.revoke(by=member_of(self), device_id=device_id)).data)
