"""From what a customer wrote to a place that can be priced: by name where that is enough, by the maps where it is not.

The browser's coordinates are never believed. They may only sharpen what the server found itself: a pin that lies as near to
the found address as that address is exactly known is where the customer stands.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Refused
from apps.geo.services import places
from apps.geo.values import Address, Budget, Found, Precision, cep_of, distance_km
from apps.geo.values import Point as GeoPoint
from apps.stores.pricing.delivery import DeliveryQuote, OutOfArea, OutOfAreaReason, Place, quote
from apps.stores.pricing.delivery_rules import DeliveryPricing, DeliveryRules
from apps.stores.pricing.geo import Point
from apps.stores.queries.bundle import Bundle, OutletInfo
from apps.stores.services.placing_rules import place_of

# How far a pin may be from the found point, by how exactly that is known.
PIN_KM = {Precision.HOUSE: 0.3, Precision.STREET: 1.0, Precision.AREA: 2.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """An address with what was found out about it. `found` None: its names were enough."""

    answer: DeliveryQuote | OutOfArea
    place: Place
    address: Address
    found: Found | None = None


def locate(*, menu: Bundle, outlet: OutletInfo, given: dict[str, Any], pin: Point | None = None) -> Located:
    """Price delivery to an address. Raises 422 `address_not_found`, `zip_unknown`, 503 `LookupUnavailable`."""
    budget = places.budget()
    address = address_of(given, menu.country)
    place = place_of({**given, "country": address.country})
    answer = _quote(menu, outlet, place)
    if _goes_by_names(menu.delivery.get(outlet.id)) and _wants_names(answer, place, address):
        address = with_postal_code(address, budget)
        place = replace(place, neighbourhood=address.neighbourhood, city=place.city or address.city)
        answer = _quote(menu, outlet, place)
    if not isinstance(answer, OutOfArea) or answer.reason is not OutOfAreaReason.NO_POINT:
        return Located(answer=answer, place=place, address=address)
    found, address = _find(address, budget)
    place = replace(place, point=_sharpened(found, pin))
    return Located(answer=_quote(menu, outlet, place), place=place, address=address, found=found)


def at_pin(*, menu: Bundle, outlet: OutletInfo, pin: Point) -> Located:
    """Price delivery to a pin: an answer for the map, which checkout only believes if the address agrees.

    Where the store goes by names, the maps say what is there.
    """
    place = Place(point=pin, country=menu.country)
    answer, address, found = _quote(menu, outlet, place), Address(country=menu.country), None
    if isinstance(answer, OutOfArea) and answer.reason is OutOfAreaReason.NOT_SERVED:
        found = places.reverse(point=GeoPoint(lat=pin.lat, lng=pin.lng))
        if found is not None:
            address = found.address
            place = replace(
                place, neighbourhood=address.neighbourhood, city=address.city, postal_code=address.postal_code
            )
            answer = _quote(menu, outlet, place)
    return Located(answer=answer, place=place, address=address, found=found)


def address_of(given: dict[str, Any], country: str) -> Address:
    """An address in the clients' words as the maps read it."""
    names = {
        "text": "raw_address", "street": "street", "number": "number", "neighbourhood": "neighborhood", "city": "city",
        "state": "state", "postal_code": "zip_code",
    }  # fmt: skip
    known = {ours: str(given.get(theirs) or "").strip() for ours, theirs in names.items()}
    return Address(**known, country=str(given.get("country") or country))


def with_postal_code(address: Address, budget: Budget) -> Address:
    """The address with what its CEP adds. Raises 422 `zip_unknown` for a CEP that does not exist."""
    code = cep_of(address.postal_code) if address.country == "BR" else None
    if code is None:
        return address
    known = places.postal_code(code=code, within=budget)
    if known is None:
        text = _("There is no such CEP.")
        raise Refused("zip_unknown", text, errors={"zip_code": [text]})
    return replace(
        address,
        street=address.street or known.street,
        neighbourhood=address.neighbourhood or known.neighbourhood,
        city=address.city or known.city,
        state=address.state or known.state,
    )


def _quote(menu: Bundle, outlet: OutletInfo, place: Place) -> DeliveryQuote | OutOfArea:
    return quote(menu.delivery.get(outlet.id), outlet.point, place, exponent=menu.pricing.exponent)


def _goes_by_names(rules: DeliveryRules | None) -> bool:
    kinds = [row.pricing for row in (rules, *rules.also)] if rules else []
    return DeliveryPricing.NEIGHBOURHOOD in kinds


def _wants_names(answer: DeliveryQuote | OutOfArea, place: Place, address: Address) -> bool:
    """Whether only a postal code was written, and it was not enough."""
    unserved = isinstance(answer, OutOfArea) and answer.reason is OutOfAreaReason.NOT_SERVED
    return unserved and not place.neighbourhood and not place.neighbourhood_slug and bool(address.postal_code)


def _find(address: Address, budget: Budget) -> tuple[Found, Address]:
    """The address as written, else with what its CEP says, else the part of town it is in."""
    found = places.geocode(address=address, within=budget)
    if found is not None:
        return found, address
    full = with_postal_code(address, budget)
    part = Address(neighbourhood=full.neighbourhood, city=full.city, state=full.state, country=full.country)
    tries = [row for row in (full, part) if row != address and row.neighbourhood and row.city]
    for row in tries:
        found = places.geocode(address=row, within=budget)
        if found is not None:
            return found, full
    text = _("We cannot find this address. Check the street, the number and the neighbourhood.")
    raise Refused("address_not_found", text, errors={"delivery_address": [text]})


def _sharpened(found: Found, pin: Point | None) -> Point:
    """The pin where it agrees with the address, else the address."""
    point = Point(lat=found.point.lat, lng=found.point.lng)
    return pin if pin is not None and _agrees(found, pin) else point


def _agrees(found: Found, pin: Point) -> bool:
    return distance_km(found.point, GeoPoint(lat=pin.lat, lng=pin.lng)) <= PIN_KM[found.precision]
