"""Customers in the admin: looked at, block and tags included. They are changed by themselves, by orders and over the API."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.core.scoped_admin import ReadOnlyAdmin, ReadOnlyInline
from apps.customers.models import (
    Address,
    Company,
    Consent,
    Customer,
    Identity,
    LoyaltyProgram,
    Merge,
    Note,
    PointsAccount,
    PointsEntry,
)
from apps.customers.queries import people

VIEW = "customers.view"


class IdentityInline(ReadOnlyInline):
    """How the customer is recognised. Of a CPF there is only a hash, which says nothing."""

    model = Identity
    view_needs = VIEW
    tab = False
    fields = ("kind", "value", "verified_at", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Identity]:
        """Without hashes."""
        rows: QuerySet[Identity] = super().get_queryset(request)
        return rows.exclude(kind="cpf")


class AddressInline(ReadOnlyInline):
    """Where things are brought."""

    model = Address
    view_needs = VIEW
    fields = ("label", "street", "number", "neighborhood", "city", "zip_code", "is_default")


class NoteInline(ReadOnlyInline):
    """What the staff wrote."""

    model = Note
    view_needs = VIEW
    fields = ("text", "author_label", "created_at")
    ordering = ("-created_at",)


class CompanyInline(ReadOnlyInline):
    """The company."""

    model = Company
    view_needs = VIEW
    fields = ("name", "cnpj", "vat_number", "payment_terms_days")


class ConsentInline(ReadOnlyInline):
    """Every "yes" and "no"."""

    model = Consent
    view_needs = VIEW
    fields = ("purpose", "channel", "granted", "text_version", "source", "at")
    ordering = ("-at",)


class PointsInline(ReadOnlyInline):
    """The points ledger."""

    model = PointsEntry
    view_needs = VIEW
    fields = ("at", "kind", "points", "balance", "reason", "actor_label")
    ordering = ("-at", "-id")


class MergeInline(ReadOnlyInline):
    """Records that were merged into this one."""

    model = Merge
    fk_name = "target"
    view_needs = VIEW
    fields = ("source", "reason", "actor_label", "merged_at", "undone_at")


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    """People who order at the picked store."""

    outlet_path = "orders__outlet"
    view_needs = VIEW
    list_display = ("name", "language", "shown_standing", "created_at")
    list_filter = ("language", "blocked_at")
    search_fields = ("folded",)
    ordering = ("-created_at",)
    fields = (
        "name",
        "language",
        "tags",
        "orders_before",
        "blocked_until",
        "block_reason",
        "merged_into",
        "erased_at",
        "created_at",
    )
    inlines = (IdentityInline, AddressInline, NoteInline, CompanyInline, ConsentInline, PointsInline, MergeInline)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """As the API searches: accents, capitals and the ninth digit aside."""
        country = getattr(getattr(request, "store", None), "country", "BR")
        return people.search(queryset, search_term.replace("\x00", ""), country), False

    @display(description=_("standing"), label={"blocked": "danger", "merged": "info", "erased": "warning"})
    def shown_standing(self, row: Customer) -> tuple[str, Any]:
        """Blocked, merged, erased, or nothing of it."""
        if row.erased_at is not None:
            return "erased", _("erased")
        if row.merged_into_id is not None:
            return "merged", _("merged")
        return ("blocked", _("blocked")) if row.is_blocked else ("", "–")


@admin.register(LoyaltyProgram)
class LoyaltyProgramAdmin(ReadOnlyAdmin):
    """The terms of the loyalty program; changed over the API, because prices depend on them."""

    view_needs = VIEW
    list_display = (
        "is_active",
        "earn_per",
        "earn_points",
        "point_value",
        "min_redeem",
        "expire_days",
        "stamps_required",
    )


@admin.register(PointsAccount)
class PointsAccountAdmin(ReadOnlyAdmin):
    """Who has how many points."""

    view_needs = VIEW
    list_display = ("customer", "balance", "debt", "stamps", "rewards_claimed", "updated_at")
    search_fields = ("customer__folded",)
    list_select_related = ("customer",)
    ordering = ("-updated_at",)
