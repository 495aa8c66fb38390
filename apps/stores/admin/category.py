"""Categories and product types in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from apps.core.actors import Actor
from apps.stores.admin.base import CatalogAdmin, PictureForm, Values, take_pictures
from apps.stores.admin.base import StackedCatalogInline as Stacked
from apps.stores.models import Attribute, Category, ProductType
from apps.stores.queries import staff_catalog
from apps.stores.services import category as categories
from apps.stores.services import product_type as product_types


@admin.register(Category)
class CategoryAdmin(CatalogAdmin):
    """Sections of the menu."""

    noun = "category"
    form = PictureForm
    list_display = ("name", "parent", "position", "products_count", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("position", "name")
    fields = (("name", "slug"), "parent", "description", "image", ("position", "is_active"), "seo", "translations")

    def shown_rows(self, request: HttpRequest) -> Any:
        """With the number of products."""
        return staff_catalog.categories().select_related("parent")

    @display(description="#", ordering="products_count")
    def products_count(self, row: Any) -> int:
        """How many products are in it."""
        return int(row.products_count)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        pictures = take_pictures(values, "image")
        category = categories.create(actor=actor, values=values)
        if pictures.get("image"):
            categories.set_image(category=category, content=pictures["image"], actor=actor)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        pictures = take_pictures(values, "image")
        categories.change(category=row, actor=actor, values=values)
        if "image" in pictures:
            categories.set_image(category=row, content=pictures["image"], actor=actor)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        categories.delete(category=row, actor=actor)


class AttributeInline(Stacked):
    """The typed fields of a type."""

    model = Attribute
    tab = False
    fields = (("name", "slug", "kind"), ("choices", "unit"), ("required", "filterable", "position"))
    prepopulated_fields = {"slug": ("name",)}


@admin.register(ProductType)
class ProductTypeAdmin(CatalogAdmin):
    """Kinds of products."""

    noun = "product_type"
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fields = (("name", "slug", "icon"),)
    inlines = (AttributeInline,)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        product_types.create(actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        product_types.change(product_type=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        product_types.delete(product_type=row, actor=actor)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Products lose the values of attributes that go."""
        super().save_formset(request, form, formset, change)
        for gone in formset.deleted_objects:
            product_types.drop_values(form.instance, gone.slug)
