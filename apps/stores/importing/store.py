"""The store itself: who it is, its money, taxes, payment methods, how it takes orders, and its pizza menu."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core.clock import now
from apps.core.money import exponent_of
from apps.core.phones import to_e164
from apps.core.scope import scope
from apps.stores.importing import pizza, shapes
from apps.stores.importing.errors import Errors, refusal
from apps.stores.importing.report import Tally
from apps.stores.importing.row import Row
from apps.stores.importing.source import Source
from apps.stores.importing.sync import assign
from apps.stores.models import Order, Service, Store, StoreType
from apps.stores.models.validators import LANGUAGES, METHODS, SERVICES, timezone_name
from apps.stores.services.catalog_unit import take_turn

Fields = dict[str, Any]


def read(source: Source) -> Fields:
    """The columns of the store. Sets the decimals and the clock every other section is read with."""
    row = source.root.child("store")
    if row is None:
        raise refusal("store", _("is missing"))
    row.slug()
    _set_money_and_clock(source, row)
    fields = _identity(row) | _contact(row) | _branding(row) | _orders(row) | _settings(row)
    fields["tax"] = _tax(row)
    fields["pizza"] = pizza.read(source)
    fields |= _whatsapp(source)
    return row.check(Store, fields, **_KEYS)


_KEYS = {
    "phone": "contact.phone",
    "email": "contact.email",
    "website": "contact.website",
    "primary_color": "branding.primary_color",
    "secondary_color": "branding.secondary_color",
    "tagline": "branding.tagline",
    "payment_expiry_minutes": "order_settings.payment_expiry_minutes",
    "prep_minutes": "order_settings.prep_minutes",
    "scheduling": "order_settings.scheduling",
}


def _set_money_and_clock(source: Source, row: Row) -> None:
    currency, decimals = row.text("currency", required=True), row.integer("currency_decimals", 2)
    source.reader.decimals = exponent_of(currency)
    if decimals != source.reader.decimals:
        shown = {"currency": currency[:10], "decimals": source.reader.decimals}
        row.error("currency_decimals", _("%(currency)s has %(decimals)s decimals here") % shown)
    zone = row.text("timezone", required=True)
    try:
        timezone_name(zone)
        source.reader.zone = ZoneInfo(zone)
    except ValidationError:
        row.error("timezone", _("“%(zone)s” is not a time zone, such as America/Sao_Paulo") % {"zone": zone[:40]})


def _identity(row: Row) -> Fields:
    return {
        "slug": row.text("slug"),
        "name": row.text("name", required=True),
        "legal_name": row.text("legal_name"),
        "description": row.text("description"),
        "country": row.text("country", required=True).upper(),
        "languages": row.texts("languages", known=sorted(LANGUAGES)),
        "currency": row.text("currency"),
        "timezone": row.text("timezone"),
        "vat_number": row.text("vat_number"),
        "seo": row.plain("seo"),
    }


def _contact(row: Row) -> Fields:
    contact = row.child("contact") or row.reader.row({}, row.at("contact"))
    return {"phone": contact.text("phone"), "email": contact.text("email"), "website": contact.text("website")}


def _branding(row: Row) -> Fields:
    """Colours the file leaves out stay as they are."""
    brand = row.child("branding") or row.reader.row({}, row.at("branding"))
    found = {name: brand.text(name) for name in ("primary_color", "secondary_color", "tagline")}
    return {name: value for name, value in found.items() if value or name == "tagline"}


def _orders(row: Row) -> Fields:
    services = shapes.services(row)
    if not services:
        row.error(
            "services", _("a store offers at least one service: %(known)s") % {"known": ", ".join(sorted(SERVICES))}
        )
    lowest = row.child("min_order")
    amounts = (
        {} if lowest is None else {name: str(lowest.amount(name)) for name in lowest.value if _is_service(lowest, name)}
    )
    methods = [_method(item) for item in row.rows("payment_methods")]
    return {"services": services, "min_order": amounts, "payment_methods": methods}


def _is_service(row: Row, name: str) -> bool:
    row.raw(name)
    if name not in SERVICES:
        row.error(name, _("is not a service: %(known)s") % {"known": ", ".join(sorted(SERVICES))})
    return name in SERVICES


def _method(row: Row) -> Fields:
    shape: Fields = {"method": row.choice("method", sorted(METHODS)), "services": shapes.services(row)}
    if row.flag("companies_only"):
        shape["companies_only"] = True
    return shape


def _settings(row: Row) -> Fields:
    settings = row.child("order_settings") or row.reader.row({}, row.at("order_settings"))
    slots = settings.child("scheduling")
    names = ("slot_minutes", "lead_minutes", "max_days", "orders_per_slot")
    return {
        "service_charge": _service_charge(row),
        "auto_accept": settings.flag("auto_accept", default=True),
        "payment_expiry_minutes": settings.integer("payment_expiry_minutes", 30, low=1),
        "prep_minutes": settings.integer("prep_minutes", 30),
        "scheduling": None if slots is None else {name: slots.integer(name) for name in names},
    }


def _service_charge(row: Row) -> Fields | None:
    charge = row.child("service_charge")
    if charge is None:
        return None
    rate = str(charge.amount("rate", decimals=2))
    return {"rate": rate, "services": shapes.services(charge), "optional": charge.flag("optional")}


def _tax(row: Row) -> Fields:
    tax = row.child("tax") or row.reader.row({"mode": "included"}, row.at("tax"))
    rates = [
        {
            "code": rate.text("code", required=True),
            "name": rate.text("name"),
            "rate": str(rate.amount("rate", decimals=2)),
        }
        for rate in tax.rows("rates")
    ]
    codes = [rate["code"] for rate in rates]
    if len(set(codes)) < len(codes):
        tax.error("rates", _("the same code is there twice"))
    found: Fields = {"mode": tax.choice("mode", ("included", "added")), "rates": rates}
    for name in ("default", "delivery"):
        found[name] = tax.reference(name, codes, "store.tax.rates", required=False) or None
    return found


def _whatsapp(source: Source) -> Fields:
    """The number customers write to is that of the first WhatsApp account, if the file names one."""
    accounts = source.document.get("channel_accounts")
    for account in accounts if isinstance(accounts, list) else []:
        if isinstance(account, Mapping) and account.get("kind") == "whatsapp" and isinstance(account.get("phone"), str):
            return {"whatsapp_number": to_e164(account["phone"])}
    return {}


def write(fields: Fields, tally: Tally, errors: Errors) -> Store:
    """The store row, created or brought up to date; until the commit nobody else changes its menu. Call inside the unit."""
    store_id = Store.objects.filter(slug=fields["slug"]).values_list("pk", flat=True).first()
    if store_id is None:
        return _create(fields, tally)
    take_turn(store_id)
    store = Store.objects.get(pk=store_id)  # as the one before us left it
    if store.currency != fields["currency"]:
        with scope(store.pk):
            if Order.objects.exists():
                errors.add("store.currency", _("this store has orders in %(old)s") % {"old": store.currency})
    differing = assign(store, fields)
    if differing:
        store.updated_at = now()
        store.save(update_fields=[*differing, "updated_at"])
    tally.updated += bool(differing)
    tally.unchanged += not differing
    return store


def _create(fields: Fields, tally: Tally) -> Store:
    offered = set(fields["services"])
    is_shop = Service.SHIPPING in offered and not offered & {Service.DELIVERY, Service.DINE_IN}
    store = Store(store_type=StoreType.RETAIL if is_shop else StoreType.FOOD, **fields)
    try:
        with transaction.atomic():
            store.save(force_insert=True)
    except IntegrityError as error:
        raise refusal(
            "store.slug", _("this store is being created by somebody else at this moment; try again")
        ) from error
    tally.created += 1
    return store
