"""How an order looks to the published clients: storefronts (storefront.md 2.6, 2.7) and the dashboard (2.6).

Plain dictionaries: a serializer per row would cost more than the database does.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices

from apps.payments import brcode
from apps.payments.models import PaymentState
from apps.payments.states import OPEN, RECEIVED
from apps.stores.models import OrderStatus, Service

STAMPS = (
    "placed", "confirmed", "preparing", "ready", "out_for_delivery", "shipped", "served", "delivered", "completed", "cancelled",
)  # fmt: skip
# The words the published clients know for a payment (Mercado Pago's), by ours.
PAYMENT_WORDS = {PaymentState.PAID: "approved", PaymentState.COLLECTED: "approved", PaymentState.FAILED: "rejected"}


def display_number(number: int) -> str:
    """What people say across the counter: `#042`."""
    return f"#{number:03d}"


def label_of(choices: type[TextChoices], value: str) -> str:
    """The translated label of a value. (`get_FOO_display` translates the whole list of choices each time.)"""
    return str(choices(value).label)


def order_view(
    order: Any, items: Iterable[Any], payments: Sequence[Any], *, with_qr: bool = True, combos_among_items: bool = True
) -> dict[str, Any]:
    """One order with its lines and payments, each an instance or a row with the same names.

    The web clients print `items` alone, the app prints `items` and `combo_items`; `combos_among_items` says who asks.
    """
    products, combos = _lines(items)
    return {
        **_head(order), **_money(order), **_stamps(order), **_payment(order, payments, with_qr=with_qr),
        "items": products + combos if combos_among_items else products, "combo_items": combos,
        "items_count": sum(row["quantity"] for row in products + combos),
        "delivery_address": order.address, "shipping_address": order.address.get("street", ""),
        "notes": order.notes, "customer_notes": order.notes, "access_token": order.access_token,
        "discounts": order.amounts.get("discounts", []), "tax_lines": order.amounts.get("tax_lines", []),
        "delivery": order.amounts.get("delivery"), **_by_hand(order), **_due(order, payments),
        "points_redeemed": order.amounts.get("points_redeemed", 0), "points_earned": order.amounts.get("points_earned", 0),
    }  # fmt: skip


def _by_hand(order: Any) -> dict[str, Any]:
    """What staff gave or took (`surcharge_value` is a number or null: clients/dashboard.md 1.9)."""
    manual = order.amounts.get("manual") or {}
    return {
        "manual_discount": manual.get("discount") or 0, "manual_discount_reason": manual.get("discount_reason", ""),
        "surcharge_value": manual.get("surcharge") or None, "surcharge_reason": manual.get("surcharge_reason", ""),
        "delivery_fee_reason": manual.get("delivery_fee_reason", ""),
    }  # fmt: skip


def _due(order: Any, payments: Sequence[Any]) -> dict[str, Any]:
    paid = sum((row.amount for row in payments if row.state in RECEIVED), Decimal(0))
    due = Decimal(0) if order.status == OrderStatus.CANCELLED else max(order.total - paid, Decimal(0))
    return {"amount_paid": paid, "amount_due": due, "is_fully_paid": due == 0}


def _head(order: Any) -> dict[str, Any]:
    return {
        "id": str(order.id), "order_id": str(order.id), "order_number": order.code, "display_number": display_number(order.number),
        "status": order.status, "status_display": label_of(OrderStatus, order.status), "payment_status": order.payment_status,
        "payment_method": order.payment_method, "service": order.service, "delivery_method": order.service,
        "delivery_method_display": label_of(Service, order.service), "channel": order.channel, "source": order.channel,
        "customer_name": order.customer_name, "customer_phone": order.customer_phone, "customer_email": order.customer_email,
        "table": order.table_label, "cancel_kind": order.cancel_kind, "cancel_reason": order.cancel_reason,
        "scheduled_for": order.scheduled_for, "estimated_ready_at": order.estimated_ready_at, "business_date": order.business_date,
    }  # fmt: skip


def _money(order: Any) -> dict[str, Any]:
    return {
        "currency": order.currency, "subtotal": order.subtotal, "discount": order.discount, "points_discount": order.points_discount,
        "delivery_fee": order.delivery_fee, "delivery_discount": order.delivery_discount, "service_charge": order.service_charge,
        "tax": order.tax, "total": order.total, "total_amount": order.total,
    }  # fmt: skip


def _stamps(order: Any) -> dict[str, Any]:
    stamps = {f"{name}_at": getattr(order, f"{name}_at") for name in STAMPS}
    return {**stamps, "created_at": order.placed_at, "updated_at": order.updated_at, "paid_at": order.paid_at}


def _payment(order: Any, payments: Sequence[Any], *, with_qr: bool) -> dict[str, Any]:
    """The payment to show: the open one if there is one, else the last. A finished PIX shows no code."""
    current = next((row for row in payments if row.state in OPEN), payments[-1] if payments else None)
    open_pix = (
        current is not None
        and current.state in OPEN
        and order.status != OrderStatus.CANCELLED
        and bool(current.pix_code)
    )
    code = current.pix_code if current is not None and open_pix else ""
    image = brcode.qr_png_base64(code) if code and with_qr else ""
    return {
        "pix_code": code,
        "pix_qr_code": image,
        "pix_expires_at": current.expires_at if current is not None and open_pix else None,
        "payment": None if current is None else payment_view(current, code=code, image=image),
    }


def payment_view(payment: Any, *, code: str = "", image: str = "") -> dict[str, Any]:
    """A payment in the clients' words: `status` is what their payment screens understand."""
    return {
        "id": str(payment.id), "status": PAYMENT_WORDS.get(PaymentState(payment.state), "pending"), "state": payment.state,
        "payment_method": payment.method, "status_detail": payment.state, "amount": payment.amount,
        "change_for": payment.change_for, "pix_code": code, "qr_code": code, "pix_qr_code": image, "qr_code_base64": image,
        "expires_at": payment.expires_at,
    }  # fmt: skip


def _lines(rows: Iterable[Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    items, combos = [], []
    for row in rows:
        common = {
            "id": str(row.id), "quantity": row.quantity, "unit_price": row.unit_price, "subtotal": row.total,
            "total_price": row.total, "product_name": row.product_name, "variant_name": row.variant_name, "notes": row.notes,
            "options": row.options, "sku": row.sku,
        }  # fmt: skip
        if row.combo_id or row.options.get("parts"):  # the combo itself may have been deleted since
            combos.append(
                {**common, "combo": str(row.combo_id) if row.combo_id else None, "combo_name": row.product_name}
            )
        else:
            items.append({**common, "product": str(row.product_id) if row.product_id else None})
    return items, combos
