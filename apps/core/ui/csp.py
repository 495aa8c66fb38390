"""The content security policy of every page people see.

Pages run only our own files: no inline script, no foreign host. The one inline thing is the store's brand colour in a
`<style>` element, which carries the nonce of its response.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def policy(*, nonce: str, host: str) -> str:
    """The header's text. `host` is named for sockets because older browsers do not count ws: as 'self'."""
    rules = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
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
    """Render a page with a fresh `csp_nonce` in its context and the policy on its response."""
    nonce = secrets.token_urlsafe(12)
    response = render(request, template, {**context, "csp_nonce": nonce}, status=status)
    response.headers["Content-Security-Policy"] = policy(nonce=nonce, host=request.get_host())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    return response
