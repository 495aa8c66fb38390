"""The guards of placing an order: each raises its own stable code. Pure reads of the bundle and the wish."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.clock import local, now, zone
from apps.core.phones import to_e164
from apps.core.problems import Problem, Refused
from apps.stores.messages import AREA_TEXTS
from apps.stores.models import Service
from apps.stores.pricing.delivery import DeliveryQuote, OutOfArea, Place, quote, quote_parcel
from apps.stores.pricing.geo import Point
from apps.stores.pricing.totals import PricedCart
from apps.stores.queries.bundle import Bundle, OutletInfo
from apps.stores.services.channels import FACE_TO_FACE

NEEDS_ADDRESS = frozenset({Service.DELIVERY, Service.SHIPPING})
# Of these, what has to be brought somewhere asks everybody; the others not a customer who stands in the shop.
NEEDS_CONTACT = frozenset({Service.DELIVERY, Service.PICKUP, Service.SHIPPING, Service.DIGITAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A checkout request after its shape was checked. No amount in it is ever believed except `change_for`."""

    service: str
    payment_method: str
    customer_name: str = ""
    customer_phone: str = ""
    customer_email: str = ""
    tax_id: str = ""
    address: dict[str, Any] = field(default_factory=dict)
    outlet: str = ""
    table: str = ""
    notes: str = ""
    change_for: Decimal | None = None
    coupon: str = ""
    scheduled_for: datetime | None = None
    service_charge_waived: bool = False
    redeem_points: int = 0
    channel: str = "web"
    # What `services.delivery_quotes.ask` answered for the address, before the transaction.
    quoted: "DeliveryQuote | Problem | None" = None


def outlet_for(menu: Bundle, wish: Wish) -> OutletInfo:
    """The branch that serves the order. 422 `outlet_unknown`, `service_unavailable`."""
    outlet = menu.outlet(wish.outlet)
    if outlet is None:
        raise Refused("outlet_unknown", _("There is no such branch."))
    if wish.service not in outlet.services:
        raise Refused("service_unavailable", _("This branch does not offer that."))
    return outlet


def check_open(outlet: OutletInfo, service: str, at: datetime, timezone: str) -> None:
    """Open now, or at the chosen time (naive store time), for this service.

    422 `store_paused` or `service_paused` with `paused_until` and `reason`; `store_closed`, or `service_closed` where the
    house is open for something else, with `opens_at`.
    """
    pause = outlet.when.pause_at(service, at)
    if pause is not None:
        until = pause.until.replace(tzinfo=zone(timezone))
        code = "service_paused" if pause.service else "store_paused"
        raise Refused(code, _("The store is taking a short break."), paused_until=until, reason=pause.reason)
    state = outlet.when.week_of(service).at(at)
    if state.is_open:
        return
    if outlet.when.week.at(at).is_open:
        raise Refused("service_closed", _("The store does not do this at that time."), opens_at=state.opens_at)
    raise Refused("store_closed", _("The store is closed."), opens_at=state.opens_at)


def scheduled_moment(outlet: OutletInfo, wish: Wish, timezone: str) -> datetime | None:
    """The chosen time as naive store time, within the outlet's rules. 422 `scheduling_unavailable`, `slot_unavailable`."""
    if wish.scheduled_for is None:
        return None
    rules = outlet.when.rules_of(wish.service)
    if rules is None:
        raise Refused("scheduling_unavailable", _("This store takes orders for now only."))
    wanted = wish.scheduled_for if wish.scheduled_for.tzinfo else wish.scheduled_for.replace(tzinfo=zone(timezone))
    earliest, latest = rules.window(now())
    if not earliest <= wanted <= latest:
        raise Refused("slot_unavailable", _("That time cannot be chosen."))
    return local(wanted, timezone).replace(tzinfo=None)


def phone_of(wish: Wish, country: str) -> str:
    """The phone as E.164. 422 `phone_required`, `phone_invalid`, `name_required` where the service needs them."""
    given = bool(wish.customer_phone.strip("0 "))  # a till sends zeros for "not asked"
    phone = to_e164(wish.customer_phone, country) if given else ""
    if wish.service in NEEDS_ADDRESS or (wish.service in NEEDS_CONTACT and wish.channel not in FACE_TO_FACE):
        if not wish.customer_name.strip():
            raise Refused("name_required", _("Tell us your name."), errors={"customer_name": [_("Tell us your name.")]})
        if not given:
            raise Refused(
                "phone_required", _("Tell us your phone."), errors={"customer_phone": [_("Tell us your phone.")]}
            )
    if given and not phone:
        raise Refused(
            "phone_invalid",
            _("This is not a phone number."),
            errors={"customer_phone": [_("This is not a phone number.")]},
        )
    return phone


def delivery_for(menu: Bundle, wish: Wish, weight_g: int, *, is_company: bool = False) -> DeliveryQuote | None:
    """What bringing it there costs. 422 `address_required`, `out_of_area`, or what `services.delivery_quotes` found out before."""
    if wish.service not in NEEDS_ADDRESS:
        return None
    if not any(str(wish.address.get(name) or "").strip() for name in ("street", "raw_address")):
        raise Refused(
            "address_required",
            _("Where shall we bring it?"),
            errors={"delivery_address": [_("Where shall we bring it?")]},
        )
    if wish.service == Service.SHIPPING:
        return served(quote_parcel(menu.shipping, place_of(wish.address), weight_g, is_company=is_company))
    if wish.quoted is None:  # nobody looked the address up: names and postal codes have to do
        outlet = outlet_for(menu, wish)
        place = place_of(wish.address)
        return served(quote(menu.delivery.get(outlet.id), outlet.point, place, exponent=menu.pricing.exponent))
    if isinstance(wish.quoted, Problem):
        raise wish.quoted
    return wish.quoted


def served(found: DeliveryQuote | OutOfArea) -> DeliveryQuote:
    """The quote, or 422 `out_of_area` with its `reason`."""
    if isinstance(found, OutOfArea):
        raise Refused("out_of_area", AREA_TEXTS[found.reason], reason=found.reason.value, distance_km=found.distance_km)
    return found


def place_of(address: dict[str, Any], point: Point | None = None) -> Place:
    """An address in the clients' words as pricing reads it. Coordinates in it are the browser's word and count for nothing."""
    return Place(
        point=point,
        neighbourhood=str(address.get("neighborhood") or ""),
        neighbourhood_slug=address.get("neighborhood_slug") or None,
        city=str(address.get("city") or ""),
        country=str(address.get("country") or ""),
        postal_code=str(address.get("zip_code") or ""),
    )


def check_minimum(priced: PricedCart) -> None:
    """422 `below_minimum` with `minimum` and `missing`."""
    if priced.is_below_minimum and priced.min_order is not None:
        missing = priced.min_order - priced.subtotal
        text = _("The smallest order is %(minimum)s; %(missing)s is missing.") % {
            "minimum": priced.min_order,
            "missing": missing,
        }
        raise Refused("below_minimum", text, minimum=priced.min_order, missing=missing)


def check_method(methods: list[dict[str, Any]], wish: Wish, *, pix_key: str) -> None:
    """The store takes this method for this service, and can. 422 `payment_method_unavailable`."""
    offered = any(row["method"] == wish.payment_method and wish.service in row.get("services", []) for row in methods)
    # Without a provider account an online card payment cannot be carried out; PIX needs the store's own key.
    possible = wish.payment_method not in {"card", "boleto"} and (wish.payment_method != "pix" or bool(pix_key))
    if not offered or not possible:
        raise Refused("payment_method_unavailable", _("The store does not take this kind of payment here."))


def check_company_method(methods: list[dict[str, Any]], wish: Wish, *, is_company: bool) -> None:
    """Some ways to pay, an invoice above all, are for companies. 422 `payment_method_unavailable`."""
    rows = [row for row in methods if row["method"] == wish.payment_method and wish.service in row.get("services", [])]
    if not is_company and all(row.get("companies_only") for row in rows):
        raise Refused("payment_method_unavailable", _("The store takes this kind of payment from companies only."))


def check_change(wish: Wish, total: Decimal) -> None:
    """Change is given for a larger note only. 422 `change_too_small`."""
    if wish.change_for is not None and wish.payment_method == "cash" and wish.change_for < total:
        raise Refused("change_too_small", _("That note does not cover the total."), total=total)
