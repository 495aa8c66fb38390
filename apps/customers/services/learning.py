"""Keep what a known customer told while ordering, as long as it is nobody else's."""

from uuid import UUID

from apps.customers.models import Customer, IdentityKind
from apps.customers.services import recognising
from apps.events.services import unit_of_work


def keep(*, customer_id: UUID, name: str, phone: str, email: str) -> Customer:
    """The customer, held against merges as `recognise` does. A phone or e-mail is learnt if they have none and it is free."""
    with unit_of_work():
        customer = recognising.hold(customer_id)
        told = {IdentityKind.PHONE: phone, IdentityKind.EMAIL: email.lower()}
        have = set(customer.identities.values_list("kind", flat=True))
        free = [(str(kind), value) for kind, value in told.items() if value and kind not in have]
        return recognising.complete(customer, free, name)
