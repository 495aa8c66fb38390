"""What a draft would come to if it were placed now: the same pricing, and the same arithmetic of what is done by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.core.phones import to_e164
from apps.core.problems import Problem
from apps.stores.models import CartLine, DraftOrder, Order, OrderItem, Service, Store
from apps.stores.pricing.context import PricingContext
from apps.stores.queries import carts as cart_queries
from apps.stores.queries.bundle import Bundle, OutletInfo, bundle
from apps.stores.queries.buying import buying, customer_id_of
from apps.stores.services import delivery_quotes, placing_rules, promotion_uses
from apps.stores.services.order_lines import amounts_of, items_of
from apps.stores.services.order_totals import retotal
from apps.stores.services.placing_rules import Wish

SHOWN = ("subtotal", "discount", "delivery_fee", "delivery_discount", "service_charge", "tax", "total")


def lines_of(draft: DraftOrder) -> list[CartLine]:
    """The lines, oldest first: the order the items of the order will have."""
    return list(CartLine.objects.filter(cart_id=draft.cart_id).order_by("added_at", "id"))


def wish_of(draft: DraftOrder, **more: Any) -> Wish:
    """The checkout request a draft stands for; `more` fills what the draft leaves open."""
    kept = dict(draft.wish)
    moment = kept.get("scheduled_for")
    values = {
        "service": kept.get("service") or "pickup", "payment_method": kept.get("payment_method") or "",
        "customer_name": draft.customer_name, "customer_phone": draft.customer_phone,
        "customer_email": kept.get("customer_email") or "", "address": kept.get("address") or {},
        "outlet": str(draft.outlet_id or ""), "notes": kept.get("notes") or "", "coupon": kept.get("coupon") or "",
        "scheduled_for": datetime.fromisoformat(moment) if moment else None, "channel": draft.channel,
    }  # fmt: skip
    filled = {name: value for name, value in more.items() if value and not values.get(name)}
    return Wish(**{**values, **filled})


def preview(draft: DraftOrder, store: Store) -> dict[str, Any]:
    """`{items, amounts…, problems}` of a draft. Whatever stands in its way is in `problems`; nothing is written."""
    menu = bundle(store.pk, store.catalog_version)
    wish = quoted(draft, wish_of(draft), menu)
    problems: list[dict[str, Any]] = []
    lines, outlet = lines_of(draft), menu.outlet(wish.outlet)
    phone = to_e164(wish.customer_phone, store.country) if wish.customer_phone else ""
    customer_id = customer_id_of(menu, phone=phone, email=wish.customer_email)
    offers = buying(menu, coupon=wish.coupon, customer_id=customer_id)
    menu, context, delivery = offers.menu, offers.around(_context(outlet, wish, store)), None
    first = cart_queries.price(lines, menu, context)
    problems += [{"code": row.code.value, "path": row.path} for row in first.problems]
    try:
        delivery = placing_rules.delivery_for(menu, wish, first.cart.weight_g, is_company=offers.is_company)
    except Problem as problem:
        problems.append({"code": problem.code, "path": "delivery_address"})
    priced = first.cart if delivery is None else cart_queries.price(lines, menu, context, delivery).cart
    try:
        promotion_uses.check_coupon(priced)
    except Problem as problem:
        problems.append({"code": problem.code, "path": "coupon_code"})
    # A store without an active outlet sells nothing, but its draft can still be looked at.
    order = Order(
        store_id=store.pk, outlet_id=outlet.id if outlet else store.pk, service=wish.service, currency=store.currency,
        amounts=amounts_of(priced, delivery), points_discount=Decimal(0), **{name: getattr(priced, name) for name in SHOWN},
    )  # fmt: skip
    items = items_of(order, priced, menu)
    _by_hand(items, [lines[line.index] for line in priced.lines], draft.manual)
    try:
        retotal(order, items, menu.pricing, _amounts_by_hand(draft.manual))
    except Problem as problem:
        problems.append({"code": problem.code, "path": "discount"})
    shown = [_line(item, lines[line.index]) for item, line in zip(items, priced.lines, strict=True)]
    return {
        "items": shown,
        "problems": problems,
        "currency": store.currency,
        **{name: getattr(order, name) for name in SHOWN},
    }


def quoted(draft: DraftOrder, wish: Wish, menu: Bundle) -> Wish:
    """The wish with what delivery to its address costs. May ask the maps: call it while no transaction is open."""
    outlet = menu.outlet(wish.outlet)
    if wish.service != Service.DELIVERY or outlet is None or not wish.address:
        return wish
    answer = delivery_quotes.ask(menu=menu, outlet=outlet, key=draft.cart.key, given=dict(wish.address), final=True)
    place = {"lat": answer.point.lat, "lng": answer.point.lng} if answer.point else {}
    return replace(wish, quoted=answer.outcome, address={**wish.address, **place})


def _context(outlet: OutletInfo | None, wish: Wish, store: Store) -> PricingContext:
    return PricingContext(
        at=cart_queries.store_clock(store.timezone),
        service=wish.service,
        channel=wish.channel,
        outlet_id=str(outlet.id) if outlet else None,
    )


def _by_hand(items: Sequence[OrderItem], lines: Sequence[CartLine], manual: Mapping[str, Any]) -> None:
    prices = manual.get("prices") or {}
    for item, line in zip(items, lines, strict=True):
        row = prices.get(str(line.pk))
        if row is not None:
            item.unit_price = Decimal(str(row["unit_price"]))
            item.total = item.unit_price * item.quantity


def _amounts_by_hand(manual: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manual.items() if name != "prices"}


def _line(item: OrderItem, line: CartLine) -> dict[str, Any]:
    return {
        "id": str(line.pk), "product": str(line.product_id) if line.product_id else None,
        "combo": str(line.combo_id) if line.combo_id else None, "product_name": item.product_name, "variant_name": item.variant_name,
        "quantity": item.quantity, "unit_price": item.unit_price, "total": item.total, "notes": item.notes, "options": item.options,
    }  # fmt: skip
