"""Forget a person: what the law gives a customer a right to, keeping what it obliges a shop to keep.

Orders stay with their amounts and without the person; the rooms above clear what is theirs when they hear of the fact, in
the same transaction. What was agreed to and when stays as proof, without addresses of machines.
"""

from dataclasses import replace
from uuid import UUID

from apps.core.actors import Actor, ActorKind
from apps.core.clock import now
from apps.customers import facts
from apps.customers.models import Account, Address, Company, Consent, Customer, Identity, Merge, Note, PointsAccount
from apps.customers.services import points
from apps.customers.services.recording import lock, tell
from apps.events import services as events
from apps.events.services import unit_of_work

REASON = "erased"


def erase(*, customer_id: UUID, actor: Actor) -> Customer:
    """Forget the customer and every record that was merged into it. Raises 404, 409 `customer_erased`, `customer_merged`."""
    if actor.kind == ActorKind.CUSTOMER:  # what happens from here on must not name again who is being forgotten
        actor = replace(actor, label="")
    with unit_of_work():
        Customer.objects.select_for_update(of=("self",)).filter(pk=customer_id).first()
        lock(customer_id)
        people = _with_merged(customer_id)
        logins = Account.objects.filter(customer_id__in=people).values_list("user_id", flat=True)
        events.forget_actor(actor_ids=[str(pk) for pk in logins])
        for model in (Identity, Address, Note, Company, Account):
            model.objects.filter(customer_id__in=people).delete()
        Consent.objects.filter(customer_id__in=people).update(proof={})
        Merge.objects.filter(source_id__in=people).update(reason="")
        account = PointsAccount.objects.filter(customer_id=customer_id, balance__gt=0).first()
        if account is not None:
            points.adjust(customer_id=customer_id, points=-account.balance, reason=REASON, actor=actor)
        Customer.objects.filter(pk__in=people).update(
            name="", folded="", cpf="", tags=[], language="", block_reason="", erased_at=now(), updated_at=now()
        )
        tell(facts.CUSTOMER_ERASED, customer_id, actor=actor)
        events.shred(subject_type="customer", subject_ids=[str(pk) for pk in people])
        return Customer.objects.get(pk=customer_id)


def _with_merged(customer_id: UUID) -> list[UUID]:
    found, step = [customer_id], [customer_id]
    while step:
        step = list(Customer.objects.filter(merged_into__in=step).values_list("pk", flat=True))
        found += step
    return found
