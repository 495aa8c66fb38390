"""Which customer of a store a logged-in person is. Only what was proved by a code counts: a typed number proves nothing."""

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.scope import current_store_id
from apps.customers.models import Account, Customer, Identity, IdentityKind
from apps.customers.queries import accounts as queries
from apps.customers.services.recognising import recognise
from apps.events.services import unit_of_work
from apps.users.models import User


def customer_of(*, user: User, actor: Actor) -> Customer | None:
    """The customer this person is here, made on the first visit with a proved number or address; None without one."""
    found = queries.customer_of(user)
    if found is not None:
        return found
    proved = queries.proved(user)
    if not proved:
        return None
    with unit_of_work():
        customer = recognise(
            name=user.get_full_name(), phone=proved.get(IdentityKind.PHONE, ""), email=proved.get(IdentityKind.EMAIL, ""),
            language=user.language, actor=actor,
        )  # fmt: skip
        row = Account(store_id=current_store_id(), user=user, customer=customer)
        Account.objects.bulk_create([row], ignore_conflicts=True)
        for kind, value in proved.items():
            mine = Identity.objects.filter(customer=customer, kind=kind, value=value, verified_at=None)
            mine.update(verified_at=now())
        return queries.customer_of(user)
