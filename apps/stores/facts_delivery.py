"""Facts about bringing orders to people."""

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from apps.events.registry import Fact, define


class CourierFact(TypedDict, total=False):
    """Whose hands an order is in, and how it left them. The code itself is in no fact."""

    order_id: str
    order_number: str
    courier_id: str | None
    courier_name: str
    proof: str
    guesses: int


PERSONAL = ("courier_name",)
COURIER_ASSIGNED = define(
    Fact(name="delivery.assigned", title=_("Courier assigned"), payload=CourierFact, personal=PERSONAL)
)
COURIER_RELEASED = define(
    Fact(name="delivery.released", title=_("Courier taken off"), payload=CourierFact, personal=PERSONAL)
)
CODE_REFUSED = define(
    Fact(name="delivery.code_refused", title=_("Wrong delivery code"), payload=CourierFact, personal=PERSONAL)
)
DELIVERY_PROVED = define(
    Fact(name="delivery.proved", title=_("Delivery proved"), payload=CourierFact, personal=PERSONAL)
)
