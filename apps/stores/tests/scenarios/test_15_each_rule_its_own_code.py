"""Scenario 15: each rule that says no is a 422 with a code of its own, and nothing has happened."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.scope import scope
from apps.events.queries import last_seq
from apps.stores.models import Cart, DeliveryZone, Order, Outlet, Product, SaleStatus, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db

Change = Callable[[Store], object]


def outlets(**values: Any) -> Change:
    return lambda _store: Outlet.objects.update(**values)


def stores(**values: Any) -> Change:
    return lambda store: Store.objects.filter(pk=store.pk).update(**values)


def products(**values: Any) -> Change:
    return lambda _store: Product.objects.update(**values)


def both_breaks(store: Store) -> None:
    Outlet.objects.update(paused_until=now() - timedelta(hours=1))
    Store.objects.filter(pk=store.pk).update(paused_until=now() + timedelta(hours=1))


def by_distance(_store: Store) -> None:
    Outlet.objects.update(latitude=-10.1904, longitude=-48.3286)
    DeliveryZone.objects.update(kind="distance", rule={"max_km": "14.00"})


TAQUARALTO = {"street": "Avenida Tocantins", "number": "1500", "neighborhood": "Taquaralto", "city": "Palmas"}
NOWHERE = {"street": "Rua Que Não Existe", "number": "1", "neighborhood": "Bairro Nenhum", "city": "Palmas"}
DELIVERY = {"delivery_method": "delivery", "delivery_address": ADDRESS}
AWAY = {**ADDRESS, "neighborhood": "Far Away"}
CHECKOUTS: dict[str, tuple[Change | None, dict[str, Any], str]] = {
    "store closed": (outlets(hours={}), {}, "store_closed"),
    "store taking a break": (outlets(paused_until=now() + timedelta(hours=1)), {}, "store_paused"),
    "store taking a break after its branch had one": (both_breaks, {}, "store_paused"),
    "below minimum": (stores(min_order={"pickup": "50.00"}), {}, "below_minimum"),
    "below minimum for delivery": (stores(min_order={"delivery": "50.00"}), DELIVERY, "below_minimum"),
    "service off at the store": (stores(services=["delivery"]), {}, "service_unavailable"),
    "service off at the outlet": (outlets(services=["delivery"]), {}, "service_unavailable"),
    "service never offered": (None, {"delivery_method": "shipping", "delivery_address": ADDRESS}, "service_unavailable"),
    "address out of area": (None, {"delivery_method": "delivery", "delivery_address": AWAY}, "out_of_area"),
    "point out of area": (by_distance, {"delivery_method": "delivery", "delivery_address": TAQUARALTO}, "out_of_area"),
    "address without a point": (by_distance, {"delivery_method": "delivery", "delivery_address": NOWHERE}, "address_not_found"),
    "no such CEP": (by_distance, {"delivery_method": "delivery", "delivery_address": {**NOWHERE, "zip_code": "99999999"}}, "zip_unknown"),
    "no address": (None, {"delivery_method": "delivery"}, "address_required"),
    "an empty address": (None, {"delivery_method": "delivery", "delivery_address": {"street": " "}}, "address_required"),
    "no phone": (None, {"customer_phone": ""}, "phone_required"),
    "a blank phone": (None, {"customer_phone": "   "}, "phone_required"),
    "a phone that is none": (None, {"customer_phone": "call me"}, "phone_invalid"),
    "no name": (None, {"customer_name": ""}, "name_required"),
    "a payment the store does not take": (None, {"payment_method": "qris"}, "payment_method_unavailable"),
    "PIX without a key": (stores(pix_key=""), {"payment_method": "pix"}, "payment_method_unavailable"),
    "too small a note": (None, {"change_for": "1.00"}, "change_too_small"),
    "no such branch": (None, {"outlet": "nowhere"}, "outlet_unknown"),
    "no such coupon": (None, {"coupon_code": "FREE"}, "coupon_unknown_code"),
    "a time nobody offers": (None, {"scheduled_date": "2099-01-01", "scheduled_time_slot": "10:00"}, "scheduling_unavailable"),
    "a line made inactive meanwhile": (products(status=SaleStatus.INACTIVE), {}, "unknown_product"),
    "a line paused meanwhile": (products(status=SaleStatus.PAUSED), {}, "product_paused"),
    "a line out of its hours": (products(available=[{"from": "03:00", "to": "03:01", "weekdays": []}]), {}, "outside_hours"),
}  # fmt: skip


def everything(store: Store) -> tuple[Any, ...]:
    with scope(store.pk):
        level = StockLevel.objects.get()
        carts = list(Cart.objects.values_list("is_open", "lines__quantity"))
        return Order.objects.count(), carts, level.on_hand, level.reserved, last_seq(store.pk)


@pytest.mark.parametrize("name", CHECKOUTS)
def test_a_checkout_that_breaks_a_rule_is_refused_by_name_and_changes_nothing(
    shop: Shop, store: Store, name: str
) -> None:
    change, body, code = CHECKOUTS[name]
    shop.add(factories.make_product(store, price="20.00", stock=5))
    if change is not None:
        with scope(store.pk):
            change(store)
        factories.bump(store)
    before = everything(store)
    answer = shop.checkout(**body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.content
    assert answer.json()["detail"]
    assert everything(store) == before


def test_an_empty_cart_is_refused_by_name(shop: Shop) -> None:
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"]) == (422, "cart_empty")


def test_all_rules_have_codes_of_their_own() -> None:
    """Different reasons may share a code only where they are one rule."""
    codes = [code for _change, _body, code in CHECKOUTS.values()]
    assert {code for code in codes if codes.count(code) > 1} == {
        "store_paused", "below_minimum", "service_unavailable", "address_required", "phone_required", "payment_method_unavailable",
        "out_of_area",
    }  # fmt: skip


LINES: dict[str, tuple[dict[str, Any], str]] = {
    "quantity 0": ({"quantity": 0}, "quantity_invalid"),
    "quantity negative": ({"quantity": -1}, "quantity_invalid"),
    "quantity 1e9": ({"quantity": 1_000_000_000}, "quantity_invalid"),
    "nothing chosen where something must be": ({"options": {}}, "group_min"),
    "more than may be chosen": (
        {"options": {"selections": [{"group": "size", "option": name} for name in ("s", "m", "l")]}},
        "group_max",
    ),
    "one of them too often": (
        {"options": {"selections": [{"group": "size", "option": "s", "quantity": 6}]}},
        "option_max",
    ),
    "an option that is not on the menu": (
        {"options": {"selections": [{"group": "size", "option": "xl"}]}},
        "unknown_option",
    ),
    "a group that is not asked here": (
        {"options": {"selections": [{"group": "sauce", "option": "red"}]}},
        "group_not_offered",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_breaks_a_rule_is_refused_by_name_and_not_added(shop: Shop, store: Store, name: str) -> None:
    body, code = LINES[name]
    product, other = factories.make_product(store), factories.make_product(store)
    factories.make_group(product, "size", {"s": "0", "m": "2", "l": "5"}, min=1, max=2)
    factories.make_group(other, "sauce", {"red": "0"})
    chosen = {"options": {"selections": [{"group": "size", "option": "s"}]}}
    answer = shop.post("cart/add/", {"product_id": str(product.pk), **chosen, **body})
    assert answer.status_code == 422
    assert code in {problem["code"] for problem in answer.json().get("problems", [])} | {answer.json()["code"]}
    assert shop.get("cart/").json()["items"] == []
