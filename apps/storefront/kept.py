"""Menu pages that are kept for a moment, so that a busy evening costs a look-up and not a rendering.

A page is the same for everybody who reads it in one language at one address while the catalog has one version; only the
time of day moves in it (open or closed), hence the short life. What is kept is ready to send: bytes, packed bytes, ETag.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from apps.core.remembered import Remembered

FRESH_SECONDS = 15.0
KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A rendered page."""

    body: bytes
    packed: bytes
    etag: str
    headers: dict[str, str]


_pages: Remembered[Page] = Remembered(most=KEPT, seconds=FRESH_SECONDS)


def serve(request: HttpRequest, key: Hashable, render: Callable[[], HttpResponse]) -> HttpResponse:
    """The page under `key`, rendered if there is no fresh one; 304 if the browser has it."""
    page = _pages.get(key, lambda: _page(render()))
    if request.headers.get("If-None-Match") == page.etag:
        response = HttpResponse(status=304)
    else:
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(page.packed if packed else page.body)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
    for name, value in page.headers.items():
        response.headers[name] = value
    response.headers["ETag"] = page.etag
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def forget() -> None:
    """Drop everything kept in this process."""
    _pages.clear()


def _page(response: HttpResponse) -> Page:
    body = response.content
    return Page(
        body=body,
        packed=gzip.compress(body, 6, mtime=0),
        # Weak: packed and plain bytes are the same page.
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        headers={name: value for name, value in response.headers.items() if name != "Content-Length"},
    )
