"""Uses of promotions: counted while an order is placed, in its transaction, and given back once when it is cancelled.

Everything was judged before, from what was true a moment ago. Here it is made true: the limit over all by a conditional
update, a single-use code by another, and what one customer may have under a lock on that customer – whoever comes
second finds the first one's order. Always in the same sequence (customer, promotions by id, code) and before any stock.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.problems import Conflict, Problem
from apps.customers.models import Customer
from apps.stores.models import CouponCode, Order, Promotion, PromotionUse
from apps.stores.offer_texts import refusal
from apps.stores.pricing import rules
from apps.stores.pricing.outcome import AppliedPromotion, PromotionReason, PromotionTrace
from apps.stores.pricing.totals import PricedCart
from apps.stores.queries.buying import Buying, orders_before, uses_of

# The guard of the limit over all. (A test takes it away to see that it is what holds.)
ROOM_LEFT = Q(total_limit__isnull=True) | Q(used__lt=F("total_limit") - F("used_before"))


def check_coupon(priced: PricedCart) -> None:
    """A code that was entered and does nothing is refused by name: 422 `coupon_<reason>`."""
    if priced.coupon is not None and priced.coupon.reason is not PromotionReason.APPLIED:
        raise refusal(priced.coupon)


def take(*, order: Order, priced: PricedCart, buying: Buying) -> list[PromotionUse]:
    """Count the promotions of an order that is about to be placed. Returns the rows to insert with it.

    Raises 422 `coupon_<reason>` when the coupon went to somebody else meanwhile, and 409 `promotion_exhausted` for an
    automatic promotion: what the customer saw no longer holds, and the next look at the cart says what does.
    """
    if not priced.discounts:
        return []
    known = {row.id: row for row in buying.menu.pricing.promotions}
    applied = sorted(priced.discounts, key=lambda row: row.promotion_id)
    _hold_customer(order, [known[row.promotion_id] for row in applied])
    for row in applied:
        _count(known[row.promotion_id])
        if row.code and buying.code_id is not None:
            _spend(buying.code_id, order, known[row.promotion_id])
    return [_use(order, row) for row in applied]


def _hold_customer(order: Order, applied: Sequence[rules.Promotion]) -> None:
    """First orders and limits per customer, with the customer locked until the commit."""
    personal = [row for row in applied if row.first_order or row.per_customer_limit is not None]
    if not personal:
        return
    if order.customer_id is None:
        raise _lost(personal[0], PromotionReason.CUSTOMER_REQUIRED)
    Customer.objects.select_for_update(no_key=True).filter(pk=order.customer_id).values_list("pk").first()
    first = next((row for row in personal if row.first_order), None)
    if first is not None and orders_before(order.customer_id):
        raise _lost(first, PromotionReason.NOT_FIRST_ORDER)
    limited = {row.id: row for row in personal if row.per_customer_limit is not None}
    uses = uses_of(order.customer_id, limited) if limited else {}
    for row in limited.values():
        if uses.get(row.id, 0) >= (row.per_customer_limit or 0):
            raise _lost(row, PromotionReason.CUSTOMER_LIMIT)


def _count(rule: rules.Promotion) -> None:
    if rule.total_limit is not None:
        rows = Promotion.objects.filter(ROOM_LEFT, pk=rule.id)
        if not rows.update(used=F("used") + 1):
            raise _lost(rule, PromotionReason.TOTAL_LIMIT)


def _spend(code_id: UUID, order: Order, rule: rules.Promotion) -> None:
    free = CouponCode.objects.filter(pk=code_id, order=None)
    if not free.update(order=order.pk, used_at=now()):
        raise _lost(rule, PromotionReason.ALREADY_USED)


def _lost(rule: rules.Promotion, reason: PromotionReason) -> Problem:
    if rule.code:
        return refusal(PromotionTrace(reason=reason))
    text = _("“%(name)s” has just run out. Look at the new total.") % {"name": rule.name}
    return Conflict("promotion_exhausted", text, promotion=rule.slug, reason=reason.value)


def _use(order: Order, row: AppliedPromotion) -> PromotionUse:
    return PromotionUse(
        store_id=order.store_id,
        promotion_id=UUID(row.promotion_id),
        order=order,
        code=row.code or "",
        amount=row.amount,
    )


def give_back(*, order: Order) -> None:
    """The order is cancelled: its uses no longer count, its code works again. A second call finds nothing to give.

    Called with the order locked, and before stock is touched: in the sequence of placing.
    """
    held = PromotionUse.objects.filter(order=order, given_back_at=None)
    promotions = sorted(held.values_list("promotion_id", flat=True))
    if not promotions:
        return
    held.update(given_back_at=now())
    for promotion_id in promotions:
        counted = Promotion.objects.filter(pk=promotion_id, total_limit__isnull=False, used__gt=0)
        counted.update(used=F("used") - 1)
    CouponCode.objects.filter(order=order).update(order=None, used_at=None)


def recount(promotion: Promotion) -> int:
    """Orders that have the promotion now: what `used` starts from when a promotion gets a limit."""
    return PromotionUse.objects.filter(promotion=promotion, given_back_at=None).count()
