"""The facts a person should hear of. Told by the relay: a notification is never worth delaying an order for."""

from apps.events.registry import Happening, subscribe
from apps.notifications import services
from apps.notifications.models import Kind
from apps.payments import facts as payment_facts
from apps.stores import facts as store_facts

KINDS = {
    store_facts.ORDER_PLACED.name: Kind.ORDER,
    store_facts.ORDER_CANCELLED.name: Kind.ORDER,
    payment_facts.PAYMENT_CONFIRMED.name: Kind.PAYMENT,
    payment_facts.PAYMENT_LATE.name: Kind.PAYMENT,
    store_facts.PRODUCT_LOW_STOCK.name: Kind.STOCK,
}


@subscribe(
    store_facts.ORDER_PLACED,
    store_facts.ORDER_CANCELLED,
    store_facts.PRODUCT_LOW_STOCK,
    payment_facts.PAYMENT_CONFIRMED,
    payment_facts.PAYMENT_LATE,
)
def notify_staff(happening: Happening) -> None:
    """One notification per fact."""
    services.notify(happening=happening, kind=KINDS[happening.name])
