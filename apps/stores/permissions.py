"""Who may do what: roles are sets of permissions, and one permission class per need is built on the sets.

Views name what they need (`needs = {"GET": Perm.ORDERS_VIEW, "POST": Perm.ORDERS_EDIT}`); nobody checks a role.
"""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.stores.models.staff import DeviceKind, Role


class Perm(StrEnum):
    """Everything a person or device may be allowed to do in a store."""

    SETTINGS_VIEW = "settings.view"
    SETTINGS_EDIT = "settings.edit"
    STORE_PAUSE = "store.pause"
    STAFF_VIEW = "staff.view"
    STAFF_EDIT = "staff.edit"
    DEVICES_EDIT = "devices.edit"
    CATALOG_VIEW = "catalog.view"
    CATALOG_EDIT = "catalog.edit"
    CATALOG_PAUSE = "catalog.pause"
    PROMOTIONS_VIEW = "promotions.view"
    PROMOTIONS_EDIT = "promotions.edit"
    PRICE_LISTS_VIEW = "price_lists.view"
    PRICE_LISTS_EDIT = "price_lists.edit"
    STOCK_VIEW = "stock.view"
    STOCK_EDIT = "stock.edit"
    ORDERS_VIEW = "orders.view"
    ORDERS_EDIT = "orders.edit"
    ORDERS_CANCEL = "orders.cancel"
    ORDERS_CANCEL_STARTED = "orders.cancel_started"
    ORDERS_ADJUST = "orders.adjust"
    ORDERS_PRICE = "orders.price"
    DATA_TRANSFER = "data.transfer"
    PAYMENTS_VIEW = "payments.view"
    PAYMENTS_CONFIRM = "payments.confirm"
    KITCHEN_VIEW = "kitchen.view"
    KITCHEN_WORK = "kitchen.work"
    KITCHEN_EDIT = "kitchen.edit"
    KITCHEN_OVERRIDE = "kitchen.override"
    CUSTOMERS_VIEW = "customers.view"
    CUSTOMERS_EDIT = "customers.edit"
    CUSTOMERS_MANAGE = "customers.manage"
    CONVERSATIONS = "conversations.work"
    MARKETING = "marketing.edit"
    REPORTS_VIEW = "reports.view"
    EVENTS_VIEW = "events.view"
    DELIVERIES_WORK = "deliveries.work"
    DELIVERIES_ASSIGN = "deliveries.assign"
    NOTIFICATIONS_VIEW = "notifications.view"


_LOOK = {Perm.CATALOG_VIEW, Perm.SETTINGS_VIEW, Perm.NOTIFICATIONS_VIEW}
_DELIVERIES = {Perm.DELIVERIES_WORK, Perm.DELIVERIES_ASSIGN}
_FLOOR = (
    _LOOK
    | _DELIVERIES
    | {Perm.ORDERS_VIEW, Perm.ORDERS_EDIT, Perm.CUSTOMERS_VIEW, Perm.KITCHEN_VIEW, Perm.PROMOTIONS_VIEW}
)
_OFFERS = {Perm.PROMOTIONS_VIEW, Perm.PROMOTIONS_EDIT, Perm.PRICE_LISTS_VIEW}
_MANAGE = set(Perm) - {Perm.SETTINGS_EDIT}

ROLE_PERMISSIONS: dict[str, frozenset[Perm]] = {
    Role.OWNER: frozenset(Perm),
    Role.MANAGER: frozenset(_MANAGE | {Perm.SETTINGS_EDIT}),
    Role.CASHIER: frozenset(
        _FLOOR
        | {
            Perm.STORE_PAUSE,
            Perm.ORDERS_ADJUST,
            Perm.ORDERS_CANCEL,
            Perm.PAYMENTS_VIEW,
            Perm.PAYMENTS_CONFIRM,
            Perm.CUSTOMERS_EDIT,
            Perm.STOCK_VIEW,
        }
    ),
    Role.ATTENDANT: frozenset(_FLOOR | {Perm.CATALOG_PAUSE, Perm.CONVERSATIONS, Perm.PAYMENTS_VIEW}),
    Role.KITCHEN: frozenset(
        _LOOK | {Perm.ORDERS_VIEW, Perm.KITCHEN_VIEW, Perm.KITCHEN_WORK, Perm.CATALOG_PAUSE, Perm.STOCK_VIEW}
    ),
    # Not the store's orders: only those that were given to them, and without the link that shows the delivery code.
    Role.COURIER: frozenset({Perm.DELIVERIES_WORK, Perm.NOTIFICATIONS_VIEW}),
    Role.SUPPORT: frozenset(
        _LOOK | {Perm.ORDERS_VIEW, Perm.CUSTOMERS_VIEW, Perm.CUSTOMERS_EDIT, Perm.CONVERSATIONS, Perm.PAYMENTS_VIEW}
    ),
    Role.MARKETING: frozenset(_LOOK | _OFFERS | {Perm.CUSTOMERS_VIEW, Perm.MARKETING, Perm.REPORTS_VIEW}),
}

DEVICE_PERMISSIONS: dict[str, frozenset[Perm]] = {
    DeviceKind.KITCHEN_SCREEN: frozenset({Perm.KITCHEN_VIEW, Perm.KITCHEN_WORK}),
    DeviceKind.CASHIER: frozenset(
        _DELIVERIES | {Perm.CATALOG_VIEW, Perm.ORDERS_VIEW, Perm.ORDERS_EDIT, Perm.KITCHEN_VIEW}
    ),
    DeviceKind.KIOSK: frozenset({Perm.CATALOG_VIEW}),
    DeviceKind.PRINTER: frozenset({Perm.KITCHEN_VIEW}),
}


class HasStoreAccess(BasePermission):
    """Allows who holds the permission the view names for this method. The view has resolved `request.access`.

    A stranger to the store is answered 404 by the view before this runs, so a no here is an honest 403.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller's set contains what the view needs."""
        needed = view.permission_needed(request)
        access = getattr(request, "access", None)
        return needed is None or (access is not None and needed in access.permissions)


class WorksEverywhere(BasePermission):
    """Allows who is not limited to some outlets, for the actions the view names in `everywhere`."""

    code = "outlet_not_yours"
    message = _("You may only change your own outlets.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller speaks for the whole store, where that is asked for."""
        access = getattr(request, "access", None)
        return view.action not in view.everywhere or (access is not None and not access.is_limited)


class IsStoreStaff(BasePermission):
    """Allows any active member of the store, whatever the role."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller is a person of this store."""
        access = getattr(request, "access", None)
        return access is not None and bool(access.role)


class IsStoreOwner(BasePermission):
    """Allows owners of the store."""

    code = "forbidden"
    message = _("Only an owner may do this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller owns this store."""
        access = getattr(request, "access", None)
        return access is not None and access.role == Role.OWNER
