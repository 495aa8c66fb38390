"""Rounding half-up and spreading to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.stores.pricing.rounding import from_minor, round_half_up, to_minor
from apps.stores.pricing.spread import spread


@pytest.mark.parametrize(
    ("amount", "exponent", "rounded"),
    [
        ("2.345", 2, "2.35"),
        ("2.344999", 2, "2.34"),
        ("-2.345", 2, "-2.35"),
        ("2", 2, "2.00"),
        ("6507.5", 0, "6508"),
        ("6507.49", 0, "6507"),
        ("1E+3", 0, "1000"),
    ],
)
def test_halves_round_away_from_zero(amount: str, exponent: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(amount), exponent)) == rounded


def test_cents_and_back() -> None:
    assert (to_minor(Decimal("12.30"), 2), str(from_minor(1230, 2))) == (1230, "12.30")
    assert (to_minor(Decimal("38000.00"), 0), str(from_minor(38000, 0))) == (38000, "38000")


@pytest.mark.parametrize(
    ("amount", "left", "shares"),
    [
        ("1.00", ["1.00", "1.00", "1.00"], ["0.34", "0.33", "0.33"]),
        ("4.00", ["34.90", "8.00"], ["3.25", "0.75"]),
        ("0.02", ["0.00", "5.00", "5.00", "5.00"], ["0.00", "0.01", "0.01", "0.00"]),
        ("0.00", ["5.00", "5.00"], ["0.00", "0.00"]),
        ("7.50", ["2.50", "5.00"], ["2.50", "5.00"]),
        ("0", [], []),
    ],
)
def test_largest_remainders_get_the_last_cents_and_earlier_lines_first(
    amount: str, left: list[str], shares: list[str]
) -> None:
    assert [str(row) for row in spread(Decimal(amount), [Decimal(row) for row in left], 2)] == shares


@pytest.mark.parametrize(
    ("amount", "left"), [("0.01", []), ("5.01", ["5.00"]), ("-1.00", ["5.00"]), ("1.00", ["0.00"])]
)
def test_it_refuses_to_spread_more_than_there_is(amount: str, left: list[str]) -> None:
    with pytest.raises(ValueError, match="cannot spread"):
        spread(Decimal(amount), [Decimal(row) for row in left], 2)


@settings(deadline=None)
@given(st.data(), st.lists(st.integers(0, 10**7), min_size=1, max_size=12))
def test_shares_sum_to_the_amount_and_are_within_a_cent_of_proportional(data: st.DataObject, cents: list[int]) -> None:
    amount = data.draw(st.integers(0, sum(cents)))
    left = [from_minor(row, 2) for row in cents]

    shares = [to_minor(row, 2) for row in spread(from_minor(amount, 2), left, 2)]

    assert sum(shares) == amount
    assert all(0 <= share <= row for share, row in zip(shares, cents, strict=True))
    total = sum(cents) or 1
    assert all(abs(share * total - amount * row) < total for share, row in zip(shares, cents, strict=True))
