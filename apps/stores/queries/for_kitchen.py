"""What the kitchen asks of the commerce core: an order's lines to cook, and the shape of the menu."""

from uuid import UUID

from django.db.models import QuerySet

from apps.stores.models import Category, OrderItem, Outlet


def order_lines(order_id: UUID | str) -> QuerySet[OrderItem]:
    """The lines of an order with the order and its store joined: one statement."""
    return OrderItem.objects.filter(order_id=order_id).select_related("order__store").order_by("position")


def category_parents() -> dict[UUID, UUID | None]:
    """Every category of the store → the one it is in."""
    return dict(Category.objects.values_list("id", "parent_id"))


def first_outlet() -> UUID | None:
    """The store's main outlet."""
    return Outlet.objects.order_by("position", "created_at", "id").values_list("id", flat=True).first()
