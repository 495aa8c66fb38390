"""Mechanism 9, read path: everything about a store's menu as one immutable value per published version.

A bundle is built from about twenty queries when a version is first read, kept in the shared cache by
(store, version) and in the memory of each process. A change of the menu makes a new version, so a bundle is
never invalidated, only forgotten.
"""

import pickle
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.core.redis import hint
from apps.core.scope import scope
from apps.stores.pricing.delivery_rules import DeliveryRules, ShippingRules
from apps.stores.pricing.geo import Point
from apps.stores.pricing.model import PricingCatalog
from apps.stores.queries import delivery_rules, menu_document, pricing_catalog, timetables
from apps.stores.queries.rows import CatalogRows, load_rows
from apps.stores.timetable import Timetable

# Shape of the pickled value; a new number makes old copies unreadable keys instead of surprises.
FORMAT = 5
SHARED_SECONDS = 24 * 3600
IN_MEMORY = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletInfo:
    """What placing an order has to know of an outlet."""

    id: UUID
    slug: str
    name: str
    services: frozenset[str]
    point: Point | None
    phone: str
    when: Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """What the store wants while nobody can say where an address is: `refuse`, `confirm` or `flat` with its fee."""

    policy: str
    fee: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A store at one catalog version. `menu` is the document without what depends on the time of day, as it is at the
    main outlet; `menus` has those of other outlets with stock of their own."""

    store_id: UUID
    version: int
    menu: dict[str, Any]
    menus: dict[UUID, dict[str, Any]]
    pricing: PricingCatalog
    outlets: tuple[OutletInfo, ...]
    delivery: dict[UUID, DeliveryRules | None]
    country: str
    fallback: Fallback
    shipping: ShippingRules | None
    skus: dict[str, str]

    def outlet(self, ref: str | None = None) -> OutletInfo | None:
        """An outlet by id or slug; the main one when nothing is asked for; None when there is no such outlet."""
        if not ref:
            return self.outlets[0] if self.outlets else None
        return next((row for row in self.outlets if ref in (str(row.id), row.slug)), None)


_memory: OrderedDict[tuple[UUID, int], Bundle] = OrderedDict()
_guard = threading.Lock()


def bundle(store_id: UUID, version: int) -> Bundle:
    """The store at this version. Costs nothing when this process has seen it, one cache read when another has."""
    key = (store_id, version)
    with _guard:
        found = _memory.get(key)
        if found is not None:
            _memory.move_to_end(key)
            return found
    return _remember(_shared(store_id, version) or _build(store_id, version))


def _remember(made: Bundle) -> Bundle:
    with _guard:
        _memory[(made.store_id, made.version)] = made
        while len(_memory) > IN_MEMORY:
            _memory.popitem(last=False)
    return made


def _key(store_id: UUID, version: int) -> str:
    return f"comanda:bundle:{FORMAT}:{store_id}:{version}"


def _shared(store_id: UUID, version: int) -> Bundle | None:
    raw = hint(lambda client: client.get(_key(store_id, version)), None)
    if not isinstance(raw, bytes):
        return None
    try:
        found = pickle.loads(raw)  # noqa: S301  # our own bytes, from our own Redis
    except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, IndexError, TypeError, ValueError):
        return None  # written by another release, or cut short: build it anew
    return found if isinstance(found, Bundle) else None


def _build(store_id: UUID, version: int) -> Bundle:
    with scope(store_id):
        rows = load_rows(store_id)
    # The rows may be newer than the version asked for; the bundle is kept under what it really is.
    made = _from_rows(rows)
    if made.version == version:
        raw = pickle.dumps(made)
        hint(lambda client: client.set(_key(store_id, version), raw, ex=SHARED_SECONDS), None)
    return made


def _from_rows(rows: CatalogRows) -> Bundle:
    return Bundle(
        store_id=rows.store.pk,
        version=rows.store.catalog_version,
        menu=menu_document.build(rows),
        menus=_menus(rows),
        pricing=pricing_catalog.build(rows),
        outlets=tuple(_outlet(outlet, rows) for outlet in rows.outlets),
        delivery=delivery_rules.delivery(rows),
        country=rows.store.country,
        fallback=Fallback(policy=rows.store.delivery_fallback, fee=rows.store.delivery_fallback_fee),
        shipping=delivery_rules.shipping(rows),
        skus={str(row.pk): row.sku for row in rows.products}
        | {str(row.pk): row.sku for found in rows.variants.values() for row in found},
    )


def _menus(rows: CatalogRows) -> dict[UUID, dict[str, Any]]:
    """The menus of the outlets where other things are in stock than at the main one."""
    if not rows.outlet_stock:
        return {}
    return {outlet.pk: menu_document.build(replace(rows, at=outlet.pk)) for outlet in rows.outlets[1:]}


def _outlet(outlet: Any, rows: CatalogRows) -> OutletInfo:
    return OutletInfo(
        id=outlet.pk,
        slug=outlet.slug,
        name=outlet.name,
        services=frozenset(outlet.services) & frozenset(rows.store.services),
        point=delivery_rules.point_of(outlet),
        phone=outlet.phone or rows.store.phone,
        when=timetables.build(rows.store, outlet, rows.special_days.get(outlet.pk, []), rows.pauses),
    )


def forget_memory() -> None:
    """Empty this process's memory (tests)."""
    with _guard:
        _memory.clear()
