"""Who is buying: known or new, proved or only claimed, blocked or welcome – and the points they spend.

A typed phone number finds its customer, because that is how shops keep one history; it proves nothing, so points are spent
only by who logged in with a code as that customer, or at a till of the store.
"""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor, ActorKind
from apps.core.problems import Refused
from apps.customers.models import BlockPolicy, Customer
from apps.customers.queries import loyalty
from apps.customers.services import accounts, learning, points
from apps.customers.services.recognising import Meeting, meet, welcome
from apps.payments.services import ON_HANDOVER
from apps.stores.models import Order, OrderStatus
from apps.stores.pricing.context import CustomerFacts
from apps.stores.pricing.points import PointsReason
from apps.stores.pricing.totals import PricedCart
from apps.stores.queries.bundle import Bundle
from apps.stores.services.carts import CartOwner
from apps.stores.services.placing_rules import Wish
from apps.users.models import User

# An order that was called off, or never placed, is nobody's first order.
NEVER_WERE = (OrderStatus.CANCELLED, OrderStatus.DRAFT)
TILLS = frozenset({ActorKind.STAFF, ActorKind.DEVICE})
POINTS_TEXTS = {
    PointsReason.NO_LOYALTY: ("points_unavailable", _("This store has no loyalty points.")),
    PointsReason.NO_CUSTOMER: ("points_unproven", _("Log in with a code to use your points.")),
    PointsReason.BELOW_MINIMUM: ("points_below_minimum", _("These are too few points to use.")),
    PointsReason.NOT_ENOUGH: ("points_not_enough", _("There are not that many points.")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """`customer` is None for somebody new or unknown; `is_proven` lets them spend points; `facts` is what pricing knows."""

    customer: Customer | None
    met: Meeting
    is_proven: bool
    facts: CustomerFacts | None


def buyer_of(*, wish: Wish, phone: str, owner: CartOwner, menu: Bundle, actor: Actor) -> Buyer:
    """Who places the order. Raises 422 `customer_blocked` for one the store takes no orders of, `points_unproven`."""
    logged_in = _logged_in(owner, actor)
    met = meet(phone=phone, email=wish.customer_email)
    for person in (logged_in, met.customer):
        if person is not None and person.is_blocked:
            _check_block(person, wish)
    customer = logged_in or met.customer
    is_proven = logged_in is not None or (met.customer is not None and actor.kind in TILLS)
    if wish.redeem_points and not is_proven:
        code, text = POINTS_TEXTS[PointsReason.NO_CUSTOMER]
        raise Refused(code, text)
    facts = _facts(customer, wish, menu) if customer is not None or met.keys else None
    return Buyer(customer=customer, met=met, is_proven=is_proven, facts=facts)


def _check_block(person: Customer, wish: Wish) -> None:
    """422 `customer_blocked`, or `customer_must_prepay` where the block lets orders through that are paid in advance."""
    if person.block_policy != BlockPolicy.PREPAY:
        raise Refused("customer_blocked", _("The store takes no orders from you. Please talk to the store."))
    if wish.payment_method in ON_HANDOVER:
        raise Refused("customer_must_prepay", _("Please pay this order in advance."))


def _logged_in(owner: CartOwner, actor: Actor) -> Customer | None:
    """The customer a login stands for. Staff at work order for others, never for themselves."""
    if owner.user_id is None or actor.kind != ActorKind.CUSTOMER:
        return None
    user = User.objects.filter(pk=owner.user_id).first()
    return accounts.customer_of(user=user, actor=actor) if user else None


def _facts(customer: Customer | None, wish: Wish, menu: Bundle) -> CustomerFacts:
    """A new person has no earlier order and no points. Only what the store's offers ask for is looked up."""
    if customer is None:
        return CustomerFacts(id="new")
    earlier = customer.orders_before
    if not earlier and any(row.first_order for row in menu.pricing.promotions):
        earlier = Order.objects.filter(customer=customer).exclude(status__in=NEVER_WERE).count()
    balance = loyalty.available(customer.pk) if wish.redeem_points else 0
    return CustomerFacts(id=str(customer.pk), orders_before=earlier, points=balance)


def check_points(wish: Wish, priced: PricedCart) -> None:
    """Points that were asked for and cannot be used are refused by name. 422 `points_…`."""
    if wish.redeem_points and priced.points_reason in POINTS_TEXTS:
        code, text = POINTS_TEXTS[priced.points_reason]
        raise Refused(code, text)


def settle(buyer: Buyer, *, wish: Wish, phone: str, actor: Actor) -> Customer | None:
    """The customer of the order: the one who is logged in, else whoever the phone or e-mail says; None for nobody."""
    if buyer.customer is not None and buyer.customer is not buyer.met.customer:
        pk = buyer.customer.pk
        return learning.keep(customer_id=pk, name=wish.customer_name, phone=phone, email=wish.customer_email)
    return welcome(buyer.met, name=wish.customer_name, actor=actor) if buyer.met.keys else None


def spend_points(*, order_id: UUID, customer: Customer | None, priced: PricedCart, actor: Actor) -> None:
    """Take the points the price counted on. Raises 409 `points_not_enough` when another order was quicker."""
    if customer is not None and priced.points_redeemed:
        points.spend(customer_id=customer.pk, order_id=order_id, points=priced.points_redeemed, actor=actor)
