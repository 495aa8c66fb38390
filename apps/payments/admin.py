"""Payments in the admin: looked at. Money moves by services only, with a fact for each move."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.scoped_admin import ReadOnlyAdmin
from apps.payments.models import Payment

COLOURS = {
    "paid": "success",
    "collected": "success",
    "failed": "danger",
    "expired": "danger",
    "cancelled": "danger",
    "due": "warning",
}


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Attempts to collect for an order of the picked store."""

    outlet_path = "order__outlet"
    view_needs = "payments.view"
    list_display = ("order", "method", "provider", "amount", "currency", "shown_state", "created_at", "paid_at")
    list_filter = ("state", "method", "provider")
    list_select_related = ("order",)
    search_fields = ("order__code", "provider_id")
    ordering = ("-created_at",)
    exclude = ("pix_code",)

    @display(description=_("state"), label=COLOURS, ordering="state")
    def shown_state(self, row: Payment) -> tuple[str, str]:
        """The state in its colour."""
        return row.state, row.get_state_display()
