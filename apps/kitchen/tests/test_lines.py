"""From what was sold to what a cook reads, without a database."""

from typing import Any

import pytest

from apps.kitchen.lines import rows, title


def option(name: str, quantity: int = 1, *children: dict[str, Any]) -> dict[str, Any]:
    return {"group": {"name": "Group"}, "option": {"name": name}, "quantity": quantity, "options": list(children)}


def texts(chosen: Any) -> list[tuple[int, str, str]]:
    return [(row["level"], row["text"], row["kind"]) for row in rows(chosen)]


def test_options_are_indented_under_the_option_that_opened_them() -> None:
    chosen = {"options": [option("Chicken", 1, option("Grilled", 1, option("No salt"))), option("Corn", 2)]}
    assert texts(chosen) == [
        (0, "Chicken", "option"),
        (1, "Grilled", "option"),
        (2, "No salt", "option"),
        (0, "2× Corn", "option"),
    ]


def test_a_bare_list_of_options_reads_the_same() -> None:
    assert texts([option("Corn", 2)]) == texts({"options": [option("Corn", 2)]})


def test_a_pizza_says_its_flavours_in_parts_and_its_crust_and_edge_in_one_row() -> None:
    pizza = {
        "size": {"name": "Grande"}, "crust": {"name": "Fina"}, "edge": {"name": "Catupiry"},
        "flavours": [{"name": "Calabresa", "parts": 1, "of": 3}, {"name": "Atum", "parts": 2, "of": 3}],
    }  # fmt: skip
    assert texts({"pizza": pizza}) == [
        (0, "1/3 Calabresa", "option"),
        (0, "2/3 Atum", "option"),
        (0, "Fina · Catupiry", "option"),
    ]
    assert title(product="Pizza", variant="", chosen={"pizza": pizza}) == "Pizza Grande"


def test_a_whole_pizza_of_one_flavour_needs_no_fraction() -> None:
    assert texts({"pizza": {"flavours": [{"name": "Atum", "parts": 1, "of": 1}], "crust": None}}) == [
        (0, "Atum", "option")
    ]


def test_the_parts_of_a_combo_carry_their_own_options_and_notes() -> None:
    part = {
        "slot": {"name": "Main"},
        "name": "Lasagna",
        "variant": {"name": "500 g"},
        "quantity": 2,
        "options": [option("Cheese")],
        "notes": "hot",
    }
    assert texts({"parts": [part]}) == [(0, "2× Lasagna 500 g", "part"), (1, "Cheese", "option"), (1, "hot", "note")]


@pytest.mark.parametrize(
    "odd",
    [None, "", 7, {}, [], [None, 3, "x"], {"options": "x"}, {"pizza": 3}, {"parts": [{}]}, [{"option": {"name": 5}}]],
)
def test_an_odd_row_never_keeps_an_order_from_the_kitchen(odd: Any) -> None:
    assert rows(odd) == []


def test_endless_nesting_is_cut() -> None:
    deep: dict[str, Any] = option("last")
    for _level in range(40):
        deep = option("more", 1, deep)
    assert len(rows([deep])) == 5
