"""Coupons at checkout and at `validate-coupon`: a code for every reason, counted once, given back once."""

from datetime import time
from typing import Any

import pytest

from apps.core.actors import system
from apps.core.scope import scope
from apps.stores.models import CancelKind, CouponCode, Order, Outlet, Store
from apps.stores.services import promotion_uses
from apps.stores.services.orders import cancel_order
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, Shop
from apps.stores.tests.offers import make_codes, make_price_list, make_promotion, used, uses

pytestmark = pytest.mark.django_db
PHONE = "63999998888"
DELIVERY: dict[str, Any] = {"delivery_method": "delivery", "delivery_address": ADDRESS}
LATER, EARLIER = "2099-01-01", "2001-01-01"
# What the promotion says → the reason it gives to a pickup order of 20.00 in the web shop.
REASONS: dict[str, dict[str, Any]] = {
    "disabled": {"is_active": False},
    "not_started": {"starts": LATER},
    "ended": {"ends": EARLIER},
    "wrong_time": {"since": time(0, 0), "until": time(0, 0, 1)},
    "wrong_service": {"services": ["delivery"]},
    "wrong_channel": {"channels": ["kiosk"]},
    "below_min_subtotal": {"min_subtotal": "20.01"},
    "total_limit_reached": {"total_limit": 3, "used_before": 3},
    "no_delivery_fee": {"kind": "free_delivery", "value": "0"},
    "nothing_to_discount": {"kind": "buy_x_get_y", "value": "0", "buy": 1, "get": 1},
}


def filled(shop: Shop, store: Store, quantity: int = 1) -> Shop:
    shop.add(factories.make_product(store), quantity)
    return shop


def orders(store: Store) -> list[Order]:
    with scope(store.pk):
        return list(Order.objects.order_by("number"))


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_has_a_code_of_its_own_and_nothing_happens(shop: Shop, store: Store, reason: str) -> None:
    make_promotion(store, code="DEZ", **REASONS[reason])
    filled(shop, store)
    answer = shop.checkout(coupon_code="dez")
    assert (answer.status_code, answer.json()["code"]) == (422, f"coupon_{reason}")
    assert answer.json()["error"] == answer.json()["detail"] != ""
    assert (orders(store), uses(store)) == ([], [])
    checked = shop.post("validate-coupon/", {"code": "DEZ", "subtotal": 20, "delivery_method": "pickup"})
    if reason == "no_delivery_fee":  # whether there will be one is not known before the address is
        assert (checked.status_code, checked.json()["discount_type"], checked.json()["discount"]) == (
            200,
            "free_delivery",
            0,
        )
    else:
        assert (checked.status_code, checked.json()["code"]) == (422, f"coupon_{reason}")
        assert checked.json()["error"] == answer.json()["error"]


def test_the_reason_is_told_in_the_customers_language(shop: Shop, store: Store) -> None:
    make_promotion(store, code="DEZ", ends=EARLIER)
    filled(shop, store)
    told = {
        language: shop.post("validate-coupon/", {"code": "DEZ"}, HTTP_ACCEPT_LANGUAGE=language).json()["error"]
        for language in ("pt-BR", "en", "de", "es", "id")
    }
    assert len(set(told.values())) == 5, told


def test_scope_customer_and_first_order_have_codes_of_their_own(shop: Shop, store: Store) -> None:
    other = factories.make_product(store, "other")
    make_promotion(store, code="SCOPE", slug="scope", products=[other])
    make_promotion(store, code="FIRST", slug="first", first_order=True)
    make_promotion(store, code="ONCE", slug="once", per_customer_limit=1)
    filled(shop, store)
    assert shop.checkout(coupon_code="SCOPE").json()["code"] == "coupon_no_line_in_scope"
    assert shop.checkout(coupon_code="NOSUCH").json()["code"] == "coupon_unknown_code"
    assert shop.checkout(coupon_code="ONCE").status_code == 201
    filled(shop, store)
    for spelling in (PHONE, f"+55{PHONE}", "(63) 9999-8888"):
        assert (
            shop.checkout(coupon_code="ONCE", customer_phone=spelling).json()["code"] == "coupon_customer_limit_reached"
        )
        assert shop.checkout(coupon_code="FIRST", customer_phone=spelling).json()["code"] == "coupon_not_first_order"
    body = {"code": "FIRST", "customer_phone": PHONE}
    assert shop.post("validate-coupon/", body).json()["code"] == "coupon_not_first_order"
    assert shop.checkout(coupon_code="FIRST", customer_phone="63988887777").status_code == 201
    assert uses(store) == [("once", True), ("first", True)]


def test_nobody_in_particular_cannot_be_held_to_a_limit(shop: Shop, store: Store) -> None:
    """A guest at a table tells no phone: then a code that every customer has once would be endless."""
    Store.objects.filter(pk=store.pk).update(
        services=["dine_in"], payment_methods=[{"method": "cash", "services": ["dine_in"]}]
    )
    with scope(store.pk):
        Outlet.objects.update(services=["dine_in"])
    make_promotion(store, code="ONCE", per_customer_limit=1)
    filled(shop, store)
    table = {"delivery_method": "dine_in", "channel": "table", "customer_phone": "", "customer_name": "", "table": "4"}
    assert shop.checkout(coupon_code="ONCE", **table).json()["code"] == "coupon_customer_required"
    assert shop.checkout(**table).status_code == 201


def test_a_company_is_told_that_the_offer_is_not_for_it_and_pays_its_own_prices(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    make_price_list(store, "25", phone=f"+55{PHONE}", min_order=30)
    make_promotion(store, code="RETAIL", retail_only=True)
    shop.add(product)
    assert shop.checkout(coupon_code="RETAIL").json()["code"] == "coupon_retail_only"
    assert shop.checkout().json()["code"] == "below_minimum"
    shop.add(product, 2)
    placed = shop.checkout()
    assert (placed.status_code, placed.json()["total"]) == (201, 45)
    assert placed.json()["explanation"][0]["rule"] == "list_percentage"
    shop.add(product)
    assert shop.checkout(customer_phone="63988887777").json()["total"] == 20, "anybody else pays the plain price"


def test_a_cancelled_order_gives_its_uses_back_once(shop: Shop, store: Store) -> None:
    rule = make_promotion(store, code="DEZ", total_limit=1, per_customer_limit=1, first_order=True)
    filled(shop, store)
    order_id = shop.checkout(coupon_code="DEZ").json()["order_id"]
    assert (used(rule), uses(store)) == (1, [("percentage", True)])
    with scope(store.pk):
        order = cancel_order(order_id=order_id, actor=system("test"), kind=CancelKind.BY_STORE)
        promotion_uses.give_back(order=order)
    assert (used(rule), uses(store)) == (0, [("percentage", False)])
    filled(shop, store)
    assert shop.checkout(coupon_code="DEZ").status_code == 201, "the next first order"
    assert used(rule) == 1


def test_a_single_use_code_works_once_and_again_after_its_order_was_cancelled(shop: Shop, store: Store) -> None:
    rule = make_promotion(store, "fixed", "5", trigger="single_use")
    one, two = make_codes(store, rule, 2)
    filled(shop, store)
    assert shop.get("cart/").json()["discount"] == 0, "without a code it does nothing"
    assert shop.post("validate-coupon/", {"code": one.lower()}).json() | {"promotions": [], "explanation": []} == {
        "valid": True, "code": one, "description": "Fixed", "discount_type": "fixed", "discount_value": 5, "discount": 5,
        "kind": "fixed", "value": 5, "max_discount": None, "min_subtotal": None, "reason": "applied", "subtotal": 20,
        "total_discount": 5, "promotions": [], "explanation": [],
    }  # fmt: skip
    placed = shop.checkout(coupon_code=one.lower()).json()
    assert (placed["discount"], placed["total"]) == (5, 15)
    filled(shop, store)
    for answer in (shop.checkout(coupon_code=one), shop.post("validate-coupon/", {"code": one})):
        assert (answer.status_code, answer.json()["code"]) == (422, "coupon_already_used")
    assert shop.checkout(coupon_code=two).status_code == 201
    with scope(store.pk):
        cancel_order(order_id=placed["order_id"], actor=system("test"), kind=CancelKind.BY_CUSTOMER)
        assert CouponCode.objects.get(code=one).order_id is None
    filled(shop, store)
    assert shop.checkout(coupon_code=one).status_code == 201


def test_a_batch_that_is_over_or_off_says_so(owner: Shop, shop: Shop, store: Store) -> None:
    rule = make_promotion(store, trigger="single_use")
    (old,), (off,) = make_codes(store, rule, ends=EARLIER), make_codes(store, rule, is_active=False)
    filled(shop, store)
    assert shop.checkout(coupon_code=old).json()["code"] == "coupon_ended"
    assert shop.checkout(coupon_code=off).json()["code"] == "coupon_disabled"


def test_a_coupon_of_another_store_is_unknown(shop: Shop, store: Store, other_store: Store) -> None:
    make_promotion(other_store, code="DEZ")
    (foreign,) = make_codes(other_store, make_promotion(other_store, trigger="single_use", slug="single"))
    make_codes(store, make_promotion(store, trigger="single_use"))
    filled(shop, store)
    for code in ("DEZ", foreign):
        assert shop.checkout(coupon_code=code).json()["code"] == "coupon_unknown_code"
        assert shop.post("validate-coupon/", {"code": code}).json()["code"] == "coupon_unknown_code"


ODD = [
    "dez\u0000",
    "\u202edez",
    "D\u0301EZ",
    "😀" * 40,
    "x" * 41,
    "' OR 1=1 --",
    "%",
    "dez\ndez",
    "ｄｅｚ\u200b",
    " ",
]


@pytest.mark.parametrize("code", ODD, ids=range(len(ODD)))
def test_odd_codes_are_refused_clearly(shop: Shop, store: Store, code: str) -> None:
    make_promotion(store, code="DEZ")
    make_promotion(store, trigger="single_use", slug="single")
    filled(shop, store)
    for answer in (shop.checkout(coupon_code=code), shop.post("validate-coupon/", {"code": code})):
        if code.strip() or answer.status_code == 400:
            assert answer.status_code in {400, 422}, (code, answer.content)
            assert answer.json()["error"]
        else:
            assert answer.status_code == 201, "blanks alone are no coupon"


def test_half_a_character_is_refused_clearly(shop: Shop, store: Store) -> None:
    for path in ("checkout/", "validate-coupon/"):
        raw = b'{"code": "\\ud800", "coupon_code": "\\ud800"}'
        answer = shop.client.post(shop.base + path, raw, content_type="application/json")
        assert (answer.status_code, bool(answer.json()["error"])) == (400, True), answer.content


@pytest.mark.parametrize(
    "body", [{}, {"code": None}, {"code": ["DEZ"]}, {"code": {}}, {"code": 5e300}, {"code": "DEZ", "subtotal": "x"}]
)
def test_odd_bodies_are_refused_clearly(shop: Shop, store: Store, body: dict[str, Any]) -> None:
    make_promotion(store, code="DEZ")
    filled(shop, store)
    answer = shop.post("validate-coupon/", body)
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["error"]


@pytest.mark.parametrize("subtotal", [0, 1e308, -5, None, 10**15])
def test_the_browsers_own_sum_changes_nothing(shop: Shop, store: Store, subtotal: float | None) -> None:
    make_promotion(store, code="DEZ", min_subtotal="20.00")
    filled(shop, store)
    answer = shop.post("validate-coupon/", {"code": "DEZ", "subtotal": subtotal})
    assert (answer.status_code, answer.json()["discount"]) == (200, 2)


def test_a_billion_units_are_refused(shop: Shop, store: Store) -> None:
    product = factories.make_product(store)
    make_promotion(store, "buy_x_get_y", "0", buy=1, get=1)
    for quantity in (10**9, 1e9, "1000000000", 1000):
        answer = shop.post("cart/add/", {"product_id": str(product.pk), "quantity": quantity})
        assert answer.status_code in {400, 422}, answer.content
        assert answer.json()["code"] in {"quantity_invalid", "malformed_line"}
    assert shop.get("cart/").json()["items"] == []


def test_the_page_and_the_bill_agree_on_a_percentage(shop: Shop, store: Store) -> None:
    """The browser works a percentage out by itself, of everything with shipping and without a cap (storefront.md 2.4)."""
    make_promotion(store, code="DEZ")
    make_promotion(store, value="50", code="CAP", slug="cap", max_discount="3")
    filled(shop, store)
    answers = {
        name: shop.post("validate-coupon/", body).json()
        for name, body in {
            "plain": {"code": "DEZ", "subtotal": 20}, "shipped": {"code": "DEZ", "subtotal": 25}, "cap": {"code": "CAP", "subtotal": 20},
        }.items()
    }  # fmt: skip
    told = {name: (row["discount_type"], row["discount_value"], row["discount"]) for name, row in answers.items()}
    assert told == {"plain": ("percentage", 10, 2), "shipped": ("fixed", 2, 2), "cap": ("fixed", 3, 3)}


def test_an_empty_cart_has_nothing_to_judge_but_a_bad_code_stays_bad(shop: Shop, store: Store) -> None:
    make_promotion(store, code="DEZ")
    assert shop.post("validate-coupon/", {"code": "DEZ", "subtotal": 500}).json()["code"] == "cart_empty"
    assert shop.post("validate-coupon/", {"code": "NOSUCH", "subtotal": 500}).json()["code"] == "coupon_unknown_code"


def test_free_delivery_by_code_waives_the_fee(shop: Shop, store: Store) -> None:
    make_promotion(store, "free_delivery", "0", code="FREE", services=["delivery"], max_discount="4.00")
    filled(shop, store)
    assert shop.post("validate-coupon/", {"code": "FREE"}).json()["valid"] is True
    placed = shop.checkout(coupon_code="FREE", **DELIVERY).json()
    assert (placed["delivery_fee"], placed["delivery_discount"], placed["total"]) == (5, 4, 21)


def test_cart_checkout_and_order_explain_every_amount(shop: Shop, store: Store) -> None:
    make_promotion(store, slug="auto", name="Automatic")
    make_promotion(store, "fixed", "1", slug="big", min_subtotal="100", name="Big")
    make_promotion(store, "fixed", "2", slug="secret", code="SECRET")
    filled(shop, store)
    cart = shop.get("cart/").json()
    assert (cart["discount"], cart["total"], [row["promotion"] for row in cart["discounts"]]) == (2, 18, ["auto"])
    told = {row["promotion"]: (row["applied"], row["reason"], row["missing"]) for row in cart["promotions"]}
    assert told == {"auto": (True, "applied", None), "big": (False, "below_min_subtotal", 80)}
    placed = shop.checkout(coupon_code="SECRET").json()
    order = shop.client.get(f"/api/v1/stores/orders/by-token/{placed['access_token']}/").json()
    for body in (placed, order):
        assert {row["promotion"]: row["reason"] for row in body["promotions"]} == {
            "auto": "applied", "big": "below_min_subtotal", "secret": "applied",
        }  # fmt: skip
        amounts = {(row["name"], row["amount"]) for row in body["explanation"]}
        assert amounts >= {("unit_price", 20), ("discount", 2)}
        assert all(row["detail"] for row in body["promotions"] + body["explanation"])
