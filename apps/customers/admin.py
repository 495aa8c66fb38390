"""Customers in the admin: looked at. They are changed by themselves, by orders and over the API."""

from django.contrib import admin

from apps.core.scoped_admin import ReadOnlyAdmin, ReadOnlyInline
from apps.customers.models import Customer, Identity

VIEW = "customers.view"


class IdentityInline(ReadOnlyInline):
    """How the customer is recognised."""

    model = Identity
    view_needs = VIEW
    tab = False
    fields = ("kind", "value", "created_at")


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    """People who order at the picked store."""

    outlet_path = "orders__outlet"
    view_needs = VIEW
    list_display = ("name", "language", "created_at")
    search_fields = ("name", "identities__value")
    ordering = ("-created_at",)
    fields = ("name", "language", "created_at")
    inlines = (IdentityInline,)
