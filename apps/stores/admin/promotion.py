"""Promotions and batches of single-use codes in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.actors import Actor
from apps.core.scoped_admin import ReadOnlyAdmin, ScopedForm
from apps.stores.admin.base import CatalogAdmin, CatalogInline, Values
from apps.stores.models import (
    CouponBatch,
    CouponCode,
    Promotion,
    PromotionCategory,
    PromotionItem,
    PromotionOutlet,
    PromotionProduct,
    PromotionTrigger,
    PromotionType,
)
from apps.stores.permissions import Perm
from apps.stores.queries import staff_offers
from apps.stores.services import coupon_batch as batches
from apps.stores.services import promotion as offers


class PromotionForm(ScopedForm):
    """With the choice between automatic, by code and by single-use codes; the column is one that services alone write."""

    applies = forms.ChoiceField(choices=PromotionTrigger.choices, label=_("applies"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applies"].initial = self.instance.trigger

    def clean(self) -> Values:
        """The choice under the name of its column."""
        data: Values = super().clean() or self.cleaned_data
        return {**data, "trigger": data.get("applies", PromotionTrigger.AUTOMATIC)}

    @cached_property
    def changed_data(self) -> list[str]:
        """With the column, when the choice is another one."""
        names = super().changed_data
        return [*names, "trigger"] if "applies" in names else names


class OfferAdmin(CatalogAdmin):
    """A noun of the offers."""

    view_needs = Perm.PROMOTIONS_VIEW
    edit_needs = Perm.PROMOTIONS_EDIT


class OfferInline(CatalogInline):
    """Rows of an offer, in a table."""

    view_needs = Perm.PROMOTIONS_VIEW
    edit_needs = Perm.PROMOTIONS_EDIT


class ProductInline(OfferInline):
    """Products it looks at."""

    model = PromotionProduct
    verbose_name_plural = _("only these products")
    autocomplete_fields = ("product",)


class CategoryInline(OfferInline):
    """Categories it looks at."""

    model = PromotionCategory
    verbose_name_plural = _("only these categories")
    autocomplete_fields = ("category",)


class TypeInline(OfferInline):
    """Product types it looks at."""

    model = PromotionType
    verbose_name_plural = _("only these product types")


class OutletInline(OfferInline):
    """Outlets it holds at."""

    model = PromotionOutlet
    verbose_name_plural = _("only at these outlets")


class ItemInline(OfferInline):
    """What a set consists of."""

    model = PromotionItem
    autocomplete_fields = ("product",)


@admin.register(Promotion)
class PromotionAdmin(OfferAdmin):
    """Rules that lower a price."""

    noun = "promotion"
    form = PromotionForm
    list_display = ("name", "kind", "trigger", "code", "value", "starts", "ends", "shown_uses", "is_active")
    list_filter = ("is_active", "kind", "trigger")
    search_fields = ("name", "code", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("priority", "slug")
    inlines = (ItemInline, ProductInline, CategoryInline, TypeInline, OutletInline)
    fieldsets = (
        (None, {"fields": (("name", "slug"), "description", ("kind", "value"), ("buy", "get"), ("applies", "code"), "is_active")}),
        (_("Conditions"), {"classes": ("tab",), "fields": (
            ("min_subtotal", "max_discount"), ("starts", "ends"), "weekdays", ("since", "until"), "services", "channels",
        )}),
        (_("Limits"), {"classes": ("tab",), "fields": (
            ("total_limit", "per_customer_limit"), ("first_order", "retail_only"), ("combinable", "priority"),
        )}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With how often each is used."""
        return staff_offers.promotions()

    @display(description=_("uses"))
    def shown_uses(self, row: Any) -> str:
        """How often, of how many."""
        return f"{row.used_count} / {row.total_limit}" if row.total_limit else str(row.used_count)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service. What a set consists of comes with the inlines, and is checked with them."""
        offers.create(actor=actor, values=values, checks_parts=False)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        offers.change(promotion=row, actor=actor, values=values, checks_parts=False)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        offers.delete(promotion=row, actor=actor)

    def check_children(self, row: Any) -> None:
        """A set consists of something."""
        offers.check_parts(row)


@admin.register(CouponBatch)
class CouponBatchAdmin(OfferAdmin):
    """Batches of codes that each work once."""

    noun = "coupon_batch"
    list_display = ("name", "promotion", "size", "shown_uses", "ends", "is_active", "created_at")
    list_filter = ("is_active",)
    list_select_related = ("promotion",)
    search_fields = ("name", "prefix", "codes__code")
    ordering = ("-created_at",)
    fields = (("name", "promotion"), ("prefix", "size"), ("ends", "is_active"))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """With how many are used."""
        return staff_offers.coupon_batches()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A batch stays as it was made."""
        return ("promotion", "prefix", "size") if obj is not None else ()

    @display(description=_("uses"))
    def shown_uses(self, row: Any) -> int:
        """How many codes an order has."""
        return int(row.used_count)

    def create_row(self, actor: Actor, values: Values) -> None:
        """Through the service."""
        batches.create(promotion=values.pop("promotion"), actor=actor, values=values)

    def change_row(self, row: Any, actor: Actor, values: Values) -> None:
        """Through the service."""
        batches.change(batch=row, actor=actor, values=values)

    def delete_row(self, row: Any, actor: Actor) -> None:
        """Through the service."""
        batches.delete(batch=row, actor=actor)


@admin.register(CouponCode)
class CouponCodeAdmin(ReadOnlyAdmin):
    """Single-use codes, and who used them."""

    view_needs = Perm.PROMOTIONS_VIEW
    list_display = ("code", "batch", "order", "used_at")
    list_filter = (("order", admin.EmptyFieldListFilter), "batch")
    list_select_related = ("batch", "order")
    search_fields = ("code",)
    ordering = ("code",)
    fields = ("code", "batch", "order", "used_at")
