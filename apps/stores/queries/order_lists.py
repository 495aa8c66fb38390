"""Lists of orders: three queries a page, read as rows instead of model instances, which would cost more than the SQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.core.remembered import Remembered
from apps.payments.models import Payment
from apps.stores.models import Order, OrderItem
from apps.stores.queries.order_views import STAMPS, order_view

COLUMNS = (
    "id", "code", "number", "status", "payment_status", "payment_method", "service", "channel", "customer_name", "customer_phone",
    "customer_email", "table_label", "cancel_kind", "cancel_reason", "scheduled_for", "estimated_ready_at", "business_date",
    "currency", "subtotal", "discount", "points_discount", "delivery_fee", "delivery_discount", "service_charge", "tax", "total",
    "address", "notes", "access_token", "amounts", "updated_at", "paid_at", *(f"{name}_at" for name in STAMPS),
)  # fmt: skip
ITEM_COLUMNS = (
    "id", "order_id", "quantity", "unit_price", "total", "product_name", "variant_name", "notes", "options", "sku", "combo_id", "product_id",
)  # fmt: skip
PAYMENT_COLUMNS = ("id", "order_id", "state", "method", "amount", "change_for", "pix_code", "expires_at")


def as_rows(orders: QuerySet[Order]) -> QuerySet[Any, Any]:
    """The columns a list shows, as rows with those names."""
    return orders.values_list(*COLUMNS, named=True)


def views(page: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of `as_rows` with their items and payments, as clients read them."""
    rows = list(page)
    ids = [row.id for row in rows]
    items = _by_order(
        OrderItem.objects.filter(order_id__in=ids).order_by("position").values_list(*ITEM_COLUMNS, named=True)
    )
    payments = _by_order(
        Payment.objects.filter(order_id__in=ids).order_by("created_at").values_list(*PAYMENT_COLUMNS, named=True)
    )
    return [
        order_view(row, items.get(row.id, ()), payments.get(row.id, ()), with_qr=False, combos_among_items=False)
        for row in rows
    ]


def _by_order(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(row)
    return found


# A board polls the same list every few seconds and an evening has more looks than changes. Every change of an order or
# payment is a fact, so a page is exact for as long as the store's log has not grown.
KEPT_PAGES = 64
LARGEST_KEPT = 256 * 1024
_pages: Remembered[bytes] = Remembered(most=KEPT_PAGES)


def remembered(key: tuple[Any, ...], make: Callable[[], bytes]) -> bytes:
    """The page under `key` (which contains the log's sequence number), made if nobody asked for it yet."""
    return _pages.get(key, make, worth=lambda made: len(made) <= LARGEST_KEPT)
