"""Which channel an order came in by. It follows from who places it: what a browser says of itself proves nothing."""

from apps.stores.models import Channel, DeviceKind, Service
from apps.stores.permissions import Perm
from apps.stores.queries.access import Access

# What nobody can say from outside: those orders are written by the integration that receives them.
OURS = frozenset({Channel.MARKETPLACE})
# Somebody of the house stands before the customer, who need not say a name or phone to be served.
FACE_TO_FACE = frozenset({Channel.COUNTER, Channel.TABLE, Channel.KIOSK})
# Typed in by the house for somebody else: the login that types is not the customer's.
TYPED_IN = frozenset(Channel) - {Channel.WEB, Channel.TABLE}
_OF_TILL = frozenset({Channel.COUNTER, Channel.PHONE, Channel.KIOSK, Channel.TABLE})


def channel_for(asked: str, *, service: str, access: Access | None) -> str:
    """The channel of an order for `service` by a caller with `access` (None: a guest), who would like it to be `asked`.

    A kiosk is a kiosk, a till the counter unless it says phone, kiosk or table, and staff who may edit orders say what it
    was. Everybody else is on the web, or at a table when they eat in. A wish that is not theirs to say is ignored, like
    the totals a client sends.
    """
    usual, sayable = _sayable(access)
    if asked == Channel.TABLE and service != Service.DINE_IN:
        return usual
    return asked if asked in sayable else usual


def _sayable(access: Access | None) -> tuple[str, frozenset[str]]:
    """The channel of a caller who says nothing, and those the caller may name."""
    if access is not None and access.device == DeviceKind.KIOSK:
        return Channel.KIOSK, frozenset()
    if access is not None and access.device == DeviceKind.CASHIER:
        return Channel.COUNTER, _OF_TILL
    if access is not None and access.role and Perm.ORDERS_EDIT in access.permissions:
        return Channel.WEB, frozenset(Channel) - OURS
    return Channel.WEB, frozenset({Channel.TABLE})
