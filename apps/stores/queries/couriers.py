"""Reads of deliveries: the code a customer says at the door, who is at work, and what a courier may know of an order."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet
from django.utils.crypto import salted_hmac

from apps.core.ids import parse_uuid
from apps.stores.models import CourierJob, Order, OrderItem, OrderStatus, PaymentStatus, Role, Service, Staff
from apps.stores.queries.order_views import display_number, label_of

DIGITS = 4
# The customer is told the code for as long as it is of use.
CODE_SHOWN = frozenset({OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY, OrderStatus.OUT_FOR_DELIVERY})
OPEN = frozenset({*CODE_SHOWN, OrderStatus.PENDING})
PAID = frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED})


def delivery_code(order: Order) -> str:
    """The four digits of an order. Worked out of its secret link, so that no table holds it and no list shows it."""
    digest = salted_hmac("comanda.delivery-code", f"{order.pk}:{order.access_token}", algorithm="sha256").hexdigest()
    return str(int(digest[:12], 16) % 10**DIGITS).zfill(DIGITS)


def for_customer(order: Order) -> dict[str, Any]:
    """What the tracking page adds for a delivery: the code, and who brings it once it is on its way."""
    if order.service != Service.DELIVERY:
        return {}
    shown = order.status in CODE_SHOWN
    name = (
        CourierJob.objects.filter(order_id=order.pk).values_list("courier_name", flat=True).first() if shown else None
    )
    on_its_way = order.status == OrderStatus.OUT_FOR_DELIVERY
    return {
        "delivery_code": delivery_code(order) if shown else None,
        "courier_name": (name or "").split(" ")[0] if on_its_way else "",
    }


def couriers() -> QuerySet[Staff]:
    """Active couriers of the store, by name."""
    rows = Staff.objects.filter(role=Role.COURIER, is_active=True).select_related("user")
    return rows.prefetch_related("outlet_links").order_by("user__first_name", "created_at")


def open_jobs() -> dict[UUID, int]:
    """Orders in hand, by courier."""
    rows = CourierJob.objects.filter(courier__isnull=False, order__status__in=OPEN)
    return dict(rows.values_list("courier_id").annotate(number=Count("pk")))


def jobs(*, user_id: UUID | None, outlets: frozenset[UUID]) -> QuerySet[CourierJob]:
    """Jobs, newest first: all, those of one courier's user, those of some outlets."""
    rows = CourierJob.objects.select_related("order", "courier").prefetch_related(
        Prefetch("order__items", queryset=OrderItem.objects.order_by("position"))
    )
    if user_id is not None:
        rows = rows.filter(courier__user_id=user_id, courier__is_active=True)
    if outlets:
        rows = rows.filter(order__outlet_id__in=outlets)
    return rows.order_by("-assigned_at", "-id")


def of_order(rows: QuerySet[CourierJob], ref: str) -> CourierJob | None:
    """The job of an order by the order's id or code."""
    order_id, code = parse_uuid(ref), ref.strip("#").upper()
    if order_id is not None:
        return rows.filter(order_id=order_id).first()
    return rows.filter(order__code=code).first() if code.isascii() and code.isalnum() else None


def job_view(job: CourierJob) -> dict[str, Any]:
    """What a courier has to know. Not the link of the order: behind it is the code the courier has to ask for."""
    order = job.order
    due = 0 if order.payment_status in PAID else order.total
    return {
        "id": str(job.pk), "order_id": str(order.pk), "order_number": order.code, "display_number": display_number(order.number),
        "status": order.status, "status_display": label_of(OrderStatus, order.status),
        "courier": {"id": str(job.courier_id) if job.courier_id else None, "name": job.courier_name},
        "assigned_at": job.assigned_at, "customer_name": order.customer_name, "customer_phone": order.customer_phone,
        "delivery_address": order.address, "notes": order.notes, "currency": order.currency, "total": order.total,
        "payment_method": order.payment_method, "payment_status": order.payment_status, "to_collect": due,
        "items": [{"quantity": row.quantity, "name": row.product_name, "notes": row.notes} for row in order.items.all()],
        "proof": job.proof, "proof_reason": job.proof_reason, "guesses": job.guesses,
        "out_for_delivery_at": order.out_for_delivery_at, "delivered_at": order.delivered_at,
    }  # fmt: skip


def courier_view(staff: Staff, in_hand: dict[UUID, int]) -> dict[str, Any]:
    """A courier for whoever gives out orders."""
    return {
        "id": str(staff.pk), "user_id": str(staff.user_id), "name": staff.user.display_name, "phone": staff.user.phone or "",
        "outlets": sorted(str(link.outlet_id) for link in staff.outlet_links.all()), "open_orders": in_hand.get(staff.pk, 0),
    }  # fmt: skip
