"""Checks of the JSON columns and slugs. Shapes follow `data/README.md`; messages are for the person in the admin."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ids import uuid7
from apps.stores.models import zone_shapes

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
SERVICES = {"delivery", "pickup", "dine_in", "shipping", "digital"}
METHODS = {"pix", "card", "card_on_delivery", "cash", "wallet", "qris", "bank_transfer", "invoice", "boleto"}
# First path parts under /api/v1/stores/ that are not stores (clients/dashboard.md 1.5, clients/storefront.md 0.1), what the
# install itself may want beside them, and the first path parts of the whole site.
RESERVED_SLUGS = frozenset(
    "s stores orders products maps categories coupons customers payments delivery-zones combos product-types integrations"
    " webhooks print-agents print-jobs reports ai bio-links catalog templates devices platform api admin static media"
    " me conversations messages notifications staff invites settings outlets stock deliveries promotions campaigns drafts events"
    " auth users docs schema health livez readyz i18n ws k www".split()
)
# How many minutes, days and orders make sense; far beyond them a date would no longer be one.
SCHEDULING = {"slot_minutes": 24 * 60, "lead_minutes": 60 * 24 * 60, "max_days": 366, "orders_per_slot": 100_000}
LANGUAGES = {"pt-BR", "en", "de", "es", "id"}


def _fail(message: Any, **values: Any) -> None:
    raise ValidationError(message, params=values, code="invalid")


def store_slug(value: str) -> None:
    """A slug that does not collide with a route."""
    if value in RESERVED_SLUGS or re.fullmatch(r"[0-9a-f-]{32,36}", value):
        raise ValidationError(_("“%(slug)s” is reserved."), params={"slug": value}, code="reserved")


def timezone_name(value: str) -> None:
    """An IANA zone."""
    if value not in available_timezones():
        _fail(_("Not a time zone."))


def currency(value: str) -> None:
    """An ISO 4217 code."""
    if not re.fullmatch(r"[A-Z]{3}", value):
        _fail(_("Write the currency as three letters, such as BRL."))


def pix_key(value: str) -> None:
    """A key in one of the five forms of the Banco Central: CPF, CNPJ, phone, e-mail or random."""
    forms = (
        r"\d{11}",
        r"[0-9A-Z]{12}\d{2}",
        r"\+\d{10,14}",
        r"[^\s@A-Z]+@[^\s@A-Z]+\.[^\s@A-Z]+",
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    )
    if not any(re.fullmatch(form, value) for form in forms):
        _fail(_("Not a PIX key: use CPF or CNPJ without punctuation, +55 phone, e-mail or a random key."))


def upload_path(instance: Any, filename: str) -> str:
    """`<store>/<random>.<ext>`: nobody's file name reaches the disk, and names cannot be guessed."""
    store_id = getattr(instance, "store_id", None) or instance.pk
    return f"{store_id}/{uuid7().hex}{PurePath(filename).suffix.lower()[:5]}"


def is_object(value: Any) -> None:
    """A JSON object."""
    if not isinstance(value, dict):
        _fail(_("Must be an object."))


def one_of(value: Any, allowed: Iterable[str], message: Any) -> None:
    """A known word. (A list or an object where a word belongs is refused too, not a crash.)"""
    if not isinstance(value, str) or value not in allowed:
        _fail(message)


def texts(value: Any) -> None:
    """A list of strings."""
    if not isinstance(value, list) or not all(isinstance(item, str) and len(item) <= 200 for item in value):
        _fail(_("Must be a list of texts."))


def languages(value: Any) -> None:
    """Known languages, the default first."""
    texts(value)
    if not value or not set(value) <= LANGUAGES:
        _fail(_("Choose from: %(known)s"), known=", ".join(sorted(LANGUAGES)))


def services(value: Any) -> None:
    """Known services."""
    texts(value)
    if not set(value) <= SERVICES:
        _fail(_("Choose from: %(known)s"), known=", ".join(sorted(SERVICES)))


def amount(value: Any) -> None:
    """A decimal ≥ 0, as text or number."""
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):
        number = Decimal(-1)
    if isinstance(value, bool) or not number.is_finite() or not 0 <= number < 10**10:
        _fail(_("Not an amount: %(value)s"), value=str(value)[:40])


def _amount_of(row: dict[str, Any], *names: str) -> None:
    for name in names:
        if row.get(name) is not None:
            amount(row[name])


def _rows(value: Any, check: Callable[[dict[str, Any]], None]) -> None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        _fail(_("Must be a list of objects."))
    for row in value:
        check(row)


def payment_methods(value: Any) -> None:
    """[{method, services, companies_only}]."""

    def check(row: dict[str, Any]) -> None:
        one_of(row.get("method"), METHODS, _("Unknown payment method."))
        services(row.get("services", []))

    _rows(value, check)


def min_order(value: Any) -> None:
    """Service → lowest subtotal."""
    is_object(value)
    services(list(value))
    for lowest in value.values():
        amount(lowest)


def price_map(value: Any) -> None:
    """Size → price."""
    is_object(value)
    for price in value.values():
        amount(price)


def service_charge(value: Any) -> None:
    """{rate, services, optional}."""
    is_object(value)
    amount(value.get("rate"))
    services(value.get("services", []))


def tax(value: Any) -> None:
    """{mode: included|added, rates: [{code, name, rate}], default, delivery}."""
    is_object(value)
    one_of(value.get("mode"), {"included", "added"}, _("The tax mode is “included” or “added”."))
    _rows(value.get("rates", []), _tax_rate)
    codes = [row.get("code") for row in value.get("rates", [])]
    for name in ("default", "delivery"):
        if value.get(name) is not None and value[name] not in codes:
            _fail(_("No tax rate has the code “%(code)s”."), code=str(value[name])[:40])


def _words(row: dict[str, Any], *names: str) -> None:
    """Texts that must be there."""
    for name in names:
        if not isinstance(row.get(name), str) or not 0 < len(row[name]) <= 120:
            _fail(_("“%(name)s” is missing."), name=name)


def _tax_rate(row: dict[str, Any]) -> None:
    _words(row, "code")
    amount(row.get("rate"))


def _pizza_part(row: dict[str, Any]) -> None:
    _words(row, "slug", "name")
    price_map(row.get("prices", {}))
    if not isinstance(row.get("max_flavours", 1), int) or row.get("max_flavours", 1) < 1:
        _fail(_("max_flavours must be a whole number of at least 1."))


def pizza(value: Any) -> None:
    """{price_rule, sizes, crusts, edges}."""
    is_object(value)
    one_of(
        value.get("price_rule"), {"highest", "average", "sum"}, _("The pizza price rule is highest, average or sum.")
    )
    for part in ("sizes", "crusts", "edges"):
        _rows(value.get(part, []), _pizza_part)


def scheduling(value: Any) -> None:
    """{slot_minutes, lead_minutes, max_days, orders_per_slot}."""
    is_object(value)
    for name, most in SCHEDULING.items():
        if not is_whole(value.get(name), at_most=most):
            _fail(_("%(name)s must be a whole number."), name=name)


def is_whole(value: Any, *, at_most: int) -> bool:
    """A whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= at_most


def intervals(value: Any) -> None:
    """[[start, end]…] as HH:MM."""
    if not isinstance(value, list):
        _fail(_("Must be a list of [start, end]."))
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(t, str) and TIME.match(t) for t in pair):
            _fail(_('Write opening hours as ["HH:MM", "HH:MM"].'))


def week(value: Any) -> None:
    """Weekday → intervals."""
    is_object(value)
    if not set(value) <= set(WEEKDAYS):
        _fail(_("Weekdays are mon … sun."))
    for day in value.values():
        intervals(day)


def windows(value: Any) -> None:
    """[{weekdays, from, to, services}], every key optional."""

    def check(row: dict[str, Any]) -> None:
        texts(row.get("weekdays", []))
        if not set(row.get("weekdays", [])) <= set(WEEKDAYS):
            _fail(_("Weekdays are mon … sun."))
        services(row.get("services", []))
        for name in ("from", "to"):
            if name in row and not (isinstance(row[name], str) and TIME.match(row[name])):
                _fail(_("Write times as HH:MM."))

    _rows(value, check)


def sale(value: Any) -> None:
    """{price, starts, ends, weekdays, from, to}: both dates included; all but the price optional."""
    is_object(value)
    amount(value.get("price"))
    dates = [value[name] for name in ("starts", "ends") if value.get(name)]
    if not all(_is_date(day) for day in dates):
        _fail(_("Write dates as YYYY-MM-DD."))
    if dates != sorted(dates):
        _fail(_("The last day is before the first."))
    windows([{name: value[name] for name in ("weekdays", "from", "to") if value.get(name)}])


def _is_date(value: Any) -> bool:
    if not (isinstance(value, str) and DATE.match(value)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def tiers(value: Any) -> None:
    """[{max_g, price}] ascending."""
    _rows(value, lambda row: _amount_of(row, "price", "max_g"))
    weights = [row.get("max_g") for row in value]
    if not value or any(not isinstance(weight, int) for weight in weights) or weights != sorted(weights):
        _fail(_("Weight tiers must be given in ascending order."))


def zone_rule(value: Any) -> None:
    """By kind: {city, aliases} · {flat_km … max_km} · {polygon} · {from_km, to_km} · {ranges}."""
    is_object(value)
    _amount_of(value, "flat_km", "per_km", "far_km", "far_per_km", "max_fee", "max_km", "from_km", "to_km")
    texts(value.get("aliases", []))
    texts([value.get("city", "")])
    if "polygon" in value:
        zone_shapes.polygon(value["polygon"])
    if "ranges" in value:
        zone_shapes.ranges(value["ranges"])
