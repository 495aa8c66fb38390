"""Base price, unit price and line total; what a line takes from stock; what is kept of it."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.stores.pricing.base_price import BaseRule
from apps.stores.pricing.checking import check_line
from apps.stores.pricing.lines import PricedLine, cart_weight, price_line
from apps.stores.pricing.model import OutletOverride, PizzaMenu, PriceRule, PricingCatalog
from apps.stores.pricing.rules import PriceList
from apps.stores.pricing.sales import Sale
from apps.stores.pricing.selection import LineIntent, PizzaIntent, Selection
from apps.stores.pricing.snapshot import snapshot, summary
from apps.stores.pricing.stock import merge_demands

from .cantina import NOON, PIZZA, catalog, context, customer, fill, line, meal, pasta, pick, pizza, product

COMPANY = customer(is_company=True, price_list_id="trade")
TRADE = {"trade": PriceList(id="trade", percentage=Decimal("12.50"), prices={("p-soup", None): Decimal("7.77")})}
JUICE = pick("drink", "juice", 2, pick("taste", "orange", 1, pick("sugar", "with")))


def priced(intent: LineIntent, menu: PricingCatalog | None = None, **changes: Any) -> PricedLine:
    """Check and price a line of the cantina; it has to be sellable."""
    menu = menu or catalog()
    checked = check_line(menu, intent, context(**changes))
    assert checked.selection is not None
    assert checked.is_sellable, checked.problems
    return price_line(menu, checked.selection, context(**changes))


UNITS = {
    "plain": (line("soup"), "10.00"),
    "variant": (line("wine", variant="bottle"), "40.00"),
    "options": (pasta(pick("extras", "cheese", 2), pick("extras", "ham")), "25.00"),
    "nested options count per unit of their opener": (pasta(JUICE), "31.00"),
    "the dearest flavour": (pizza("large", "margherita", "funghi"), "45.00"),
    "crust and edge": (pizza("small", "margherita", crust="spelt", edge="cheese"), "40.00"),
    "options of a pizza": (pizza("small", "funghi", options=(pick("extras", "ham", 2),)), "39.00"),
    "combo": (meal(), "35.00"),
    "extra of a choice": (meal(fill("main", "wine"), fill("side", "soup")), "47.00"),
    "edge of a pizza in a combo": (
        meal(
            fill("main", "pizza", pizza=PizzaIntent(flavours=("margherita",), edge="cheese")),
            fill("side", "soup"),
        ),
        "43.00",
    ),
}


@pytest.mark.parametrize(("intent", "unit"), UNITS.values(), ids=UNITS)
def test_it_prices_a_unit(intent: LineIntent, unit: str) -> None:
    assert str(priced(intent).unit_price) == unit


def test_a_line_costs_its_unit_price_times_quantity() -> None:
    row = priced(pasta(JUICE, quantity=3))

    assert (str(row.unit_price), str(row.total), str(row.net)) == ("31.00", "93.00", "93.00")


@pytest.mark.parametrize(
    ("rule", "flavours", "unit"),
    [
        (PriceRule.HIGHEST, ("margherita", "margherita", "funghi"), "45.00"),
        (PriceRule.AVERAGE, ("margherita", "margherita", "funghi"), "42.50"),
        (PriceRule.SUM, ("margherita", "margherita", "funghi"), "41.67"),
        (PriceRule.SUM, ("margherita", "funghi"), "42.50"),
    ],
)
def test_flavours_make_one_price_by_the_stores_rule(rule: PriceRule, flavours: tuple[str, ...], unit: str) -> None:
    menu = catalog(pizza=PizzaMenu(sizes=PIZZA.sizes, crusts=PIZZA.crusts, edges=PIZZA.edges, price_rule=rule))

    assert str(priced(pizza("large", *flavours), menu).unit_price) == unit


def soup_menu() -> PricingCatalog:
    """Soup on sale in November, dearer at the market, with a price list."""
    sale = Sale(price=Decimal("8.00"), starts=date(2026, 11, 1), ends=date(2026, 11, 30))
    soup, tea = product("soup", "10.00", sale=sale), product("tea", "0.90")
    overrides = {("market", "p-soup", None): OutletOverride(price=Decimal("11.00"))}
    return catalog(products=(soup, tea), overrides=overrides, price_lists=TRADE)


@pytest.mark.parametrize(
    ("changes", "amount", "rule"),
    [
        ({"customer": COMPANY}, "7.77", BaseRule.LIST_PRICE),
        ({}, "8.00", BaseRule.SALE),
        ({"at": datetime.fromisoformat("2026-11-30T23:59")}, "8.00", BaseRule.SALE),
        ({"at": datetime.fromisoformat("2026-12-01T00:00")}, "11.00", BaseRule.OUTLET),
        ({"at": datetime.fromisoformat("2026-10-31T23:59")}, "11.00", BaseRule.OUTLET),
        ({"at": datetime.fromisoformat("2026-12-01T00:00"), "outlet_id": "harbour"}, "10.00", BaseRule.PLAIN),
        ({"customer": customer(is_company=True)}, "8.00", BaseRule.SALE),
    ],
)
def test_the_first_rule_that_applies_gives_the_base_price(changes: Any, amount: str, rule: BaseRule) -> None:
    base = priced(line("soup"), soup_menu(), **changes).base

    assert (str(base.amount), base.rule, str(base.plain)) == (amount, rule, "10.00")


def test_a_price_lists_percentage_is_rounded_half_up() -> None:
    base = priced(line("tea"), soup_menu(), customer=COMPANY).base

    assert (str(base.amount), base.rule) == ("0.79", BaseRule.LIST_PERCENTAGE)  # 0.7875


def test_a_price_list_leaves_pizza_and_combos_alone() -> None:
    menu = catalog(price_lists=TRADE)

    assert priced(pizza("small", "funghi"), menu, customer=COMPANY).base.rule is BaseRule.PIZZA
    assert priced(meal(), menu, customer=COMPANY).base.rule is BaseRule.COMBO


def test_weight_counts_parts_and_quantity() -> None:
    rows = [priced(line("wine", 2, variant="bottle")), priced(meal(quantity=2)), priced(line("bread"))]

    assert [row.weight_g for row in rows] == [2600, 600, 0]
    assert cart_weight(rows) == 3200


@pytest.mark.parametrize(
    ("intent", "demands"),
    [
        (line("soup", 3), [("product", "p-soup", 3)]),
        (line("bread", 3), []),
        (line("wine", 2, variant="bottle"), [("variant", "v-bottle", 2)]),
        (line("wine", 2, variant="glass"), [("product", "p-wine", 2)]),
        (pasta(pick("extras", "cheese", 2), quantity=3), [("option", "o-cheese", 6)]),
        (pizza("large", "margherita", "margherita", "funghi", quantity=2), [("product", "p-margherita", 2)]),
        (
            meal(fill("main", "wine"), fill("side", "soup", 2), quantity=3),
            [("product", "p-soup", 6), ("variant", "v-bottle", 3)],
        ),
    ],
)
def test_it_takes_what_is_tracked_from_stock(intent: LineIntent, demands: list[tuple[str, str, int]]) -> None:
    assert [(row.kind.value, row.id, row.quantity) for row in priced(intent).demands] == demands


def test_demands_of_a_cart_are_merged_in_a_stable_order() -> None:
    rows = [priced(line("wine", variant="bottle")), priced(line("soup", 2)), priced(meal())]

    merged = merge_demands(demand for row in rows for demand in row.demands)

    assert [(row.id, row.quantity) for row in merged] == [("p-soup", 3), ("v-bottle", 1)]


def test_a_snapshot_keeps_names_and_prices_of_everything() -> None:
    kept = snapshot(priced(pasta(JUICE, quantity=2)), 2)

    assert json.loads(json.dumps(kept)) == kept
    assert (kept["product"], kept["name"], kept["unit_price"], kept["total"]) == ("p-pasta", "Pasta", "31.00", "62.00")
    juice: Any = kept["options"]
    assert juice[1]["option"]["name"] == "Juice"
    assert juice[1]["options"][0]["price"] == "0.50"
    assert juice[1]["options"][0]["options"][0]["group"]["name"] == "Sugar"


def test_a_snapshot_of_a_pizza_keeps_shares_and_of_a_combo_its_parts() -> None:
    one: Any = snapshot(priced(pizza("large", "margherita", "margherita", "funghi", edge="cheese")), 2)
    other: Any = snapshot(priced(meal(fill("main", "wine"), fill("side", "soup", 2, notes="hot"))), 2)
    pizza_part = fill("main", "pizza", pizza=PizzaIntent(flavours=("margherita",)))
    last: Any = snapshot(priced(meal(pizza_part, fill("side", "soup"))), 2)
    third: Any = snapshot(priced(line("wine", variant="glass")), 2)

    shares = [(row["name"], row["parts"], row["of"]) for row in one["pizza"]["flavours"]]
    assert shares == [("Margherita", 2, 3), ("Funghi", 1, 3)]
    assert (one["pizza"]["edge"]["price"], one["pizza"]["crust"]["name"]) == ("8.00", "Thin")
    parts = [(row["name"], row["quantity"], row["extra"], row["notes"]) for row in other["parts"]]
    assert parts == [("Wine", 1, "12.00", ""), ("Soup", 2, "0.00", "hot")]
    assert third["variant"]["name"] == "Glass"
    assert last["parts"][0]["pizza"]["flavours"][0]["name"] == "Margherita"


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (line("wine", variant="glass"), "Wine, Glass"),
        (pasta(JUICE), "Pasta: Tomato, 2× Juice (Orange (With))"),
        (pizza("large", "margherita", "funghi"), "Pizza, Large, 1/2 Margherita + 1/2 Funghi, Thin, Plain"),
        (pizza("small", "tiny", edge="cheese"), "Pizza, Small, Tiny, Thin, Cheese"),
        (meal(fill("main", "wine"), fill("side", "soup", 2)), "Meal: Wine, Bottle, 2× Soup"),
    ],
)
def test_a_summary_is_one_row_of_text(intent: LineIntent, words: str) -> None:
    assert summary(priced(intent)) == words


def test_a_selection_of_nothing_has_no_item() -> None:
    with pytest.raises(ValueError, match="a product or a combo"):
        _ = Selection(quantity=1).item


def test_amounts_come_with_the_currencys_decimals() -> None:
    """A database may keep 38000.00 for a currency without decimals."""
    menu = catalog(products=(product("nasi", "38000.00"),), exponent=0)

    assert str(priced(line("nasi", 2), menu, at=NOON).total) == "76000"
