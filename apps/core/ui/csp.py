"""The content security policy of every page people see.

Pages run only our own files: no inline script, no foreign host. The one inline thing is the store's brand colour in a
`<style>` element (`brand_css` in the context), which the policy allows by its hash – unlike a nonce, that lets a page
be kept and revalidated.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def policy(*, host: str, style: str = "") -> str:
    """The header's text. `host` is named for sockets because older browsers do not count ws: as 'self'."""
    own_style = f" 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" if style else ""
    rules = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self'{own_style}",
        "img-src": "'self' data: https:",
        "connect-src": f"'self' ws://{host} wss://{host}",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def render_page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """Render a page that extends `core/base.html` and put the policy on its response."""
    response = render(request, template, context, status=status)
    response.headers["Content-Security-Policy"] = policy(
        host=request.get_host(), style=str(context.get("brand_css") or "")
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    return response
