"""The moves of a payment (`domain.md`, Payment): forward only."""

from apps.events.states import Machine
from apps.payments import facts
from apps.payments.models import PaymentState as S

MACHINE = Machine(
    subject="payment",
    field="state",
    moves={
        S.CREATED: frozenset({S.PENDING, S.AUTHORIZED, S.PAID, S.FAILED, S.EXPIRED, S.CANCELLED}),
        S.PENDING: frozenset({S.AUTHORIZED, S.PAID, S.FAILED, S.EXPIRED, S.CANCELLED}),
        S.DUE: frozenset({S.COLLECTED, S.CANCELLED}),
        S.AUTHORIZED: frozenset({S.PAID, S.FAILED, S.CANCELLED}),
        S.PAID: frozenset({S.PARTIALLY_REFUNDED, S.REFUNDED, S.CHARGED_BACK}),
        S.COLLECTED: frozenset({S.PARTIALLY_REFUNDED, S.REFUNDED}),
        S.PARTIALLY_REFUNDED: frozenset({S.REFUNDED, S.CHARGED_BACK}),
        S.FAILED: frozenset(),
        # Money that arrives after expiry or cancel is real money: it is recorded, and the order's policy decides.
        S.EXPIRED: frozenset({S.PAID}),
        S.CANCELLED: frozenset({S.PAID}),
        S.REFUNDED: frozenset(),
        S.CHARGED_BACK: frozenset(),
    },
    facts={
        S.PAID: facts.PAYMENT_CONFIRMED,
        S.COLLECTED: facts.PAYMENT_CONFIRMED,
        S.FAILED: facts.PAYMENT_FAILED,
        S.EXPIRED: facts.PAYMENT_EXPIRED,
        S.CANCELLED: facts.PAYMENT_CANCELLED,
        S.PARTIALLY_REFUNDED: facts.PAYMENT_REFUNDED,
        S.REFUNDED: facts.PAYMENT_REFUNDED,
        S.CHARGED_BACK: facts.PAYMENT_CHARGED_BACK,
    },
    stamps={S.PAID: "paid_at", S.COLLECTED: "collected_at"},
)

# States in which the money is ours.
RECEIVED = frozenset({S.PAID, S.COLLECTED, S.PARTIALLY_REFUNDED})
OPEN = frozenset({S.CREATED, S.PENDING, S.DUE, S.AUTHORIZED})
# Given up waiting for; money may come all the same.
ENDED = frozenset({S.EXPIRED, S.CANCELLED})
