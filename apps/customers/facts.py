"""Facts about customers."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class CustomerFact(TypedDict, total=False):
    """About a customer; the name is shredded on erasure."""

    customer_id: str
    name: str


CUSTOMER_CREATED = define(
    Fact(name="customer.created", title=_("New customer"), payload=CustomerFact, personal=("name",))
)
