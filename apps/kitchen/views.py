"""The kitchen screen: a shell that anybody may load – what there is to see comes over the API and the socket, with a token."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from apps.core.problems import NotFound
from apps.core.ui.brand import brand_css
from apps.core.ui.csp import render_page
from apps.kitchen import strings
from apps.stores.queries.access import StoreRef, find_store

COOKIE = "comanda_lang"
COOKIE_AGE_SECONDS = 365 * 24 * 3600
LANGUAGES = {"pt-br": "Português", "en": "English"}
FALLBACK = "en"
# The modules the page's script imports, for the browser to fetch in one go.
MODULES = (
    "core/js/dom core/js/format core/js/http core/js/live core/js/toast kitchen/js/main kitchen/js/session kitchen/js/signin "
    "kitchen/js/state kitchen/js/preview kitchen/js/queue kitchen/js/board kitchen/js/card kitchen/js/ages kitchen/js/panels kitchen/js/sound"
)


@require_safe
def kitchen_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The screen of one store. It asks for nothing yet: the device pairs, or a person logs in, on the page itself."""
    try:
        store = find_store(slug)
    except NotFound as error:
        raise Http404 from error
    language = choose_language(request, store.language)
    with translation.override(language):
        response = render_page(request, "kitchen/screen.html", _context(store, language))
    if _known(request.GET.get("lang")):
        response.set_cookie(COOKIE, language, max_age=COOKIE_AGE_SECONDS, samesite="Lax")
    response.headers["Vary"] = "Accept-Language, Cookie"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _context(store: StoreRef, language: str) -> dict[str, object]:
    boot = {
        "slug": store.slug,
        "store": store.name,
        "api": f"/api/v1/stores/s/{store.slug}/kitchen/",
        "socket": f"/ws/stores/{store.slug}/kitchen/",
        "language": language,
        "timezone": store.timezone,
        "words": strings.words(),
    }
    return {
        "store": store,
        "language": language,
        "languages": list(LANGUAGES.items()),
        "modules": MODULES,
        "boot": boot,
        "brand_css": mark_safe(brand_css(None)),  # noqa: S308 - hex digits we computed
    }


def choose_language(request: HttpRequest, store_language: str) -> str:
    """Asked for, chosen before, the browser's, the store's, English."""
    browser = [tag for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for tag in (request.GET.get("lang"), request.COOKIES.get(COOKIE), *browser, store_language):
        if code := _known(tag):
            return code
    return FALLBACK


def _known(tag: str | None) -> str | None:
    short = (tag or "").lower().split("-")[0]
    return next((code for code in LANGUAGES if short and code.split("-")[0] == short), None)
