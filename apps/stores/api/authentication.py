"""How a paired device proves itself: `Authorization: Device <token>`."""

import re

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.stores.models import Device
from apps.stores.queries.devices import device_by_token
from apps.stores.services.devices import note_seen

HEADER = re.compile(r"(?i:device) +([\w-]{20,100}) *", re.ASCII)


class DevicePrincipal(AnonymousUser):
    """The `request.user` of a device: nobody in particular. What it may do hangs on `request.auth`."""

    def __init__(self, device: Device) -> None:
        super().__init__()
        self.device = device

    def __str__(self) -> str:
        return f"device {self.device.pk}"


class DeviceAuthentication(BaseAuthentication):
    """Sets `request.auth` to the `Device`. A revoked or unknown token is no token: a storefront still serves the caller,
    and a staff route answers 401 because nobody is logged in."""

    def authenticate(self, request: Request) -> tuple[DevicePrincipal, Device] | None:
        """The device behind the header, if the header speaks of one."""
        header = HEADER.fullmatch(request.headers.get("Authorization", ""))
        device = device_by_token(header[1]) if header else None
        if device is None:
            return None
        note_seen(device)
        return DevicePrincipal(device), device

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for: a person's token, devices have no way to log in again."""
        return "Token"
