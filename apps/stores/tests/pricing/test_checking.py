"""What a line can be refused for: one row per way of being wrong, all with a code and a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from apps.stores.pricing.checking import check_line
from apps.stores.pricing.model import OutletOverride, Status
from apps.stores.pricing.selection import Checked, LineIntent, PizzaIntent

from .cantina import catalog, context, fill, line, meal, pasta, pick, pizza

TOMATO = (pick("sauce", "tomato"),)
DEEP = pick("drink", "juice", 1, pick("taste", "orange", 1, pick("sugar", "without", 1, pick("ice", "cubes"))))
MAIN, SIDE = fill("main", "pasta", options=TOMATO), fill("side", "soup")

WRONG = {
    "nothing": (LineIntent(), "malformed", ""),
    "product and combo": (LineIntent(product="soup", combo="meal"), "malformed", ""),
    "choices of a product": (line("soup", choices=(SIDE,)), "malformed", "choices"),
    "flavours of a soup": (line("soup", pizza=PizzaIntent(flavours=("funghi",))), "malformed", "flavours"),
    "options of a combo": (replace(meal(), options=TOMATO), "malformed", "combo"),
    "unknown product": (line("pie"), "unknown_product", "product"),
    "unknown combo": (LineIntent(combo="feast"), "unknown_product", "combo"),
    "nobody gave it a price": (line("unpriced"), "product_inactive", "product"),
    "hidden": (line("relic"), "product_inactive", "product"),
    "paused": (line("oyster"), "product_paused", "product"),
    "paused combo": (replace(meal(), combo="old-meal"), "product_paused", "combo"),
    "flavour alone": (line("funghi"), "not_sold_alone", "product"),
    "other outlet": (line("harbour-stew"), "not_at_outlet", "product"),
    "zero": (line("soup", 0), "quantity_invalid", "quantity"),
    "negative": (line("soup", -1), "quantity_invalid", "quantity"),
    "a thousand": (line("soup", 1000), "quantity_invalid", "quantity"),
    "true": (line("soup", True), "quantity_invalid", "quantity"),
    "no variant": (line("wine"), "variant_required", "variant"),
    "unknown variant": (line("wine", variant="jug"), "unknown_variant", "variant"),
    "variant of a simple product": (line("soup", variant="glass"), "unknown_variant", "variant"),
    "paused variant": (line("wine", variant="cask"), "product_paused", "variant"),
    "unknown option": (pasta(pick("extras", "gold")), "unknown_option", "options[1]"),
    "paused option": (line("pasta", options=(pick("sauce", "truffle"),)), "option_paused", "options[0]"),
    "option too often": (pasta(pick("extras", "ham", 3)), "option_max", "options[1]"),
    "option twice too often": (
        pasta(pick("extras", "ham", 2), pick("extras", "ham")),
        "option_max",
        "options[2]",
    ),
    "option zero times": (pasta(pick("extras", "ham", 0)), "quantity_invalid", "options[1]"),
    "required group left out": (line("pasta"), "group_min", "groups.sauce"),
    "too many of a group": (pasta(pick("extras", "ham", 2), pick("extras", "cheese", 2)), "group_max", "groups.extras"),
    "foreign group": (line("soup", options=TOMATO), "group_not_offered", "options[0]"),
    "nested group that nothing opened": (pasta(pick("taste", "grape")), "group_not_offered", "options[1]"),
    "opened group left out": (pasta(pick("drink", "juice")), "group_min", "options[1].groups.taste"),
    "too deep": (pasta(DEEP), "nesting_too_deep", "options[1].options[0].options[0].options[0]"),
    "no size": (pizza(None, "funghi"), "pizza_size_required", "size"),
    "unknown size": (pizza("huge", "funghi"), "pizza_size_required", "size"),
    "no flavour": (pizza("small"), "flavour_required", "flavours"),
    "no pizza at all": (line("pizza"), "pizza_size_required", "size"),
    "too many flavours": (pizza("small", "funghi", "margherita"), "too_many_flavours", "flavours"),
    "unknown flavour": (pizza("small", "banana"), "unknown_flavour", "flavours[0]"),
    "product as flavour": (pizza("small", "soup"), "unknown_flavour", "flavours[0]"),
    "flavour not in this size": (pizza("large", "funghi", "tiny"), "unknown_flavour", "flavours[1]"),
    "paused flavour": (pizza("small", "tartufo"), "product_paused", "flavours[0]"),
    "crust not in this size": (pizza("large", "funghi", crust="spelt"), "crust_not_offered", "crust"),
    "unknown edge": (pizza("large", "funghi", edge="gold"), "edge_not_offered", "edge"),
    "empty slot": (meal(MAIN), "slot_min", "slots.side"),
    "full slot": (meal(MAIN, fill("side", "soup", 3)), "slot_max", "slots.side"),
    "unknown slot": (meal(MAIN, SIDE, fill("dessert", "soup")), "choice_not_offered", "choices[2]"),
    "product not in slot": (meal(MAIN, fill("side", "bread")), "choice_not_offered", "choices[1]"),
    "part zero times": (meal(MAIN, SIDE, fill("side", "soup", 0)), "quantity_invalid", "choices[2].quantity"),
    "other variant": (meal(fill("main", "wine", variant="glass"), SIDE), "choice_not_offered", "choices[0]"),
    "other size": (
        meal(fill("main", "pizza", pizza=PizzaIntent(size="small", flavours=("margherita",))), SIDE),
        "choice_not_offered",
        "choices[0]",
    ),
    "flavour not in combo": (
        meal(fill("main", "pizza", pizza=PizzaIntent(flavours=("margherita", "funghi"))), SIDE),
        "flavour_not_in_combo",
        "choices[0].flavours[1]",
    ),
    "paused part": (meal(MAIN, fill("side", "oyster")), "product_paused", "choices[1].product"),
    "paused variant of a part": (
        meal(MAIN, fill("side", "wine", variant="cask")),
        "product_paused",
        "choices[1].product",
    ),
    "part without variant": (meal(MAIN, fill("side", "wine")), "variant_required", "choices[1].variant"),
    "part with unknown variant": (
        meal(MAIN, fill("side", "wine", variant="jug")),
        "unknown_variant",
        "choices[1].variant",
    ),
    "part without required option": (meal(fill("main", "pasta"), SIDE), "group_min", "choices[0].groups.sauce"),
}


def check(intent: LineIntent, **changes: Any) -> Checked:
    """Check against the cantina at noon."""
    return check_line(catalog(), intent, context(**changes))


@pytest.mark.parametrize(("intent", "code", "path"), WRONG.values(), ids=WRONG)
def test_it_names_what_is_wrong_and_where(intent: LineIntent, code: str, path: str) -> None:
    checked = check(intent)

    assert [(row.code.value, row.path) for row in checked.problems] == [(code, path)]
    assert checked.problems[0].message
    assert not checked.is_sellable


RIGHT = {
    "simple": line("soup", 999),
    "by id": line("p-soup"),
    "variant": line("wine", variant="glass"),
    "variant by id": line("p-wine", variant="v-bottle"),
    "options by id": line("pasta", options=(pick("g-sauce", "o-pesto"),)),
    "three levels": pasta(pick("drink", "juice", 2, pick("taste", "orange", 1, pick("sugar", "with")))),
    "pizza": pizza("large", "funghi", "margherita", "margherita", crust="thin", edge="cheese"),
    "pizza by ids": pizza("s-small", "p-tiny", crust="e-spelt"),
    "combo": meal(quantity=3),
    "combo by ids": meal(fill("t-main", "p-wine"), fill("t-side", "p-soup", 2)),
    "combo with pizza": meal(fill("main", "pizza", pizza=PizzaIntent(flavours=("margherita",))), SIDE),
}


@pytest.mark.parametrize("intent", RIGHT.values(), ids=RIGHT)
def test_it_accepts_what_is_right(intent: LineIntent) -> None:
    checked = check(intent)

    assert checked.problems == ()
    assert checked.is_sellable


def test_it_tells_everything_that_is_wrong_at_once() -> None:
    checked = check(line("pasta", 0, options=(pick("extras", "ham", 9), pick("extras", "gold"))))

    codes = [row.code.value for row in checked.problems]
    assert codes == ["quantity_invalid", "option_max", "unknown_option", "group_min", "group_max"]


def test_a_line_that_is_only_unavailable_still_has_a_selection_to_show() -> None:
    checked = check(line("oyster"))

    assert checked.selection is not None
    assert not checked.is_sellable


def test_crust_and_edge_are_the_first_offered_when_nobody_said_otherwise() -> None:
    chosen = check(pizza("large", "funghi")).selection

    assert chosen is not None
    assert chosen.pizza is not None
    assert (chosen.pizza.crust, chosen.pizza.edge) == (catalog().pizza.crusts[0], catalog().pizza.edges[0])


def test_a_combo_fixes_variant_and_size() -> None:
    chosen = check(meal(fill("main", "wine"), SIDE)).selection

    assert chosen is not None
    assert chosen.parts[0].variant is not None
    assert chosen.parts[0].variant.slug == "bottle"


def test_a_pause_ends_by_itself() -> None:
    assert check(line("oyster"), at=datetime.fromisoformat("2026-11-19T12:00")).is_sellable
    assert check(line("oyster"), serve_at=datetime.fromisoformat("2026-11-20T20:00")).is_sellable


def test_an_outlet_can_pause_and_resume_a_product() -> None:
    overrides = {
        ("market", "p-soup", None): OutletOverride(status=Status.PAUSED),
        ("market", "p-oyster", None): OutletOverride(status=Status.ACTIVE),
        ("market", "p-wine", "v-glass"): OutletOverride(status=Status.PAUSED),
    }
    menu = catalog(overrides=overrides)

    def codes(intent: LineIntent, outlet: str) -> list[str]:
        return [row.code.value for row in check_line(menu, intent, context(outlet_id=outlet)).problems]

    assert codes(line("soup"), "market") == ["product_paused"]
    assert codes(line("soup"), "harbour") == []
    assert codes(line("oyster"), "market") == []
    assert codes(line("wine", variant="glass"), "market") == ["product_paused"]
    assert codes(line("wine", variant="bottle"), "market") == []


def test_a_group_asked_in_two_places_is_asked_once() -> None:
    """Wherever it is answered, its limits hold for the sum."""
    from .cantina import PRODUCTS, product

    juice_bar = product("tea", "4.00", modifier_group_ids=("g-sugar", "g-drink"))
    menu = catalog(products=(*PRODUCTS, juice_bar))
    nested = pick("drink", "juice", 1, pick("taste", "orange", 1, pick("sugar", "with")))
    flat = pick("drink", "juice", 1, pick("taste", "orange"))

    def codes(*options: Any) -> list[str]:
        return [row.code.value for row in check_line(menu, line("tea", options=options), context()).problems]

    assert codes(nested) == []
    assert codes(pick("sugar", "with"), flat) == []
    assert codes(flat) == ["group_min"]
    assert codes(pick("sugar", "with"), nested) == ["option_max", "group_max"]
