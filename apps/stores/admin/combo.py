"""Combos in the admin: a combo has slots, a slot has choices, a pizza choice has flavours."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.actors import Actor
from apps.stores.admin.base import (
    CatalogAdmin,
    CatalogInline,
    PictureForm,
    Values,
    VariantChoiceMixin,
    details_link,
    take_pictures,
)
from apps.stores.models import Combo, ComboChoice, ComboChoiceFlavour, ComboSlot
from apps.stores.services import combo as combos
from apps.stores.services.saving import remove, settings_fact, update


class SlotInline(CatalogInline):
    """The places of a combo."""

    model = ComboSlot
    tab = False
    fields = ("name", "slug", "min", "max", "position", "choices")
    readonly_fields = ("choices",)
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position",)

    @display(description=_("choices"))
    def choices(self, row: ComboSlot) -> str:
        """Where its choices are."""
        return details_link(row, _("Edit choices"))


@admin.register(Combo)
class ComboAdmin(CatalogAdmin):
    """Sets at one price."""

    noun = "combo"
    form = PictureForm
    list_display = ("name", "category", "price", "status", "featured", "position")
    list_filter = ("status", "featured", "category")
    list_select_related = ("category",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("category",)
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position", "name")
    fields = (
        ("name", "slug", "category"), ("price", "compare_at_price"), ("status", "paused_until"), "description", "image",
        ("featured", "position"), "available", "translations",
    )  # fmt: skip
    inlines = (SlotInline,)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        pictures = take_pictures(values, "image")
        combo = combos.create(actor=actor, values=values)
        if pictures.get("image"):
            combos.set_image(combo=combo, content=pictures["image"], actor=actor)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        pictures = take_pictures(values, "image")
        combos.change(combo=row, actor=actor, values=values)
        if "image" in pictures:
            combos.set_image(combo=row, content=pictures["image"], actor=actor)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        combos.delete(combo=row, actor=actor)


class PartAdmin(CatalogAdmin):
    """A part of a combo: reached from its parent, not in the menu."""

    noun = "combo"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Parts are added in their parent."""
        return False

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """Not in the menu."""
        return {}

    def combo_id(self, row: Any) -> Any:
        """The combo it belongs to."""
        raise NotImplementedError

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Write the part; the fact is its combo's."""
        for name, value in values.items():
            setattr(row, name, value)
        update(row, values)
        self.note_children(row, actor, list(values) or ["slots"])

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Delete the part; the fact is its combo's."""
        self.note_children(row, actor, ["slots"])
        remove(row)

    def note_children(self, row: Any, actor: Actor, names: list[str]) -> None:
        """The combo changed."""
        settings_fact("combo.updated", self.combo_id(row), actor=actor, changed=["slots"])


class ChoiceInline(VariantChoiceMixin, CatalogInline):
    """What may fill a slot."""

    model = ComboChoice
    tab = False
    fields = ("product", "variant", "size", "extra", "position", "flavours")
    readonly_fields = ("flavours",)
    autocomplete_fields = ("product",)
    ordering = ("position",)

    @display(description=_("flavours"))
    def flavours(self, row: ComboChoice) -> str:
        """Where the flavours of a pizza are; other choices have none."""
        return details_link(row, _("Edit flavours")) if row.size else "–"


@admin.register(ComboSlot)
class ComboSlotAdmin(PartAdmin):
    """A place in a combo."""

    fields = ("combo", ("name", "slug"), ("min", "max", "position"))
    readonly_fields = ("combo",)
    inlines = (ChoiceInline,)

    def combo_id(self, row: Any) -> Any:
        """Its combo."""
        return row.combo_id

    def check_children(self, row: Any) -> None:
        """Every choice can be sold."""
        sizes = combos.pizza_sizes()
        choices = ComboChoice.objects.filter(slot=row).select_related("product", "variant")
        for choice in choices.order_by("position"):
            values = {"product": choice.product, "variant": choice.variant, "size": choice.size}
            combos.check_choice(values, sizes, str(choice))


class FlavourInline(CatalogInline):
    """Flavours allowed in a pizza."""

    model = ComboChoiceFlavour
    tab = False
    autocomplete_fields = ("flavour",)


@admin.register(ComboChoice)
class ComboChoiceAdmin(PartAdmin):
    """A choice, with its flavours."""

    fields = ("slot", ("product", "variant"), ("size", "extra", "position"))
    readonly_fields = ("slot", "product", "variant")
    inlines = (FlavourInline,)

    def combo_id(self, row: Any) -> Any:
        """Its slot's combo."""
        return row.slot.combo_id

    def check_children(self, row: Any) -> None:
        """Flavours are flavours, of a pizza."""
        flavours = [link.flavour for link in row.flavour_links.select_related("flavour")]
        values = {"product": row.product, "variant": row.variant, "size": row.size, "flavours": flavours}
        combos.check_choice(values, combos.pizza_sizes(), str(row))
