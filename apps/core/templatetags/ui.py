"""`{% load ui %}`: money and JSON islands for templates."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.ui.price import format_price

register = template.Library()

# What could end the <script> element or start another; as escapes it stays valid JSON.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.filter
def price(amount: Decimal | float | int | str, currency: str) -> str:
    """`{{ 39.9|price:"BRL" }}` in the language of the page; empty for a missing amount."""
    if amount in (None, ""):
        return ""
    return format_price(amount, currency=currency, language=translation.get_language() or "en")


@register.simple_tag
def json_island(value: Any, *, id: str = "", type: str = "application/json") -> SafeString:
    """A `<script>` element that holds data, never code; safe for any text a store or a customer typed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).translate(_ESCAPES)
    name = format_html(' id="{}"', id) if id else ""
    return format_html('<script type="{}"{}>{}</script>', type, name, SafeString(text))


@register.simple_tag
def module_links(names: str) -> SafeString:
    """`<link rel=modulepreload>` for each path below static: a slow phone fetches modules together, after the styles, not in a chain."""
    return format_html_join(
        "\n",
        '<link rel="modulepreload" fetchpriority="low" href="{}">',
        ((static(f"{name}.js"),) for name in names.split()),
    )


def _plain(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)
