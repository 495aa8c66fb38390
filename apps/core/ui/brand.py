"""From a store's brand colour to colours that can be read.

A store picks any colour it likes; a page needs one that reaches contrast AA (4.5 : 1) as text on our surfaces and under
our text. The colour is made lighter or darker only as far as needed, in its own hue, so that it stays recognisable.
"""

from __future__ import annotations

import re
from colorsys import hls_to_rgb, rgb_to_hls

from django.utils.html import format_html
from django.utils.safestring import SafeString

DEFAULT_BRAND = "#9a3a1c"
AA = 4.5
# The least favourable surfaces of tokens.css: light sunken and dark raised.
LIGHT_SURFACE = (241, 238, 233)
DARK_SURFACE = (38, 35, 32)
WHITE = (255, 255, 255)
NEAR_BLACK = (20, 18, 16)

Rgb = tuple[int, int, int]

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_hex(text: str) -> Rgb | None:
    """`#abc` or `#aabbcc` as red, green, blue; None for anything else (a store's free text is never put in a stylesheet)."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        return None
    digits = match.group(1)
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def luminance(colour: Rgb) -> float:
    """Relative luminance as WCAG 2 defines it, 0 (black) to 1 (white)."""
    linear = [
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: Rgb, surface: Rgb) -> Rgb:
    """The nearest lightness of `colour` that reaches AA on `surface`; hue and saturation stay."""
    hue, lightness, saturation = rgb_to_hls(*(value / 255 for value in colour))
    lighter = luminance(surface) < 0.18
    for step in range(101):
        moved = min(1.0, lightness + step / 100) if lighter else max(0.0, lightness - step / 100)
        red, green, blue = (round(value * 255) for value in hls_to_rgb(hue, moved, saturation))
        if contrast((red, green, blue), surface) >= AA:
            return red, green, blue
    return WHITE if lighter else (0, 0, 0)


def text_on(colour: Rgb) -> Rgb:
    """White or near-black, whichever reads better on `colour`."""
    return WHITE if contrast(WHITE, colour) >= contrast(NEAR_BLACK, colour) else NEAR_BLACK


def brand_css(colour: str | None) -> SafeString:
    """The `:root` rule with the four brand variables of tokens.css; the platform's colour where the store's cannot be read."""
    brand = parse_hex(colour or "") or parse_hex(DEFAULT_BRAND) or NEAR_BLACK
    light, dark = readable_on(brand, LIGHT_SURFACE), readable_on(brand, DARK_SURFACE)
    return format_html(
        ":root{{--brand-light:{};--on-brand-light:{};--brand-dark:{};--on-brand-dark:{}}}",
        *map(_hex, (light, text_on(light), dark, text_on(dark))),
    )


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
