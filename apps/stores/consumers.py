"""Sockets of the commerce core: a store's orders for its staff, and one order for whoever holds its link.

Both are readers of the log (`events.live`): a frame is a fact in the words the published dashboard knows.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q

from apps.core.problems import Problem, Unauthenticated
from apps.events.live.consumer import BAD_TOKEN, NOT_YOURS, LogConsumer, Turned, Visitor
from apps.events.models import Event
from apps.payments import facts as payment_facts
from apps.stores import facts
from apps.stores.permissions import Perm
from apps.stores.queries import orders, principals
from apps.stores.queries.principals import Pass

# Every other `order.…` fact is `order.updated` to the board: it does not hear `order.status_changed` or our finer names.
TYPES = {
    facts.ORDER_PLACED.name: "order.created",
    facts.ORDER_PAID.name: "order.paid",
    facts.ORDER_CANCELLED.name: "order.cancelled",
}
FIELDS = (
    "order_id", "outlet_id", "order_number", "display_number", "status", "payment_status", "payment_method", "total", "currency",
    "customer_name", "service", "channel", "created_at", "updated_at", "paid_at", "cancelled_at",
)  # fmt: skip


class OrdersConsumer(LogConsumer):
    """`/ws/stores/<slug or id>/orders/`: every change of every order, flat (clients/dashboard.md 3.1)."""

    leave: Pass
    outlets: set[str]  # empty: all of them
    sees_payments: bool

    def admit(self, token: str) -> Visitor:
        """Staff and tills of the store who may see orders."""
        try:
            self.leave = principals.let_in(
                token, store=self.scope["url_route"]["kwargs"]["store"], needed=Perm.ORDERS_VIEW
            )
        except Unauthenticated as error:
            raise Turned(BAD_TOKEN) from error
        except Problem as error:
            raise Turned(NOT_YOURS) from error
        access = self.leave.access
        self.outlets = {str(outlet) for outlet in access.outlets}
        self.sees_payments = Perm.PAYMENTS_VIEW in access.permissions
        rights = (access.outlets, self.sees_payments)
        return Visitor(store_id=self.leave.store.id, who=access.actor.id, rights=rights)

    def greeting(self) -> dict[str, Any]:
        """Which store this is."""
        return {"store": self.leave.store.slug, "store_id": str(self.leave.store.id)}

    def concerning(self) -> Q:
        """Orders, and money that came in. There is no snapshot: the board has a list to fetch again (`resync`)."""
        return Q(subject_type="order") | Q(name=payment_facts.PAYMENT_CONFIRMED.name)

    def frame(self, event: Event) -> dict[str, Any] | None:
        """Order facts, and money that came in for whoever may see payments – of the visitor's outlets."""
        if self.outlets and event.payload.get("outlet_id") not in self.outlets:
            return None
        if event.name == payment_facts.PAYMENT_CONFIRMED.name:
            return _payment_received(event) if self.sees_payments else None
        if event.subject_type != "order" or not event.name.startswith("order."):
            return None
        kind = TYPES.get(event.name, "order.updated")
        return {"type": kind, **{name: event.payload[name] for name in FIELDS if name in event.payload}}

    def must_leave(self, event: Event) -> bool:
        """Whether the visitor has just lost the right to look."""
        return self.leave.is_ended_by(event.name, event.payload)


def _payment_received(event: Event) -> dict[str, Any]:
    payload = event.payload
    return {
        "type": "order.payment_received",
        "order_id": payload.get("order_id"),
        "payment_id": payload.get("payment_id"),
        "payment_method": payload.get("method"),
        "amount": payload.get("amount"),
        "updated_at": event.occurred_at,
    }


class TrackingConsumer(LogConsumer):
    """`/ws/orders/<access token>/`: the customer's order. The address is the key, so nothing has to be sent first."""

    auth_in_url: ClassVar[bool] = True
    order_id: UUID

    def admit(self, token: str) -> Visitor:
        """Whoever holds the token of an order."""
        given: str = self.scope["url_route"]["kwargs"]["token"]
        found = orders.store_of_token(given) if given.isprintable() else None
        if found is None:
            raise Turned(BAD_TOKEN)
        store_id, self.order_id = found
        return Visitor(store_id=store_id, who=f"order {self.order_id}")

    def greeting(self) -> dict[str, Any]:
        """The order as the tracking page shows it."""
        return {"order": orders.order_by_token(self.scope["url_route"]["kwargs"]["token"])}

    def concerning(self) -> Q:
        """This order."""
        return Q(subject_type="order", subject_id=str(self.order_id))

    def frame(self, event: Event) -> dict[str, Any] | None:
        """Moves and payments of this order."""
        if event.subject_type != "order" or event.subject_id != str(self.order_id):
            return None
        payload = event.payload
        return {
            "type": "status_update",
            **{name: payload.get(name) for name in ("order_id", "status", "payment_status", "updated_at")},
        }
