"""Outlets in the admin, with special days and what they price or stop otherwise."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.actors import Actor
from apps.core.scoped_admin import is_limited
from apps.stores.admin.base import CatalogAdmin, CatalogInline, Values, VariantChoiceMixin
from apps.stores.models import Outlet, OutletOverride, SpecialDay
from apps.stores.permissions import Perm
from apps.stores.services import outlet as outlets


class SpecialDayInline(CatalogInline):
    """Dates with hours of their own."""

    model = SpecialDay
    edit_needs = Perm.SETTINGS_EDIT
    fields = ("date", "hours", "service_hours", "note")
    ordering = ("date",)


class OverrideInline(VariantChoiceMixin, CatalogInline):
    """Another price or status here."""

    model = OutletOverride
    fields = ("product", "variant", "price", "status", "paused_until")
    autocomplete_fields = ("product",)


@admin.register(Outlet)
class OutletAdmin(CatalogAdmin):
    """Branches of the store."""

    noun = "outlet"
    outlet_path = "pk"
    view_needs = Perm.SETTINGS_VIEW
    edit_needs = Perm.SETTINGS_EDIT
    list_display = ("name", "slug", "phone", "position", "is_active", "paused_until")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position", "name")
    inlines = (SpecialDayInline, OverrideInline)
    fields = (
        ("name", "slug"), ("phone", "position"), "address", ("latitude", "longitude"), "services", "hours", "service_hours",
        ("scheduling", "prep_minutes"), ("tax", "service_charge"), ("is_active", "paused_until", "pause_reason"),
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who speaks for the whole store."""
        return super().has_add_permission(request, obj) and not is_limited(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who speaks for the whole store."""
        return super().has_delete_permission(request, obj) and not is_limited(request)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        outlets.create(actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        outlets.change(outlet=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        outlets.delete(outlet=row, actor=actor)
