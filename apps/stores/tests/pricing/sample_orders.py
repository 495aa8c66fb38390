"""The sample orders of a store file as pricing's input, and what pricing makes of them in the words of ``expect``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.stores.pricing.context import CustomerFacts, PricingContext
from apps.stores.pricing.delivery import DeliveryQuote, OutOfArea, Place, quote, quote_parcel
from apps.stores.pricing.geo import Point
from apps.stores.pricing.lines import cart_weight
from apps.stores.pricing.parsing import parse_line
from apps.stores.pricing.selection import LineProblem
from apps.stores.pricing.tender import PaymentWish, Tender, settle
from apps.stores.pricing.totals import PricedCart, price_intents

from .from_file import Row, catalog_of, store_file
from .rules_from_file import delivery_of, shipping_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """A sample order after pricing."""

    cart: PricedCart
    problems: tuple[LineProblem, ...]
    delivery: DeliveryQuote | None
    tenders: tuple[Tender, ...]


def answer(slug: str, order: Row) -> Answered:
    """Price a sample order as the store would."""
    file, catalog = store_file(slug), catalog_of(slug)
    context = context_of(file, order)
    intents = [parse_line(line) for line in order["lines"]]
    weight = cart_weight(price_intents(catalog, intents, context).cart.lines)
    delivery = delivery_for(file, order, weight)
    priced = price_intents(catalog, intents, context, delivery=delivery)
    tenders = settle(priced.cart.total, [_payment(row) for row in order["payments"]])
    assert isinstance(tenders, tuple), tenders
    return Answered(cart=priced.cart, problems=priced.problems, delivery=delivery, tenders=tenders)


def context_of(file: Row, order: Row) -> PricingContext:
    """The circumstances of a sample order: orders with an earlier ``placed_at`` came before it."""
    earlier = [row for row in file["orders"] if row["placed_at"] < order["placed_at"]]
    uses = {row["slug"]: row.get("used", 0) for row in file["promotions"]}
    for promotion, count in _uses(file, earlier).items():
        uses[promotion] += count
    scheduled = order.get("scheduled_for")
    return PricingContext(
        at=datetime.fromisoformat(order["placed_at"]),
        serve_at=datetime.fromisoformat(scheduled) if scheduled else None,
        service=order["service"],
        channel=order["channel"],
        outlet_id=order["outlet"],
        customer=_customer(file, order, earlier),
        coupon=order.get("coupon"),
        redeem_points=order.get("redeem_points", 0),
        service_charge_waived=order.get("service_charge_waived", False),
        promotion_uses=uses,
    )


def _uses(file: Row, orders: list[Row]) -> Counter[str]:
    slugs = {row["code"]: row["slug"] for row in file["promotions"] if row["code"]}
    return Counter(slugs[row["coupon"]] for row in orders if row.get("coupon"))


def _customer(file: Row, order: Row, earlier: list[Row]) -> CustomerFacts | None:
    if order["customer"] is None:
        return None
    row = next(item for item in file["customers"] if item["id"] == order["customer"])
    own = [item for item in earlier if item["customer"] == row["id"]]
    company = row.get("company") or {}
    earned = sum(item["expect"].get("points_earned", 0) - item.get("redeem_points", 0) for item in own)
    return CustomerFacts(
        id=row["id"],
        orders_before=row["orders_before"] + len(own),
        points=row.get("points", 0) + earned,
        is_company=bool(company),
        price_list_id=company.get("price_list"),
        uses=_uses(file, own),
    )


def delivery_for(file: Row, order: Row, weight_g: int) -> DeliveryQuote | None:
    """The quote for the order's address, None when nothing is brought."""
    if order["service"] not in ("delivery", "shipping"):
        return None
    customer = next(item for item in file["customers"] if item["id"] == order["customer"])
    place = place_of(next(item for item in customer["addresses"] if item["label"] == order["address"]))
    if order["service"] == "shipping":
        company = bool(customer.get("company"))
        found = quote_parcel(shipping_of(file["shipping"]), place, weight_g, is_company=company)
    else:
        outlet = next(item for item in file["outlets"] if item["slug"] == order["outlet"])
        origin = place_of(outlet["address"]).point
        found = quote(delivery_of(file["delivery"]), origin, place, exponent=file["store"]["currency_decimals"])
    assert not isinstance(found, OutOfArea), found
    return found


def place_of(address: Row) -> Place:
    """An address as a place."""
    point = Point(lat=address["lat"], lng=address["lng"]) if "lat" in address else None
    return Place(
        point=point,
        neighbourhood=address.get("neighbourhood", ""),
        neighbourhood_slug=address.get("neighbourhood_slug"),
        city=address["city"],
        country=address["country"],
    )


def _payment(row: Row) -> PaymentWish:
    amount, change_for = (Decimal(row[key]) if key in row else None for key in ("amount", "change_for"))
    return PaymentWish(method=row["method"], amount=amount, change_for=change_for)


def in_words_of_expect(answered: Answered) -> dict[str, Any]:
    """Everything that ``expect`` may hold, spelled as in the file."""
    cart, delivery = answered.cart, answered.delivery
    told: dict[str, Any] = {
        "lines": [{"unit": str(line.unit_price), "total": str(line.total)} for line in cart.lines],
        "discounts": [{"promotion": row.slug, "amount": str(row.amount)} for row in cart.discounts],
        "tax_lines": [{"code": row.code, "on": str(row.on), "tax": str(row.tax)} for row in cart.tax_lines],
        "points_earned": cart.points_earned,
    }
    for name in AMOUNTS:
        told[name] = str(getattr(cart, name))
    if delivery is not None:
        told |= {"zone": delivery.zone, "weight_g": delivery.weight_g, "distance_km": str(delivery.distance_km)}
    change = [row.change for row in answered.tenders if row.change is not None]
    if change:
        told["change"] = str(sum(change))
    return told


AMOUNTS = (
    "subtotal",
    "discount",
    "points_discount",
    "delivery_fee",
    "delivery_discount",
    "service_charge",
    "tax",
    "total",
)
