"""What facts say about an order: enough for any board to show the change without asking back."""

from typing import Any

from apps.stores.models import Order


def order_payload(order: Order) -> dict[str, Any]:
    """The payload of every order fact; the shape of the dashboard's socket frames (clients/dashboard.md 3.1)."""
    return {
        "order_id": str(order.pk),
        "outlet_id": str(order.outlet_id),
        "order_number": order.code,
        "display_number": order.display_number,
        "status": order.status,
        "payment_status": order.payment_status,
        "payment_method": order.payment_method,
        "total": order.total,
        "currency": order.currency,
        "service": order.service,
        "channel": order.channel,
        "customer_name": order.customer_name,
        "created_at": order.placed_at,
        "updated_at": order.updated_at,
        "paid_at": order.paid_at,
        "cancelled_at": order.cancelled_at,
    }
