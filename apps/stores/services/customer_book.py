"""A customer as staff write it in one form: columns, identities, addresses, a note – each through its own service, in one unit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.actors import Actor
from apps.core.clock import now
from apps.customers.models import Address, Customer, Note
from apps.customers.queries import people
from apps.customers.services import details, profile
from apps.events.services import unit_of_work
from apps.stores.queries import access
from apps.users.models import User

Values = Mapping[str, Any]


def create(*, values: Values, country: str, actor: Actor) -> Customer:
    """A new customer with everything that was written. Raises 400, 409 `identity_taken`."""
    with unit_of_work():
        customer = profile.create(values=values, country=country, actor=actor)
        _parts(customer.pk, values, actor)
        return customer


def change(*, customer_id: UUID, values: Values, country: str, actor: Actor) -> Customer:
    """Change what is named; `address_list` is the whole list. Raises 400, 404, 409."""
    with unit_of_work():
        customer = profile.change(customer_id=customer_id, values=values, country=country, actor=actor)
        _parts(customer.pk, values, actor)
        return customer


def _parts(customer_id: UUID, values: Values, actor: Actor) -> None:
    if "address_list" in values:
        _addresses(customer_id, values["address_list"], actor)
    text = str(values.get("notes") or "").strip()
    newest = Note.objects.filter(customer_id=customer_id).order_by("-created_at", "-id").first()
    if text and text != (newest.text if newest else ""):
        details.add_note(customer_id=customer_id, text=text, actor=actor)


def _addresses(customer_id: UUID, rows: list[dict[str, Any]], actor: Actor) -> None:
    known = set(Address.objects.filter(customer_id=customer_id).values_list("pk", flat=True))
    kept = {row["id"] for row in rows if row.get("id") in known}
    for pk in known - kept:
        details.remove_address(customer_id=customer_id, address_id=pk, actor=actor)
    for row in rows:
        if row.get("id") in kept:
            details.change_address(customer_id=customer_id, address_id=row["id"], values=row, actor=actor)
        else:
            details.add_address(customer_id=customer_id, values=row, actor=actor)


def filtered(rows: QuerySet[Customer], params: Mapping[str, str], country: str) -> QuerySet[Customer]:
    """The list's filters; an empty value is no filter."""
    found = {name: str(params.get(name) or "").replace("\x00", "\ufffd").strip()[:160] for name in
             ("search", "tag", "blocked", "company", "has_orders")}  # fmt: skip
    if found["search"]:
        rows = people.search(rows, found["search"], country)
    if found["tag"]:
        rows = rows.filter(tags__contains=[found["tag"]])
    standing = Q(blocked_at__isnull=False) & (Q(blocked_until=None) | Q(blocked_until__gt=now()))
    conditions = {"blocked": standing, "company": Q(company__isnull=False), "has_orders": Q(orders__isnull=False)}
    for name, condition in conditions.items():
        if found[name]:
            matching = Customer.objects.filter(condition).values("pk")
            is_wanted = found[name].lower() in {"1", "true", "yes"}
            rows = rows.filter(pk__in=matching) if is_wanted else rows.exclude(pk__in=matching)
    return rows


def first_store(user: Any) -> str:
    """The slug of the first store somebody works in; "" for nobody."""
    store = access.stores_of(user).first() if isinstance(user, User) else None
    return store.slug if store else ""


def store_of_customer(user: Any, customer_id: UUID) -> str:
    """The slug of the store, among those somebody works in, that has this customer."""
    return access.store_with_customer(user, customer_id) if isinstance(user, User) else ""
