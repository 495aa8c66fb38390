"""Adjusting a placed order: with permission and reason, to the cent, kept as a fact; stock, kitchen and payment follow."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.events.models import Event
from apps.kitchen.models import Ticket
from apps.payments.models import Payment
from apps.stores.models import Order, OrderItem, Product, Role, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import last_seq, rows
from apps.stores.tests.fixtures import ADDRESS, ClientFor, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(store: Store) -> Product:
    return factories.make_product(store, "lasagna", price="20.00", stock=10)


@pytest.fixture
def placed(shop: Shop, product: Product) -> dict[str, Any]:
    """Two lasagnas for pickup, cash: 40.00, confirmed at once."""
    shop.add(product, 2)
    return dict(shop.checkout().json())


def adjust(staff: Shop, placed: dict[str, Any], **body: Any) -> Any:
    return staff.post(f"orders/{placed['order_id']}/adjust/", body)


def on_hand(store: Store) -> int:
    return sum(level.on_hand - level.reserved for level in rows(StockLevel, store))


def state(store: Store) -> tuple[Any, ...]:
    with scope(store.pk):
        order = Order.objects.get()
        items = list(OrderItem.objects.order_by("position").values_list("quantity", "unit_price"))
        return order.total, order.amounts, items, on_hand(store), last_seq(store), Payment.objects.count()


def test_a_discount_and_a_surcharge_by_hand_change_the_total_and_say_why(
    owner: Shop, store: Store, placed: dict[str, Any]
) -> None:
    answer = adjust(
        owner, placed, discount="5.00", discount_reason="Demorou", surcharge_value="1.50", surcharge_reason="Embalagem"
    )
    assert answer.status_code == 200, answer.content
    order = answer.json()
    assert (order["subtotal"], order["discount"], order["total"], order["amount_due"]) == (40, 5, 36.5, 36.5)
    assert (order["manual_discount_reason"], order["surcharge_value"], order["surcharge_reason"]) == (
        "Demorou",
        1.5,
        "Embalagem",
    )
    (entry,) = [
        row for row in owner.get(f"orders/{placed['order_id']}/timeline/").json()["results"] if row["adjustment"]
    ]
    assert (entry["event"], entry["reason"]) == ("order.updated", "Demorou; Embalagem")
    assert (entry["adjustment"]["before"]["total"], entry["adjustment"]["after"]["total"]) == (40, 36.5)
    assert entry["actor"]["label"] == "Alice"
    assert adjust(owner, placed, discount="0").json()["total"] == 41.5


def test_a_price_is_overridden_with_a_reason_by_who_may(
    owner: Shop, store: Store, placed: dict[str, Any], client_for: ClientFor
) -> None:
    (item,) = rows(OrderItem, store)
    op = {"op": "price", "item_id": str(item.pk), "unit_price": "17.00"}
    cashier = Shop(client_for(factories.make_staff(store, Role.CASHIER)), store.slug)
    before = state(store)
    assert adjust(cashier, placed, item_ops=[op | {"reason": "x"}]).status_code == 403
    refused = adjust(owner, placed, item_ops=[op])
    assert (refused.status_code, refused.json()["code"]) == (400, "reason_required")
    assert state(store) == before
    order = adjust(owner, placed, item_ops=[op | {"reason": "Preço da placa"}]).json()
    assert (order["items"][0]["unit_price"], order["total"]) == (17, 34)
    payload = Event.objects.filter(store=store, name="order.updated").latest("seq").payload
    assert payload["adjustment"]["prices"] == [
        {"item_id": str(item.pk), "name": item.product_name, "from": 20, "to": 17, "reason": "Preço da placa"}
    ]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"discount": "5.00"}, 400, "reason_required"),
        ({"surcharge_value": "5.00", "discount_reason": "wrong one"}, 400, "reason_required"),
        ({"delivery_fee": "0"}, 400, "reason_required"),
        ({"discount": "40.01", "reason": "x"}, 422, "discount_too_large"),
        ({"discount": "-1", "reason": "x"}, 400, "invalid"),
        ({"discount": "1e99", "reason": "x"}, 400, "invalid"),
        ({"surcharge_value": "9999999999.99", "reason": "x"}, 422, "amount_too_large"),
        ({"item_ops": [{"op": "steal"}]}, 400, "invalid"),
        ({"item_ops": [{"op": "remove", "item_id": "018f0000-0000-7000-8000-000000000000"}]}, 404, "line_not_found"),
        ({"item_ops": [{"op": "add", "product_id": "nothing", "quantity": 1}]}, 422, "unknown_product"),
    ],
)
def test_an_adjustment_that_makes_no_sense_changes_nothing(
    owner: Shop, store: Store, placed: dict[str, Any], body: dict[str, Any], status: int, code: str
) -> None:
    before = state(store)
    answer = adjust(owner, placed, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert state(store) == before


def test_who_may_not_adjust_is_refused(
    attendant: Shop, nobody: Shop, stranger: Shop, store: Store, placed: dict[str, Any]
) -> None:
    before = state(store)
    answers = [adjust(shop, placed, discount="1", reason="x").status_code for shop in (attendant, nobody, stranger)]
    assert answers == [403, 401, 404]
    assert state(store) == before


def test_lines_come_and_go_with_their_stock_and_the_kitchen_hears_of_it(
    owner: Shop, store: Store, product: Product, placed: dict[str, Any]
) -> None:
    soda = factories.make_product(store, "soda", price="6.00", stock=3)
    (item,) = rows(OrderItem, store)
    assert on_hand(store) == 8 + 3
    more = [
        {"op": "update", "item_id": str(item.pk), "quantity": 3},
        {"op": "add", "product_id": "soda", "quantity": 2},
    ]
    order = adjust(owner, placed, item_ops=more).json()
    assert (order["total"], [row["quantity"] for row in order["items"]]) == (72, [3, 2])
    assert on_hand(store) == 7 + 1
    (added,) = [row for row in rows(OrderItem, store) if row.product_id == soda.pk]
    gone = [{"op": "remove", "item_id": str(added.pk)}, {"op": "update", "item_id": str(item.pk), "quantity": 1}]
    assert adjust(owner, placed, item_ops=gone).json()["total"] == 20
    assert on_hand(store) == 9 + 3
    assert {ticket.kind for ticket in rows(Ticket, store)} >= {"new", "add"}
    assert owner.post(f"orders/{placed['order_id']}/cancel/", {"reason": "x"}).status_code == 200
    assert on_hand(store) == 10 + 3


def test_more_than_there_is_is_refused_and_nothing_is_taken(owner: Shop, store: Store, placed: dict[str, Any]) -> None:
    (item,) = rows(OrderItem, store)
    before = state(store)
    refused = adjust(
        owner, placed, discount="1", reason="x", item_ops=[{"op": "update", "item_id": str(item.pk), "quantity": 11}]
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_stock")
    emptied = adjust(owner, placed, item_ops=[{"op": "remove", "item_id": str(item.pk)}])
    assert (emptied.status_code, emptied.json()["code"]) == (422, "order_empty")
    assert state(store) == before


def test_a_pix_that_waits_is_asked_for_anew_over_what_is_due(
    owner: Shop, shop: Shop, store: Store, product: Product
) -> None:
    shop.add(product, 2)
    placed = shop.checkout(payment_method="pix").json()
    order = adjust(owner, placed, discount="10", reason="Fidelidade").json()
    assert order["pix_code"] not in {"", placed["payment"]["pix_code"]}
    assert sorted((row.state, float(row.amount)) for row in rows(Payment, store)) == [
        ("cancelled", 40),
        ("pending", 30),
    ]
    assert owner.post(f"orders/{placed['order_id']}/mark_paid/").json()["payment_status"] == "paid"
    assert adjust(owner, placed, surcharge_value="5", reason="Taxa").json()["payment_status"] == "partially_paid"
    assert adjust(owner, placed, surcharge_value="0").json()["payment_status"] == "paid"


def test_a_waiting_order_that_costs_nothing_any_more_is_confirmed(
    owner: Shop, shop: Shop, store: Store, product: Product
) -> None:
    shop.add(product, 1)
    placed = shop.checkout(payment_method="pix").json()
    order = adjust(owner, placed, discount="20", reason="Cortesia").json()
    assert (order["total"], order["status"], order["payment_status"]) == (0, "confirmed", "paid")


def test_taxes_and_service_charge_follow(owner: Shop, shop: Shop, store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(
        tax={
            "mode": "added",
            "rates": [{"code": "vat", "name": "VAT", "rate": "10.00"}],
            "default": "vat",
            "delivery": "vat",
        },
        service_charge={"rate": "5.00", "services": ["pickup"], "optional": False},
    )
    shop.add(factories.make_product(store, price="100.00"))
    placed = shop.checkout().json()
    assert placed["total"] == 115.5
    order = adjust(owner, placed, discount="20", reason="x").json()
    assert (order["service_charge"], order["tax"], order["total"]) == (4, 8.4, 92.4)
    assert adjust(owner, placed, discount="0").json()["total"] == 115.5


def test_the_delivery_fee_is_another_one(owner: Shop, shop: Shop, store: Store, product: Product) -> None:
    shop.add(product)
    placed = shop.checkout(delivery_method="delivery", delivery_address=ADDRESS).json()
    assert placed["total"] == 25
    order = adjust(owner, placed, delivery_fee="0", delivery_fee_reason="Atraso").json()
    assert (order["delivery_fee"], order["total"], order["delivery_fee_reason"]) == (0, 20, "Atraso")


def test_an_order_that_is_over_is_left_as_it_is(owner: Shop, store: Store, placed: dict[str, Any]) -> None:
    owner.post(f"orders/{placed['order_id']}/cancel/", {"reason": "x"})
    before = state(store)
    refused = adjust(owner, placed, discount="1", reason="x")
    assert (refused.status_code, refused.json()["code"]) == (409, "order_closed")
    assert state(store) == before
