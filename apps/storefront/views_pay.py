"""The page behind a draft's link: what the store put together on the phone, and the customer's yes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.problems import NotFound, Problem
from apps.core.ui.csp import render_page
from apps.payments.models import Method
from apps.storefront import context, languages
from apps.stores.queries.access import find_store
from apps.stores.queries.bundle import bundle
from apps.stores.services import draft_links

FIELDS = {"customer_name": 120, "customer_phone": 40, "payment_method": 20}


@require_http_methods(["GET", "HEAD", "POST"])
def pay_page(request: HttpRequest, token: str) -> HttpResponse:
    """Look at the order and confirm it; a placed one leads on to its own page."""
    try:
        offer = draft_links.offer(token=token)
        store = bundle((ref := find_store(offer["store"]["slug"])).id, ref.catalog_version).menu["store"]
    except NotFound:
        language = languages.choose(request, list(languages.NAMES))
        with translation.override(language):
            return _private(
                render_page(request, "storefront/not_found.html", {"title": _("Page not found")}, status=404)
            )
    if offer["access_token"]:
        return _to_order(offer, offer["access_token"])
    language = languages.choose(request, store.get("languages") or [])
    with translation.override(language):
        problem = None
        if request.method == "POST":
            try:
                return _to_order(offer, draft_links.confirm(token=token, **_said(request)).order.access_token)
            except Problem as error:
                problem = error
        page = context.for_offer(store, offer, language=language) | {
            "refusal": str(problem.detail) if problem else "",
            "methods_to_choose": [(name, str(Method(name).label)) for name in offer["payment_methods"]],
            "said": _said(request),
        }
        status = problem.status if problem else 200
        return _private(render_page(request, "storefront/pay.html", page, status=status))


def _said(request: HttpRequest) -> dict[str, Any]:
    """What the form brought; a method that is none counts as not said."""
    found = {name: request.POST.get(name, "").replace("\x00", "").strip()[:most] for name, most in FIELDS.items()}
    return found | ({} if found["payment_method"] in Method.values else {"payment_method": ""})


def _to_order(offer: dict[str, Any], token: str) -> HttpResponse:
    address = reverse("storefront:tracking", args=[offer["store"]["slug"], token])
    return _private(HttpResponseRedirect(address))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is the key: out of caches, other sites' logs and search results. (The form needs its own origin.)"""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
