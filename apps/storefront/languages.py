"""Which language a page speaks.

The store says which languages its menu is written in, the first being the default. A visitor gets the best of those for
their browser; a choice made on the page (`?lang=`) is kept in a cookie and may be any language our own words exist in.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

COOKIE = "comanda_lang"
COOKIE_AGE_SECONDS = 365 * 24 * 3600
NAMES = {"pt-br": "Português", "en": "English", "de": "Deutsch", "id": "Bahasa Indonesia", "es": "Español"}
FALLBACK = "en"


def known(code: str | None) -> str | None:
    """Our code for a language tag: `pt-PT` -> `pt-br`, `de-AT` -> `de`, `fr` -> None."""
    tag = (code or "").lower().replace("_", "-")
    if tag in NAMES:
        return tag
    return next((own for own in NAMES if own.split("-")[0] == tag.split("-")[0]), None)


def offered(store_languages: Iterable[str]) -> list[str]:
    """The languages of the switcher: the store's own, in its order, then English for travellers."""
    own = [code for code in map(known, store_languages) if code]
    return list(dict.fromkeys([*own, FALLBACK]))


def choose(request: HttpRequest, store_languages: Iterable[str]) -> str:
    """Language of this response: asked for, chosen before, best of the browser's among the store's, the store's first."""
    own = [code for code in map(known, store_languages) if code] or [FALLBACK]
    explicit = known(request.GET.get("lang")) or known(request.COOKIES.get(COOKIE))
    if explicit:
        return explicit
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if known(tag) in own:
            return known(tag) or own[0]
    return own[0]
