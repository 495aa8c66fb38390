"""The kitchen in the admin: stations are set up here, tickets are looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from apps.core.scoped_admin import ReadOnlyAdmin, ReadOnlyInline, ScopedAdmin, ScopedForm
from apps.kitchen.models import Station, Ticket, TicketItem
from apps.kitchen.models.ticket import OPEN
from apps.kitchen.services import stations
from apps.stores.models import Category, Product
from apps.stores.permissions import Perm

COLOURS = {"queued": "info", "in_progress": "warning", "done": "success", "bumped": "success", "voided": "danger"}


class StationForm(ScopedForm):
    """A station with what is made there. Its rows are found when the form is shown: only then is there a store."""

    categories: Any = forms.ModelMultipleChoiceField(
        queryset=None, required=False, label=_("categories"), widget=UnfoldAdminSelect2MultipleWidget
    )
    products: Any = forms.ModelMultipleChoiceField(
        queryset=None, required=False, label=_("products"), widget=UnfoldAdminSelect2MultipleWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("categories", Category.objects.all()), ("products", Product.objects.all())):
            field: Any = self.fields[name]
            field.queryset = rows.order_by("position", "name")
        if not self.instance._state.adding:
            routes = list(self.instance.routes.values_list("category_id", "product_id"))
            self.initial["categories"] = [category for category, _product in routes if category]
            self.initial["products"] = [product for _category, product in routes if product]

    def clean_is_active(self) -> bool:
        """A station with open tickets stays open."""
        is_active = bool(self.cleaned_data["is_active"])
        if not is_active and self.instance.tickets.filter(status__in=OPEN).exists():
            raise forms.ValidationError(_("This station still has open tickets."))
        return is_active


@admin.register(Station)
class StationAdmin(ScopedAdmin):
    """Where what is made, and how long it may take."""

    form = StationForm
    outlet_path = "outlet"
    view_needs = Perm.KITCHEN_VIEW
    edit_needs = Perm.KITCHEN_EDIT
    list_display = ("name", "outlet", "position", "target_minutes", "overdue_minutes", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("outlet",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("outlet", "position")
    fields = (
        ("outlet", "name", "slug"), ("position", "target_minutes", "overdue_minutes"), "categories", "products", "is_active",
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Station, form: Any, change: bool) -> None:
        """Through the service, which also tells every process that routes have changed."""
        values: dict[str, Any] = dict(form.cleaned_data)
        routes = {name: [row.pk for row in values.pop(name)] for name in ("categories", "products")}
        actor = request.access.actor  # type: ignore[attr-defined]  # permission was checked with it
        if change:
            stations.update(station=obj, fields=values, **routes, actor=actor)
            return
        stations.create(fields={"id": obj.pk, **values}, **routes, actor=actor)
        obj._state.adding = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: old tickets name their station. It is switched off instead."""
        return False


class TicketItemInline(ReadOnlyInline):
    """What was to be made."""

    model = TicketItem
    fields = ("name", "quantity", "cancelled_quantity", "notes", "status", "started_at", "done_at", "remake_reason")
    view_needs = Perm.KITCHEN_VIEW
    ordering = ("position", "id")


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    """What the kitchen had to do, and when it did it."""

    outlet_path = "outlet"
    view_needs = Perm.KITCHEN_VIEW
    inlines = (TicketItemInline,)
    list_display = ("number", "station", "kind", "shown_status", "queued_at", "started_at", "done_at", "bumped_at")
    list_filter = ("status", "kind", "station")
    list_select_related = ("station",)
    search_fields = ("number", "order__code")
    ordering = ("-queued_at",)

    @display(description=_("status"), label=COLOURS, ordering="status")
    def shown_status(self, row: Ticket) -> tuple[str, str]:
        """The status in its colour."""
        return row.status, row.get_status_display()
