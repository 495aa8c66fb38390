"""Money as people read it: the same text in a server-rendered page as `core/js/format.js` writes in the browser.

Separators follow the reader's language, the symbol and the number of decimals follow the store's currency.
"""

from __future__ import annotations

from decimal import Decimal

from apps.core.money import round_money

SYMBOLS = {"BRL": "R$", "EUR": "€", "IDR": "Rp", "USD": "$"}
# language -> (thousands separator, decimal separator, pattern). The spaces do not break.
PATTERNS = {
    "pt": (".", ",", "{symbol}\u00a0{number}"),
    "id": (".", ",", "{symbol}\u00a0{number}"),
    "de": (".", ",", "{number}\u00a0{symbol}"),
    "es": (".", ",", "{number}\u00a0{symbol}"),
    "en": (",", ".", "{symbol}{number}"),
}


def format_price(amount: Decimal | float | int | str, *, currency: str, language: str) -> str:
    """`39.9`, BRL, pt-br -> `R$ 39,90`; `38000`, IDR, id -> `Rp 38.000`. An unknown currency shows its code."""
    thousands, decimal, pattern = PATTERNS.get(language[:2], PATTERNS["en"])
    rounded = round_money(Decimal(str(amount)), currency)
    digits = f"{abs(rounded):,}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    symbol = SYMBOLS.get(currency) or f"{currency}\u00a0"
    text = pattern.format(symbol=symbol, number=digits).replace("\u00a0\u00a0", "\u00a0").strip("\u00a0")
    return f"-{text}" if rounded < 0 else text
