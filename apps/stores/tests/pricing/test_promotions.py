"""Promotions: what each kind takes off which lines, and which of them apply together."""

from __future__ import annotations

import pytest

from apps.stores.pricing.outcome import PromotionReason
from apps.stores.pricing.rules import BundleItem, Scope
from apps.stores.pricing.selection import LineIntent
from apps.stores.pricing.totals import PricedCart

from .cantina import line, meal, pasta, pick
from .promoted import cart_of, promotion, told

FOOD, DRINKS = Scope(categories=frozenset({"c-food"})), Scope(categories=frozenset({"c-drinks"}))
SOUPS = Scope(products=frozenset({"p-soup"}))
GLASS = line("wine", variant="glass")


def shares(cart: PricedCart) -> list[str]:
    """What came off each line."""
    return [str(row.discount) for row in cart.lines]


def test_a_percentage_is_rounded_half_up_and_spread_over_its_lines_only() -> None:
    cart = cart_of([promotion("percentage", "12.50", scope=FOOD)], line("bread", 3), GLASS, line("soup"))

    assert told(cart) == [("percentage", "1.29")]  # 10.30 × 0.125 = 1.2875
    assert shares(cart) == ["0.04", "0.00", "1.25"]


def test_a_percentage_stops_at_its_cap() -> None:
    assert told(cart_of([promotion("percentage", "50", max_discount="3.00")], line("soup"))) == [("percentage", "3.00")]


def test_a_fixed_amount_takes_at_most_all_of_its_lines() -> None:
    cart = cart_of([promotion("fixed", "15", scope=SOUPS)], line("soup"), GLASS)

    assert (told(cart), shares(cart), str(cart.total)) == ([("fixed", "10.00")], ["10.00", "0.00"], "8.00")


@pytest.mark.parametrize(
    ("quantities", "saved", "expected"),
    [
        ((2, 0, 0), None, ["0.00", "0.00", "0.00"]),
        ((2, 1, 0), "8.00", ["0.00", "8.00", "0.00"]),
        ((2, 1, 1), "8.00", ["0.00", "8.00", "0.00"]),
        ((5, 1, 1), "18.00", ["10.00", "8.00", "0.00"]),
    ],
)
def test_the_cheapest_units_in_scope_are_free(
    quantities: tuple[int, int, int], saved: str | None, expected: list[str]
) -> None:
    scope = Scope(products=frozenset({"p-soup", "p-wine"}))
    rule = promotion("buy_x_get_y", buy=2, get=1, scope=scope)
    rows = [line("soup", quantities[0]), line("wine", quantities[1], variant="glass"), line("bread", quantities[2])]

    cart = cart_of([rule], *(row for row in rows if row.quantity))

    assert told(cart) == ([("buy_x_get_y", saved)] if saved else [])
    assert shares(cart) == expected[: len(cart.lines)]


def test_units_of_the_same_line_are_free_with_their_options() -> None:
    rule = promotion("buy_x_get_y", buy=1, get=1, scope=FOOD)

    assert told(cart_of([rule], pasta(pick("extras", "ham"), quantity=3))) == [("buy_x_get_y", "22.00")]


BUNDLE = promotion(
    "bundle", "25.00", items=(BundleItem(product_id="p-pasta"), BundleItem(product_id="p-soup", quantity=2))
)


@pytest.mark.parametrize(
    ("intents", "expected", "parts"),
    [
        ([pasta(), line("soup", 2)], "15.00", ["7.50", "7.50"]),
        ([pasta(quantity=3), line("soup", 5)], "30.00", ["16.36", "13.64"]),
        ([pasta(pick("extras", "ham")), line("soup", 2)], "15.00", ["7.86", "7.14"]),
        ([pasta(), line("soup")], None, ["0.00", "0.00"]),
        ([pasta(), line("soup"), line("soup")], "15.00", ["7.50", "3.75", "3.75"]),
    ],
)
def test_each_complete_set_of_a_bundle_costs_its_price(
    intents: list[LineIntent], expected: str | None, parts: list[str]
) -> None:
    cart = cart_of([BUNDLE], *intents)

    assert told(cart) == ([("bundle", expected)] if expected else [])
    assert shares(cart) == parts


def test_a_bundle_dearer_than_its_products_takes_nothing() -> None:
    dear = promotion("bundle", "11.00", items=(BundleItem(product_id="p-soup"),))

    cart = cart_of([dear], line("soup", 3))

    assert told(cart) == []
    assert cart.promotions[0].reason is PromotionReason.NOTHING_TO_DISCOUNT


def test_free_delivery_waives_the_fee_up_to_its_cap_and_is_no_discount() -> None:
    cart = cart_of([promotion("free_delivery", max_discount="6.00")], line("soup"), fee="7.00")

    assert told(cart) == [("free_delivery", "6.00")]
    amounts = (cart.discount, cart.delivery_fee, cart.delivery_discount, cart.total)
    assert [str(amount) for amount in amounts] == ["0.00", "7.00", "6.00", "11.00"]


def test_two_free_deliveries_never_waive_more_than_the_fee() -> None:
    rules = [promotion("free_delivery", max_discount="4.00"), promotion("free_delivery", slug="second", priority=5)]

    cart = cart_of(rules, line("soup"), fee="7.00")

    assert (told(cart), str(cart.total)) == ([("free_delivery", "4.00"), ("second", "3.00")], "10.00")


def test_a_combo_counts_by_its_own_category() -> None:
    rules = [
        promotion("percentage", "10", scope=FOOD),
        promotion("fixed", "5", scope=Scope(categories=frozenset({"c-combos"}))),
    ]

    assert told(cart_of(rules, meal())) == [("fixed", "5.00")]


def test_a_category_takes_in_those_below_it() -> None:
    everything = Scope(categories=frozenset({"c-all"}))

    assert told(cart_of([promotion("percentage", "10", scope=everything)], GLASS, line("soup"))) == [
        ("percentage", "1.80")
    ]


def test_combinable_ones_apply_in_order_to_what_earlier_ones_left() -> None:
    rules = [
        promotion("percentage", "10", slug="b", priority=2, scope=FOOD),
        promotion("fixed", "5", slug="a", priority=2, scope=SOUPS),
        promotion("percentage", "50", slug="c", priority=1, scope=DRINKS),
    ]

    cart = cart_of(rules, line("soup", 2), GLASS)

    assert told(cart) == [("c", "4.00"), ("a", "5.00"), ("b", "1.50")]
    assert shares(cart) == ["6.50", "4.00"]


@pytest.mark.parametrize(("value", "winner"), [("4.99", "a"), ("5.00", "a"), ("5.01", "alone")])
def test_the_set_that_saves_most_wins_and_a_tie_goes_to_the_combinable_one(value: str, winner: str) -> None:
    rules = [
        promotion("fixed", "3", slug="a"),
        promotion("fixed", "2", slug="b"),
        promotion("fixed", value, slug="alone", combinable=False),
    ]

    cart = cart_of(rules, line("soup"))

    assert cart.discounts[0].slug == winner
    lost = {row.slug for row in cart.promotions if row.reason is PromotionReason.BETTER_SET}
    assert lost == ({"alone"} if winner == "a" else {"a", "b"})


def test_a_tie_between_two_alone_goes_to_the_lower_priority_number() -> None:
    rules = [
        promotion("fixed", "5", slug="later", combinable=False, priority=2),
        promotion("percentage", "50", slug="sooner", combinable=False, priority=1),
    ]

    assert told(cart_of(rules, line("soup"))) == [("sooner", "5.00")]


def test_waived_delivery_counts_when_sets_are_compared() -> None:
    rules = [promotion("fixed", "6.50"), promotion("free_delivery", combinable=False)]

    assert told(cart_of(rules, line("soup"), fee="7.00")) == [("free_delivery", "7.00")]
    assert told(cart_of(rules, line("soup"), fee="6.00")) == [("fixed", "6.50")]


def test_free_over_looks_at_what_is_left_after_the_discount() -> None:
    rules = [promotion("fixed", "1")]

    assert str(cart_of([], line("soup", 10), fee="7.00").delivery_fee) == "0.00"
    assert str(cart_of(rules, line("soup", 10), fee="7.00").delivery_fee) == "7.00"


def test_an_empty_cart_has_nothing_to_discount() -> None:
    cart = cart_of([promotion("percentage", "10"), BUNDLE])

    assert (told(cart), str(cart.total)) == ([], "0.00")
    assert {row.reason for row in cart.promotions} == {PromotionReason.NO_LINE_IN_SCOPE}
