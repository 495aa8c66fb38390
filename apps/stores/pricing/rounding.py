"""The one rounding rule of the pricing engine: half-up to the currency's decimals (data/README.md Arithmetic).

Deliberately tiny and free of imports: the engine is pure, so it does not reach for ``apps.core.money``,
whose ``round_money`` follows the same rule for the rest of the project.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

ZERO = Decimal(0)
HUNDRED = Decimal(100)


@lru_cache(maxsize=16)
def unit_of(exponent: int) -> Decimal:
    """The smallest amount of a currency with ``exponent`` decimals: 2 → 0.01, 0 → 1."""
    return Decimal(1).scaleb(-exponent)


def round_half_up(amount: Decimal, exponent: int) -> Decimal:
    """``amount`` with exactly ``exponent`` decimals, halves away from zero."""
    return amount.quantize(unit_of(exponent), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, exponent: int) -> int:
    """``amount`` counted in the currency's smallest unit (cents); exact for representable amounts."""
    return int(round_half_up(amount, exponent).scaleb(exponent))


def from_minor(count: int, exponent: int) -> Decimal:
    """The inverse of ``to_minor``."""
    return Decimal(count).scaleb(-exponent)
