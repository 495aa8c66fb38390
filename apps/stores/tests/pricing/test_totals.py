"""Points, service charge, tax, minimum, total and change; and what explains each amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from apps.stores.pricing.delivery import DeliveryQuote
from apps.stores.pricing.delivery_rules import DeliveryPricing
from apps.stores.pricing.rules import (
    Loyalty,
    PriceList,
    Promotion,
    PromotionKind,
    ServiceCharge,
    TaxMode,
    TaxRate,
    TaxRules,
)
from apps.stores.pricing.selection import LineIntent
from apps.stores.pricing.tender import PaymentWish, TenderCode, settle
from apps.stores.pricing.totals import PricedCart, price_intents

from .cantina import PRODUCTS, catalog, context, customer, line, meal, product

POINTS = Loyalty(earn_per=Decimal("10.00"), earn_points=3, point_value=Decimal("0.25"), min_redeem=20)
RATES = (
    TaxRate(code="full", name="Full", rate=Decimal("19.00")),
    TaxRate(code="low", name="Low", rate=Decimal("7.00")),
)
CHARGE = ServiceCharge(rate=Decimal("12.50"), services=frozenset({"dine_in"}))
FEE = DeliveryQuote(kind=DeliveryPricing.POLYGON, fee=Decimal("5.00"), zone="near", min_order=Decimal("12.00"))
FREE = Promotion(id="r-free", slug="free", kind=PromotionKind.FREE_DELIVERY, max_discount=Decimal("2.00"))
LOW = product("rice", "10.00", tax_code="low")


def cart_of(*intents: LineIntent, rules: dict[str, Any] | None = None, **changes: Any) -> PricedCart:
    """A cart of the cantina under these rules."""
    delivery = changes.pop("delivery", None)
    menu = catalog(products=(*PRODUCTS, LOW), **(rules or {}))
    return price_intents(menu, intents, context(**changes), delivery=delivery).cart


@pytest.mark.parametrize(
    ("asked", "facts", "reason", "discount", "spent"),
    [
        (0, customer(), "not_asked", "0.00", 0),
        (20, customer(), "redeemed", "5.00", 20),
        (100, customer(), "redeemed", "20.00", 80),
        (19, customer(), "below_min_redeem", "0.00", 0),
        (101, customer(), "not_enough_points", "0.00", 0),
        (50, None, "no_customer", "0.00", 0),
    ],
)
def test_points_pay_at_most_what_is_left(asked: int, facts: Any, reason: str, discount: str, spent: int) -> None:
    cart = cart_of(line("soup", 2), rules={"loyalty": POINTS}, redeem_points=asked, customer=facts)

    told = (cart.points_reason.value, str(cart.points_discount), cart.points_redeemed)
    assert told == (reason, discount, spent)
    assert cart.net == cart.subtotal - cart.points_discount == sum(row.net for row in cart.lines)


def test_points_need_a_store_that_gives_them() -> None:
    assert cart_of(line("soup"), redeem_points=20, customer=customer()).points_reason.value == "no_loyalty"


@pytest.mark.parametrize(("quantity", "facts", "earned"), [(1, customer(), 3), (2, customer(), 6), (2, None, 0)])
def test_points_are_earned_for_full_amounts_by_a_known_customer(quantity: int, facts: Any, earned: int) -> None:
    rows = [line("soup", quantity), line("bread", 9)]

    assert cart_of(*rows, rules={"loyalty": POINTS}, customer=facts).points_earned == earned


@pytest.mark.parametrize(
    ("service", "waived", "optional", "charge"),
    [
        ("dine_in", False, True, "1.26"),
        ("dine_in", True, True, "0.00"),
        ("dine_in", True, False, "1.26"),
        ("pickup", False, True, "0.00"),
        (None, False, True, "0.00"),
    ],
)
def test_the_service_charge_is_a_share_of_the_net(service: Any, waived: bool, optional: bool, charge: str) -> None:
    rule = ServiceCharge(rate=CHARGE.rate, services=CHARGE.services, optional=optional)
    rows = [line("soup"), line("bread")]  # 10.10 × 0.125 = 1.2625

    cart = cart_of(*rows, rules={"service_charge": rule}, service=service, service_charge_waived=waived)

    assert (str(cart.service_charge), cart.total) == (charge, cart.net + Decimal(charge))


@pytest.mark.parametrize(
    ("mode", "lines", "tax", "total"),
    [
        (TaxMode.INCLUDED, [("full", "49.25", "7.86"), ("low", "20.00", "1.31")], "9.17", "69.25"),
        (TaxMode.ADDED, [("full", "49.25", "9.36"), ("low", "20.00", "1.40")], "10.76", "80.01"),
    ],
)
def test_tax_is_taken_per_rate_on_everything_that_is_paid(
    mode: TaxMode, lines: list[tuple[str, str, str]], tax: str, total: str
) -> None:
    """Soup has the default code as the combo and the service charge have; delivery counts after what is waived."""
    rules = {
        "tax": TaxRules(mode=mode, rates=RATES, default="full", delivery="full"),
        "service_charge": ServiceCharge(rate=Decimal("1.9231"), services=frozenset({"pickup"})),
        "promotions": (FREE,),
    }

    cart = cart_of(line("soup"), line("rice", 2), meal(), rules=rules, delivery=FEE)

    assert [(row.code, str(row.on), str(row.tax)) for row in cart.tax_lines] == lines
    assert (str(cart.service_charge), str(cart.tax), str(cart.total)) == ("1.25", tax, total)


def test_rates_with_nothing_on_them_are_left_out() -> None:
    cart = cart_of(line("rice"), rules={"tax": TaxRules(rates=RATES, default="full")})

    assert [row.code for row in cart.tax_lines] == ["low"]
    assert cart_of(line("rice")).tax_lines == ()


@pytest.mark.parametrize(
    ("facts", "delivery", "service", "least"),
    [
        (None, None, "pickup", None),
        (None, None, "delivery", "20.00"),
        (None, FEE, "delivery", "12.00"),
        (customer(price_list_id="trade"), FEE, "delivery", "75.00"),
        (customer(price_list_id="gone"), FEE, "delivery", "12.00"),
    ],
)
def test_the_minimum_is_the_price_lists_or_the_zones_or_the_services(
    facts: Any, delivery: Any, service: str, least: str | None
) -> None:
    rules = {
        "min_order": {"delivery": Decimal("20.00")},
        "price_lists": {"trade": PriceList(id="trade", min_order=Decimal("75.00"))},
    }

    cart = cart_of(line("soup", 2), rules=rules, delivery=delivery, service=service, customer=facts)

    assert cart.min_order == (None if least is None else Decimal(least))
    assert cart.is_below_minimum is (least == "75.00")


def test_lines_that_cannot_be_priced_are_left_out_but_told() -> None:
    menu = catalog()

    priced = price_intents(menu, [line("pie"), line("soup", 2), line("oyster"), LineIntent()], context())

    assert [(row.index, str(row.total)) for row in priced.cart.lines] == [(1, "20.00"), (2, "30.00")]
    told = [(row.code.value, row.path) for row in priced.problems]
    assert told == [
        ("unknown_product", "lines[0].product"),
        ("product_paused", "lines[2].product"),
        ("malformed", "lines[3]"),
    ]


def test_every_amount_is_explained() -> None:
    rules = {
        "tax": TaxRules(rates=RATES, default="full", delivery="full"),
        "service_charge": ServiceCharge(rate=Decimal("10"), services=frozenset({"pickup"})),
        "promotions": (FREE, Promotion(id="r", slug="five", kind=PromotionKind.FIXED, value=Decimal(5), code="FIVE")),
        "loyalty": POINTS,
    }

    cart = cart_of(line("soup", 2), rules=rules, delivery=FEE, coupon="five", redeem_points=20, customer=customer())

    told = {row.name: (str(row.amount), row.rule) for row in cart.explanation}
    assert told == {
        "discount": ("5.00", "fixed"),
        "delivery_discount": ("2.00", "free_delivery"),
        "points_discount": ("5.00", "points"),
        "delivery_fee": ("5.00", "polygon"),
        "service_charge": ("1.00", "rate"),
        "tax": ("2.24", "included"),
    }
    fee = next(row for row in cart.explanation if row.name == "delivery_fee")
    assert fee.facts == {"zone": "near"}


def test_a_fee_that_free_over_dropped_says_so() -> None:
    quote = DeliveryQuote(kind=DeliveryPricing.POLYGON, fee=Decimal("5.00"), free_over=Decimal("10.00"))

    cart = cart_of(line("soup"), delivery=quote)

    assert [(row.name, str(row.amount), row.rule) for row in cart.explanation] == [
        ("delivery_fee", "0.00", "free_over")
    ]


CASH, CARD = PaymentWish(method="cash", change_for=Decimal(50)), PaymentWish(method="card", amount=Decimal(30))


@pytest.mark.parametrize(
    ("wishes", "amounts"),
    [
        ([PaymentWish(method="pix")], [("pix", "42.50", "None")]),
        ([CASH], [("cash", "42.50", "7.50")]),
        ([CARD, CASH], [("card", "30", "None"), ("cash", "12.50", "37.50")]),
        (
            [CARD, PaymentWish(method="pix", amount=Decimal("12.50"))],
            [("card", "30", "None"), ("pix", "12.50", "None")],
        ),
    ],
)
def test_payments_add_up_and_one_may_pay_what_is_left(wishes: list[PaymentWish], amounts: Any) -> None:
    tenders = settle(Decimal("42.50"), wishes)

    assert not isinstance(tenders, TenderCode)
    assert [(row.method, str(row.amount), str(row.change)) for row in tenders] == amounts


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ([], "payments_do_not_add_up"),
        ([CARD], "payments_do_not_add_up"),
        ([CARD, CARD], "payments_do_not_add_up"),
        ([CARD, CARD, CASH], "payments_do_not_add_up"),
        ([CASH, CASH], "two_payments_without_amount"),
        ([PaymentWish(method="cash", change_for=Decimal(40))], "change_for_below_amount"),
        ([PaymentWish(method="card", amount=Decimal(-1)), CASH], "payments_do_not_add_up"),
    ],
)
def test_payments_that_do_not_add_up_are_named(wishes: list[PaymentWish], code: str) -> None:
    assert settle(Decimal("42.50"), wishes) == TenderCode(code)
