"""The Python of the design system: readable colours, money for people, data islands, the security policy."""

import json
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from apps.core.ui import brand, csp
from apps.core.ui.price import format_price

COLOURS = [
    "#722F37",
    "#2F6B3A",
    "#B3261E",
    "#4B6B3C",
    "#A63D2F",
    "#ffff00",
    "#000000",
    "#ffffff",
    "#777",
    "#00aaff",
    "#ff00ff",
]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_brand_colour_becomes_readable(colour: str) -> None:
    light, on_light, dark, on_dark = (
        brand.parse_hex(found) for found in re.findall(r"#[0-9a-f]{6}", brand.brand_css(colour))
    )
    assert light
    assert on_light
    assert dark
    assert on_dark
    assert brand.contrast(light, brand.LIGHT_SURFACE) >= brand.AA
    assert brand.contrast(light, brand.WHITE) >= brand.AA
    assert brand.contrast(dark, brand.DARK_SURFACE) >= brand.AA
    assert brand.contrast(on_light, light) >= brand.AA
    assert brand.contrast(on_dark, dark) >= brand.AA


def test_a_colour_that_is_readable_already_stays_as_it_is() -> None:
    assert "--brand-light:#722f37" in brand.brand_css("#722F37")


@pytest.mark.parametrize("text", [None, "", "red", "#12", "url(x)", "#fff;}body{display:none", "</style>"])
def test_what_is_no_colour_is_replaced_by_the_platforms(text: str | None) -> None:
    assert brand.brand_css(text) == brand.brand_css(brand.DEFAULT_BRAND)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("39.9", "BRL", "pt-br", "R$\u00a039,90"),
        ("1234567.5", "BRL", "en", "R$1,234,567.50"),
        ("38000", "IDR", "id", "Rp\u00a038.000"),
        ("4.5", "EUR", "de", "4,50\u00a0€"),
        ("-3", "EUR", "es", "-3,00\u00a0€"),
        ("7", "CHF", "en", "CHF\u00a07.00"),
        ("7", "CHF", "de", "7,00\u00a0CHF"),
    ],
)
def test_money_is_written_as_people_read_it(amount: str, currency: str, language: str, text: str) -> None:
    assert format_price(amount, currency=currency, language=language) == text


def test_a_missing_price_is_no_text() -> None:
    with translation.override("en"):
        made = Template('{% load ui %}[{{ nothing|price:"BRL" }}][{{ 2|price:"BRL" }}]').render(
            Context({"nothing": None})
        )
    assert made == "[][R$2.00]"


def test_an_island_cannot_be_left() -> None:
    value = {"text": "</script><!--\u2028&", "n": 1}
    made = Template('{% load ui %}{% json_island value id="x" %}').render(Context({"value": value}))
    inner = made.removeprefix('<script type="application/json" id="x">').removesuffix("</script>")
    assert "<" not in inner
    assert json.loads(inner) == value


def test_the_policy_allows_only_our_own() -> None:
    response = csp.render_page(RequestFactory().get("/", headers={"Host": "testserver"}), "core/base.html", {})
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "ws://testserver" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
