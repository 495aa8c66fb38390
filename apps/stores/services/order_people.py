"""What orders do for customers, and what becomes of orders when customers change: points, stamps, merges, erasure."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.problems import Conflict
from apps.customers.models import Customer, Merge
from apps.customers.services import erasure, merging, points, stamps
from apps.events import services as events
from apps.events.services import unit_of_work
from apps.payments import queries as payment_queries
from apps.payments.models import Payment
from apps.stores.models import Order, OrderStatus, PriceListMember
from apps.stores.queries import loyalty_rules

OVER = (OrderStatus.COMPLETED, OrderStatus.CANCELLED)


def reward(*, order_id: UUID, actor: Actor) -> None:
    """A completed order brings the points it was placed with, and stamps, if the program still runs. Once."""
    order, program = Order.objects.get(pk=order_id), loyalty_rules.load()
    if order.customer_id is None or program is None:
        return
    earned = int(order.amounts.get("points_earned") or 0)
    points.earn(customer_id=order.customer_id, order_id=order.pk, points=earned, actor=actor)
    given = loyalty_rules.stamps_of(order, program)
    stamps.stamp(customer_id=order.customer_id, order_id=order.pk, stamps=given)


def give_points_back(*, order_id: UUID, actor: Actor) -> None:
    """Redeemed points of an order come back, once."""
    order = Order.objects.get(pk=order_id)
    if order.customer_id is not None and order.amounts.get("points_redeemed"):
        points.give_back(customer_id=order.customer_id, order_id=order.pk, actor=actor)


def points_follow_money(*, payment_id: UUID, actor: Actor) -> None:
    """Of what an order earned stays the share of the money that stays; refunded in full, it also gives back what it took."""
    order = Order.objects.get(pk=Payment.objects.values_list("order_id", flat=True).get(pk=payment_id))
    if order.customer_id is None:
        return
    earned = int(order.amounts.get("points_earned") or 0)
    kept = payment_queries.received(payment_queries.of_order(order.pk))
    if order.completed_at is not None:
        keep = int(earned * min(kept, order.total) / order.total) if order.total else earned
        points.take_back(customer_id=order.customer_id, order_id=order.pk, keep=keep, actor=actor)
    if not kept:
        stamps.unstamp(customer_id=order.customer_id, order_id=order.pk)
        if order.amounts.get("points_redeemed"):
            points.give_back(customer_id=order.customer_id, order_id=order.pk, actor=actor)


def merge_customers(*, source_id: UUID, target_id: UUID, reason: str, actor: Actor) -> Merge:
    """`merging.merge` with the locks in the order of everybody else: an order's row before its customer's."""
    with unit_of_work():
        _lock_orders(source_id)
        return merging.merge(source_id=source_id, target_id=target_id, reason=reason, actor=actor)


def unmerge_customers(*, merge_id: UUID, customer_id: UUID, actor: Actor) -> Merge:
    """`merging.unmerge`, with the same locks. A merge of somebody else is not found (404)."""
    with unit_of_work():
        row = Merge.objects.filter(pk=merge_id, target_id=customer_id).first()
        if row is not None:
            _lock_orders(row.target_id)
        return merging.unmerge(merge_id=row.pk if row else UUID(int=0), actor=actor)


def _lock_orders(customer_id: UUID) -> None:
    rows = Order.objects.select_for_update(of=("self",), no_key=True).filter(customer_id=customer_id).order_by("pk")
    list(rows.values_list("pk", flat=True))


def follow_merge(*, merge_id: UUID) -> None:
    """Orders go to the customer two records became; when that is undone, those that came along go back."""
    merge = Merge.objects.get(pk=merge_id)
    undone = Customer.objects.values_list("merged_into_id", flat=True).get(pk=merge.source_id) is None
    if undone:
        ids = merge.moved.get("orders", [])
        Order.objects.filter(pk__in=ids, customer_id=merge.target_id).update(customer_id=merge.source_id)
        lists = PriceListMember.objects.filter(pk__in=merge.moved.get("price_lists", []), customer_id=merge.target_id)
        lists.update(customer_id=merge.source_id)
        return
    rows = Order.objects.filter(customer_id=merge.source_id)
    moved = list(rows.values_list("pk", flat=True))
    rows.update(customer_id=merge.target_id)
    merging.note_moved(merge_id=merge.pk, kind="orders", ids=moved)
    if not PriceListMember.objects.filter(customer_id=merge.target_id).exists():
        lists = PriceListMember.objects.filter(customer_id=merge.source_id)
        merging.note_moved(merge_id=merge.pk, kind="price_lists", ids=list(lists.values_list("pk", flat=True)))
        lists.update(customer_id=merge.target_id)


def erase_customer(*, customer_id: UUID, actor: Actor) -> Customer:
    """Forget a person. Raises 409 `orders_open` while an order of theirs is under way, and what `erasure.erase` raises."""
    with unit_of_work():
        _lock_orders(customer_id)
        if Order.objects.filter(customer_id=customer_id).exclude(status__in=OVER).exists():
            raise Conflict("orders_open", _("An order of this customer is still under way."))
        return erasure.erase(customer_id=customer_id, actor=actor)


def forget_person(*, customer_id: UUID) -> None:
    """Orders keep what was sold and for how much; who bought it and where it went is gone, from the log as well."""
    people = [customer_id, *Customer.objects.filter(merged_into=customer_id).values_list("pk", flat=True)]
    PriceListMember.objects.filter(customer_id__in=people).delete()
    rows = Order.objects.filter(customer_id__in=people)
    ids = list(rows.values_list("pk", flat=True))
    rows.update(
        customer_name="", customer_phone="", customer_email="", customer_tax_id="", address={}, notes="", user=None
    )
    paid = Payment.objects.filter(order_id__in=ids).values_list("pk", flat=True)
    events.shred(subject_type="order", subject_ids=[str(pk) for pk in ids])
    events.shred(subject_type="payment", subject_ids=[str(pk) for pk in paid])
