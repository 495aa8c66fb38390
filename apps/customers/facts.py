"""Facts about customers."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class CustomerFact(TypedDict, total=False):
    """About a customer; the name is shredded on erasure."""

    customer_id: str
    name: str
    changed: list[str]


class MergeFact(TypedDict, total=False):
    """`customer_id` was merged into `into` (or taken out of it again)."""

    customer_id: str
    into: str
    merge_id: str
    reason: str


class ConsentFact(TypedDict, total=False):
    """A "yes" or "no" for a purpose on a channel."""

    customer_id: str
    purpose: str
    channel: str
    granted: bool
    text_version: str
    source: str


class PointsFact(TypedDict, total=False):
    """Points came or went; `balance` was there afterwards."""

    customer_id: str
    order_id: str | None
    kind: str
    points: int
    balance: int


CUSTOMER_CREATED = define(
    Fact(name="customer.created", title=_("New customer"), payload=CustomerFact, personal=("name",))
)
CUSTOMER_UPDATED = define(
    Fact(name="customer.updated", title=_("Customer changed"), payload=CustomerFact, personal=("name",))
)
CUSTOMER_MERGED = define(Fact(name="customer.merged", title=_("Customers merged"), payload=MergeFact, personal=()))
CUSTOMER_UNMERGED = define(
    Fact(name="customer.unmerged", title=_("Customers taken apart"), payload=MergeFact, personal=())
)
CUSTOMER_ERASED = define(Fact(name="customer.erased", title=_("Customer erased"), payload=CustomerFact, personal=()))
CONSENT_CHANGED = define(Fact(name="consent.changed", title=_("Consent changed"), payload=ConsentFact, personal=()))
POINTS_CHANGED = define(Fact(name="points.changed", title=_("Points changed"), payload=PointsFact, personal=()))
