"""Changing a placed order by hand: a discount or surcharge, another delivery fee, another price, other lines.

Each takes a reason; the fact `order.updated` keeps who changed what and why, and tells the kitchen which lines came or went.
Stock follows, and what is still to be paid is asked for anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict, Invalid
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.payments import queries as payment_queries
from apps.payments import services as payments
from apps.payments.models import PaymentState
from apps.payments.states import OPEN
from apps.stores import facts
from apps.stores.models import Order, OrderItem, OrderStatus, Store
from apps.stores.queries.bundle import bundle
from apps.stores.services import order_edits, orders
from apps.stores.services.order_facts import order_payload
from apps.stores.services.order_totals import manual_of, retotal

# Money can be put right until the order is over, lines only while it is in the house.
CLOSED = frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED})
IN_HOUSE = frozenset({OrderStatus.PENDING, OrderStatus.CONFIRMED, OrderStatus.PREPARING, OrderStatus.READY})
WHY = {
    "discount": "discount_reason", "surcharge": "surcharge_reason", "delivery_fee": "delivery_fee_reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What shall be otherwise; None leaves it. `reason` stands for every part that has none of its own."""

    discount: Decimal | None = None
    surcharge: Decimal | None = None
    delivery_fee: Decimal | None = None
    reasons: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    item_ops: Sequence[Mapping[str, Any]] = ()

    def reason_of(self, name: str) -> str:
        """Why this part is changed."""
        return (self.reasons.get(WHY[name]) or self.reason).strip()


def adjust(*, order_id: UUID, wish: Adjustment, actor: Actor) -> Order:
    """Change an order. All of it happens or nothing.

    400 `reason_required`; 409 `order_closed`, `out_of_stock`; 422 `discount_too_large`, `order_empty`, a line's own code.
    """
    with unit_of_work():
        order = orders.lock_order(order_id)
        _check(order, wish)
        before = {"total": order.total, "discount": order.discount, "delivery_fee": order.delivery_fee}
        store = Store.objects.get(pk=order.store_id)
        menu = bundle(store.pk, store.catalog_version)
        items = list(OrderItem.objects.select_for_update(of=("self",)).filter(order=order).order_by("position"))
        edit = order_edits.edit(order, items, wish.item_ops, menu, store, actor=actor)
        manual = _manual(order, wish)
        retotal(order, edit.items, menu.pricing, manual)
        order.updated_at = now()
        edit.save_kept()
        _ask_again(order, store, actor)
        order.save(update_fields=AMOUNTS)
        _tell(order, wish, edit, before, actor)
        edit.delete_gone()
        if order.payment_status == "paid" and order.status == OrderStatus.PENDING:
            orders.move_order(order_id=order.pk, to=OrderStatus.CONFIRMED, actor=actor, reason="nothing_due")
            order.refresh_from_db()
        return order


AMOUNTS = [
    "subtotal", "discount", "points_discount", "delivery_fee", "delivery_discount", "service_charge", "tax", "total", "amounts",
    "payment_status", "paid_at", "updated_at",
]  # fmt: skip


def _check(order: Order, wish: Adjustment) -> None:
    if order.status in CLOSED or (wish.item_ops and order.status not in IN_HOUSE):
        raise Conflict("order_closed", _("This order can no longer be changed."), status=order.status)
    for name in WHY:
        value = getattr(wish, name)
        changes = value is not None and (value > 0 or name == "delivery_fee")
        if changes and not wish.reason_of(name):
            raise _no_reason(WHY[name])
    for index, row in enumerate(wish.item_ops):
        if row["op"] == "price" and not (row.get("reason") or wish.reason).strip():
            raise _no_reason(f"item_ops.{index}.reason")


def _no_reason(name: str) -> Invalid:
    return Invalid("reason_required", _("Say why."), errors={name: [_("Say why.")]})


def _manual(order: Order, wish: Adjustment) -> dict[str, Any]:
    """What holds after this, and why; a zero takes an adjustment back."""
    manual = manual_of(order)
    for name in ("discount", "surcharge"):
        value = getattr(wish, name)
        if value is not None:
            manual |= {name: value, WHY[name]: wish.reason_of(name) if value else ""}
    if wish.delivery_fee is not None and wish.delivery_fee != order.delivery_fee:
        manual["delivery_fee_reason"] = wish.reason_of("delivery_fee")
        order.delivery_fee = wish.delivery_fee
    return manual


def _ask_again(order: Order, store: Store, actor: Actor) -> None:
    """One open payment over exactly what is still due."""
    rows = payment_queries.of_order(order.pk)
    due = order.total - payment_queries.received(rows)
    still = [row for row in rows if row.state in OPEN]
    if sum((row.amount for row in still), Decimal(0)) != max(due, Decimal(0)):
        payments.close_open(order_id=order.pk, to=PaymentState.CANCELLED, actor=actor, reason="adjusted")
        if due > 0:
            payee = payments.PixPayee(
                key=store.pix_key, name=store.pix_name or store.name, city=store.pix_city or "BRASIL"
            )
            payments.ask(
                order_id=order.pk, order_code=order.code, method=order.payment_method, amount=due, currency=order.currency,
                actor=actor, payee=payee, expires_at=order.expires_at,
            )  # fmt: skip
    order.payment_status = payment_queries.derived_status(payment_queries.of_order(order.pk), order.total)
    if order.payment_status == "paid" and order.paid_at is None:
        order.paid_at = order.updated_at


def _tell(order: Order, wish: Adjustment, edit: order_edits.Edit, before: Mapping[str, Any], actor: Actor) -> None:
    reasons = [wish.reason, *wish.reasons.values(), *(str(row.get("reason") or "") for row in wish.item_ops)]
    payload = {
        **order_payload(order),
        "reason": "; ".join(dict.fromkeys(text.strip() for text in reasons if text.strip()))[:280],
        "adjustment": {
            "before": dict(before),
            "after": {"total": order.total, "discount": order.discount, "delivery_fee": order.delivery_fee},
            "manual": manual_of(order),
            "prices": edit.prices,
        },
    }
    if edit.added or edit.removed:
        payload["lines"] = {"added": edit.added, "removed": edit.removed}
    record(facts.ORDER_UPDATED, subject=Subject(type="order", id=order.pk), payload=payload, actor=actor)
