"""Money: `Decimal`, one rounding rule, the currency's own number of decimals.

Amounts are stored with two decimals for every currency (a rupiah simply ends in .00) and rounded
half-up to the currency's exponent exactly once, where an amount is computed.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from django.core.validators import MinValueValidator
from django.db import models

ZERO = Decimal("0")
# ISO 4217 currencies whose smallest unit is not a hundredth; everything else has two decimals.
EXPONENTS = {"IDR": 0, "JPY": 0, "KRW": 0, "CLP": 0, "PYG": 0, "VND": 0, "UGX": 0, "ISK": 0}
MAX_DIGITS = 14


def exponent_of(currency: str) -> int:
    """Decimals shown and charged in `currency`. (ISO 4217 gives the rupiah two; nobody uses them.)"""
    return EXPONENTS.get(currency, 2)


def round_money(amount: Decimal, currency: str) -> Decimal:
    """`amount` half-up to the decimals of `currency`."""
    return amount.quantize(Decimal(1).scaleb(-exponent_of(currency)), rounding=ROUND_HALF_UP)


Set = TypeVar("Set")
Get = TypeVar("Get")


class MoneyField(models.DecimalField[Set, Get]):
    """A non-negative amount in the store's currency. Pass `signed=True` for a ledger column."""

    def __init__(self, *args: Any, signed: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        kwargs.setdefault("max_digits", MAX_DIGITS)
        kwargs.setdefault("decimal_places", 2)
        if not signed:
            kwargs.setdefault("validators", [MinValueValidator(ZERO)])
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep `signed` in migrations."""
        name, path, args, kwargs = super().deconstruct()
        if self.signed:
            kwargs["signed"] = True
        return name, path, args, kwargs
