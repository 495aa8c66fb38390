"""Reads of wishlists."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.customers.models import WishlistItem
from apps.users.models import User


def wishes(user: User) -> QuerySet[WishlistItem]:
    """What somebody would like to have in the store in scope, newest wish first."""
    return WishlistItem.objects.filter(user=user).order_by("-added_at", "-id")


def is_wished(user: User, *, product_id: UUID | None = None, combo_id: UUID | None = None) -> bool:
    """Whether it is on the list."""
    target: dict[str, Any] = {"product_id": product_id, "combo_id": combo_id}
    return WishlistItem.objects.filter(user=user, **target).exists()
