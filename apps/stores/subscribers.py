"""Reactions of the commerce core to facts."""

from uuid import UUID

from apps.customers import facts as customer_facts
from apps.events.registry import Happening, subscribe
from apps.payments import facts as payment_facts
from apps.stores import facts
from apps.stores.queries import access, bundle
from apps.stores.services import order_people, orders


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


@subscribe(facts.ORDER_COMPLETED, inline=True)
def reward(happening: Happening) -> None:
    """Points and stamps come with the completion: who asks a moment later finds them."""
    order_people.reward(order_id=UUID(str(happening.subject.id)), actor=happening.actor)


@subscribe(facts.ORDER_CANCELLED, inline=True)
def give_points_back(happening: Happening) -> None:
    """What was redeemed for an order that came to nothing is there again."""
    order_people.give_points_back(order_id=UUID(str(happening.subject.id)), actor=happening.actor)


@subscribe(
    payment_facts.PAYMENT_REFUNDED, payment_facts.PAYMENT_CHARGED_BACK, inline=True, name="stores.points_follow_money"
)
def points_follow_money(happening: Happening) -> None:
    """Points were given for money: they go where it goes. Runs after the order's payment status was derived."""
    order_people.points_follow_money(payment_id=UUID(str(happening.subject.id)), actor=happening.actor)


@subscribe(customer_facts.CUSTOMER_MERGED, customer_facts.CUSTOMER_UNMERGED, inline=True)
def orders_follow_merge(happening: Happening) -> None:
    """Orders belong to the one customer two records became, and back."""
    order_people.follow_merge(merge_id=UUID(str(happening.payload["merge_id"])))


@subscribe(customer_facts.CUSTOMER_ERASED, inline=True)
def forget_person(happening: Happening) -> None:
    """An erased customer is in no order any more."""
    order_people.forget_person(customer_id=UUID(str(happening.subject.id)))
