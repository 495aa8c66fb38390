"""Reads about paired devices."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.bearer import digest
from apps.core.problems import NotFound
from apps.stores.models import Device, DeviceKind, DevicePairing


def devices() -> QuerySet[Device]:
    """Every device of the store in scope, revoked ones included, newest first."""
    return Device.objects.order_by("-created_at", "-id")


def device(device_id: UUID) -> Device:
    """One device of the store in scope. Raises 404 `device_not_found`, also for another store's."""
    found = devices().filter(pk=device_id).first()
    if found is None:
        raise NotFound("device_not_found", _("There is no such device."))
    return found


def device_by_token(token: str) -> Device | None:
    """The device that holds this token and was not revoked, in whatever store. One query; for HTTP and sockets."""
    if not token:
        return None
    return Device.objects.unscoped().filter(token_hash=digest(token), revoked_at__isnull=True).first()


def has_kitchen_screen(outlet_id: UUID) -> bool:
    """Whether a kitchen screen is paired for this outlet, or for all."""
    screens = Device.objects.filter(kind=DeviceKind.KITCHEN_SCREEN, revoked_at__isnull=True).exclude(token_hash="")
    return screens.filter(Q(outlet_id=outlet_id) | Q(outlet__isnull=True)).exists()


def pairing_by_secret(secret: str) -> DevicePairing | None:
    """The pairing a screen started with this secret."""
    return DevicePairing.objects.filter(secret_hash=digest(secret)).first()
