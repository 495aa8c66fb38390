"""Price lists in the admin."""

from typing import Any

from django.contrib import admin

from apps.core.actors import Actor
from apps.stores.admin.base import CatalogAdmin, CatalogInline, Values, VariantChoiceMixin
from apps.stores.models import PriceList, PriceListMember, PriceListPrice
from apps.stores.permissions import Perm
from apps.stores.services import price_list as lists


class ListInline(CatalogInline):
    """Rows of a price list, in a table."""

    view_needs = Perm.PRICE_LISTS_VIEW
    edit_needs = Perm.PRICE_LISTS_EDIT


class PriceInline(VariantChoiceMixin, ListInline):
    """Fixed prices."""

    model = PriceListPrice
    autocomplete_fields = ("product",)


class MemberInline(ListInline):
    """Who buys by the list."""

    model = PriceListMember
    fields = ("customer",)
    autocomplete_fields = ("customer",)


@admin.register(PriceList)
class PriceListAdmin(CatalogAdmin):
    """Prices for companies and resellers."""

    noun = "price_list"
    view_needs = Perm.PRICE_LISTS_VIEW
    edit_needs = Perm.PRICE_LISTS_EDIT
    list_display = ("name", "percentage", "min_order", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name",)
    fields = (("name", "slug"), ("percentage", "min_order"), "is_active")
    inlines = (PriceInline, MemberInline)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        lists.create(actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        lists.change(price_list=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        lists.delete(price_list=row, actor=actor)

    def check_children(self, row: Any) -> None:
        """Prices of variants belong to their product."""
        lists.check_prices(row)
