"""The catalog as it is served: a bundle's menu plus what the time of day makes of it, as bytes with an ETag.

Rebuilt at most every `FRESH_SECONDS` per version and address; in between a request costs a dictionary look-up.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core.clock import local, now
from apps.core.http.renderers import dumps
from apps.core.problems import NotFound
from apps.core.remembered import Remembered
from apps.stores.pricing.availability import combo_problem, product_problem, variant_problem
from apps.stores.pricing.base_price import BasePrice, product_price
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.model import Kind, Product, find
from apps.stores.queries import timetables
from apps.stores.queries.access import StoreRef, find_store
from apps.stores.queries.bundle import Bundle, OutletInfo, bundle
from apps.stores.queries.menu_document import MEDIA

FRESH_SECONDS = 15.0
KEPT = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A body ready to send."""

    body: bytes
    etag: str


_served: Remembered[Served] = Remembered(most=KEPT, seconds=FRESH_SECONDS)


def catalog_bytes(ref: StoreRef, media_base: str, outlet: OutletInfo | None = None) -> Served:
    """The catalog of a store (at an outlet, else the main one) with image addresses under `media_base`."""
    key = (ref.id, ref.catalog_version, media_base, outlet.id if outlet else None)
    return _served.get(key, lambda: _serve(ref, media_base, outlet))


def _serve(ref: StoreRef, media_base: str, outlet: OutletInfo | None) -> Served:
    body = dumps(document(bundle(ref.id, ref.catalog_version), ref.timezone, outlet))
    body = body.replace(f'"{MEDIA}'.encode(), f'"{media_base}'.encode())
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Served(body=body, etag=etag)


def catalog_document(slug: str, media_base: str = "/media/", outlet: OutletInfo | None = None) -> dict[str, Any] | None:
    """The same document as plain data, for pages; None when there is no such store."""
    try:
        ref = find_store(slug)
    except NotFound:
        return None
    made = document(bundle(ref.id, ref.catalog_version), ref.timezone, outlet)
    return _with_media(made, media_base)  # type: ignore[no-any-return]  # a dict in, a dict out


def _with_media(value: Any, base: str) -> Any:
    if isinstance(value, str):
        return base + value.removeprefix(MEDIA) if value.startswith(MEDIA) else value
    if isinstance(value, dict):
        return {key: _with_media(item, base) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_media(item, base) for item in value]
    return value


def document(made: Bundle, timezone: str, outlet: OutletInfo | None = None) -> dict[str, Any]:
    """The menu as it is now in the store's time zone at an outlet (the main one unless told)."""
    at = local(now(), timezone).replace(tzinfo=None)
    outlet = outlet or made.outlet()
    menu = made.menus.get(outlet.id, made.menu) if outlet else made.menu
    context = PricingContext(at=at, outlet_id=str(outlet.id) if outlet else None)
    products = [_judged(row, made, context) for row in menu["products"]]
    by_category: dict[str, list[dict[str, Any]]] = {str(row["id"]): [] for row in menu["categories"]}
    for row in products:
        by_category.setdefault(str(row["category"]["id"]), []).append(row)
    return {
        **menu,
        "store": {**menu["store"], **_at_outlet(menu["store"], outlet), **opening(outlet, at, timezone)},
        "products": products,
        "flavours": [_judged(row, made, context) for row in menu["flavours"]],
        "combos": [_judged_combo(row, made, context) for row in menu["combos"]],
        "featured_products": [row for row in products if row["featured"]],
        "products_by_category": by_category,
    }


def _at_outlet(store: dict[str, Any], outlet: OutletInfo | None) -> dict[str, Any]:
    """What is another thing at this outlet."""
    row = next((row for row in store["outlets"] if outlet is not None and row["id"] == outlet.id), None)
    if row is None or outlet is None:
        return {"outlet": None}
    shown = {name: row[name] for name in ("phone", "latitude", "longitude", "hours", "tax_mode", "service_charge")}
    return {**shown, "services": sorted(outlet.services), "outlet": row}


def opening(outlet: OutletInfo | None, at: datetime, timezone: str) -> dict[str, Any]:
    """Whether an outlet is open at a moment of store time, until when or from when, and the same for each service."""
    if outlet is None:
        return {
            "is_open": False,
            "opens_at": None,
            "closes_at": None,
            "paused_until": None,
            "pause_reason": "",
            "service_status": {},
        }
    return {
        **timetables.state_of(outlet.when, None, at, timezone),
        "service_status": {
            service: {
                **timetables.state_of(outlet.when, service, at, timezone),
                "scheduling": outlet.when.rules_of(service) is not None,
            }
            for service in sorted(outlet.services)
        },
    }


def _judged(row: dict[str, Any], made: Bundle, context: PricingContext) -> dict[str, Any]:
    """A product with whether it can be bought now, and the status word the clients know."""
    product = made.pricing.product(str(row["id"]))
    problem = product_problem(made.pricing, product, context) if product else None
    sold_out = not row["is_in_stock"]
    reason = str(problem) if problem else "out_of_stock" if sold_out else None
    status = "out_of_stock" if sold_out else "inactive" if row["status"] == "paused" and problem else "active"
    prices = _prices(row, product, made, context) if product else {}
    return {**row, **prices, "status": status, "is_available": reason is None, "unavailable_reason": reason}


def _prices(row: dict[str, Any], product: Product, made: Bundle, context: PricingContext) -> dict[str, Any]:
    """What it costs now, so that the cart never surprises: a sale on its dates, the outlet's own price."""
    if product.kind is Kind.SIMPLE:
        return _price(row, product_price(made.pricing, product, None, context))
    if product.kind is not Kind.VARIANTS:
        return {}
    known = {variant.id: variant for variant in product.variants}
    variants = [
        {**shown, **_price(shown, product_price(made.pricing, product, known[str(shown["id"])], context))}
        for shown in row["variants"]
    ]
    return {"variants": variants, "price": min((shown["price"] for shown in variants), default=row["price"])}


def _price(row: dict[str, Any], now_costs: BasePrice) -> dict[str, Any]:
    before = row.get("compare_at_price")
    if now_costs.plain > now_costs.amount:
        before = max(now_costs.plain, before or now_costs.plain)
    return {"price": now_costs.amount, "compare_at_price": before}


def _judged_combo(row: dict[str, Any], made: Bundle, context: PricingContext) -> dict[str, Any]:
    combo = made.pricing.combo(str(row["id"]))
    problem = combo_problem(combo, context) if combo else None
    reason = str(problem) if problem else None
    if not row["is_in_stock"]:
        reason = "out_of_stock"
    slots = [_judged_slot(slot, made, context) for slot in row["slots"]]
    reason = reason or next(filter(None, map(_slot_problem, slots)), None)
    return {**row, "slots": slots, "is_available": reason is None, "unavailable_reason": reason}


def _judged_slot(slot: dict[str, Any], made: Bundle, context: PricingContext) -> dict[str, Any]:
    problems = [(choice, _choice_problem(choice, made, context)) for choice in slot["choices"]]
    choices = [{**choice, "is_available": reason is None, "unavailable_reason": reason} for choice, reason in problems]
    return {**slot, "choices": choices}


def _slot_problem(slot: dict[str, Any]) -> str | None:
    """Why none of the choices of a slot that has to be filled can be had now, in the words of the first; None if one can."""
    reasons = [choice["unavailable_reason"] for choice in slot["choices"]]
    return next(iter(reasons), "out_of_stock") if slot["min"] and None not in reasons else None


def _choice_problem(choice: dict[str, Any], made: Bundle, context: PricingContext) -> str | None:
    product = made.pricing.product(str(choice["product_id"]))
    if product is None or not choice["is_in_stock"]:
        return "out_of_stock"
    problem = product_problem(made.pricing, product, context)
    variant = find(product.variants, str(choice["variant_id"])) if choice["variant_id"] else None
    if problem is None and variant is not None:
        problem = variant_problem(made.pricing, product, variant, context)
    return str(problem) if problem else None
