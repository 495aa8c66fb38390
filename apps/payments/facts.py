"""Facts about money."""

from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class PaymentFact(TypedDict, total=False):
    """What every payment fact carries; a confirmed one also where, so that staff of other outlets are not told."""

    payment_id: str
    order_id: str
    outlet_id: str
    method: str
    provider: str
    amount: float
    currency: str
    state: str
    reason: str


def _payment(name: str, title: str | Promise) -> Fact:
    return define(Fact(name=f"payment.{name}", title=title, payload=PaymentFact, personal=()))


PAYMENT_CREATED = _payment("created", _("Payment asked for"))
PAYMENT_CONFIRMED = _payment("confirmed", _("Payment confirmed"))
# Beside `confirmed`, so that a person decides what becomes of it: the order had expired or was cancelled.
PAYMENT_LATE = _payment("received_late", _("Money came after the order had ended"))
PAYMENT_FAILED = _payment("failed", _("Payment failed"))
PAYMENT_EXPIRED = _payment("expired", _("Payment expired"))
PAYMENT_CANCELLED = _payment("cancelled", _("Payment cancelled"))
PAYMENT_REFUNDED = _payment("refunded", _("Payment refunded"))
PAYMENT_CHARGED_BACK = _payment("charged_back", _("Payment charged back"))
