"""How payments add up to a total and what change is due (data/README.md Arithmetic 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .rounding import ZERO


class TenderCode(StrEnum):
    """What can be wrong with payments; stable codes."""

    AMOUNTS_DIFFER = "payments_do_not_add_up"
    TWO_OPEN = "two_payments_without_amount"
    CHANGE_TOO_SMALL = "change_for_below_amount"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentWish:
    """``amount`` None pays what is left; ``change_for`` is the cash that will be handed over."""

    method: str
    amount: Decimal | None = None
    change_for: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tender:
    """A payment with its amount; ``change`` is None when no cash was named."""

    method: str
    amount: Decimal
    change_for: Decimal | None = None
    change: Decimal | None = None


def settle(total: Decimal, wishes: Sequence[PaymentWish]) -> tuple[Tender, ...] | TenderCode:
    """The payments with their amounts, which sum to ``total``, or what is wrong with them."""
    open_count = sum(wish.amount is None for wish in wishes)
    if open_count > 1:
        return TenderCode.TWO_OPEN
    left = total - sum((wish.amount or ZERO for wish in wishes), ZERO)
    if left < 0 or (left > 0 and not open_count) or any((wish.amount or ZERO) < 0 for wish in wishes):
        return TenderCode.AMOUNTS_DIFFER
    tenders = [_tender(wish, left if wish.amount is None else wish.amount) for wish in wishes]
    if any(row.change is not None and row.change < 0 for row in tenders):
        return TenderCode.CHANGE_TOO_SMALL
    return tuple(tenders)


def _tender(wish: PaymentWish, amount: Decimal) -> Tender:
    change = None if wish.change_for is None else wish.change_for - amount
    return Tender(method=wish.method, amount=amount, change_for=wish.change_for, change=change)
