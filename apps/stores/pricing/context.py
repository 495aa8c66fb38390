"""Who buys, when, where and how: everything outside the catalog that a price depends on.

Gathered by the caller (one query each) and passed in, so that pricing itself reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerFacts:
    """What pricing has to know about a known customer.

    ``orders_before`` counts earlier orders at this store, ``uses`` is promotion id → earlier orders with it,
    ``points`` the balance. ``price_list_id`` is set for a customer whose company buys by a list.
    """

    id: str
    orders_before: int = 0
    points: int = 0
    is_company: bool = False
    price_list_id: str | None = None
    uses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class PricingContext:
    """The circumstances of an order.

    ``at`` is the moment of placing, naive and local to the store (raises ``ValueError`` when aware, because
    comparing it with the store's dates would be wrong). ``serve_at`` is when a scheduled order is wanted; item
    availability is judged at it. ``service`` and ``outlet_id`` may be None while browsing: what depends on them
    is then not judged. ``promotion_uses`` is promotion id → orders with it so far, of everybody. ``is_final``: the
    order is being placed, and a customer who is None now stays unknown: nobody could be held to a limit per customer.
    """

    at: datetime
    service: str | None = None
    channel: str = "web"
    outlet_id: str | None = None
    customer: CustomerFacts | None = None
    coupon: str | None = None
    redeem_points: int = 0
    service_charge_waived: bool = False
    serve_at: datetime | None = None
    promotion_uses: Mapping[str, int] = field(default_factory=dict)
    is_final: bool = False

    def __post_init__(self) -> None:
        """Refuse moments with an offset: everything here is the store's wall clock."""
        if self.at.tzinfo or (self.serve_at and self.serve_at.tzinfo):
            raise ValueError("pricing works on the store's local time: convert, then drop the offset")

    @property
    def available_at(self) -> datetime:
        """The moment at which items have to be available."""
        return self.serve_at or self.at
