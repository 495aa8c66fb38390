"""What a coupon would do to the cart as it is, in the words the storefront clients read (clients/storefront.md 2.4)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.money import round_money
from apps.core.problems import Refused
from apps.stores import coupon_codes
from apps.stores.models import CartLine
from apps.stores.offer_texts import refusal
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.outcome import PromotionReason, PromotionTrace
from apps.stores.pricing.rules import Promotion, PromotionKind
from apps.stores.pricing.totals import PricedCart
from apps.stores.queries import carts, explained
from apps.stores.queries.access import StoreRef
from apps.stores.queries.bundle import Bundle
from apps.stores.queries.buying import Buying, buying

# What an empty cart leaves undecided.
ABOUT_LINES = {PromotionReason.BELOW_MINIMUM, PromotionReason.NO_LINE_IN_SCOPE, PromotionReason.NOTHING_TO_DISCOUNT}


def judge(
    *, code: str, lines: Sequence[CartLine], store: StoreRef, menu: Bundle, claimed: Decimal | None = None,
    service: str = "", customer_id: UUID | None = None, outlet: str = "", channel: str = "web",
) -> dict[str, Any]:  # fmt: skip
    """The coupon's effect on these lines. Raises 422 `coupon_<reason>`, or `cart_empty` when only lines are missing.

    `claimed` is the client's own sum and decides nothing but how a percentage is shown (see `_in_their_words`).
    """
    buyer = buying(menu, coupon=code, customer_id=customer_id)
    context = buyer.around(_context(store, buyer, code, service, outlet, channel))
    priced = carts.price(lines, buyer.menu, context).cart
    trace = priced.coupon or PromotionTrace(reason=PromotionReason.UNKNOWN_CODE)
    # Whether there will be a fee to waive is not known before the address is.
    if trace.reason not in {PromotionReason.APPLIED, PromotionReason.NO_DELIVERY_FEE}:
        if not lines and trace.reason in ABOUT_LINES:
            raise Refused("cart_empty", _("The cart is empty."))
        raise refusal(trace)
    rule = next(row for row in buyer.menu.pricing.promotions if row.id == trace.promotion_id)
    return {
        "valid": True,
        "code": coupon_codes.normal(code),
        "description": rule.name,
        **_in_their_words(rule, trace.amount, priced.subtotal if claimed is None else claimed, store.currency),
        "discount": trace.amount,
        **_ours(rule, priced, trace),
    }


def _context(store: StoreRef, buyer: Buying, code: str, service: str, outlet: str, channel: str) -> PricingContext:
    """The circumstances. The clients do not say how the order will be served; then one the coupon likes is assumed."""
    place = buyer.menu.outlet(outlet)
    wanted = next((row for row in buyer.menu.pricing.promotions if row.code == coupon_codes.normal(code)), None)
    if not service and wanted is not None and wanted.services:
        service = min(wanted.services)
    context = carts.browsing_context(store, buyer.menu)
    return replace(
        context, service=service or None, channel=channel, outlet_id=str(place.id) if place else context.outlet_id
    )


def _in_their_words(rule: Promotion, amount: Decimal, claimed: Decimal, currency: str) -> dict[str, Any]:
    """Type and value. The browser works a percentage out by itself, of everything and without a cap: it is only called one
    when that comes to what will be charged. Otherwise it is told the amount, so that the page and the bill agree.
    """
    if rule.kind is PromotionKind.FREE_DELIVERY:
        return {"discount_type": "free_delivery", "discount_value": amount}
    if rule.kind is PromotionKind.PERCENTAGE:
        if round_money(claimed * rule.value / 100, currency) == amount:
            return {"discount_type": "percentage", "discount_value": rule.value}
    return {"discount_type": "fixed", "discount_value": amount}


def _ours(rule: Promotion, priced: PricedCart, trace: PromotionTrace) -> dict[str, Any]:
    """What other clients may want to know as well."""
    return {
        "kind": rule.kind.value, "value": rule.value, "max_discount": rule.max_discount, "min_subtotal": rule.min_subtotal,
        "reason": trace.reason.value, "subtotal": priced.subtotal, "total_discount": priced.discount, **explained.told(priced),
    }  # fmt: skip
