"""The storefront's pages. Each reads one document, chooses a language and renders; nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from apps.core import clock
from apps.core.problems import NotFound
from apps.core.ui.brand import brand_css
from apps.core.ui.csp import render_page
from apps.storefront import hours, languages, menu, seo, strings, tracking
from apps.stores.queries.catalog import catalog_document
from apps.stores.queries.orders import order_by_token

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


@require_safe
@gzip_page
def menu_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Menu, options, bag and checkout of one store."""
    catalog = _catalog_or_none(slug)
    if catalog is None:
        return _not_found(request)
    store = catalog["store"]
    language = languages.choose(request, store.get("languages") or [])
    with translation.override(language):
        shown = menu.sections(catalog, language)
        url = request.build_absolute_uri(request.path)
        context = _frame(store, language) | {
            "sections": shown,
            "title": seo.title(store),
            "description": seo.description(store),
            "canonical": url,
            "structured_data": seo.structured_data(store, shown, url),
            "status_line": hours.status_line(store, clock.now()),
            "week": hours.week(store),
            "alternates": _alternates(url, store),
            "modules": MENU_MODULES,
            "brazilian": store.get("currency") == "BRL",
            "boot": _boot(store, language, strings.for_menu()),
        }
        response = render_page(request, "storefront/menu.html", context)
    return _remember_language(request, response, language)


@require_safe
def tracking_page(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """One order, for whoever holds its token: pay it, then watch it come."""
    catalog, order = _catalog_or_none(slug), _order_or_none(token)
    if catalog is None or order is None or (order.get("store") or {}).get("slug", slug) != catalog["store"]["slug"]:
        return _not_found(request)
    store = catalog["store"]
    language = languages.choose(request, store.get("languages") or [])
    with translation.override(language):
        key = tracking.headline_key(order)
        title, text = tracking.HEADLINES[key]
        boot = _boot(store, language, strings.for_tracking())
        context = _frame(store, language) | {
            "order": order,
            "number": order.get("display_number") or order["order_number"],
            "token": token,
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
        response = render_page(request, "storefront/tracking.html", context)
    # The address itself is the key to the order: keep it out of caches, logs of other sites and search results.
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return _remember_language(request, response, language)


@require_safe
def sitemap(request: HttpRequest, slug: str) -> HttpResponse:
    """The store's page in each of its languages, for search engines."""
    catalog = _catalog_or_none(slug)
    if catalog is None:
        raise Http404
    url = request.build_absolute_uri(reverse("storefront:menu", args=[catalog["store"]["slug"]]))
    return HttpResponse(seo.sitemap_xml(url, _alternates(url, catalog["store"])), content_type="application/xml")


@require_safe
def robots(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """What crawlers may read; with a store also where its sitemap is."""
    address = request.build_absolute_uri(reverse("storefront:sitemap", args=[slug])) if slug else None
    return HttpResponse(seo.robots_txt(address), content_type="text/plain; charset=utf-8")


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


def _alternates(url: str, store: Mapping[str, Any]) -> dict[str, str]:
    """hreflang -> address; the plain address is the store's first language."""
    codes = [code for code in map(languages.known, store.get("languages") or []) if code]
    return {"x-default": url} | {code: f"{url}?lang={code}" for code in codes}


def _catalog_or_none(slug: str) -> dict[str, Any] | None:
    try:
        return catalog_document(slug)
    except NotFound:
        return None


def _order_or_none(token: str) -> dict[str, Any] | None:
    try:
        return order_by_token(token)
    except NotFound:
        return None


def _not_found(request: HttpRequest) -> HttpResponse:
    language = languages.choose(request, list(languages.NAMES))
    with translation.override(language):
        context = {"brand_css": "", "title": _("Page not found")}
        return render_page(request, "storefront/not_found.html", context, status=404)


def _remember_language(request: HttpRequest, response: HttpResponse, language: str) -> HttpResponse:
    """Keep a language that was asked for, and tell caches what the answer depends on."""
    if languages.known(request.GET.get("lang")):
        response.set_cookie(
            languages.COOKIE, language, max_age=languages.COOKIE_AGE_SECONDS, samesite="Lax", path="/s/"
        )
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
