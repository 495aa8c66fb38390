"""What the templates are given: the frame of both pages, the menu, an order on its way.

Plain functions from the API's own documents to template contexts; call them inside the page's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from apps.core import clock
from apps.core.ui.brand import brand_css
from apps.storefront import hours, languages, menu, seo, strings, tracking

# What the checkout page can take; the store may offer more ways to pay elsewhere (counter, invoice, table).
SERVICES = ("delivery", "pickup")
METHODS = ("pix", "cash", "card_on_delivery")
# The modules each page's script imports, in one go for the browser to fetch (kept true by a test).
SHARED_MODULES = "core/js/dom core/js/format core/js/http"
MENU_MODULES = (
    f"{SHARED_MODULES} core/js/sheet core/js/toast storefront/js/main storefront/js/menu storefront/js/catalog "
    "storefront/js/sheets storefront/js/product storefront/js/groups storefront/js/pizza storefront/js/combo storefront/js/cart "
    "storefront/js/bag storefront/js/checkout storefront/js/delivery storefront/js/form"
)
TRACKING_MODULES = f"{SHARED_MODULES} core/js/live core/js/toast storefront/js/tracking storefront/js/pix"
STORE_FIELDS = (
    "name",
    "slug",
    "phone",
    "whatsapp_number",
    "currency",
    "currency_decimals",
    "timezone",
    "city",
    "state",
    "country",
    "min_order",
    "is_open",
    "opens_at",
    "closes_at",
    "prep_minutes",
    "tax_mode",
)


def for_menu(catalog: Mapping[str, Any], *, language: str, url: str) -> dict[str, Any]:
    """The menu page of a catalog document; `url` is the page's own full address."""
    store = catalog["store"]
    shown = menu.sections(catalog, language)
    return _frame(store, language) | {
        "sections": shown,
        "title": seo.title(store),
        "description": seo.description(store),
        "canonical": url,
        "structured_data": seo.structured_data(store, shown, url),
        "status_line": hours.status_line(store, clock.now()),
        "week": hours.week(store),
        "alternates": alternates(url, store),
        "modules": MENU_MODULES,
        "brazilian": store.get("currency") == "BRL",
        "boot": _boot(store, language, strings.for_menu()),
    }


def for_tracking(store: Mapping[str, Any], order: Mapping[str, Any], *, token: str, language: str) -> dict[str, Any]:
    """The tracking page of an order as `order_by_token` gives it."""
    key = tracking.headline_key(order)
    title, text = tracking.HEADLINES[key]
    boot = _boot(store, language, strings.for_tracking())
    return _frame(store, language) | {
        "order": order,
        "number": order.get("display_number") or order["order_number"],
        "headline": title,
        "headline_text": text,
        "headline_key": key,
        "headline_icon": tracking.ICONS[key],
        "steps": tracking.steps(order),
        "lines": tracking.lines(order),
        "awaiting_pix": tracking.awaiting_pix(order),
        "modules": TRACKING_MODULES,
        "boot": boot | {"token": token, "order": order, "tracking": tracking.words()},
    }


def for_offer(store: Mapping[str, Any], offer: Mapping[str, Any], *, language: str) -> dict[str, Any]:
    """The page of a draft order. (A template reads `.items` of a mapping as its method, so the lines get another name.)"""
    return _frame(store, language) | {"offer": {**offer, "items_shown": offer["items"]}}


def _frame(store: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What header, footer and colours of both pages need."""
    codes = languages.offered(store.get("languages") or [])
    services = [service for service in SERVICES if service in (store.get("services") or [])]
    digits = "".join(char for char in str(store.get("whatsapp_number") or "") if char.isdigit())
    return {
        "store": store,
        "language": language,
        "languages": [(code, languages.NAMES[code]) for code in codes],
        "brand_css": brand_css(store.get("primary_color")),
        "services": services,
        "methods": _methods(store),
        "whatsapp_url": f"https://wa.me/{digits}" if digits else "",
    }


def _methods(store: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Ways to pay on this page: {method, services}, in our order."""
    rows = {str(row["method"]): row for row in store.get("payment_methods") or []}
    return [
        {"method": method, "services": list(rows[method].get("services") or SERVICES)}
        for method in METHODS
        if method in rows and not rows[method].get("companies_only")
    ]


def _boot(store: Mapping[str, Any], language: str, words: strings.Words) -> dict[str, Any]:
    """The JSON island the scripts start from."""
    slug = store["slug"]
    return {
        "api": f"/api/v1/stores/s/{slug}/",
        "orders_api": "/api/v1/stores/orders/by-token/",
        "page": reverse("storefront:menu", args=[slug]),
        "language": language,
        "store": {key: store[key] for key in STORE_FIELDS if key in store},
        "methods": _methods(store),
        "words": words,
    }


def alternates(url: str, store: Mapping[str, Any]) -> dict[str, str]:
    """hreflang -> address; the plain address is the store's first language."""
    codes = [code for code in map(languages.known, store.get("languages") or []) if code]
    return {"x-default": url} | {code: f"{url}?lang={code}" for code in codes}
