"""Orders and carts in the admin: looked at, never edited. Links that stand in for a login are not shown."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.scoped_admin import ReadOnlyAdmin, ReadOnlyInline
from apps.stores.models import Cart, CartLine, CourierJob, Order, OrderItem
from apps.stores.permissions import Perm

STATUS_COLOURS = {
    "pending": "warning", "confirmed": "info", "preparing": "info", "ready": "success", "completed": "success", "cancelled": "danger",
}  # fmt: skip


class OrderItemInline(ReadOnlyInline):
    """What was sold."""

    model = OrderItem
    view_needs = Perm.ORDERS_VIEW
    tab = False
    fields = ("quantity", "product_name", "variant_name", "unit_price", "total", "notes")
    ordering = ("position",)


class CourierJobInline(ReadOnlyInline):
    """Who brought it."""

    model = CourierJob
    view_needs = Perm.ORDERS_VIEW
    tab = False
    fields = ("courier_name", "assigned_at", "guesses", "proof", "proof_reason", "proved_at")


@admin.register(CourierJob)
class CourierJobAdmin(ReadOnlyAdmin):
    """Orders in couriers' hands."""

    view_needs = Perm.ORDERS_VIEW
    list_display = ("order", "courier_name", "assigned_at", "proof", "guesses", "proved_at")
    list_filter = ("proof", "courier_name")
    list_select_related = ("order",)
    ordering = ("-assigned_at",)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Placed orders."""

    view_needs = Perm.ORDERS_VIEW
    list_display = (
        "display_number",
        "placed_at",
        "customer_name",
        "channel",
        "service",
        "total",
        "shown_status",
        "payment_status",
    )
    list_filter = ("status", "payment_status", "channel", "service", "business_date")
    search_fields = ("code", "customer_name", "customer_phone")
    date_hierarchy = None
    ordering = ("-placed_at",)
    inlines = (OrderItemInline, CourierJobInline)
    exclude = ("access_token", "cart", "amounts", "customer_tax_id", "user")

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def shown_status(self, row: Order) -> tuple[str, str]:
        """The status in its colour."""
        return row.status, row.get_status_display()


class CartLineInline(ReadOnlyInline):
    """What is in it."""

    model = CartLine
    view_needs = Perm.ORDERS_VIEW
    tab = False
    fields = ("quantity", "product", "variant", "combo", "notes", "added_at")


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    """Open carts. Their keys are credentials and not shown."""

    view_needs = Perm.ORDERS_VIEW
    list_display = ("created_at", "updated_at", "is_open")
    list_filter = ("is_open",)
    ordering = ("-updated_at",)
    inlines = (CartLineInline,)
    exclude = ("key", "user")

    def get_model_perms(self, request: Any) -> dict[str, bool]:
        """Not in the menu; reached by address."""
        return {}
