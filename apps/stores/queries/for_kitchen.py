"""What the kitchen asks of the commerce core: an order's lines to cook, and the shape of the menu."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from apps.stores.models import Category, OrderItem, Outlet, Store

# Of three wide tables the kitchen reads these; every order pays for naming a column.
LINE = (
    "store_id", "position", "product_id", "variant_id", "combo_id", "category_id_at_sale", "product_name", "variant_name",
    "quantity", "options", "notes", "order_id",
)  # fmt: skip
ORDER = tuple(
    f"order__{name}"
    for name in (
        "store_id", "outlet_id", "number", "service", "status", "channel", "customer_name", "table_label", "notes", "scheduled_for",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """An order that was placed and confirmed in one go, as its writer holds it: the kitchen need not read it back."""

    store: Store
    lines: Sequence[OrderItem]


def order_lines(order_id: UUID | str) -> QuerySet[OrderItem]:
    """The lines of an order with the order and its store joined: one statement."""
    found = OrderItem.objects.filter(order_id=order_id).select_related("order__store")
    return found.only(*LINE, *ORDER, "order__store__catalog_version").order_by("position")


def category_parents() -> dict[UUID, UUID | None]:
    """Every category of the store → the one it is in."""
    return dict(Category.objects.values_list("id", "parent_id"))


def first_outlet() -> UUID | None:
    """The store's main outlet."""
    return Outlet.objects.order_by("position", "created_at", "id").values_list("id", flat=True).first()
