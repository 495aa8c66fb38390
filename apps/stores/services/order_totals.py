"""What an order comes to after somebody changed it by hand: pure arithmetic over its lines, written back onto the rows.

Promotions and points keep the amounts they took off when the order was placed (a line that goes takes its share with it); a
discount by hand is spread over what they left. Service charge and taxes follow by the rules that hold at the outlet. What
was given or taken by hand is kept in `amounts["manual"]`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Refused
from apps.stores.models import Order, OrderItem
from apps.stores.pricing.model import PricingCatalog
from apps.stores.pricing.rounding import HUNDRED, ZERO, round_half_up
from apps.stores.pricing.rules import TaxMode
from apps.stores.pricing.spread import spread
from apps.stores.pricing.taxes import Taxable, tax_lines

MANUAL = "manual"
# What an amount column no longer holds.
TOO_MUCH = Decimal(10) ** 10


def manual_of(order: Order) -> dict[str, Any]:
    """What was adjusted by hand so far: `{discount, discount_reason, surcharge, surcharge_reason, delivery_fee_reason}`."""
    return dict(order.amounts.get(MANUAL) or {})


def money_of(manual: Mapping[str, Any], name: str) -> Decimal:
    """An amount of `manual_of`, zero when there is none."""
    return Decimal(str(manual.get(name) or 0))


def retotal(order: Order, items: Sequence[OrderItem], catalog: PricingCatalog, manual: Mapping[str, Any]) -> None:
    """Set every amount of the order from its lines. Raises 422 `discount_too_large`, `amount_too_large`."""
    catalog = catalog.at(str(order.outlet_id))
    exponent = catalog.exponent
    given = money_of(manual_of(order), "discount")
    _share(order, items, order.discount - given + order.points_discount, exponent)
    discount, surcharge = money_of(manual, "discount"), money_of(manual, "surcharge")
    left = [item.total - item.off for item in items]
    if discount > sum(left, ZERO):
        raise Refused("discount_too_large", _("The discount is more than there is to pay."), most=sum(left, ZERO))
    nets = [line - share for line, share in zip(left, spread(discount, left, exponent), strict=True)]
    net, off = sum(nets, ZERO), sum((item.off for item in items), ZERO)
    order.points_discount = min(order.points_discount, off)
    order.discount = off - order.points_discount + discount
    order.subtotal = sum((item.total for item in items), ZERO)
    order.delivery_discount = min(order.delivery_discount, order.delivery_fee)
    order.service_charge = _charge(order, catalog, net)
    taxable = [Taxable(code=item.tax_code or None, amount=amount) for item, amount in zip(items, nets, strict=True)]
    taxable.append(Taxable(code=catalog.tax.delivery, amount=order.delivery_fee - order.delivery_discount))
    taxable.append(Taxable(code=catalog.tax.default, amount=order.service_charge + surcharge))
    lines = tax_lines(catalog.tax, taxable, exponent)
    order.tax = round_half_up(sum((line.tax for line in lines), ZERO), exponent)
    added = order.tax if catalog.tax.mode is TaxMode.ADDED else ZERO
    fee = order.delivery_fee - order.delivery_discount
    order.total = round_half_up(net + fee + order.service_charge + surcharge + added, exponent)
    if max(order.total, *(item.total for item in items)) >= TOO_MUCH:
        raise Refused("amount_too_large", _("The amount is too large."))
    shown = [{"code": row.code, "name": row.name, "rate": row.rate, "on": row.on, "tax": row.tax} for row in lines]
    order.amounts = {**order.amounts, "tax_lines": shown, "net": net, MANUAL: dict(manual)}


def _share(order: Order, items: Sequence[OrderItem], taken: Decimal, exponent: int) -> None:
    """Each line's share of promotions and points, never more than the line; made up for orders that did not keep it."""
    if taken and not any(item.off for item in items):
        totals = [item.total for item in items]
        for item, share in zip(items, spread(min(taken, sum(totals, ZERO)), totals, exponent), strict=True):
            item.off = share
    for item in items:
        item.off = min(item.off, item.total)


def _charge(order: Order, catalog: PricingCatalog, net: Decimal) -> Decimal:
    """The service charge of what is left; one that was refused stays refused."""
    rule = catalog.service_charge
    if not order.service_charge or rule is None or order.service not in rule.services:
        return ZERO
    return round_half_up(net * rule.rate / HUNDRED, catalog.exponent)
