"""Who places an order, through which channel and at which branch: what a caller may claim of it, and what is known of him."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Forbidden, Refused
from apps.stores.api.outlet_header import check_may_act
from apps.stores.models import Channel, Device, DeviceKind
from apps.stores.permissions import Perm
from apps.stores.queries.bundle import bundle
from apps.stores.services.carts import CartOwner
from apps.stores.services.placing_rules import Wish

# Typed in by somebody of the store for a customer.
STAFF_CHANNELS = frozenset({Channel.COUNTER, Channel.PHONE})


def placed_by(view: Any, owner: CartOwner, wish: Wish) -> tuple[CartOwner, Wish]:
    """The order as this caller may place it: a kiosk is a kiosk, a till is at the counter, and each stands at its outlet.

    Raises 403 `channel_forbidden` when somebody else claims to be at the till, 422 `outlet_mismatch` when the body names
    another branch than the header, 403 `outlet_forbidden` for staff of other branches.
    """
    device = view.request.auth if view.access is not None and isinstance(view.request.auth, Device) else None
    channel = _channel(wish.channel, device)
    if channel in STAFF_CHANNELS:
        if view.access is None or Perm.ORDERS_EDIT not in view.access.permissions:
            raise Forbidden("channel_forbidden", _("Only the store's people take orders this way."))
        owner = replace(owner, user_id=None)  # it is the customer's order, not the cashier's
    return owner, replace(wish, channel=channel, outlet=_outlet(view, wish, channel))


def _channel(claimed: str, device: Device | None) -> str:
    if device is not None and device.kind == DeviceKind.KIOSK:
        return Channel.KIOSK
    if device is not None and device.kind == DeviceKind.CASHIER and claimed == Channel.WEB:
        return Channel.COUNTER
    return claimed


def _outlet(view: Any, wish: Wish, channel: str) -> str:
    named = bundle(view.store.id, view.store.catalog_version).outlet(wish.outlet) if wish.outlet else None
    here = view.at_outlet
    if here is not None:
        if wish.outlet and (named is None or named.id != here.id):
            raise Refused("outlet_mismatch", _("The order names another branch than the one it is placed at."))
        return str(here.id)
    if named is not None and channel in STAFF_CHANNELS:
        check_may_act(named, view.access)
    return wish.outlet
