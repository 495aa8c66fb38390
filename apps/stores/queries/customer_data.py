"""Everything that is kept of a customer, for who has a right to it; and how consent stands."""

from typing import Any
from uuid import UUID

from apps.customers.models import Consent, Customer
from apps.customers.queries import loyalty, people
from apps.stores.models import Order
from apps.stores.queries import customer_views, order_lists


def consents(customer_id: UUID) -> dict[str, Any]:
    """How it stands now (`results`), and every word ever said with its proof (`history`, newest first)."""
    rows = Consent.objects.filter(customer_id=customer_id).order_by("-at", "-id")
    history = [
        {
            "id": str(row.pk), "purpose": row.purpose, "channel": row.channel, "granted": row.granted, "at": row.at,
            "text_version": row.text_version, "text": row.text, "source": row.source, "proof": row.proof, "by": row.actor_kind,
        }
        for row in rows
    ]  # fmt: skip
    return {"results": people.consents_now(customer_id), "history": history}


def points_view(row: Any) -> dict[str, Any]:
    """A line of the points ledger."""
    return {
        "id": str(row.pk), "kind": row.kind, "points": row.points, "balance": row.balance,
        "order_number": row.order.code if row.order else None, "reason": row.reason, "at": row.at, "expires_at": row.expires_at,
    }  # fmt: skip


def export(customer: Customer, *, with_notes: bool) -> dict[str, Any]:
    """One document: who they are, what they agreed to, points, orders. Notes of the staff only for staff to judge."""
    found = customer_views.one(customer.pk) or {}
    orders = order_lists.as_rows(Order.objects.filter(customer=customer).order_by("-placed_at"))
    body: dict[str, Any] = {
        "customer": {**found, "cpf": customer.cpf.reveal() if customer.cpf else ""},
        "consents": consents(customer.pk),
        "points": {
            **loyalty.summary(customer.pk), "history": [points_view(row) for row in loyalty.history(customer.pk)],
        },
        "orders": order_lists.views(orders),
    }  # fmt: skip
    if with_notes:
        return body | {"notes": [customer_views.note_view(row) for row in customer.notes.order_by("created_at")]}
    for name in ("notes", "notes_count", "block_reason", "perfil", "tags"):
        body["customer"].pop(name, None)
    return body
