"""Reads of orders: finding one, its link, its history. How it looks is in `order_views`, lists are in `order_lists`."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from apps.core.clock import now
from apps.core.ids import parse_uuid
from apps.core.scope import scope
from apps.events import queries as event_queries
from apps.events.registry import all_facts
from apps.payments.models import Payment
from apps.stores.models import Order, OrderItem, OrderStatus, Store
from apps.stores.queries import couriers, explained
from apps.stores.queries.order_views import display_number, order_view

TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)


def with_parts(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Orders with items and payments: two more queries however many there are."""
    return orders.prefetch_related(
        Prefetch("items", queryset=OrderItem.objects.order_by("position")),
        Prefetch("payments", queryset=Payment.objects.order_by("created_at")),
    )


def full_view(order: Order, *, with_qr: bool = True) -> dict[str, Any]:
    """An order from `with_parts` as clients read it."""
    view = order_view(order, order.items.all(), list(order.payments.all()), with_qr=with_qr)
    return view | explained.shown(order.amounts)


def find(ref: str) -> Order | None:
    """An order of the store in scope by id or by its code."""
    found = _named(Order.objects.all(), ref)
    return None if found is None else with_parts(found).select_related("store", "cart").first()


def _named(rows: QuerySet[Order], ref: str) -> QuerySet[Order] | None:
    """The rows with this id or code; None for what can be neither."""
    order_id, code = parse_uuid(ref), ref.strip("#").upper()
    if order_id is not None:
        return rows.filter(pk=order_id)
    return rows.filter(code=code) if code.isascii() and code.isalnum() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What other rooms have to know of an order to speak of it."""

    id: UUID
    outlet_id: UUID
    display_number: str


def brief(order_id: UUID | None) -> Brief | None:
    """An order of the store in scope in three words; None if there is none."""
    row = Order.objects.filter(pk=order_id).values_list("pk", "outlet_id", "number").first() if order_id else None
    return Brief(id=row[0], outlet_id=row[1], display_number=display_number(row[2])) if row else None


def unpaid_of_phone(last_digits: str) -> list[datetime]:
    """When the orders of a phone (its last digits) that wait for their money expire: one moment per order."""
    waiting = Order.objects.filter(status=OrderStatus.PENDING, expires_at__gt=now())
    return [
        end for end in waiting.filter(customer_phone__endswith=last_digits).values_list("expires_at", flat=True) if end
    ]


def store_of_token(token: str) -> tuple[UUID, UUID] | None:
    """(store id, order id) behind an access token; the token is what finds the tenant."""
    if not TOKEN.fullmatch(token):
        return None
    return Order.objects.unscoped().filter(access_token=token).values_list("store_id", "pk").first()


def store_of_order(ref: str) -> UUID | None:
    """The store an order id or code belongs to, for the routes that name no store."""
    rows = _named(Order.objects.unscoped(), ref)
    return None if rows is None else rows.values_list("store_id", flat=True).first()


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
    more = couriers.for_customer(order)
    return {**full_view(order), **more, "store": _store(order.store, order), "timeline": timeline(order)}


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
    text = gettext("Hello! This is about my order %(number)s (%(code)s).") % {
        "number": order.display_number,
        "code": order.code,
    }
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
            "adjustment": event.payload.get("adjustment"), "lines": event.payload.get("lines"),
        }
        for event in event_queries.history(order.store_id, subject_type="order", subject_id=order.pk)
    ]  # fmt: skip
