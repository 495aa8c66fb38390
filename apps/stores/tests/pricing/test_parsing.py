"""Reading a wished line from JSON: right shapes, wrong shapes, and nothing about money."""

from __future__ import annotations

from typing import Any

import pytest

from apps.stores.pricing.parsing import MalformedLine, parse_line
from apps.stores.pricing.selection import ChoiceIntent, LineIntent, OptionIntent, PizzaIntent


def test_it_reads_a_line_with_nested_options() -> None:
    raw = {
        "product": "salad",
        "variant": "m",
        "qty": 2,
        "notes": " no salt ",
        "options": [{"group": "g", "option": "o", "qty": 2, "options": [{"group": "h", "option": "p"}]}],
    }

    child = OptionIntent(group="h", option="p")
    options = (OptionIntent(group="g", option="o", quantity=2, children=(child,)),)
    assert parse_line(raw) == LineIntent(product="salad", variant="m", quantity=2, notes="no salt", options=options)


def test_it_reads_pizza_and_combo() -> None:
    raw = {"combo": "c", "choices": [{"slot": "s", "product": "p", "qty": 3, "size": "l", "flavours": ["a", "a"]}]}

    pizza = PizzaIntent(size="l", flavours=("a", "a"))
    choice = ChoiceIntent(slot="s", product="p", quantity=3, pizza=pizza)
    assert parse_line(raw) == LineIntent(combo="c", choices=(choice,))


def test_null_and_absent_are_the_same_and_quantity_is_one() -> None:
    raw: dict[str, Any] = {"product": "soup", "variant": None, "options": None, "notes": None, "flavours": []}

    assert parse_line(raw) == parse_line({"product": "soup"}) == LineIntent(product="soup")


def test_a_price_a_client_sends_has_no_effect() -> None:
    raw = {"product": "soup", "price": "0.01", "unit_price": 0, "discount": "9.99"}

    assert parse_line(raw) == LineIntent(product="soup")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (None, ""),
        ([], ""),
        ({"product": 7}, "product"),
        ({"product": "p", "qty": "2"}, "qty"),
        ({"product": "p", "qty": True}, "qty"),
        ({"product": "p", "quantity": 1.0}, "quantity"),
        ({"product": "p", "notes": 1}, "notes"),
        ({"product": "p", "notes": "x" * 501}, "notes"),
        ({"product": "p", "notes": "a\0b"}, "notes"),
        ({"product": "p", "notes": "\ud800"}, "notes"),
        ({"product": "p\0"}, "product"),
        ({"product": "p", "options": {}}, "options"),
        ({"product": "p", "options": [1]}, "options[0]"),
        ({"product": "p", "options": [{"group": "g"}]}, "options[0].option"),
        ({"product": "p", "options": [{"group": "", "option": "o"}]}, "options[0].group"),
        ({"product": "p", "options": [{"group": "g", "option": "o", "options": "x"}]}, "options[0].options"),
        ({"product": "p", "flavours": ["a", None]}, "flavours[1]"),
        ({"combo": "c", "choices": [{"product": "p"}]}, "choices[0].slot"),
        ({"product": "p", "options": [{"group": "g", "option": "o"}] * 101}, "options"),
    ],
)
def test_it_refuses_other_shapes_and_says_where(raw: Any, path: str) -> None:
    with pytest.raises(MalformedLine) as caught:
        parse_line(raw)

    assert (caught.value.problem.code.value, caught.value.problem.path) == ("malformed", path)


def test_endless_nesting_is_cut_off_one_level_after_the_allowed_ones() -> None:
    option: dict[str, Any] = {"group": "g", "option": "o"}
    for _ in range(50):
        option = {"group": "g", "option": "o", "options": [option]}

    depth, level = 0, parse_line({"product": "p", "options": [option]}).options
    while level:
        depth, level = depth + 1, level[0].children
    assert depth == 4
