"""Promotions of the cantina and carts under them. Shared by the tests of promotions and coupons."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.pricing.model import PricingCatalog
from apps.stores.pricing.rules import Promotion, PromotionKind
from apps.stores.pricing.selection import LineIntent
from apps.stores.pricing.totals import PricedCart, price_intents

from .cantina import catalog, context


def promotion(kind: str, value: str = "0", **more: Any) -> Promotion:
    """An automatic promotion called by its kind."""
    slug = more.pop("slug", kind)
    more |= {key: Decimal(more[key]) for key in ("min_subtotal", "max_discount") if key in more}
    return Promotion(id=f"r-{slug}", slug=slug, kind=PromotionKind(kind), value=Decimal(value), **more)


def menu(*promotions: Promotion) -> PricingCatalog:
    """The cantina with these promotions."""
    return catalog(promotions=promotions)


def cart_of(promotions: list[Promotion], *intents: LineIntent, fee: str | None = None, **changes: Any) -> PricedCart:
    """A cart at noon; with ``fee`` it is delivered, free over 100.00."""
    quote = None
    if fee is not None:
        quote = DeliveryQuote(kind=DeliveryPricing.POLYGON, fee=Decimal(fee), free_over=Decimal("100.00"))
    return price_intents(menu(*promotions), intents, context(**changes), delivery=quote).cart


def told(cart: PricedCart) -> list[tuple[str, str]]:
    """What was taken off, in order."""
    return [(row.slug, str(row.amount)) for row in cart.discounts]
