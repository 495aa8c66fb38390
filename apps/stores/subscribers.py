"""Reactions of the commerce core to facts."""

from uuid import UUID

from apps.events.registry import Happening, subscribe
from apps.payments import facts as payment_facts
from apps.stores import facts
from apps.stores.queries import access, bundle
from apps.stores.services import orders


@subscribe(
    payment_facts.PAYMENT_CONFIRMED,
    payment_facts.PAYMENT_REFUNDED,
    payment_facts.PAYMENT_CHARGED_BACK,
    payment_facts.PAYMENT_FAILED,
    inline=True,
)
def payment_changed(happening: Happening) -> None:
    """An order's payment status follows its payments in the same transaction: it is never out of step."""
    orders.payment_changed(payment_id=UUID(str(happening.subject.id)), actor=happening.actor)


@subscribe(facts.CATALOG_PUBLISHED)
def warm_catalog(happening: Happening) -> None:
    """Build the new version's bundle before the next customer asks for it."""
    ref = access.find_store(str(happening.store_id))
    bundle.bundle(happening.store_id, max(ref.catalog_version, int(happening.payload["version"])))
