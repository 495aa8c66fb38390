"""Delivery quotes at the edge of HTTP: whose cart, how an answer looks, and what checkout is given before it begins."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from apps.core.problems import Problem
from apps.geo.values import Address
from apps.stores.api.base import PublicStoreView
from apps.stores.api.body import body_of
from apps.stores.api.cart_key import key_of, owner_of
from apps.stores.api.placing import placed_at
from apps.stores.api.serializers.cart import CheckoutIn
from apps.stores.models import Order, Service
from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.queries.bundle import bundle
from apps.stores.services import delivery_quotes
from apps.stores.services.delivery_quotes import Answer
from apps.stores.services.placing_rules import Wish


def cart_of(request: Request) -> str:
    """The key of the cart a quote is kept against; "" when the request brings none, so that none is made up for it."""
    known = key_of(request) or request.user.is_authenticated or body_of(request).get("cart_key")
    return owner_of(request).key if known else ""


def quote_before_checkout(view: PublicStoreView, request: Request) -> Answer | None:
    """What delivery costs, found out while no transaction is open. None where there is nothing to find out."""
    body = body_of(request)
    if (body.get("delivery_method") or body.get("shipping_method")) != Service.DELIVERY:
        return None
    serializer = CheckoutIn(data=request.data)
    if not serializer.is_valid():
        return None  # checkout says what is wrong with it
    wish = placed_at(view, serializer.wish(view.access))
    menu = bundle(view.store.id, view.store.catalog_version)
    outlet = menu.outlet(wish.outlet)
    if outlet is None or not wish.address:
        return None
    return delivery_quotes.ask(menu=menu, outlet=outlet, key=cart_of(request), given=wish.address, final=True)


def with_quote(wish: Wish, answer: Answer | None) -> Wish:
    """The wish with its quote; the server's point takes the place of the browser's."""
    if answer is None:
        return wish
    place = {"lat": answer.point.lat, "lng": answer.point.lng} if answer.point else {}
    return replace(wish, quoted=answer.outcome, address={**wish.address, **place})


def fee_view(answer: Answer) -> dict[str, Any]:
    """An answer in the words of the published clients, who show it but never stop at it: checkout asks again."""
    quote, problem = answer.quote, answer.problem
    minutes = quote.eta_minutes[1] if quote and quote.eta_minutes else None
    fee = quote.fee if quote else None
    distance = quote.distance_km if quote else (problem.extra.get("distance_km") if problem else None)
    return {
        "is_valid": quote is not None, "is_within_area": quote is not None, "fee": fee, "delivery_fee": fee,
        "zone": quote.zone if quote else None, "zone_name": quote.zone_name if quote else None,
        "delivery_zone": quote.zone_name if quote else None, "distance_km": distance,
        "duration_minutes": minutes, "estimated_minutes": minutes, "estimated_days": None,
        "free_over": quote.free_over if quote else None, "min_order": quote.min_order if quote else None,
        "to_be_confirmed": quote is not None and quote.kind is DeliveryPricing.TO_CONFIRM,
        "expires_at": answer.expires_at, "address": address_view(answer.address) if answer.address else None,
        "polyline": "", "message": str(problem.detail) if problem else message_of(quote), **_why(problem),
    }  # fmt: skip


def _why(problem: Problem | None) -> dict[str, Any]:
    if problem is None:
        return {}
    reason = problem.extra.get("reason")
    return {"code": problem.code, **({"reason": reason} if reason else {})}


def message_of(quote: DeliveryQuote | None) -> str:
    """What has to be said about a quote that is not an ordinary one."""
    return _message(quote.kind) if quote else ""


def _message(kind: str) -> str:
    if kind == DeliveryPricing.TO_CONFIRM:
        return _("The maps do not answer at the moment. The store takes the order and tells you what delivery costs.")
    if kind == DeliveryPricing.FLAT:
        return _("The maps do not answer at the moment. Delivery costs a flat fee until they do.")
    return ""


def delivery_note(order: Order) -> dict[str, Any]:
    """Two keys of the answer of checkout that are only there when there is something to say."""
    kind = (order.amounts.get("delivery") or {}).get("kind", "")
    text = _message(kind)
    return {"delivery_to_be_confirmed": kind == DeliveryPricing.TO_CONFIRM, "delivery_message": text} if text else {}


def address_view(address: Address) -> dict[str, str]:
    """An address in the clients' words."""
    return {
        "street": address.street, "number": address.number, "neighborhood": address.neighbourhood, "city": address.city,
        "state": address.state, "zip_code": address.postal_code, "country": address.country,
    }  # fmt: skip
