"""Modifier groups and options in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.actors import Actor
from apps.stores.admin.base import CatalogAdmin, CatalogInline, Values, details_link
from apps.stores.models import ModifierGroup, ModifierOption, OptionOpens
from apps.stores.services import modifier as modifiers


class OptionInline(CatalogInline):
    """The answers of a question."""

    model = ModifierOption
    tab = False
    fields = ("name", "slug", "price", "max", "status", "position", "more")
    readonly_fields = ("more",)
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position",)

    @display(description=_("more"))
    def more(self, row: ModifierOption) -> str:
        """Where pauses, translations and the groups it opens are."""
        return details_link(row, _("Edit option"))


@admin.register(ModifierGroup)
class ModifierGroupAdmin(CatalogAdmin):
    """Questions asked of the customer."""

    noun = "modifier_group"
    list_display = ("name", "slug", "min", "max")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("name",)
    fields = (("name", "slug"), ("min", "max"), "translations")
    inlines = (OptionInline,)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        modifiers.create(actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        modifiers.change(group=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        modifiers.delete(group=row, actor=actor)


class OpensInline(CatalogInline):
    """Groups asked when the option is chosen."""

    model = OptionOpens
    tab = False
    autocomplete_fields = ("group",)
    ordering = ("position",)


@admin.register(ModifierOption)
class ModifierOptionAdmin(CatalogAdmin):
    """One answer; reached from its group."""

    noun = "option"
    list_display = ("name", "group", "price", "status")
    list_filter = ("status", "group")
    search_fields = ("name", "group__name")
    fields = (("group", "name", "slug"), ("price", "max", "position"), ("status", "paused_until"), "translations")
    readonly_fields = ("group",)
    inlines = (OpensInline,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Options are added in their group."""
        return False

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        modifiers.change_option(option=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        modifiers.delete_option(option=row, actor=actor)

    def check_children(self, row: Any) -> None:
        """Three levels at most, never a circle."""
        modifiers.check_nesting("opens")
