"""What every writer of the room does at the end: keep the search text right, and say what happened."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict, NotFound
from apps.customers import facts
from apps.customers.identities import folded
from apps.customers.models import Customer, Identity, IdentityKind
from apps.events.registry import Fact, Subject
from apps.events.services import record


def tell(fact: Fact, customer_id: UUID, *, actor: Actor, **payload: Any) -> None:
    """Record a fact about a customer."""
    subject = Subject(type="customer", id=customer_id)
    record(fact, subject=subject, payload={"customer_id": str(customer_id), **payload}, actor=actor)


def tell_changed(customer: Customer, changed: Iterable[str], *, actor: Actor) -> None:
    """Record `customer.updated`; nothing when nothing changed."""
    names = sorted(set(changed))
    if names:
        tell(facts.CUSTOMER_UPDATED, customer.pk, actor=actor, name=customer.name, changed=names)


def lock(customer_id: UUID) -> Customer:
    """The customer, locked against other changes of the same person. Orders of the customer do not wait for it.

    Raises 404, and 409 for one that was merged away or erased.
    """
    rows = Customer.objects.select_for_update(of=("self",), no_key=True)
    customer = rows.filter(pk=customer_id).first()
    if customer is None:
        raise NotFound("customer_not_found", _("There is no such customer."))
    if customer.merged_into_id is not None:
        raise Conflict("customer_merged", _("This customer was merged into another one."), into=customer.merged_into_id)
    if customer.erased_at is not None:
        raise Conflict("customer_erased", _("This customer was erased."))
    return customer


def refresh_search(customer: Customer) -> None:
    """Bring the search text in line with name and identities. The hash of a CPF is nothing to search by."""
    identities = Identity.objects.filter(customer=customer).exclude(kind=IdentityKind.CPF)
    values = identities.order_by("created_at", "id").values_list("value", flat=True)
    customer.folded = folded(customer.name, values)
    customer.updated_at = now()
    Customer.objects.filter(pk=customer.pk).update(folded=customer.folded, updated_at=customer.updated_at)
