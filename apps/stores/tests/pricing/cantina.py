"""A small made-up menu whose ids differ from its slugs, for tests of single rules. Prices in a currency of 2 decimals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from apps.stores.pricing.context import CustomerFacts, PricingContext
from apps.stores.pricing.model import (
    Choice,
    Combo,
    Kind,
    ModifierGroup,
    Option,
    PizzaMenu,
    PizzaPart,
    PizzaSize,
    PricingCatalog,
    Product,
    Slot,
    Status,
    Variant,
    Window,
)
from apps.stores.pricing.selection import ChoiceIntent, LineIntent, OptionIntent, PizzaIntent

NOON = datetime.fromisoformat("2026-11-18T12:00")  # a Wednesday
LUNCH = Window(weekdays=frozenset({2}), since=time(11), until=time(14), services=frozenset({"pickup"}))


def option(slug: str, price: str = "0.00", **more: Any) -> Option:
    """An option whose id is not its slug."""
    return Option(id=f"o-{slug}", slug=slug, name=slug.title(), price=Decimal(price), **more)


def group(slug: str, options: Sequence[Option], least: int = 0, most: int | None = 1) -> ModifierGroup:
    """A modifier group."""
    return ModifierGroup(id=f"g-{slug}", slug=slug, name=slug.title(), min=least, max=most, options=tuple(options))


def product(slug: str, price: str | None = "10.00", **more: Any) -> Product:
    """A product of category ``c-food`` below ``c-all``."""
    amount = None if price is None else Decimal(price)
    more.setdefault("category_path", ("c-food", "c-all"))
    return Product(id=f"p-{slug}", slug=slug, name=slug.title(), price=amount, **more)


def flavour(slug: str, small: str, large: str | None = None, **more: Any) -> Product:
    """A pizza flavour at the size ``small`` and perhaps ``large``."""
    prices = {"small": Decimal(small)} | ({"s-large": Decimal(large)} if large else {})
    return product(slug, None, kind=Kind.FLAVOUR, flavour_prices=prices, **more)


def part(slug: str, **prices: str) -> PizzaPart:
    """A crust or an edge."""
    return PizzaPart(
        id=f"e-{slug}", slug=slug, name=slug.title(), prices={size: Decimal(price) for size, price in prices.items()}
    )


GROUPS = (
    group("sauce", [option("tomato"), option("pesto", "2.50"), option("truffle", "9.00", status=Status.PAUSED)], 1),
    group("extras", [option("cheese", "1.50", max=2, tracked=True), option("ham", "2.00", max=2)], 0, 3),
    group("drink", [option("juice", "5.00", max=2, opens=("g-taste",)), option("water", "3.00")], 0, 2),
    group("taste", [option("orange", "0.50", opens=("g-sugar",)), option("grape", "1.00")], 1),
    group("sugar", [option("with"), option("without", opens=("g-ice",))], 1),
    group("ice", [option("cubes")], 0),
)
PRODUCTS = (
    product("soup", "10.00", tracked=True, weight_g=300),
    product("pasta", "20.00", modifier_group_ids=("g-sauce", "g-extras", "g-drink")),
    product("bread", "0.10"),
    product(
        "wine",
        None,
        kind=Kind.VARIANTS,
        tracked=True,
        category_path=("c-drinks", "c-all"),
        variants=(
            Variant(id="v-glass", slug="glass", name="Glass", price=Decimal("8.00"), weight_g=200),
            Variant(id="v-bottle", slug="bottle", name="Bottle", price=Decimal("40.00"), tracked=True, weight_g=1300),
            Variant(id="v-cask", slug="cask", name="Cask", price=Decimal("900.00"), status=Status.PAUSED),
        ),
    ),
    product("lunch", "15.00", windows=(LUNCH,)),
    product("oyster", "30.00", status=Status.PAUSED, paused_until=datetime.fromisoformat("2026-11-19T12:00")),
    product("unpriced", None),
    product("relic", "5.00", status=Status.INACTIVE),
    product("harbour-stew", "25.00", outlet_ids=frozenset({"harbour"})),
    product("pizza", None, kind=Kind.PIZZA, modifier_group_ids=("g-extras",), category_path=("c-pizza", "c-all")),
    flavour("margherita", "30.00", "40.00", tracked=True),
    flavour("funghi", "35.00", "45.00"),
    flavour("tiny", "20.00"),
    flavour("tartufo", "50.00", "70.00", status=Status.PAUSED),
)
PIZZA = PizzaMenu(
    sizes=(
        PizzaSize(id="s-small", slug="small", name="Small", max_flavours=1),
        PizzaSize(id="s-large", slug="large", name="Large", max_flavours=3),
    ),
    crusts=(part("thin", small="0.00", large="0.00"), part("spelt", small="4.00")),
    edges=(part("plain", small="0.00", large="0.00"), part("cheese", small="6.00", large="8.00")),
)
SIDES = (Choice(product_id="p-soup"), Choice(product_id="p-oyster"), Choice(product_id="p-wine"))
MEAL = Combo(
    id="m-meal",
    slug="meal",
    name="Meal",
    price=Decimal("35.00"),
    category_path=("c-combos",),
    slots=(
        Slot(
            id="t-main",
            slug="main",
            name="Main",
            choices=(
                Choice(product_id="p-pasta"),
                Choice(product_id="p-wine", variant_id="v-bottle", extra=Decimal("12.00")),
                Choice(product_id="p-pizza", size_id="s-large", flavours=frozenset({"margherita", "p-tiny"})),
            ),
        ),
        Slot(id="t-side", slug="side", name="Side", min=1, max=2, choices=SIDES),
    ),
)
CLOSED_MEAL = replace(MEAL, id="m-old", slug="old-meal", status=Status.PAUSED)


def catalog(**changes: Any) -> PricingCatalog:
    """The menu, with whatever rules a test wants to try."""
    return PricingCatalog(
        exponent=changes.pop("exponent", 2),
        products={row.id: row for row in changes.pop("products", PRODUCTS)},
        combos={row.id: row for row in (MEAL, CLOSED_MEAL)},
        groups={row.id: row for row in GROUPS},
        pizza=changes.pop("pizza", PIZZA),
        **changes,
    )


def context(**changes: Any) -> PricingContext:
    """Wednesday noon, pickup at the market outlet."""
    market: dict[str, Any] = {"at": NOON, "service": "pickup", "outlet_id": "market"}
    return PricingContext(**(market | changes))


def customer(**changes: Any) -> CustomerFacts:
    """A customer who has ordered twice before."""
    ana: dict[str, Any] = {"id": "ana", "orders_before": 2, "points": 100}
    return CustomerFacts(**(ana | changes))


def line(ref: str, quantity: int = 1, **more: Any) -> LineIntent:
    """A wished product."""
    return LineIntent(product=ref, quantity=quantity, **more)


def pick(group_ref: str, option_ref: str, quantity: int = 1, *children: OptionIntent) -> OptionIntent:
    """A wished option."""
    return OptionIntent(group=group_ref, option=option_ref, quantity=quantity, children=children)


def pasta(*more: OptionIntent, quantity: int = 1) -> LineIntent:
    """Pasta with tomato sauce and whatever else."""
    return line("pasta", quantity, options=(pick("sauce", "tomato"), *more))


def pizza(size: str | None, *flavours: str, **more: Any) -> LineIntent:
    """A wished pizza."""
    crust, edge = more.pop("crust", None), more.pop("edge", None)
    return line("pizza", pizza=PizzaIntent(size=size, flavours=flavours, crust=crust, edge=edge), **more)


def fill(slot: str, ref: str, quantity: int = 1, **more: Any) -> ChoiceIntent:
    """A wished part of a combo."""
    return ChoiceIntent(slot=slot, product=ref, quantity=quantity, **more)


def meal(*choices: ChoiceIntent, quantity: int = 1) -> LineIntent:
    """The combo; by default pasta with soup."""
    tomato = (pick("sauce", "tomato"),)
    return LineIntent(
        combo="meal",
        quantity=quantity,
        choices=choices or (fill("main", "pasta", options=tomato), fill("side", "soup")),
    )
