"""Products in the admin: the page an owner spends the most time on."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.core.actors import Actor
from apps.core.scoped_admin import ReadOnlyInline, ScopedForm, WordsField
from apps.stores import facts
from apps.stores.admin.base import CatalogAdmin, CatalogInline, PictureForm, Values
from apps.stores.models import (
    Product,
    ProductImage,
    ProductModifierGroup,
    ProductOutlet,
    SaleStatus,
    StockLevel,
    Variant,
)
from apps.stores.permissions import Perm
from apps.stores.queries import staff_catalog
from apps.stores.services import product as products
from apps.stores.services import product_bulk, product_copy
from apps.stores.services.catalog_changes import product_fact
from apps.stores.services.product_bulk import BulkAction, BulkChange

STATUS_COLOURS = {SaleStatus.ACTIVE: "success", SaleStatus.PAUSED: "warning", SaleStatus.INACTIVE: "danger"}


class ImageInline(CatalogInline):
    """Pictures; the first is the main one."""

    model = ProductImage
    form = PictureForm
    fields = ("preview", "image", "alt", "position")
    readonly_fields = ("preview",)
    ordering_field = "position"

    @display(description=_("picture"))
    def preview(self, row: ProductImage) -> str:
        """The picture, small."""
        if not row.image:
            return "–"
        return format_html('<img src="{}" alt="" width="72" height="72" loading="lazy">', row.image.url)


class ProductForm(ScopedForm):
    """Tags and allergens are written with commas; slug and SKU are made from the name when left empty."""

    tags = WordsField(label=_("Tags"), required=False, widget=UnfoldAdminTextInputWidget, help_text=_("with commas"))
    allergens = WordsField(
        label=_("Allergens"), required=False, widget=UnfoldAdminTextInputWidget, help_text=_("with commas")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"slug", "sku"} & set(self.fields):
            self.fields[name].required = self.instance._state.adding is False


class VariantInline(CatalogInline):
    """Priced forms."""

    model = Variant
    fields = ("name", "slug", "sku", "price", "weight_g", "position", "is_active")
    prepopulated_fields = {"slug": ("name",)}


class AskedGroupInline(CatalogInline):
    """Modifier groups asked, in order."""

    model = ProductModifierGroup
    autocomplete_fields = ("group",)
    ordering = ("position",)


class ProductOutletInline(CatalogInline):
    """Outlets it is limited to."""

    model = ProductOutlet
    verbose_name_plural = _("only at these outlets")


class ProductStockInline(ReadOnlyInline):
    """How much there is; changed on the stock pages, with a reason."""

    model = StockLevel
    view_needs = Perm.STOCK_VIEW
    fields = ("on_hand", "reserved", "low_threshold", "updated_at")
    show_change_link = True


@admin.register(Product)
class ProductAdmin(CatalogAdmin):
    """What the store sells."""

    noun = "product"
    form = ProductForm
    list_display = ("shown", "category", "price", "shown_status", "featured", "position")
    list_display_links = ("shown",)
    list_filter = ("status", "kind", "featured", "category")
    search_fields = ("folded", "name", "sku", "barcode")
    autocomplete_fields = ("category", "product_type")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("category__position", "position", "name")
    inlines = (ImageInline, VariantInline, AskedGroupInline, ProductOutletInline, ProductStockInline)
    actions = ("pause_rows", "activate_rows", "deactivate_rows", "copy_rows")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "category"),
                    ("price", "compare_at_price", "cost_price"),
                    ("kind", "status"),
                    "short_description",
                    "description",
                    ("featured", "position"),
                    "paused_until",
                )
            },
        ),
        (
            _("Identity"),
            {
                "classes": ("tab",),
                "fields": (("slug", "sku", "barcode"), ("tags", "allergens"), ("product_type", "attributes")),
            },
        ),
        (_("When and to whom"), {"classes": ("tab",), "fields": ("available", ("min_age", "digital"))}),
        (
            _("Prices and weight"),
            {"classes": ("tab",), "fields": ("sale", "flavour_prices", ("tax_code", "weight_g"), ("pack", "content"))},
        ),
        (_("Search engines and languages"), {"classes": ("tab",), "fields": ("seo", "translations")}),
    )

    def shown_rows(self, request: HttpRequest) -> QuerySet[Product]:
        """With what the list shows."""
        return staff_catalog.products()

    @display(description=_("product"), header=True, ordering="name")
    def shown(self, row: Product) -> list[Any]:
        """Name and SKU beside the main picture."""
        picture = next(iter(row.images.all()), None)
        path = {"path": picture.image.url, "squared": True, "width": 40, "height": 40} if picture else None
        return [row.name, row.sku, row.name[:2], path]

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def shown_status(self, row: Product) -> tuple[str, str]:
        """The status in its colour."""
        return row.status, row.get_status_display()

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        products.create(actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        products.change(product=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        products.delete(product=row, actor=actor)

    def note_children(self, row: Any, actor: Actor, names: list[str]) -> None:
        """Children change the product."""
        product_fact(facts.PRODUCT_UPDATED, row, actor=actor, changed=names)

    @admin.action(description=_("Pause: off sale until resumed"), permissions=["change"])
    def pause_rows(self, request: HttpRequest, rows: QuerySet[Product]) -> None:
        """86 the chosen products."""
        self._bulk(request, rows, BulkAction.PAUSE)

    @admin.action(description=_("Put on sale"), permissions=["change"])
    def activate_rows(self, request: HttpRequest, rows: QuerySet[Product]) -> None:
        """Sell the chosen products again."""
        self._bulk(request, rows, BulkAction.ACTIVATE)

    @admin.action(description=_("Hide from the menu"), permissions=["change"])
    def deactivate_rows(self, request: HttpRequest, rows: QuerySet[Product]) -> None:
        """Take the chosen products off the menu."""
        self._bulk(request, rows, BulkAction.DEACTIVATE)

    @admin.action(description=_("Duplicate"), permissions=["add"])
    def copy_rows(self, request: HttpRequest, rows: QuerySet[Product]) -> None:
        """A hidden copy of each."""
        for row in rows:
            product_copy.duplicate(product=row, actor=request.access.actor)  # type: ignore[attr-defined]

    def _bulk(self, request: HttpRequest, rows: QuerySet[Product], action: BulkAction) -> None:
        ids = [row.pk for row in rows]
        actor = request.access.actor  # type: ignore[attr-defined]
        changed = product_bulk.apply(ids=ids, wish=BulkChange(action=action), actor=actor)
        text = ngettext("%(count)s product changed.", "%(count)s products changed.", changed)
        messages.success(request, text % {"count": changed})
