"""Scenario 14: distance, price, fee, discount or total sent by the client → ignored."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ADDRESS, Shop

pytestmark = pytest.mark.django_db

FORGED: dict[str, Any] = {
    "price": 0.01, "unit_price": 0.01, "subtotal": 0.01, "total": 0.01, "total_amount": 0.01, "amount": 0.01, "discount": 39.99,
    "discounts": [{"amount": 39.99}], "points_discount": 39.99, "delivery_fee": 0, "fee": 0, "shipping_fee": 0, "tax": -39,
    "service_charge": -39, "delivery_discount": 39, "distance_km": 0, "weight_g": 0, "free_delivery": True, "currency": "IDR",
    "exchange_rate": 0, "status": "completed", "payment_status": "paid", "paid_at": "2026-01-01T00:00:00Z",
    "items": [{"product_id": "x", "quantity": 1, "price": 0.01}], "store": "bistro", "store_id": "x", "user_id": "x", "number": 1,
    "order_number": "FREE", "access_token": "mine", "auto_accept": True,
}  # fmt: skip


def test_numbers_in_a_cart_body_change_nothing(shop: Shop, store: Store) -> None:
    product = factories.make_product(store, price="20.00")
    factories.make_group(product, "extras", {"bacon": "3.00"}, max=1)
    forged = [{"group": "extras", "option": "bacon", "price": 0, "unit_price": -20}]
    body = shop.add(product, 2, **FORGED, options={"selections": forged}).json()
    assert (body["items"][0]["unit_price"], body["subtotal"], body["total"], body["currency"]) == (23, 46, 46, "BRL")
    line = body["items"][0]["id"]
    assert shop.patch(f"cart/item/{line}/", {"quantity": 3, **FORGED}).json()["total"] == 69


def test_numbers_in_a_checkout_body_change_nothing(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="20.00"), 2)
    answer = shop.checkout(
        delivery_method="delivery", delivery_address={**ADDRESS, **FORGED}, payment_method="pix", **FORGED
    )
    body = answer.json()
    assert answer.status_code == 201
    assert (body["subtotal"], body["delivery_fee"], body["discount"], body["total"]) == (40, 5, 0, 45)
    assert (body["status"], body["payment_status"], body["currency"]) == ("pending", "pending", "BRL")
    assert body["payment"]["amount"] == 45
    assert body["order_number"] != "FREE"
    with scope(store.pk):
        order = Order.objects.get()
    assert (float(order.total), order.access_token == "mine", order.paid_at) == (45, False, None)


def test_a_forged_distance_does_not_make_delivery_cheaper(shop: Shop, store: Store) -> None:
    honest = shop.get("delivery-fee/", neighborhood="Centro", city="Palmas").json()
    forged = shop.get(
        "delivery-fee/", neighborhood="Centro", city="Palmas", distance_km="0", fee="0", delivery_fee="0"
    ).json()
    assert forged == honest
    assert forged["fee"] == 5


def test_a_payment_amount_in_the_body_is_not_what_is_asked_for(shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="20.00"))
    brick = {"method": "pix", "type": "pix", "transaction_amount": 0.01, "amount": 0.01}
    assert shop.checkout(payment_method="pix", payment=brick).json()["payment"]["amount"] == 20


def test_marking_paid_takes_no_amount_from_the_body(shop: Shop, owner: Shop, store: Store) -> None:
    shop.add(factories.make_product(store, price="20.00"))
    placed = shop.checkout(payment_method="pix").json()
    assert owner.post(f"orders/{placed['id']}/mark_paid/", FORGED).json()["payment"]["amount"] == 20
