"""Tax per rate (data/README.md Arithmetic 8), included in prices or added to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .rounding import HUNDRED, ZERO, round_half_up
from .rules import TaxMode, TaxRate, TaxRules


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxLine:
    """``tax`` of one rate on the amount ``on``; ``rate`` in percent."""

    code: str
    name: str
    rate: Decimal
    on: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Taxable:
    """An amount to be taxed under a code; None is a store without that tax."""

    code: str | None
    amount: Decimal


def tax_lines(rules: TaxRules, amounts: Iterable[Taxable], exponent: int) -> tuple[TaxLine, ...]:
    """One line per rate that has something on it, in the store's order."""
    totals: dict[str | None, Decimal] = {}
    for row in amounts:
        totals[row.code] = totals.get(row.code, ZERO) + row.amount
    return tuple(_line(rules, rate, on, exponent) for rate in rules.rates if (on := totals.get(rate.code, ZERO)) > 0)


def _line(rules: TaxRules, rate: TaxRate, on: Decimal, exponent: int) -> TaxLine:
    base = HUNDRED + rate.rate if rules.mode is TaxMode.INCLUDED else HUNDRED
    tax = round_half_up(on * rate.rate / base, exponent)
    return TaxLine(code=rate.code, name=rate.name, rate=rate.rate, on=round_half_up(on, exponent), tax=tax)
