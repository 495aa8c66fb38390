"""Coupons and conditions: how a code is found, when it holds, and the reason when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from apps.stores.pricing.outcome import PromotionReason
from apps.stores.pricing.rules import Promotion, Scope

from .cantina import customer, line
from .promoted import cart_of, promotion, told

DRINKS = Scope(categories=frozenset({"c-drinks"}))


def coupon(**more: Any) -> Promotion:
    """Ten percent for whoever enters DEZ."""
    return promotion("percentage", "10", slug="dez", code="DEZ", **more)


@pytest.mark.parametrize("entered", ["DEZ", "dez", "  Dez "])
def test_a_coupon_is_found_however_it_is_typed(entered: str) -> None:
    cart = cart_of([coupon()], line("soup"), coupon=entered)

    assert cart.coupon is not None
    assert (told(cart), cart.coupon.reason) == ([("dez", "1.00")], PromotionReason.APPLIED)


def test_a_coupon_nobody_entered_is_neither_applied_nor_mentioned() -> None:
    cart = cart_of([coupon()], line("soup"))

    assert (cart.discounts, cart.promotions, cart.coupon) == ((), (), None)


def test_an_unknown_code_is_told() -> None:
    cart = cart_of([coupon()], line("soup"), coupon="NOVE")

    assert cart.coupon is not None
    assert (told(cart), cart.coupon.reason, cart.coupon.code) == ([], PromotionReason.UNKNOWN_CODE, "NOVE")


REFUSALS = {
    "disabled": ({"enabled": False}, {}),
    "not_started": ({"starts": date(2026, 11, 19)}, {}),
    "ended": ({"ends": date(2026, 11, 17)}, {}),
    "wrong_weekday": ({"weekdays": frozenset({0, 1})}, {}),
    "wrong_time": ({"since": time(12, 1)}, {}),
    "wrong_service": ({"services": frozenset({"delivery"})}, {}),
    "wrong_channel": ({"channels": frozenset({"kiosk"})}, {}),
    "wrong_outlet": ({"outlets": frozenset({"harbour"})}, {}),
    "retail_only": ({"retail_only": True}, {"customer": customer(is_company=True)}),
    "not_first_order": ({"first_order": True}, {"customer": customer()}),
    "customer_limit_reached": ({"per_customer_limit": 2}, {"customer": customer(uses={"r-dez": 2})}),
    "total_limit_reached": ({"total_limit": 50}, {"promotion_uses": {"r-dez": 50}}),
    "below_min_subtotal": ({"min_subtotal": "10.01"}, {}),
    "no_line_in_scope": ({"scope": DRINKS}, {}),
}


@pytest.mark.parametrize(("rule", "around", "reason"), [(*row, code) for code, row in REFUSALS.items()], ids=REFUSALS)
def test_it_says_why_a_coupon_does_not_hold(rule: dict[str, Any], around: dict[str, Any], reason: str) -> None:
    cart = cart_of([coupon(**rule)], line("soup"), coupon="DEZ", **around)

    assert cart.coupon is not None
    assert (told(cart), cart.coupon.reason.value, str(cart.total)) == ([], reason, "10.00")


def test_it_says_how_much_is_missing() -> None:
    cart = cart_of([coupon(min_subtotal="12.50")], line("soup"), coupon="DEZ")

    assert cart.coupon is not None
    assert cart.coupon.missing == Decimal("2.50")


HOLDS = [
    ({"starts": date(2026, 11, 18), "ends": date(2026, 11, 18)}, {}),
    ({"since": time(12), "until": time(12, 1), "weekdays": frozenset({2})}, {}),
    ({"since": time(22), "until": time(13)}, {}),
    ({"since": time(12), "until": time(12)}, {}),
    ({"first_order": True, "per_customer_limit": 1, "retail_only": True}, {"customer": None}),
    ({"first_order": True}, {"customer": customer(orders_before=0)}),
    ({"per_customer_limit": 2}, {"customer": customer(uses={"r-dez": 1, "r-other": 9})}),
    ({"total_limit": 50}, {"promotion_uses": {"r-dez": 49}}),
    ({"min_subtotal": "10.00"}, {}),
    ({"channels": frozenset({"web"}), "outlets": frozenset({"market"}), "services": frozenset({"pickup"})}, {}),
]


@pytest.mark.parametrize(("rule", "around"), HOLDS)
def test_a_coupon_holds_up_to_its_very_limits(rule: dict[str, Any], around: dict[str, Any]) -> None:
    assert told(cart_of([coupon(**rule)], line("soup"), coupon="DEZ", **around)) == [("dez", "1.00")]


def test_the_end_of_the_hours_is_exclusive() -> None:
    cart = cart_of([coupon(until=time(12))], line("soup"), coupon="DEZ")

    assert cart.coupon is not None
    assert cart.coupon.reason is PromotionReason.WRONG_TIME


def test_conditions_are_those_of_placing_not_of_the_day_it_is_wanted() -> None:
    friday = datetime.fromisoformat("2026-11-20T12:00")

    assert told(cart_of([coupon(weekdays=frozenset({2}))], line("soup"), coupon="DEZ", serve_at=friday))


def test_of_several_promotions_with_one_code_the_one_that_holds_counts() -> None:
    """A code may come back: last year's promotion with it does not hide this year's."""
    last_year = coupon(ends=date(2025, 12, 31))
    this_year = replace(coupon(priority=9), id="r-new", slug="new")

    assert told(cart_of([last_year, this_year], line("soup"), coupon="DEZ")) == [("new", "1.00")]


def test_a_free_delivery_code_without_a_fee_says_that_there_is_none() -> None:
    free = promotion("free_delivery", code="FREE")

    cart = cart_of([free], line("soup"), coupon="FREE")

    assert cart.coupon is not None
    assert cart.coupon.reason is PromotionReason.NO_DELIVERY_FEE
