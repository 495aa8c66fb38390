"""Spreads an amount over lines to the cent (data/README.md Arithmetic 4): largest remainders, earlier lines first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from .rounding import from_minor, to_minor


def spread(amount: Decimal, left: Sequence[Decimal], exponent: int) -> tuple[Decimal, ...]:
    """``amount`` in shares proportional to ``left``: each rounded down, then a cent each to the largest remainders.

    The shares sum to ``amount`` exactly and none is larger than its line. Raises ``ValueError`` when the amount is
    negative or more than what is left.
    """
    weights = [to_minor(value, exponent) for value in left]
    whole, total = to_minor(amount, exponent), sum(weights)
    if not 0 <= whole <= total:
        raise ValueError(f"cannot spread {amount} over {total} minor units")
    if whole == 0:
        return tuple(from_minor(0, exponent) for _ in weights)
    shares = [whole * weight // total for weight in weights]
    remainders = [whole * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -remainders[index])
    for index in by_remainder[: whole - sum(shares)]:
        shares[index] += 1
    return tuple(from_minor(share, exponent) for share in shares)
