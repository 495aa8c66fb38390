"""The store itself in the admin: the settings of the one that is picked in the header."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.ids import uuid7
from apps.core.scoped_admin import LowForm, allowed
from apps.stores.admin.base import CatalogAdmin, PictureMixin, take_pictures
from apps.stores.models import Store
from apps.stores.permissions import Perm
from apps.stores.services import store as stores


class StoreForm(PictureMixin, LowForm):
    """Logo and banner are re-encoded."""

    pictures = ("logo", "banner")


@admin.register(Store)
class StoreAdmin(CatalogAdmin):
    """Settings. A platform administrator opens new stores; nobody deletes one."""

    noun = "store"
    view_needs = Perm.SETTINGS_VIEW
    edit_needs = Perm.SETTINGS_EDIT
    form = StoreForm
    list_display = ("name", "slug", "status", "currency", "timezone")
    readonly_fields = ("status", "catalog_version", "created_at", "updated_at")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "slug", "status"), ("legal_name", "store_type"), "description", "tagline",
                    ("country", "currency", "timezone"), "languages",
                )
            },
        ),
        (_("Contact"), {"classes": ("tab",), "fields": (("phone", "whatsapp_number"), ("email", "website"), "vat_number")}),
        (_("Looks"), {"classes": ("tab",), "fields": (("logo", "banner"), ("primary_color", "secondary_color"), "seo", "metadata")}),
        (
            _("Orders"),
            {
                "classes": ("tab",),
                "fields": (
                    "services", "min_order", ("auto_accept", "paused_until", "pause_reason"),
                    ("delivery_fallback", "delivery_fallback_fee"), ("payment_expiry_minutes", "prep_minutes"),
                    "scheduling", "pizza",
                ),
            },
        ),
        (
            _("Money"),
            {"classes": ("tab",), "fields": ("payment_methods", ("pix_key", "pix_name", "pix_city"), "service_charge", "tax")},
        ),
        (_("Record"), {"classes": ("tab",), "fields": (("catalog_version", "created_at", "updated_at"),)}),
    )  # fmt: skip

    def shown_rows(self, request: HttpRequest) -> Any:
        """The picked store alone; another one is picked first."""
        store = getattr(request, "store", None)
        return Store.objects.filter(pk__in=[store.pk] if store else [])

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Platform administrators."""
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a store is taken off line, its history stays."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever sees a store, or may open one."""
        return allowed(request, self.view_needs) or self.has_add_permission(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Addresses without a scheme are https."""
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service."""
        names = [name for name in form.cleaned_data if not change or name in form.changed_data]
        values = {name: form.cleaned_data[name] for name in names}
        pictures = take_pictures(values, "logo", "banner")
        if change:
            row = Store.objects.get(pk=obj.pk)
            stores.change(store=row, actor=request.access.actor, values=values, pictures=pictures)  # type: ignore[attr-defined]
        else:
            obj.pk = obj.pk or uuid7()
            stores.open_store(owner=request.user, values={"id": obj.pk, **values})  # type: ignore[arg-type]
        obj._state.adding = False
        obj.refresh_from_db()
