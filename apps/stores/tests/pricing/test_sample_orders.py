"""Every sample order of the demo stores comes out to the cent, in every amount its ``expect`` names."""

from __future__ import annotations

import pytest

from .from_file import SLUGS, Row, store_file
from .sample_orders import answer, in_words_of_expect

ORDERS = [pytest.param(slug, order, id=order["id"]) for slug in SLUGS for order in store_file(slug)["orders"]]


def test_there_are_seventy_five_sample_orders() -> None:
    assert len(ORDERS) == 75


@pytest.mark.parametrize(("slug", "order"), ORDERS)
def test_it_answers_a_sample_order_to_the_cent(slug: str, order: Row) -> None:
    told = in_words_of_expect(answer(slug, order))

    assert {name: told.get(name) for name in order["expect"]} == order["expect"]


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_wrong_with_the_sample_orders_of_a_store(slug: str) -> None:
    for order in store_file(slug)["orders"]:
        answered = answer(slug, order)

        assert answered.problems == (), order["id"]
        assert not answered.cart.is_below_minimum, order["id"]
        assert answered.cart.coupon is None or answered.cart.coupon.amount > 0, order["id"]
        assert answered.cart.points_earned == order["expect"].get("points_earned", 0), order["id"]
