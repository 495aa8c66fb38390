"""One row of a table into the store. Each writer reads the cells first and writes only when all of them make sense."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.money import exponent_of
from apps.core.phones import to_e164
from apps.core.scope import current_store_id
from apps.customers import services as customers
from apps.customers.models import Customer, Identity
from apps.stores.models import Category, Outlet, OutletOverride, Product, SaleStatus, StockLevel, Store, Variant
from apps.stores.pricing.geo import fold
from apps.stores.services import outlet as outlet_services
from apps.stores.services import product as products
from apps.stores.services import stock as stocks
from apps.stores.services import variant as variants
from apps.stores.sheets.table import Cells

MONEY = ("price", "compare_at_price", "cost_price")
# Words of a Brazilian spreadsheet for a status, folded.
STATUSES = {"ativo": SaleStatus.ACTIVE, "pausado": SaleStatus.PAUSED, "inativo": SaleStatus.INACTIVE}


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(slots=True, kw_only=True)
class World:
    """What the rows refer to, loaded once."""

    actor: Actor
    decimals: int
    country: str
    categories: dict[str, Category]
    outlets: dict[str, Outlet]
    mine: frozenset[UUID]
    products: dict[str, Product]
    variants: dict[str, Variant]

    @classmethod
    def load(cls, *, outlets: frozenset[UUID], actor: Actor) -> "World":
        """The store in scope."""
        store = Store.objects.only("currency", "country").get(pk=current_store_id())
        return cls(
            actor=actor,
            decimals=exponent_of(store.currency),
            country=store.country,
            categories=_by_name(Category.objects.all()),
            outlets=_by_name(Outlet.objects.all()),
            mine=outlets,
            products={row.sku.lower(): row for row in Product.objects.select_related("category")},
            variants={row.sku.lower(): row for row in Variant.objects.select_related("product")},
        )


def _by_name(rows: Iterable[Any]) -> dict[str, Any]:
    """By slug and by folded name."""
    found = list(rows)
    return {fold(row.name): row for row in found} | {row.slug: row for row in found}


def product(cells: Cells, world: World) -> Outcome:
    """A product by its SKU: changed if there is one, else new (which takes name and category)."""
    sku = cells.text("sku", required=True, most=60) or ""
    old = world.products.get(sku.lower())
    values: dict[str, Any] = {"sku": sku} if old is None else {}
    values |= _present(name=cells.text("name", required=old is None, most=160), barcode=cells.text("barcode", most=32))
    values |= _present(description=cells.text("description", most=2000))
    values |= _present(**{name: cells.amount(name) for name in MONEY})
    values |= _present(category=_named(cells, "category", world.categories, required=old is None))
    values |= _present(status=_status(cells))
    if cells.failed:
        return Outcome.UNCHANGED
    if old is None:
        world.products[sku.lower()] = products.create(actor=world.actor, values=values)
        return Outcome.CREATED
    return _changed(old, products.change(product=old, actor=world.actor, values=values), values)


def _present(**values: Any) -> dict[str, Any]:
    """What the sheet says something about: an empty cell leaves things as they are."""
    return {name: value for name, value in values.items() if value is not None}


def _changed(old: Any, new: Any, values: dict[str, Any]) -> Outcome:
    return Outcome.UPDATED if any(getattr(old, name) != getattr(new, name) for name in values) else Outcome.UNCHANGED


def _named(cells: Cells, column: str, known: dict[str, Any], *, required: bool = False) -> Any:
    text = cells.text(column, required=required)
    if text is None:
        return None
    row = known.get(text) or known.get(fold(text))
    if row is None:
        cells.wrong(column, f"unknown_{column}", _("There is no “%(name)s”.") % {"name": text[:60]})
    return row


def _status(cells: Cells) -> str | None:
    text = cells.text("status")
    if text is None:
        return None
    status = STATUSES.get(fold(text), fold(text))
    if status not in SaleStatus.values:
        cells.wrong("status", "invalid_choice", _("Choose from: %(known)s") % {"known": ", ".join(SaleStatus.values)})
    return str(status)


def _target(cells: Cells, world: World) -> Product | Variant | None:
    sku = (cells.text("sku", required=True, most=60) or "").lower()
    found = world.variants.get(sku) or world.products.get(sku)
    if sku and found is None:
        cells.wrong("sku", "unknown_sku", _("There is no “%(name)s”.") % {"name": sku})
    return found


def _place(cells: Cells, world: World) -> Outlet | None:
    outlet: Outlet | None = _named(cells, "outlet", world.outlets)
    if world.mine and not cells.failed and (outlet is None or outlet.pk not in world.mine):
        cells.wrong("outlet", "outlet_forbidden", _("You do not work at this branch."))
    return outlet


def price(cells: Cells, world: World) -> Outcome:
    """The price of a product or variant, or what an outlet asks for it instead."""
    target, outlet = _target(cells, world), _named(cells, "outlet", world.outlets)
    if outlet is not None:
        outlet = _place(cells, world)
    values = _present(price=cells.amount("price", required=True))
    values |= _present(compare_at_price=cells.amount("compare_at_price"), cost_price=cells.amount("cost_price"))
    if cells.failed or target is None:
        return Outcome.UNCHANGED
    if outlet is not None:
        return _outlet_price(outlet, target, values["price"], world)
    if isinstance(target, Variant):
        before = target.price
        variants.change(variant=target, actor=world.actor, values={"price": values["price"]})
        return Outcome.UPDATED if before != values["price"] else Outcome.UNCHANGED
    if target.price is None:
        cells.wrong("price", "no_own_price", _("This is priced by its variants or flavours."))
        return Outcome.UNCHANGED
    return _changed(target, products.change(product=target, actor=world.actor, values=values), values)


def _outlet_price(outlet: Outlet, target: Product | Variant, amount: Any, world: World) -> Outcome:
    owner, variant = (target.product, target) if isinstance(target, Variant) else (target, None)
    old = OutletOverride.objects.filter(outlet=outlet, product=owner, variant=variant).first()
    if old is not None and old.price == amount:
        return Outcome.UNCHANGED
    kept = {"status": old.status, "paused_until": old.paused_until} if old else {}
    outlet_services.set_override(
        outlet=outlet, product=owner, variant=variant, actor=world.actor, values={**kept, "price": amount}
    )
    return Outcome.CREATED if old is None else Outcome.UPDATED


def stock(cells: Cells, world: World) -> Outcome:
    """How many there are of a product or variant, at all outlets or one. Tracking begins with the first number."""
    target, outlet = _target(cells, world), _place(cells, world)
    on_hand, low = cells.whole("on_hand", required=True), cells.whole("low_threshold")
    if cells.failed or target is None or on_hand is None:
        return Outcome.UNCHANGED
    level: StockLevel | None = stocks.level_of(target, outlet)
    if level is None:
        stocks.track(target=target, on_hand=on_hand, low_threshold=low, outlet=outlet, actor=world.actor)
        return Outcome.CREATED
    changed = False
    if low is not None and low != level.low_threshold:
        stocks.set_threshold(level=level, low_threshold=low, actor=world.actor)
        changed = True
    if on_hand != level.on_hand:
        stocks.adjust(level=level, operation=stocks.Operation.SET, quantity=on_hand, actor=world.actor, note="import")
        changed = True
    return Outcome.UPDATED if changed else Outcome.UNCHANGED


def customer(cells: Cells, world: World) -> Outcome:
    """A customer by phone, else by e-mail. Who is known keeps the name he has."""
    name, written, email = cells.text("name", most=120), cells.text("phone", most=40), cells.text("email", most=160)
    phone = to_e164(written, world.country) if written else ""
    if written and not phone:
        cells.wrong("phone", "invalid_phone", _("This is not a phone number."))
    if email and not _is_email(email):
        cells.wrong("email", "invalid_email", _("This is not an e-mail address."))
    if not written and not email:
        cells.wrong("phone", "required", _("A phone or an e-mail is needed."))
    if cells.failed:
        return Outcome.UNCHANGED
    known, had = Customer.objects.count(), Identity.objects.count()
    customers.recognise(name=name or "", phone=phone, email=(email or "").lower(), actor=world.actor)
    if Customer.objects.count() > known:
        return Outcome.CREATED
    return Outcome.UPDATED if Identity.objects.count() > had else Outcome.UNCHANGED


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
