"""Reads of orders, shaped for the published clients: storefronts (storefront.md 2.6, 2.7) and the dashboard (2.6).

Plain dictionaries, built from three queries whatever the number of rows: a serializer class per row would cost more
than the database does.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from apps.core.ids import parse_uuid
from apps.core.scope import scope
from apps.events import queries as event_queries
from apps.events.registry import all_facts
from apps.payments import brcode
from apps.payments.models import Payment, PaymentState
from apps.payments.states import OPEN
from apps.stores.models import Order, OrderItem, OrderStatus, Store

STAMPS = (
    "placed", "confirmed", "preparing", "ready", "out_for_delivery", "shipped", "served", "delivered", "completed", "cancelled",
)  # fmt: skip
# The words the published clients know for a payment (Mercado Pago's), by ours.
PAYMENT_WORDS = {PaymentState.PAID: "approved", PaymentState.COLLECTED: "approved", PaymentState.FAILED: "rejected"}


def with_parts(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with items and payments: two more queries however many there are."""
    return orders.prefetch_related(
        Prefetch("items", queryset=OrderItem.objects.order_by("position")),
        Prefetch("payments", queryset=Payment.objects.order_by("created_at")),
    )


def find(ref: str) -> Order | None:
    """An order of the store in scope by id or by its code."""
    order_id = parse_uuid(ref)
    found = Order.objects.filter(pk=order_id) if order_id else Order.objects.filter(code=ref.strip("#").upper()[:12])
    return with_parts(found).select_related("store", "cart").first()


def store_of_token(token: str) -> tuple[UUID, UUID] | None:
    """(store id, order id) behind an access token; the token is what finds the tenant."""
    found = Order.objects.unscoped().filter(access_token=token[:64]).values_list("store_id", "pk").first() if token else None
    return (found[0], found[1]) if found else None


def store_of_order(ref: str) -> UUID | None:
    """The store an order id or code belongs to, for the routes that name no store."""
    order_id = parse_uuid(ref)
    rows = Order.objects.unscoped()
    rows = rows.filter(pk=order_id) if order_id else rows.filter(code=ref.strip("#").upper()[:12])
    return rows.values_list("store_id", flat=True).first()


def order_by_token(token: str) -> dict[str, Any] | None:
    """What the holder of an order's link may see; None for a token nobody was given."""
    found = store_of_token(token)
    if found is None:
        return None
    store_id, order_id = found
    with scope(store_id):
        order = with_parts(Order.objects.filter(pk=order_id)).select_related("store", "outlet").first()
        return None if order is None else tracking_view(order)


def tracking_view(order: Order) -> dict[str, Any]:
    """The tracking page's order: what it is, where it stands, how to pay."""
    return {**order_view(order), "store": _store(order.store, order), "timeline": timeline(order)}


def _store(store: Store, order: Order) -> dict[str, Any]:
    return {
        "name": store.name,
        "slug": store.slug,
        "phone": order.outlet.phone or store.phone,
        "whatsapp_url": whatsapp_url(store, order),
        "currency": store.currency,
        "primary_color": store.primary_color,
        "timezone": store.timezone,
        "outlet": order.outlet.name,
        "address": order.outlet.address,
    }


def whatsapp_url(store: Store, order: Order) -> str:
    """A chat with the store that already says which order it is about."""
    digits = "".join(filter(str.isdigit, store.whatsapp_number or store.phone))
    text = gettext("Hello! This is about my order %(number)s (%(code)s).") % {"number": order.display_number, "code": order.code}
    return f"https://wa.me/{digits}?text={quote(text)}" if digits else ""


def timeline(order: Order) -> list[dict[str, Any]]:
    """The moves of an order as its customer may know them: no names of staff."""
    titles = {fact.name: fact.title for fact in all_facts()}
    events = event_queries.history(order.store_id, subject_type="order", subject_id=order.pk)
    rows = []
    for event in events:
        if event.name == "order.updated":
            continue
        status = "pending" if event.name == "order.placed" else event.name.removeprefix("order.")
        rows.append({"status": status, "label": str(titles.get(event.name, event.name)), "at": event.occurred_at})
    return rows


def staff_timeline(order: Order) -> list[dict[str, Any]]:
    """Who did what, when and why."""
    titles = {fact.name: fact.title for fact in all_facts()}
    return [
        {
            "seq": event.seq, "event": event.name, "label": str(titles.get(event.name, event.name)), "at": event.occurred_at,
            "actor": {"kind": event.actor_kind, "id": event.actor_id, "label": event.actor_label},
            "from": event.payload.get("from"), "to": event.payload.get("to"), "reason": event.payload.get("reason", ""),
        }
        for event in event_queries.history(order.store_id, subject_type="order", subject_id=order.pk)
    ]  # fmt: skip


def order_view(order: Order, *, with_qr: bool = True, combos_among_items: bool = True) -> dict[str, Any]:
    """One order with its lines and payments. `order` must come from `with_parts`.

    The web clients print `items` alone, the app prints `items` and `combo_items`; `combos_among_items` says who asks.
    """
    items, combos = _lines(order.items.all())
    payments = list(order.payments.all())
    money = _money(order)
    return {
        **_head(order), **money, **_stamps(order), **_payment(order, payments, with_qr=with_qr),
        "items": items + combos if combos_among_items else items, "combo_items": combos,
        "items_count": sum(row["quantity"] for row in items + combos),
        "delivery_address": order.address, "shipping_address": order.address.get("street", ""),
        "notes": order.notes, "customer_notes": order.notes, "access_token": order.access_token,
        "discounts": order.amounts.get("discounts", []), "tax_lines": order.amounts.get("tax_lines", []),
        "delivery": order.amounts.get("delivery"),
    }  # fmt: skip


def _head(order: Order) -> dict[str, Any]:
    return {
        "id": str(order.pk), "order_id": str(order.pk), "order_number": order.code, "display_number": order.display_number,
        "status": order.status, "status_display": order.get_status_display(), "payment_status": order.payment_status,
        "payment_method": order.payment_method, "service": order.service, "delivery_method": order.service,
        "delivery_method_display": order.get_service_display(), "channel": order.channel, "source": order.channel,
        "customer_name": order.customer_name, "customer_phone": order.customer_phone, "customer_email": order.customer_email,
        "table": order.table_label, "cancel_kind": order.cancel_kind, "cancel_reason": order.cancel_reason,
        "scheduled_for": order.scheduled_for, "estimated_ready_at": order.estimated_ready_at, "business_date": order.business_date,
    }  # fmt: skip


def _money(order: Order) -> dict[str, Any]:
    return {
        "currency": order.currency, "subtotal": order.subtotal, "discount": order.discount, "points_discount": order.points_discount,
        "delivery_fee": order.delivery_fee, "delivery_discount": order.delivery_discount, "service_charge": order.service_charge,
        "tax": order.tax, "total": order.total, "total_amount": order.total,
    }  # fmt: skip


def _stamps(order: Order) -> dict[str, Any]:
    stamps = {f"{name}_at": getattr(order, f"{name}_at") for name in STAMPS}
    return {**stamps, "created_at": order.placed_at, "updated_at": order.updated_at, "paid_at": order.paid_at}


def _payment(order: Order, payments: Sequence[Payment], *, with_qr: bool) -> dict[str, Any]:
    """The payment to show: the open one if there is one, else the last. A finished PIX shows no code."""
    current = next((row for row in payments if row.state in OPEN), payments[-1] if payments else None)
    open_pix = current is not None and current.state in OPEN and order.status != OrderStatus.CANCELLED and bool(current.pix_code)
    code = current.pix_code if current is not None and open_pix else ""
    image = brcode.qr_png_base64(code) if code and with_qr else ""
    return {
        "pix_code": code,
        "pix_qr_code": image,
        "pix_expires_at": current.expires_at if current is not None and open_pix else None,
        "payment": None if current is None else payment_view(current, code=code, image=image),
    }


def payment_view(payment: Payment, *, code: str = "", image: str = "") -> dict[str, Any]:
    """A payment in the clients' words: `status` is what their payment screens understand."""
    return {
        "id": str(payment.pk), "status": PAYMENT_WORDS.get(PaymentState(payment.state), "pending"), "state": payment.state,
        "payment_method": payment.method, "status_detail": payment.state, "amount": payment.amount,
        "change_for": payment.change_for, "pix_code": code, "qr_code": code, "pix_qr_code": image, "qr_code_base64": image,
        "expires_at": payment.expires_at,
    }  # fmt: skip


def _lines(rows: Iterable[OrderItem]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    items, combos = [], []
    for row in rows:
        common = {
            "id": str(row.pk), "quantity": row.quantity, "unit_price": row.unit_price, "subtotal": row.total,
            "total_price": row.total, "product_name": row.product_name, "variant_name": row.variant_name, "notes": row.notes,
            "options": row.options, "sku": row.sku,
        }  # fmt: skip
        if row.options.get("parts"):
            combos.append({**common, "combo": str(row.combo_id) if row.combo_id else None, "combo_name": row.product_name})
        else:
            items.append({**common, "product": str(row.product_id) if row.product_id else None})
    return items, combos
