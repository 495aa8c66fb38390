"""Checkout over HTTP: what is placed, what is refused and by which code, and what a refusal leaves alone."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.events.models import Event
from apps.payments.brcode import parse
from apps.stores.models import Cart, Order, Outlet, StockLevel, StockMove, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db(transaction=True)


def orders_of(store: Store) -> list[Order]:
    with scope(store.pk):
        return list(Order.objects.order_by("placed_at"))


def test_it_places_a_pickup_order_in_cash_and_confirms_it_at_once(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, "lasagna", price="39.90"), 2)
    answer = shop.checkout(change_for="100.00")
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert body["status"] == "confirmed"
    assert body["total_amount"] == 79.8
    assert body["display_number"] == "#001"
    (order,) = orders_of(store)
    assert (order.subtotal, order.total, order.customer_phone) == (Decimal("79.80"), Decimal("79.80"), "+5563999998888")
    assert [event.name for event in Event.objects.filter(store=store, subject_id=str(order.pk)).order_by("seq")] == [
        "order.placed",
        "order.confirmed",
    ]


def test_it_gives_a_pix_code_that_a_bank_can_read_and_waits(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="10.50"))
    body = shop.checkout(payment_method="pix").json()
    fields = parse(body["payment"]["pix_code"])
    assert (fields["54"], fields["53"], body["status"]) == ("10.50", "986", "pending")
    tracked = shop.client.get(f"/api/v1/stores/orders/by-token/{body['access_token']}/").json()
    assert tracked["pix_code"] == body["payment"]["pix_code"]
    assert tracked["payment_status"] == "pending"
    assert [step["status"] for step in tracked["timeline"]] == ["pending"]


def test_delivery_adds_the_zone_fee_and_ignores_what_the_client_says_it_costs(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="20.00"))
    forged: dict[str, Any] = {"delivery_fee": 0, "total": 1, "distance_km": 0.1, "discount": 19}
    body = shop.checkout(delivery_method="delivery", delivery_address=ADDRESS, **forged).json()
    assert (body["delivery_fee"], body["total_amount"]) == (5, 25)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customer_name": " "}, "name_required"),
        ({"customer_phone": ""}, "phone_required"),
        ({"customer_phone": "12"}, "phone_invalid"),
        ({"delivery_method": "delivery"}, "address_required"),
        ({"delivery_method": "delivery", "delivery_address": {**ADDRESS, "neighborhood": "Far Away"}}, "out_of_area"),
        ({"delivery_method": "dine_in"}, "service_unavailable"),
        ({"payment_method": "qris"}, "payment_method_unavailable"),
        ({"change_for": "10.00"}, "change_too_small"),
        ({"outlet": "nowhere"}, "outlet_unknown"),
        ({"coupon_code": "NOPE"}, "coupon_unknown_code"),
        ({"scheduled_date": "2099-01-01", "scheduled_time_slot": "10:00-12:00"}, "scheduling_unavailable"),
    ],
)
def test_it_refuses_with_a_code_of_its_own_and_changes_nothing(
    shop: Shop, store: Store, change: dict[str, Any], code: str
) -> None:
    product = factories.make_product(store, price="20.00", stock=5)
    shop.add(product)
    answer = shop.checkout(**change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["error"] == answer.json()["detail"]
    assert orders_of(store) == []
    with scope(store.pk):
        assert Cart.objects.get().is_open
        assert StockLevel.objects.get().reserved == 0
        assert not StockMove.objects.exists()


def test_it_refuses_an_empty_cart(shop: Shop) -> None:
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"]) == (422, "cart_empty")


def test_it_refuses_a_closed_store_and_says_when_it_opens(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    with scope(store.pk):
        Outlet.objects.update(hours={})
    factories.bump(store)
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"]) == (422, "store_closed")


def test_it_refuses_below_the_minimum_and_says_how_much_is_missing(shop: Shop, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(min_order={"pickup": "30.00"})
    shop.add(factories.make_product(store, price="20.00"))
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"], answer.json()["missing"]) == (422, "below_minimum", 10)


def test_it_says_what_is_left_when_there_is_not_enough(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, stock=2)
    shop.add(product, 3)
    answer = shop.checkout()
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.json()["unavailable"] == [{"id": str(product.pk), "name": product.name, "wanted": 3, "available": 2}]
    assert orders_of(store) == []


def test_cash_sells_the_stock_and_pix_reserves_it_until_it_is_paid(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, stock=10)
    shop.add(product, 2)
    shop.checkout()
    shop.add(product, 3)
    shop.checkout(payment_method="pix")
    with scope(store.pk):
        level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved) == (8, 3)


def test_the_same_key_and_body_get_the_same_answer_and_one_order(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    first, second = shop.checkout(key="k-1"), shop.checkout(key="k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotency-Replayed"] == "true"
    assert len(orders_of(store)) == 1


def test_the_same_key_with_another_body_is_refused(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    shop.checkout(key="k-1")
    answer = shop.checkout(key="k-1", notes="something else")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_pressing_the_button_again_without_a_key_finds_the_same_order(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    first, again = shop.checkout(), shop.checkout()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["order_number"] == first.json()["order_number"]
    assert len(orders_of(store)) == 1


def test_numbers_count_up_per_store_and_day(shop: Shop, store: Store, other_store: Store) -> None:
    product, foreign = factories.make_product(store), factories.make_product(other_store)
    elsewhere = Shop(shop.client, other_store.slug)
    numbers = []
    for _order in range(3):
        shop.add(product)
        numbers.append(shop.checkout().json()["display_number"])
    elsewhere.add(foreign)
    assert numbers == ["#001", "#002", "#003"]
    assert elsewhere.checkout().json()["display_number"] == "#001"


def test_a_card_that_cannot_be_charged_is_said_in_a_2xx_and_leaves_no_order(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    answer = shop.checkout(payment_method="pix", payment={"token": "tok_1", "payment_method_id": "visa"})
    assert answer.status_code == 200
    assert answer.json()["payment_error"]
    assert orders_of(store) == []


def test_checkout_takes_at_most_25_statements(shop: Shop, store: Store) -> None:
    first, second = factories.make_product(store, stock=50), factories.make_product(store, stock=50)
    for _order in range(2):  # the first order of a store sets up its kitchen, the second learns its routes
        shop.add(first)
        shop.checkout(customer_phone="63988887777")
    with CaptureQueriesContext(connection) as adding:
        shop.add(first)
        shop.add(second)
    with CaptureQueriesContext(connection) as placing:
        assert shop.checkout(key="statements").status_code == 201
    statements, before = _statements(placing), _statements(adding)
    assert len(statements) <= 21, "\n".join(text[:150] for text in statements)
    assert len(statements) + len(before) <= 25  # the two cart calls included


def _statements(captured: CaptureQueriesContext) -> list[str]:
    return [row["sql"] for row in captured.captured_queries if not row["sql"].startswith(("BEGIN", "COMMIT"))]
