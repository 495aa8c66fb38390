"""Buy X get Y against twenty cases, the known failures of others among them (product/features.md D4 and complaint 6).

Each case is priced with its lines in every order (up to 120): what somebody put into the cart first never matters.
"""

from __future__ import annotations

from itertools import islice, permutations
from typing import Any

import pytest

from apps.stores.pricing.rules import BundleItem, Promotion, Scope
from apps.stores.pricing.selection import LineIntent

from .cantina import fill, line, meal, pasta, pick
from .promoted import cart_of, promotion

ALL, FOOD = Scope(categories=frozenset({"c-all"})), Scope(categories=frozenset({"c-food"}))
SOUPS, WINES = Scope(products=frozenset({"p-soup"})), Scope(products=frozenset({"p-wine"}))


def rule(buy: int, get: int, scope: Scope = ALL, **more: Any) -> Promotion:
    """Of each `buy + get` units, `get` are free."""
    return promotion("buy_x_get_y", buy=buy, get=get, scope=scope, **more)


def glass(quantity: int = 1) -> LineIntent:
    """8.00."""
    return line("wine", quantity, variant="glass")


def bottle(quantity: int = 1) -> LineIntent:
    """40.00."""
    return line("wine", quantity, variant="bottle")


def soup(quantity: int = 1) -> LineIntent:
    """10.00."""
    return line("soup", quantity)


def bread(quantity: int = 1) -> LineIntent:
    """0.10."""
    return line("bread", quantity)


TWO_PLUS_ONE = rule(2, 1)
# name → promotions, lines, what comes off in all.
CASES: dict[str, tuple[list[Promotion], list[LineIntent], str]] = {
    "nothing below a full set": ([TWO_PLUS_ONE], [soup(2)], "0.00"),
    "one set of one line": ([TWO_PLUS_ONE], [soup(3)], "10.00"),
    "one set over three lines of the same": ([TWO_PLUS_ONE], [soup(), soup(), soup()], "10.00"),
    "a set and a half is one set": ([TWO_PLUS_ONE], [soup(5)], "10.00"),
    "it repeats (medusa 13265)": ([rule(2, 1)], [soup(6)], "20.00"),
    "it repeats a hundred times": ([rule(2, 1)], [soup(300)], "1000.00"),
    "with a cap it stops at it (medusa 13265)": ([rule(2, 1, max_discount="15.00")], [soup(6)], "15.00"),
    "all at once is as good as one by one (medusa 14432)": ([rule(3, 1)], [soup(4)], "10.00"),
    "the cheapest is free, wherever it stands (medusa 13431)": ([rule(4, 1)], [soup(2), bottle(), pasta(), glass()], "8.00"),
    "the free one may be any of them (medusa 13431)": ([rule(2, 1)], [soup(), line("lunch"), glass()], "8.00"),
    "never below zero (medusa 8829)": ([rule(10, 20)], [soup(10)], "0.00"),
    "get more than bought (medusa 8829)": ([rule(10, 20)], [soup(30)], "200.00"),
    "one for one": ([rule(1, 1)], [soup(), glass()], "8.00"),
    "the cheapest units come from several lines": ([rule(1, 1)], [bottle(2), glass(1), bread(1)], "8.10"),
    "two rules on one product (medusa 11258)": ([rule(2, 1, SOUPS, slug="a"), rule(3, 1, SOUPS, slug="b")], [soup(12)], "70.00"),
    "two rules on different products": ([rule(2, 1, SOUPS, slug="a"), rule(1, 1, WINES, slug="b")], [soup(3), glass(2)], "18.00"),
    "what is out of scope neither counts nor is free": ([rule(2, 1, SOUPS)], [soup(2), bread(9)], "0.00"),
    "with its options": ([rule(1, 1, FOOD)], [pasta(pick("extras", "ham")), pasta(pick("extras", "cheese"))], "21.50"),
    "a combo counts by its own category only": ([rule(1, 1, FOOD)], [meal(), meal(fill("main", "wine"), fill("side", "soup")), soup()], "0.00"),
    "a set at one price first, the rest of the units after": (
        [
            promotion("bundle", "12.00", items=(BundleItem(product_id="p-soup", quantity=2),), scope=SOUPS, priority=1),
            rule(2, 1, SOUPS, slug="three", priority=2),
        ],
        [soup(3)],
        "18.00",
    ),
}  # fmt: skip


def test_there_are_twenty_cases() -> None:
    assert len(CASES) == 20


@pytest.mark.parametrize("name", CASES)
def test_the_right_amount_comes_off_in_whatever_order_the_lines_are(name: str) -> None:
    rules, lines, expected = CASES[name]
    for arranged in islice(permutations(lines), 120):
        for promotions in (rules, rules[::-1]):
            cart = cart_of(promotions, *arranged)
            assert str(cart.discount) == expected
            assert cart.total == cart.subtotal - cart.discount >= 0
            assert all(0 <= row.discount <= row.total for row in cart.lines)


def test_free_units_lower_the_lines_they_are_on() -> None:
    cart = cart_of([rule(1, 1)], bottle(2), glass(), bread())

    assert [str(row.discount) for row in cart.lines] == ["0.00", "8.00", "0.10"]
