"""Slots, paused services and draft orders in the admin: looked at. They are changed by orders and over the API."""

from django.contrib import admin

from apps.core.scoped_admin import ReadOnlyAdmin
from apps.stores.models import DraftOrder, ServicePause, Slot
from apps.stores.permissions import Perm


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    """How many orders want which time."""

    outlet_path = "outlet"
    view_needs = Perm.ORDERS_VIEW
    list_display = ("starts_at", "outlet", "pool", "taken")
    ordering = ("-starts_at",)
    fields = ("starts_at", "outlet", "pool", "taken")


@admin.register(ServicePause)
class ServicePauseAdmin(ReadOnlyAdmin):
    """Services that take a break."""

    outlet_path, outlet_optional = "outlet", True
    view_needs = Perm.SETTINGS_VIEW
    list_display = ("service", "outlet", "until", "reason")
    ordering = ("-until",)
    fields = ("service", "outlet", "until", "reason", "created_at")


@admin.register(DraftOrder)
class DraftOrderAdmin(ReadOnlyAdmin):
    """What staff wrote down on the phone. The token is not shown: it places the order."""

    outlet_path, outlet_optional = "outlet", True
    view_needs = Perm.ORDERS_VIEW
    list_display = ("customer_name", "status", "channel", "outlet", "order", "created_by", "created_at")
    search_fields = ("customer_name", "customer_phone")
    ordering = ("-created_at",)
    fields = (
        "customer_name",
        "customer_phone",
        "status",
        "channel",
        "outlet",
        "order",
        "manual",
        "created_by",
        "created_at",
        "sent_at",
        "expires_at",
        "placed_at",
    )
