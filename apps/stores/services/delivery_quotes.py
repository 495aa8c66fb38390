"""What delivery costs, told before the order and kept to: a quote is stored against the cart and charged at checkout.

`ask` runs outside of transactions, as it may have to ask the maps. Checkout calls it before it opens its own. A stored
quote counts as long as it has not expired *and* is about the same address at the same outlet: what a browser was told for
one address is no price for another. A pin on the map is priced too, but at checkout only where the written address,
as the server finds it, agrees with it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.clock import now
from apps.core.problems import Problem, Refused
from apps.core.scope import current_store_id
from apps.geo.errors import LookupUnavailable
from apps.geo.values import Address, fold, point_of
from apps.stores.messages import AREA_TEXTS
from apps.stores.models import DeliveryFallback, QuoteSource, StoredQuote
from apps.stores.pricing.delivery import DeliveryQuote, OutOfArea
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.pricing.geo import Point
from apps.stores.queries.bundle import Bundle, Fallback, OutletInfo
from apps.stores.services import locating
from apps.stores.services.locating import Located

LIFE = timedelta(minutes=30)
WRITTEN = (
    "raw_address",
    "street",
    "number",
    "neighborhood",
    "neighborhood_slug",
    "city",
    "state",
    "zip_code",
    "country",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A quote or the problem in its place, with what was found out about the address on the way."""

    quote: DeliveryQuote | None = None
    problem: Problem | None = None
    address: Address | None = None
    point: Point | None = None
    expires_at: datetime | None = None

    @property
    def outcome(self) -> DeliveryQuote | Problem | None:
        """What checkout is given."""
        return self.quote or self.problem


def ask(*, menu: Bundle, outlet: OutletInfo, key: str, given: dict[str, Any], final: bool = False) -> Answer:
    """What delivery to an address (or, with nothing written, to a pin `lat`, `lng`) costs. Never raises a `Problem`.

    `key`: of the cart the quote is kept against, "" for nobody's. `given` is in the clients' words. `final`: this is the
    checkout, which holds to what was said; before it, a pin sent along is a reason to look again.
    """
    pin = _pin(given)
    if not any(str(given.get(name) or "").strip() for name in WRITTEN[:-1]):
        return _at_pin(menu, outlet, key, pin)
    mark = _fingerprint(outlet, [fold(str(given.get(name) or "")) for name in WRITTEN])
    kept = _kept(key, QuoteSource.ADDRESS, outlet)
    if kept is not None and kept.fingerprint == mark and (final or pin is None):
        address = Address(**kept.quote["address"])
        return Answer(quote=_from_json(kept.quote), address=address, point=_point(kept), expires_at=kept.expires_at)
    earlier = _kept(key, QuoteSource.PIN, outlet)
    pin = (_point(earlier) if earlier is not None else None) or pin
    return _answered(
        menu,
        key,
        outlet,
        QuoteSource.ADDRESS,
        mark,
        lambda: locating.locate(menu=menu, outlet=outlet, given=given, pin=pin),
    )


def _at_pin(menu: Bundle, outlet: OutletInfo, key: str, pin: Point | None) -> Answer:
    if pin is None:
        text = _("Where shall we bring it?")
        return Answer(problem=Refused("address_required", text, errors={"delivery_address": [text]}))
    mark = _fingerprint(outlet, [f"{pin.lat:.5f}", f"{pin.lng:.5f}"])
    return _answered(
        menu, key, outlet, QuoteSource.PIN, mark, lambda: locating.at_pin(menu=menu, outlet=outlet, pin=pin)
    )


def _answered(menu: Bundle, key: str, outlet: OutletInfo, source: str, mark: str, look: Any) -> Answer:
    """The quote of what `look` finds, kept; or what stands in its way, which is not."""
    try:
        found: Located = look()
    except LookupUnavailable as error:
        return _without_maps(menu.fallback, error)
    except Problem as problem:
        return Answer(problem=problem)
    if isinstance(found.answer, OutOfArea):
        return Answer(problem=_outside(found.answer), address=found.address, point=found.place.point)
    until = now() + LIFE
    if key:
        _keep(key, source, outlet, mark, found, found.answer, until)
    return Answer(quote=found.answer, address=found.address, point=found.place.point, expires_at=until)


def _outside(found: OutOfArea) -> Refused:
    return Refused("out_of_area", AREA_TEXTS[found.reason], reason=found.reason.value, distance_km=found.distance_km)


def _without_maps(fallback: Fallback, error: LookupUnavailable) -> Answer:
    """What the store wants while nobody can say where the address is. Not kept: the maps may be back in a second."""
    if fallback.policy == DeliveryFallback.FLAT:
        return Answer(quote=DeliveryQuote(kind=DeliveryPricing.FLAT, fee=fallback.fee))
    if fallback.policy == DeliveryFallback.CONFIRM:
        return Answer(quote=DeliveryQuote(kind=DeliveryPricing.TO_CONFIRM, fee=Decimal(0)))
    return Answer(problem=error)


def _pin(given: dict[str, Any]) -> Point | None:
    found = point_of(given.get("lat"), given.get("lng"))
    return Point(lat=found.lat, lng=found.lng) if found else None


def _fingerprint(outlet: OutletInfo, parts: list[str]) -> str:
    return hashlib.sha256(json.dumps([str(outlet.id), *parts]).encode()).hexdigest()


def _kept(key: str, source: str, outlet: OutletInfo) -> StoredQuote | None:
    if not key:
        return None
    return StoredQuote.objects.filter(cart_key=key, source=source, outlet_id=outlet.id, expires_at__gt=now()).first()


def _point(row: StoredQuote) -> Point | None:
    return None if row.latitude is None or row.longitude is None else Point(lat=row.latitude, lng=row.longitude)


def _keep(
    key: str, source: str, outlet: OutletInfo, mark: str, found: Located, quote: DeliveryQuote, until: datetime
) -> None:
    """One statement: two tabs that ask at once leave one quote, the later one."""
    point = found.place.point
    row = StoredQuote(
        store_id=current_store_id(), cart_key=key, source=source, outlet_id=outlet.id, fingerprint=mark,
        latitude=point.lat if point else None, longitude=point.lng if point else None, quote={**_as_json(quote), "address": asdict(found.address)},
        created_at=now(), expires_at=until,
    )  # fmt: skip
    StoredQuote.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["store", "cart_key", "source"],
        update_fields=["outlet", "fingerprint", "latitude", "longitude", "quote", "created_at", "expires_at"],
    )  # fmt: skip


AMOUNTS = ("fee", "min_order", "free_over", "distance_km")


def _as_json(quote: DeliveryQuote) -> dict[str, Any]:
    amounts = {name: None if (value := getattr(quote, name)) is None else str(value) for name in AMOUNTS}
    return {
        **amounts, "kind": quote.kind.value, "zone_id": quote.zone_id, "zone": quote.zone, "zone_name": quote.zone_name,
        "eta_minutes": list(quote.eta_minutes) if quote.eta_minutes else None,
    }  # fmt: skip


def _from_json(kept: dict[str, Any]) -> DeliveryQuote:
    def amount(name: str) -> Decimal | None:
        return None if kept[name] is None else Decimal(kept[name])

    eta = kept["eta_minutes"]
    return DeliveryQuote(
        kind=DeliveryPricing(kept["kind"]), fee=Decimal(kept["fee"]), zone_id=kept["zone_id"], zone=kept["zone"],
        zone_name=kept["zone_name"], eta_minutes=(eta[0], eta[1]) if eta else None, min_order=amount("min_order"),
        free_over=amount("free_over"), distance_km=amount("distance_km"),
    )  # fmt: skip


def forget_old() -> int:
    """Delete expired quotes of all stores. Returns how many. Called by the clock."""
    return StoredQuote.objects.unscoped().filter(expires_at__lte=now()).delete()[0]
