"""Recognise somebody, or make their acquaintance.

A known customer is read and locked only against being merged away or erased (`FOR KEY SHARE`, which any number of orders
hold together): the parallel orders of one customer do not wait for each other. Only first orders race, and there the
unique constraint of the identity decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from apps.core.actors import Actor
from apps.core.ids import uuid7
from apps.core.scope import current_store_id
from apps.customers import facts
from apps.customers.identities import folded
from apps.customers.models import Customer, IdentityKind
from apps.customers.models.customer import MAX_NAME
from apps.customers.services.recording import refresh_search, tell
from apps.events.services import unit_of_work

Key = tuple[str, str]

FIND = """
SELECT found.kind, found.value, customers.id FROM customer_identities AS found
JOIN customers ON customers.id = found.customer_id
WHERE found.store_id = %s AND (found.kind, found.value) IN %s AND customers.merged_into_id IS NULL
FOR KEY SHARE OF customers
"""
# The no-op update makes the statement return the winner. The foreign key is checked at commit, so the customer may follow.
CLAIM = """
INSERT INTO customer_identities (id, store_id, customer_id, kind, value, created_at)
VALUES (%s, %s, %s, %s, %s, now())
ON CONFLICT (store_id, kind, value) DO UPDATE SET value = EXCLUDED.value RETURNING customer_id
"""
CLAIM_IF_FREE = """
INSERT INTO customer_identities (id, store_id, customer_id, kind, value, created_at)
VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT (store_id, kind, value) DO NOTHING RETURNING customer_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Somebody at the door: what they told, which of it is known, and the customer it leads to, if any."""

    keys: tuple[Key, ...]
    known: frozenset[Key]
    customer: Customer | None


def meet(*, phone: str = "", email: str = "", whatsapp: str = "", instagram: str = "") -> Meeting:
    """Who this is, kept from being merged away until the transaction ends. Writes nothing.

    The first of phone (E.164), WhatsApp, Instagram and e-mail that was given decides: a typed e-mail proves nothing, so it
    never leads to somebody else's history.
    """
    given = (
        (IdentityKind.PHONE, phone), (IdentityKind.WHATSAPP, whatsapp), (IdentityKind.INSTAGRAM, instagram),
        (IdentityKind.EMAIL, email.lower()),
    )  # fmt: skip
    keys = tuple((str(kind), value) for kind, value in given if value)
    with unit_of_work():
        known = _find(keys) if keys else {}
        owner = known.get(keys[0]) if keys else None
        customer = Customer.objects.get(pk=owner) if owner else None
    return Meeting(keys=keys, known=frozenset(known), customer=customer)


def welcome(met: Meeting, *, name: str, language: str = "", actor: Actor) -> Customer:
    """The customer of a meeting, made if they are new. What they told for the first time is kept if nobody else has it."""
    if not met.keys:
        raise ValueError("nothing to recognise a customer by")
    with unit_of_work():
        if met.customer is None:
            return _acquaint(met.keys, name, language, actor)
        return complete(met.customer, [key for key in met.keys if key not in met.known], name)


def recognise(
    *, name: str, phone: str = "", email: str = "", whatsapp: str = "", instagram: str = "", language: str = "",
    actor: Actor,
) -> Customer:  # fmt: skip
    """The store's customer with this phone, channel id or e-mail (see `meet`); a new one if unknown."""
    with unit_of_work():
        met = meet(phone=phone, email=email, whatsapp=whatsapp, instagram=instagram)
        return welcome(met, name=name, language=language, actor=actor)


def _find(keys: Sequence[Key]) -> dict[Key, UUID]:
    with connection.cursor() as cursor:
        values = ", ".join(["(%s, %s)"] * len(keys))
        parameters: list[Any] = [current_store_id(), *(part for key in keys for part in key)]
        cursor.execute(FIND.replace("IN %s", f"IN ({values})"), parameters)
        return {(kind, value): owner for kind, value, owner in cursor.fetchall()}


HOLD = "SELECT merged_into_id FROM customers WHERE store_id = %s AND id = %s FOR KEY SHARE"


def hold(customer_id: UUID) -> Customer:
    """The customer, or whom it was merged into a moment ago, kept from being merged until the transaction ends."""
    into: UUID | None = customer_id
    while into is not None:
        customer_id = into
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [current_store_id(), customer_id])
            row = cursor.fetchone()
        into = row[0] if row else None
    return Customer.objects.get(pk=customer_id)


def complete(customer: Customer, free: Sequence[Key], name: str) -> Customer:
    """Add what a known customer told for the first time."""
    claimed = [key for key in free if _claim(CLAIM_IF_FREE, customer.pk, key)]
    new_name = name.strip()[:MAX_NAME] if not customer.name else ""
    if new_name:
        customer.name = new_name
        Customer.objects.filter(pk=customer.pk, name="").update(name=new_name)
    if claimed or new_name:
        refresh_search(customer)
    return customer


def _acquaint(keys: Sequence[Key], name: str, language: str, actor: Actor) -> Customer:
    fresh = Customer(id=uuid7(), store_id=current_store_id(), name=name.strip()[:MAX_NAME], language=language)
    owner = _claim(CLAIM, fresh.pk, keys[0])
    if owner is not None and owner != fresh.pk:  # another first order of the same person was quicker
        return complete(Customer.objects.get(pk=owner), keys[1:], name)
    mine = [keys[0], *(key for key in keys[1:] if _claim(CLAIM_IF_FREE, fresh.pk, key))]
    fresh.folded = folded(fresh.name, [value for _kind, value in mine])
    fresh.save(force_insert=True)
    tell(facts.CUSTOMER_CREATED, fresh.pk, actor=actor, name=fresh.name)
    return fresh


def _claim(statement: str, customer_id: UUID, key: Key) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [uuid7(), current_store_id(), customer_id, *key])
        row = cursor.fetchone()
        return row[0] if row else None
