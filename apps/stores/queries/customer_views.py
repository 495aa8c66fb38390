"""Customers with what their orders say about them, as staff and the dashboard (clients/dashboard.md 2.10) read them."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext

from apps.core.clock import now
from apps.customers.models import Address, Customer, Identity, IdentityKind, Note
from apps.customers.queries import accounts, people
from apps.stores.models import Order, OrderStatus
from apps.users.models import User

COUNTED = ~Q(orders__status__in=[OrderStatus.CANCELLED, OrderStatus.DRAFT])
# How long ago the last order may be: a regular, one who may be lost, one who is.
ACTIVE, AT_RISK = timedelta(days=30), timedelta(days=90)
ADDRESS = (
    "label", "street", "number", "complement", "neighborhood", "neighborhood_slug", "city", "state", "zip_code", "country",
    "reference", "lat", "lng", "is_default",
)  # fmt: skip


def of_outlets(rows: QuerySet[Customer], outlets: frozenset[UUID]) -> QuerySet[Customer]:
    """Those who ordered at one of these outlets, or nowhere yet; all of them when no outlets are named."""
    if not outlets:
        return rows
    orders = Order.objects.filter(customer=OuterRef("pk"))
    return rows.filter(Exists(orders.filter(outlet_id__in=outlets)) | ~Exists(orders))


def with_parts(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    """Customers with identities, addresses, notes, company and points: a fixed number of queries however many there are."""
    return rows.select_related("company", "points").prefetch_related(
        Prefetch("identities", Identity.objects.order_by("created_at", "id")),
        Prefetch("addresses", Address.objects.order_by("-is_default", "-updated_at")),
        Prefetch("notes", Note.objects.order_by("-created_at", "-id")),
    )


def with_totals(rows: QuerySet[Customer]) -> QuerySet[Any]:
    """Rows that can be ordered by `total_orders`, `total_spent` and `last_order_at`."""
    return rows.annotate(
        order_count=Count("orders", filter=COUNTED),
        total_spent=Sum("orders__total", filter=COUNTED, default=Decimal(0)),
        last_order_at=Max("orders__placed_at", filter=COUNTED),
    )


def views(rows: Iterable[Customer]) -> list[dict[str, Any]]:
    """Rows of `with_parts` as clients read them."""
    page = list(rows)
    totals: QuerySet[Any] = with_totals(Customer.objects.filter(pk__in=[row.pk for row in page]))
    numbers = {row.pk: row for row in totals}
    return [_view(row, numbers[row.pk]) for row in page]


def one(customer_id: UUID) -> dict[str, Any] | None:
    """One customer of the store in scope, also one that was merged or erased; None if there is none."""
    found = views(with_parts(Customer.objects.filter(pk=customer_id)))
    return found[0] if found else None


def _view(row: Customer, numbers: Any) -> dict[str, Any]:
    identities = list(row.identities.all())
    first = {kind: next((item.value for item in identities if item.kind == kind), "") for kind in IdentityKind.values}
    addresses = [address_view(item) for item in row.addresses.all()]
    notes = list(row.notes.all())
    company, points = getattr(row, "company", None), getattr(row, "points", None)
    return {
        "id": str(row.pk), "name": row.name, "language": row.language, "tags": row.tags,
        "phone": first[IdentityKind.PHONE], "email": first[IdentityKind.EMAIL], "whatsapp": first[IdentityKind.WHATSAPP],
        "instagram": first[IdentityKind.INSTAGRAM], "cpf": f"•••{row.cpf.reveal()[-4:]}" if row.cpf else "",
        "user_name": row.name, "user_email": first[IdentityKind.EMAIL], "phone_number": first[IdentityKind.PHONE],
        "identities": [identity_view(item) for item in identities if item.kind != IdentityKind.CPF],
        "addresses": addresses, "address_list": addresses, "notes": notes[0].text if notes else "", "notes_count": len(notes),
        "company": company_view(company) if company else None,
        "points": points.balance if points else 0, "stamps": points.stamps if points else 0,
        "orders_before": row.orders_before, **_orders(row, numbers), **_standing(row),
    }  # fmt: skip


def _orders(row: Customer, numbers: Any) -> dict[str, Any]:
    total, last = numbers.order_count, numbers.last_order_at
    return {
        "total_orders": total, "total_spent": numbers.total_spent, "last_order_at": last,
        "pedidos_reais": total, "gasto_real": numbers.total_spent,
        "dias_sem_comprar": (now() - last).days if last else None,
        "perfil": "novo" if total + row.orders_before <= 1 else "ocasional" if total + row.orders_before < 10 else "vip",
    }  # fmt: skip


def _standing(row: Customer) -> dict[str, Any]:
    return {
        "is_active": not row.is_blocked and row.merged_into_id is None and row.erased_at is None,
        "is_blocked": row.is_blocked, "blocked_until": row.blocked_until if row.is_blocked else None,
        "block_reason": row.block_reason if row.is_blocked else "",
        "block_policy": row.block_policy if row.is_blocked else "",
        "merged_into": str(row.merged_into_id) if row.merged_into_id else None, "erased_at": row.erased_at,
        "created_at": row.created_at, "updated_at": row.updated_at,
    }  # fmt: skip


def identity_view(row: Identity) -> dict[str, Any]:
    """One way to recognise a customer."""
    return {"id": str(row.pk), "kind": row.kind, "value": row.value, "verified_at": row.verified_at}


def address_view(row: Address) -> dict[str, Any]:
    """An address in the clients' words."""
    return {"id": str(row.pk), **{name: getattr(row, name) for name in ADDRESS}}


def company_view(row: Any) -> dict[str, Any]:
    """A company."""
    names = ("name", "cnpj", "vat_number", "state_registration", "payment_terms_days")
    return {name: getattr(row, name) for name in names}


def note_view(row: Note) -> dict[str, Any]:
    """A note with who wrote it."""
    return {"id": str(row.pk), "text": row.text, "author": row.author_label, "created_at": row.created_at}


def orders_of_login(user: User) -> QuerySet[Order]:
    """The orders somebody placed while logged in, and all of the customer they proved to be."""
    return Order.objects.filter(Q(user=user) | Q(customer__in=accounts.customers_of(user)))


def stats() -> dict[str, Any]:
    """How many customers there are, who has ordered, and how recently."""
    rows = with_totals(people.people())
    moment = now()
    regular, risk = Q(last_order_at__gte=moment - ACTIVE), Q(last_order_at__gte=moment - AT_RISK)
    found = rows.aggregate(
        total=Count("pk"), with_orders=Count("pk", filter=Q(order_count__gt=0)),
        revenue=Sum("total_spent", default=Decimal(0)), ativos=Count("pk", filter=regular),
        em_risco=Count("pk", filter=risk & ~regular), sem_compra=Count("pk", filter=Q(last_order_at=None)),
    )  # fmt: skip
    rest = found["total"] - found["ativos"] - found["em_risco"] - found["sem_compra"]
    blocked = people.people().filter(blocked_at__isnull=False)
    return {
        "total": found["total"], "active": found["total"] - blocked.filter(Q(blocked_until=None) | Q(blocked_until__gt=moment)).count(),
        "with_orders": found["with_orders"], "total_revenue": found["revenue"],
        "segmentos": {
            "ativos": found["ativos"], "em_risco": found["em_risco"], "inativos": rest, "sem_compra": found["sem_compra"],
            "reguas": {
                "ativos": gettext("ordered in the last 30 days"), "em_risco": gettext("last order 30 to 90 days ago"),
                "inativos": gettext("last order more than 90 days ago"), "sem_compra": gettext("never ordered"),
            },
        },
    }  # fmt: skip
