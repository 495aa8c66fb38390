"""The moves of an order (`domain.md`, Order). Nothing else is legal. Which need a certain service is in `SERVICES`."""

from apps.events.states import Machine
from apps.stores import facts
from apps.stores.models.order import OrderStatus as S
from apps.stores.models.store import Service

MACHINE = Machine(
    subject="order",
    moves={
        S.DRAFT: frozenset({S.PENDING, S.CANCELLED}),
        S.PENDING: frozenset({S.CONFIRMED, S.CANCELLED}),
        S.CONFIRMED: frozenset({S.PREPARING, S.SHIPPED, S.COMPLETED, S.CANCELLED}),
        S.PREPARING: frozenset({S.READY, S.SHIPPED, S.CANCELLED}),
        S.READY: frozenset({S.OUT_FOR_DELIVERY, S.SERVED, S.SHIPPED, S.COMPLETED, S.CANCELLED}),
        S.OUT_FOR_DELIVERY: frozenset({S.DELIVERED}),
        S.SHIPPED: frozenset({S.DELIVERED}),
        S.SERVED: frozenset({S.COMPLETED}),
        S.DELIVERED: frozenset({S.COMPLETED}),
        S.COMPLETED: frozenset(),
        S.CANCELLED: frozenset(),
    },
    facts={
        S.CONFIRMED: facts.ORDER_CONFIRMED,
        S.PREPARING: facts.ORDER_PREPARING,
        S.READY: facts.ORDER_READY,
        S.OUT_FOR_DELIVERY: facts.ORDER_OUT_FOR_DELIVERY,
        S.SHIPPED: facts.ORDER_SHIPPED,
        S.SERVED: facts.ORDER_SERVED,
        S.DELIVERED: facts.ORDER_DELIVERED,
        S.COMPLETED: facts.ORDER_COMPLETED,
        S.CANCELLED: facts.ORDER_CANCELLED,
    },
    stamps={status: f"{status}_at" for status in S if status not in {S.DRAFT, S.PENDING}},
)

# (from, to) that only exist for some services. A move that is not listed here is for all of them.
SERVICES: dict[tuple[str, str], frozenset[str]] = {
    (S.CONFIRMED, S.COMPLETED): frozenset({Service.DIGITAL}),
    (S.CONFIRMED, S.SHIPPED): frozenset({Service.SHIPPING}),
    (S.PREPARING, S.SHIPPED): frozenset({Service.SHIPPING}),
    (S.READY, S.SHIPPED): frozenset({Service.SHIPPING}),
    (S.READY, S.OUT_FOR_DELIVERY): frozenset({Service.DELIVERY}),
    (S.READY, S.SERVED): frozenset({Service.DINE_IN}),
    (S.READY, S.COMPLETED): frozenset({Service.PICKUP, Service.DIGITAL}),
}

# Cancelling from here costs food: only who may do so, and with a reason.
STARTED = frozenset({S.PREPARING, S.READY})


def fits_service(old: str, new: str, service: str) -> bool:
    """Whether this move exists for orders of this service."""
    return service in SERVICES.get((old, new), frozenset({service}))


def next_steps(status: str, service: str) -> list[str]:
    """Where an order may go from here, in the order of a usual evening; cancelling is not a step."""
    return [to for to in S if to != S.CANCELLED and MACHINE.allows(status, to) and fits_service(status, to, service)]
