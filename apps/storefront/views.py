"""The storefront's pages. Each reads one document, chooses a language and renders; nothing is written here."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.problems import NotFound
from apps.core.ui.csp import render_page
from apps.storefront import context, kept, languages, seo
from apps.stores.queries.access import StoreRef, find_store
from apps.stores.queries.bundle import bundle
from apps.stores.queries.catalog import catalog_document
from apps.stores.queries.orders import order_by_token


@require_safe
def menu_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Menu, options, bag and checkout of one store."""
    ref = _store_or_none(slug)
    if ref is None:
        return _not_found(request)
    language = languages.choose(request, _store_data(ref).get("languages") or [])
    url = request.build_absolute_uri(reverse("storefront:menu", args=[ref.slug]))

    def render() -> HttpResponse:
        with translation.override(language):
            page = context.for_menu(catalog_document(ref.slug) or {}, language=language, url=url)
            return render_page(request, "storefront/menu.html", page)

    response = kept.serve(request, (ref.id, ref.catalog_version, language, url), render)
    return _remember_language(request, response, language)


@require_safe
def tracking_page(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """One order, for whoever holds its token: pay it, then watch it come."""
    ref, order = _store_or_none(slug), order_by_token(token)
    if ref is None or order is None or order["store"]["slug"] != ref.slug:
        return _not_found(request)
    store = _store_data(ref)
    language = languages.choose(request, store.get("languages") or [])
    with translation.override(language):
        page = context.for_tracking(store, order, token=token, language=language)
        response = render_page(request, "storefront/tracking.html", page)
    # The address itself is the key to the order: keep it out of caches, logs of other sites and search results.
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return _remember_language(request, response, language)


@require_safe
def sitemap(request: HttpRequest, slug: str) -> HttpResponse:
    """The store's page in each of its languages, for search engines."""
    ref = _store_or_none(slug)
    if ref is None:
        raise Http404
    url = request.build_absolute_uri(reverse("storefront:menu", args=[ref.slug]))
    return HttpResponse(seo.sitemap_xml(url, context.alternates(url, _store_data(ref))), content_type="application/xml")


@require_safe
def robots(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """What crawlers may read; with a store also where its sitemap is."""
    address = request.build_absolute_uri(reverse("storefront:sitemap", args=[slug])) if slug else None
    return HttpResponse(seo.robots_txt(address), content_type="text/plain; charset=utf-8")


def _store_or_none(slug: str) -> StoreRef | None:
    try:
        return find_store(slug)
    except NotFound:
        return None


def _store_data(ref: StoreRef) -> dict[str, Any]:
    """The store as the catalog shows it, without what depends on the time of day."""
    found: dict[str, Any] = bundle(ref.id, ref.catalog_version).menu["store"]
    return found


def _not_found(request: HttpRequest) -> HttpResponse:
    language = languages.choose(request, list(languages.NAMES))
    with translation.override(language):
        return render_page(request, "storefront/not_found.html", {"title": _("Page not found")}, status=404)


def _remember_language(request: HttpRequest, response: HttpResponse, language: str) -> HttpResponse:
    """Keep a language that was asked for, and tell caches what the answer depends on."""
    if languages.known(request.GET.get("lang")):
        response.set_cookie(
            languages.COOKIE, language, max_age=languages.COOKIE_AGE_SECONDS, samesite="Lax", path="/s/"
        )
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
