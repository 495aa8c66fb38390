"""What holds for every cart: nothing negative, everything adds up, order and repetition do not matter."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.stores.pricing.checking import check_line
from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.pricing.model import PricingCatalog
from apps.stores.pricing.parsing import MalformedLine, parse_line
from apps.stores.pricing.rounding import round_half_up
from apps.stores.pricing.rules import (
    BundleItem,
    Loyalty,
    Promotion,
    PromotionKind,
    Scope,
    ServiceCharge,
    TaxMode,
    TaxRate,
    TaxRules,
)
from apps.stores.pricing.selection import LineIntent
from apps.stores.pricing.totals import PricedCart, price_intents

from .cantina import PRODUCTS, catalog, context, customer, fill, line, meal, pasta, pick, pizza
from .from_file import catalog_of

CENTS = st.integers(0, 5000).map(lambda count: Decimal(count) / 100)
ITEMS = st.sampled_from(
    [
        line("soup"),
        line("bread"),
        line("wine", variant="glass"),
        line("wine", variant="bottle"),
        pasta(),
        pasta(pick("extras", "cheese", 2), pick("drink", "juice", 2, pick("taste", "grape"))),
        pizza("large", "margherita", "funghi", edge="cheese"),
        meal(),
        meal(fill("main", "wine"), fill("side", "soup", 2)),
    ]
)
LINES = st.builds(lambda item, count: replace(item, quantity=count), ITEMS, st.integers(1, 9))
SCOPES = st.sampled_from(
    [
        Scope(),
        Scope(categories=frozenset({"c-food"})),
        Scope(categories=frozenset({"c-all"})),
        Scope(products=frozenset({"p-soup", "p-wine"})),
    ]
)
WHOLE_CART = (PromotionKind.PERCENTAGE, PromotionKind.FIXED, PromotionKind.FREE_DELIVERY)
BY_UNITS = (PromotionKind.BUY_X_GET_Y, PromotionKind.BUNDLE)
BUNDLES = st.lists(st.builds(BundleItem, product_id=st.sampled_from(["p-soup", "p-pasta"]), quantity=st.integers(1, 3)))


def promotions(kinds: tuple[PromotionKind, ...], scopes: st.SearchStrategy[Scope], first: int) -> Any:
    """Promotions without conditions; ``first`` is the lowest priority number."""
    return st.builds(
        Promotion,
        id=st.uuids().map(str),
        slug=st.uuids().map(str),
        kind=st.sampled_from(kinds),
        value=CENTS,
        buy=st.integers(1, 3),
        get=st.integers(1, 2),
        items=BUNDLES.map(tuple),
        scope=scopes,
        max_discount=st.none() | CENTS,
        combinable=st.booleans(),
        priority=st.integers(first, first + 3),
    )


ANY = st.lists(promotions((*WHOLE_CART, *BY_UNITS), SCOPES, 0), max_size=4)
QUOTES = st.none() | st.builds(
    DeliveryQuote, kind=st.just(DeliveryPricing.POLYGON), fee=CENTS, free_over=st.none() | CENTS
)
RATES = (TaxRate(code="full", name="Full", rate=Decimal("19")), TaxRate(code="low", name="Low", rate=Decimal("7")))
WINE_LOW = tuple(replace(row, tax_code="low") if row.slug == "wine" else row for row in PRODUCTS)


def menu(rows: list[Promotion], mode: TaxMode) -> PricingCatalog:
    """The cantina with all the rules there are."""
    return catalog(
        products=WINE_LOW,
        promotions=tuple(rows),
        tax=TaxRules(mode=mode, rates=RATES, default="full", delivery="full"),
        service_charge=ServiceCharge(rate=Decimal("12.5"), services=frozenset({"pickup"})),
        loyalty=Loyalty(earn_per=Decimal("7.5"), earn_points=2, point_value=Decimal("0.25"), min_redeem=1),
    )


def cart_of(menu: PricingCatalog, lines: list[LineIntent], points: int, delivery: DeliveryQuote | None) -> PricedCart:
    """A cart of a customer with points."""
    around = context(customer=customer(points=10_000), redeem_points=points)
    return price_intents(menu, lines, around, delivery=delivery).cart


CARTS = {
    "lines": st.lists(LINES, max_size=8),
    "mode": st.sampled_from(TaxMode),
    "points": st.integers(0, 2000),
    "delivery": QUOTES,
}


@settings(max_examples=120, deadline=None)
@given(rows=ANY, **CARTS)
def test_every_cart_adds_up_and_nothing_is_negative(
    rows: list[Promotion], lines: list[LineIntent], mode: TaxMode, points: int, delivery: DeliveryQuote | None
) -> None:
    cart = cart_of(menu(rows, mode), lines, points, delivery)

    assert sum(row.total for row in cart.lines) == cart.subtotal
    assert sum(row.discount for row in cart.lines) == cart.discount
    assert sum(row.points_discount for row in cart.lines) == cart.points_discount
    assert sum(row.amount for row in cart.discounts if not row.on_delivery) == cart.discount
    assert sum(row.amount for row in cart.discounts if row.on_delivery) == cart.delivery_discount
    assert all(sum(row.shares) == row.amount for row in cart.discounts if not row.on_delivery)
    assert cart.net == cart.subtotal - cart.discount - cart.points_discount
    due = cart.net + cart.delivery_fee - cart.delivery_discount + cart.service_charge
    assert cart.total == due + (cart.tax if mode is TaxMode.ADDED else 0)
    assert sum(row.tax for row in cart.tax_lines) == cart.tax
    assert sum(row.on for row in cart.tax_lines) == due
    assert all(row.net >= 0 for row in cart.lines)
    for amount in amounts(cart):
        assert amount >= 0
        assert amount == round_half_up(amount, 2)


def amounts(cart: PricedCart) -> list[Decimal]:
    """Every amount of a cart."""
    totals = (cart.subtotal, cart.discount, cart.points_discount, cart.net, cart.tax, cart.total, cart.service_charge)
    rows = [amount for row in cart.lines for amount in (row.unit_price, row.total, row.discount, row.points_discount)]
    return [*totals, cart.delivery_fee, cart.delivery_discount, *rows, *(row.amount for row in cart.discounts)]


@settings(max_examples=100, deadline=None)
@given(data=st.data(), rows=ANY, **CARTS)
def test_the_total_does_not_depend_on_the_order_of_lines(
    data: st.DataObject,
    rows: list[Promotion],
    lines: list[LineIntent],
    mode: TaxMode,
    points: int,
    delivery: DeliveryQuote | None,
) -> None:
    shuffled = data.draw(st.permutations(lines))
    rules = menu(rows, mode)

    one, other = (cart_of(rules, order, points, delivery) for order in (lines, shuffled))

    told = [
        (row.subtotal, row.discount, row.points_discount, row.delivery_fee, row.tax_lines, row.total)
        for row in (one, other)
    ]
    assert told[0] == told[1]


@settings(max_examples=50, deadline=None)
@given(rows=ANY, **CARTS)
def test_the_same_input_gives_the_same_output(
    rows: list[Promotion], lines: list[LineIntent], mode: TaxMode, points: int, delivery: DeliveryQuote | None
) -> None:
    first = cart_of(menu(rows, mode), lines, points, delivery)

    assert cart_of(menu(rows, mode), lines, points, delivery) == first


@settings(max_examples=50, deadline=None)
@given(rows=ANY, **CARTS)
def test_promotions_never_make_a_cart_dearer(
    rows: list[Promotion], lines: list[LineIntent], mode: TaxMode, points: int, delivery: DeliveryQuote | None
) -> None:
    """Except through free delivery, which a discount can take a cart below: compared without it."""
    always = replace(delivery, free_over=None) if delivery else None
    plain = cart_of(menu([], TaxMode.INCLUDED), lines, 0, always)

    assert cart_of(menu(rows, TaxMode.INCLUDED), lines, points, always).total <= plain.total


@settings(max_examples=50, deadline=None)
@given(item=ITEMS, one=st.integers(1, 20), other=st.integers(1, 20))
def test_two_lines_of_the_same_thing_cost_as_much_as_one(item: LineIntent, one: int, other: int) -> None:
    rules = menu([], TaxMode.INCLUDED)
    apart = [replace(item, quantity=one), replace(item, quantity=other)]

    together = cart_of(rules, [replace(item, quantity=one + other)], 0, None)

    assert cart_of(rules, apart, 0, None).total == together.total


WORDS = st.sampled_from(
    ["monte-sua-salada", "combo-escritorio", "m", "base", "alface", "proteina", "frango", "virar-combo", "com-suco"]
)
KEYS = st.sampled_from(
    ["product", "combo", "variant", "qty", "options", "group", "option", "choices", "slot", "size", "flavours", "notes"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=8) | JSON)
def test_whatever_a_client_sends_is_refused_with_a_code_or_priced(raw: object) -> None:
    rules = catalog_of("ce-saladas")
    try:
        intent = parse_line(raw)
    except MalformedLine:
        return

    checked = check_line(rules, intent, context())

    assert checked.selection is not None or checked.problems
    assert price_intents(rules, [intent], context()).cart.total >= 0
