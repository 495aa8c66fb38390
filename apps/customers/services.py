"""Writers of the customers room: recognise somebody, or make their acquaintance."""

from uuid import UUID

from django.db import connection

from apps.core.actors import Actor
from apps.core.ids import uuid7
from apps.core.scope import current_store_id
from apps.customers import facts
from apps.customers.models import Customer, IdentityKind
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work

# The unique constraint decides whose identity it is; the no-op update makes the statement return the winner, also
# when two first orders of one person race. The foreign key is checked at commit, so the customer may follow.
CLAIM = """
INSERT INTO customer_identities (id, store_id, customer_id, kind, value, created_at)
VALUES (%s, %s, %s, %s, %s, now())
ON CONFLICT (store_id, kind, value) DO UPDATE SET value = EXCLUDED.value RETURNING customer_id
"""
CLAIM_IF_FREE = """
INSERT INTO customer_identities (id, store_id, customer_id, kind, value, created_at)
VALUES (%s, %s, %s, %s, %s, now()) ON CONFLICT (store_id, kind, value) DO NOTHING
"""


def recognise(*, name: str, phone: str = "", email: str = "", language: str = "", actor: Actor) -> Customer:
    """The store's customer with this phone (E.164), or with this e-mail if no phone is given; a new one if unknown.

    A phone outranks an e-mail: a typed e-mail proves nothing, so it never leads to somebody else's history.
    """
    keys = [
        (kind, value) for kind, value in ((IdentityKind.PHONE, phone), (IdentityKind.EMAIL, email.lower())) if value
    ]
    if not keys:
        raise ValueError("nothing to recognise a customer by")
    with unit_of_work():
        fresh = Customer(id=uuid7(), store_id=current_store_id(), name=name.strip()[:120], language=language)
        owner = _claim(CLAIM, fresh.pk, *keys[0]) or fresh.pk
        for kind, value in keys[1:]:
            _claim(CLAIM_IF_FREE, owner, kind, value)
        if owner != fresh.pk:
            return Customer.objects.get(pk=owner)
        fresh.save(force_insert=True)
        payload = {"customer_id": str(fresh.pk), "name": fresh.name}
        record(facts.CUSTOMER_CREATED, subject=Subject(type="customer", id=fresh.pk), payload=payload, actor=actor)
        return fresh


def _claim(statement: str, customer_id: UUID, kind: str, value: str) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [uuid7(), current_store_id(), customer_id, str(kind), value])
        return cursor.fetchone()[0] if cursor.description else None
