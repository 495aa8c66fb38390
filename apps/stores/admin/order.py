"""Orders and carts in the admin: looked at, and orders moved along (`order_steps`), never edited.

Links that stand in for a login are not shown.
"""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from apps.core.problems import Problem
from apps.core.scoped_admin import ReadOnlyAdmin, ReadOnlyInline, allowed
from apps.stores.admin import order_steps
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

    outlet_path = "order__outlet"
    view_needs = Perm.ORDERS_VIEW
    list_display = ("order", "courier_name", "assigned_at", "proof", "guesses", "proved_at")
    list_filter = ("proof", "courier_name")
    list_select_related = ("order",)
    ordering = ("-assigned_at",)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Placed orders, with what a person may do to them: accept, mark as paid, move on, cancel."""

    change_form_outer_before_template = "stores/admin/order_steps.html"
    actions = ("accept", "mark_paid", "move_on", "cancel")

    outlet_path = "outlet"
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

    # The page of one order

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The order, with a button for each step this person may take."""
        order, access = self.get_object(request, object_id), getattr(request, "access", None)
        context: dict[str, Any] = dict(extra_context or {})
        if isinstance(order, Order) and access is not None:
            context |= {
                "steps": order_steps.buttons(order, access),
                "may_cancel": order_steps.may_cancel(order, access),
            }
        response: HttpResponse = super().change_view(request, object_id, form_url, context)
        return response

    def get_urls(self) -> list[Any]:
        """The pages, and where the buttons post to."""
        step = path("<path:object_id>/step/", self.admin_site.admin_view(self.step_view), name="stores_order_step")
        return [step, *super().get_urls()]

    def step_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the step of the button that was pressed, and show the order again."""
        order = self.get_object(request, object_id) if self.has_view_permission(request) else None
        if not isinstance(order, Order):
            raise Http404(_("Not found."))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._take(request, [order], request.POST.get("step", ""), request.POST.get("reason", ""))
        return HttpResponseRedirect(reverse("admin:stores_order_change", args=[order.pk]))

    # The list

    def get_actions(self, request: HttpRequest) -> Any:
        """What the person's role may do."""
        found = super().get_actions(request)
        needs = {"mark_paid": Perm.PAYMENTS_CONFIRM, "cancel": Perm.ORDERS_CANCEL}
        return {name: action for name, action in found.items() if allowed(request, needs.get(name, Perm.ORDERS_EDIT))}

    @admin.action(description=_("Accept"))
    def accept(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        """Confirm the chosen orders: their tickets go to the kitchen."""
        self._take(request, rows, "confirmed")

    @admin.action(description=_("Mark as paid"))
    def mark_paid(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        """The money of the chosen orders is there."""
        self._take(request, rows, order_steps.PAID)

    @admin.action(description=_("Move on"))
    def move_on(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        """Each of the chosen orders takes its next step."""
        self._take(request, rows, order_steps.NEXT)

    @admin.action(description=_("Cancel order"))
    def cancel(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        """End the chosen orders; those the kitchen has started need a reason, which their own page asks for."""
        self._take(request, rows, order_steps.CANCELLED)

    def _take(self, request: HttpRequest, rows: Any, step: str, reason: str = "") -> None:
        """One transaction per order: what is refused is said, and does not stop the others."""
        done = 0
        for order in rows:
            try:
                order_steps.take(order, step, by=request.access, reason=reason)  # type: ignore[attr-defined]  # set by the site
                done += 1
            except Problem as problem:
                messages.error(request, f"{order.display_number}: {problem.detail}")
        if done:
            text = ngettext("%(count)s order updated.", "%(count)s orders updated.", done)
            messages.success(request, text % {"count": done})


class CartLineInline(ReadOnlyInline):
    """What is in it."""

    model = CartLine
    view_needs = Perm.ORDERS_VIEW
    tab = False
    fields = ("quantity", "product", "variant", "combo", "notes", "added_at")


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    """Open carts. Their keys are credentials and not shown."""

    outlet_path = "order__outlet"
    view_needs = Perm.ORDERS_VIEW
    list_display = ("created_at", "updated_at", "is_open")
    list_filter = ("is_open",)
    ordering = ("-updated_at",)
    inlines = (CartLineInline,)
    exclude = ("key", "user")

    def get_model_perms(self, request: Any) -> dict[str, bool]:
        """Not in the menu; reached by address."""
        return {}
