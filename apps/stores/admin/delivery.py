"""Delivery and shipping zones in the admin."""

from typing import Any

from django.contrib import admin

from apps.core.actors import Actor
from apps.stores.admin.base import CatalogAdmin, Values
from apps.stores.models import DeliveryZone, ShippingZone
from apps.stores.permissions import Perm
from apps.stores.services import delivery_zone as zones


class ZoneAdmin(CatalogAdmin):
    """What both kinds of zones have in common."""

    noun = "delivery_zone"
    view_needs = Perm.SETTINGS_VIEW
    edit_needs = Perm.SETTINGS_EDIT
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position", "name")

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        zones.create(zone=self.model(), actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        zones.change(zone=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        zones.delete(zone=row, actor=actor)


@admin.register(DeliveryZone)
class DeliveryZoneAdmin(ZoneAdmin):
    """Where the store delivers."""

    outlet_path, outlet_optional = "outlet", True
    list_display = ("name", "kind", "outlet", "fee", "free_over", "min_order", "position", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("outlet",)
    fields = (
        ("name", "slug", "kind"), ("fee", "free_over", "min_order"), ("eta_from", "eta_to"), "rule", "outlet",
        ("position", "is_active"),
    )  # fmt: skip


@admin.register(ShippingZone)
class ShippingZoneAdmin(ZoneAdmin):
    """What parcels cost."""

    noun = "shipping_zone"
    list_display = ("name", "free_over", "days_from", "days_to", "position")
    fields = (("name", "slug"), "countries", "tiers", ("free_over", "days_from", "days_to"), "position")
