"""10,000 random carts of the five demo stores, each priced twice with its lines shuffled: identical to the cent.

Everything is on: all promotions of the store with a coupon of its own, price lists, points, delivery, tax by several
rates, and a dozen made-up promotions that meet on the same lines. Hypothesis draws the seeds; one seed is `BATCH` carts.
"""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.pricing.model import PricingCatalog
from apps.stores.pricing.parsing import parse_line
from apps.stores.pricing.rules import BundleItem, Promotion, PromotionKind, Scope
from apps.stores.pricing.selection import LineIntent
from apps.stores.pricing.totals import PricedCart, price_intents

from .from_file import catalog_of, store_file
from .sample_orders import context_of

STORES = ("ce-saladas", "naturwest", "pastita", "pizzaria-forno", "warung-nusantara")
BATCH, SEEDS = 20, 500
# What a cart comes to. Its lines and shares are compared line by line.
TOTALS = tuple(field.name for field in fields(PricedCart) if field.name not in {"lines", "discounts"})


@cache
def wishes(slug: str) -> tuple[LineIntent, ...]:
    """Every line somebody ordered, and every simple product."""
    file = store_file(slug)
    ordered = [line for order in file["orders"] for line in order["lines"]]
    simple = [{"product": row["slug"], "qty": 1} for row in file["products"] if row["kind"] == "simple"]
    return tuple(parse_line(line) for line in [*ordered, *simple])


def made_up(catalog: PricingCatalog, random: Random) -> Promotion:
    """A promotion of any kind about anything, without conditions."""
    kinds = list(PromotionKind)
    simple = [row.id for row in catalog.products.values() if row.price is not None]
    categories = {row.category_path[0] for row in catalog.products.values() if row.category_path}
    scopes = [
        Scope(),
        Scope(products=frozenset(random.sample(simple, 3))),
        Scope(categories=frozenset({min(categories)})),
    ]
    unit = Decimal(1).scaleb(-catalog.exponent)
    return Promotion(
        id=f"made-{random.getrandbits(40):x}",
        slug=f"made-{random.getrandbits(40):x}",
        kind=random.choice(kinds),
        value=random.randint(1, 9999) * unit / (1 if catalog.exponent else Decimal("0.01")) if random.random() < 0.5 else Decimal("12.5"),
        buy=random.randint(1, 3),
        get=random.randint(1, 2),
        items=(BundleItem(product_id=random.choice(simple), quantity=random.randint(1, 2)),),
        scope=random.choice(scopes),
        max_discount=random.choice([None, random.randint(1, 3000) * unit]),
        combinable=random.random() < 0.7,
        priority=random.randint(0, 60),
    )  # fmt: skip


def circumstances(slug: str, random: Random) -> tuple[PricingCatalog, PricingContext, DeliveryQuote | None]:
    """The store with more promotions, somebody's order there, and perhaps a delivery."""
    file, catalog = store_file(slug), catalog_of(slug)
    extra = tuple(made_up(catalog, random) for _number in range(random.randint(0, 3)))
    codes = [row.code for row in catalog.promotions if row.code]
    context = replace(context_of(file, random.choice(file["orders"])), coupon=random.choice([None, *codes]))
    fee = Decimal(random.randint(0, 2000)).scaleb(-catalog.exponent)
    quote = DeliveryQuote(kind=DeliveryPricing.POLYGON, fee=fee, free_over=random.choice([None, fee * 20]))
    return replace(catalog, promotions=catalog.promotions + extra), context, random.choice([None, quote])


def told(cart: PricedCart, order: list[int]) -> Any:
    """All of a cart, its lines named by what they were before the shuffle."""
    lines = {order[row.index]: (row.unit_price, row.total, row.tax_code) for row in cart.lines}
    discounts = [(row.slug, row.amount, row.on_delivery) for row in cart.discounts]
    explained = sorted((row.name, row.amount, row.rule) for row in cart.explanation)
    return lines, discounts, explained, [getattr(cart, name) for name in TOTALS if name != "explanation"]


@settings(max_examples=SEEDS, deadline=None)
@given(seed=st.integers(0, 2**48))
def test_10_000_random_carts_priced_twice_with_shuffled_lines_are_identical(seed: int) -> None:
    random = Random(seed)  # drawn by hypothesis, for carts
    for _number in range(BATCH):
        slug = random.choice(STORES)
        catalog, context, delivery = circumstances(slug, random)
        lines = [
            replace(row, quantity=random.randint(1, 5)) for row in random.choices(wishes(slug), k=random.randint(1, 9))
        ]
        order = list(range(len(lines)))
        random.shuffle(order)
        one = price_intents(catalog, lines, context, delivery=delivery).cart
        other = price_intents(catalog, [lines[index] for index in order], context, delivery=delivery).cart
        assert told(one, list(range(len(lines)))) == told(other, order), (slug, seed)


def test_10_000_is_not_exaggerated() -> None:
    assert BATCH * SEEDS == 10_000


def test_without_an_order_of_its_own_some_carts_would_differ() -> None:
    """The control: spread as the lines came in, an odd cent changes sides between two rates now and then."""
    from apps.stores.pricing import totals

    place = totals._place
    try:
        totals._place = lambda _line: ()  # type: ignore[assignment]  # the guard, taken away
        assert any(_differs(seed) for seed in range(4000))
    finally:
        totals._place = place


def _differs(seed: int) -> bool:
    random = Random(seed)
    catalog, context, delivery = circumstances("naturwest", random)
    lines = random.choices(wishes("naturwest"), k=random.randint(2, 6))
    one = price_intents(catalog, lines, context, delivery=delivery).cart
    other = price_intents(catalog, lines[::-1], context, delivery=delivery).cart
    return one.tax_lines != other.tax_lines or one.total != other.total
