"""Couriers over HTTP: who gives out orders, what a courier sees and moves, and the code at the door."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.stores.models import CourierJob, Order, Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.models.courier import MOST_GUESSES
from apps.stores.tests import factories
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.delivery.hands import Courier, code_of, fresh, give, on_its_way, wrong
from apps.stores.tests.fixtures import ADDRESS, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


def test_an_order_goes_from_the_store_to_the_customer_against_the_code(
    attendant: Shop, dora: Courier, order: Order, store: Store
) -> None:
    seq = last_seq(store)
    given = give(attendant, order, dora).json()
    assert (given["courier"], given["status"]) == ({"id": dora.id, "name": "Dora"}, "ready")
    left = dora.shop.post(f"deliveries/{order.code}/pick_up/").json()
    assert (left["status"], bool(left["out_for_delivery_at"])) == ("out_for_delivery", True)
    done = dora.shop.post(f"deliveries/{order.pk}/deliver/", {"code": code_of(order)})
    assert (done.status_code, done.json()["status"], done.json()["proof"]) == (200, "delivered", "code")
    assert fact_names(store, seq) == [
        "delivery.assigned", "order.updated", "order.out_for_delivery", "order.delivered", "delivery.proved",
    ]  # fmt: skip


def test_a_courier_sees_what_is_needed_at_the_door_and_not_the_link_behind_which_the_code_is(
    attendant: Shop, dora: Courier, order: Order
) -> None:
    give(attendant, order, dora)
    answer = dora.shop.get("deliveries/")
    (row,) = answer.json()["results"]
    assert (row["customer_name"], row["customer_phone"], row["to_collect"]) == ("Ana Lima", "+5563999998888", 20)
    assert row["delivery_address"]["street"] == "Rua 10"
    assert row["items"] == [{"quantity": 2, "name": "Lasagna", "notes": ""}]
    text = answer.content.decode() + dora.shop.get(f"deliveries/{order.pk}/").content.decode()
    assert order.access_token not in text
    assert f'"{code_of(order)}"' not in text
    assert "customer_name" not in dora.shop.get(f"orders/{order.pk}/").json()  # like anybody who knows an id
    assert dora.shop.get("orders/").status_code == 403


def test_a_courier_sees_and_moves_their_own_orders_alone(
    attendant: Shop, dora: Courier, emil: Courier, order: Order, store: Store
) -> None:
    on_its_way(attendant, order, dora)
    right = {"code": code_of(order)}
    assert emil.shop.get("deliveries/").json()["results"] == []
    answers = [
        emil.shop.get(f"deliveries/{order.pk}/"),
        emil.shop.post(f"deliveries/{order.pk}/pick_up/"),
        emil.shop.post(f"deliveries/{order.pk}/deliver/", right),
        emil.shop.get(f"deliveries/{factories.make_order(store, service='delivery').pk}/"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "order_not_found")] * 4
    assert emil.shop.post(f"orders/{order.pk}/update_status/", {"status": "delivered"}).status_code == 403
    assert give(emil.shop, order, emil).status_code == 403
    assert fresh(order).status == "out_for_delivery"
    assert rows(CourierJob, store)[0].guesses == 0
    assert [row["courier"]["name"] for row in attendant.get("deliveries/").json()["results"]] == ["Dora"]


def test_a_wrong_code_is_refused_counted_and_after_five_the_store_decides(
    attendant: Shop, dora: Courier, order: Order, store: Store
) -> None:
    on_its_way(attendant, order, dora)
    right, path = code_of(order), f"deliveries/{order.pk}/deliver/"
    for left in range(MOST_GUESSES - 1, -1, -1):
        answer = dora.shop.post(path, {"code": wrong(right)})
        assert (answer.status_code, answer.json()["code"], answer.json()["left"]) == (422, "delivery_code_wrong", left)
    locked = dora.shop.post(path, {"code": right})
    assert (locked.status_code, locked.json()["code"]) == (409, "delivery_code_locked")
    assert (fresh(order).status, rows(CourierJob, store)[0].guesses) == ("out_for_delivery", MOST_GUESSES)
    assert fact_names(store).count("delivery.code_refused") == MOST_GUESSES
    assert dora.shop.post(path, {"reason": "Nobody at home"}).status_code == 403
    done = attendant.post(path, {"reason": "The customer called."}).json()
    assert (done["status"], done["proof"], done["proof_reason"]) == ("delivered", "reason", "The customer called.")


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": None}, {"code": "1" * 11}, {"code": ["1"]}])
def test_handing_over_takes_a_code(attendant: Shop, dora: Courier, order: Order, body: dict[str, Any]) -> None:
    on_its_way(attendant, order, dora)
    assert dora.shop.post(f"deliveries/{order.pk}/deliver/", body).status_code == 400
    assert fresh(order).status == "out_for_delivery"


def test_digits_of_another_alphabet_are_a_wrong_code_and_no_crash(attendant: Shop, dora: Courier, order: Order) -> None:
    on_its_way(attendant, order, dora)
    assert dora.shop.post(f"deliveries/{order.pk}/deliver/", {"code": "١٢٣٤"}).status_code == 422


@pytest.mark.parametrize(
    ("status", "verb"),
    [("preparing", "pick_up"), ("confirmed", "pick_up"), ("ready", "deliver"), ("preparing", "deliver")],
)
def test_what_was_not_cooked_is_not_picked_up_and_what_was_not_picked_up_is_not_delivered(
    attendant: Shop, dora: Courier, store: Store, status: str, verb: str
) -> None:
    order = factories.make_order(store, service="delivery", status=status, address=ADDRESS)
    give(attendant, order, dora)
    answer = dora.shop.post(f"deliveries/{order.pk}/{verb}/", {"code": code_of(order)})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert (fresh(order).status, rows(CourierJob, store)[0].guesses) == (status, 0)


def test_an_order_can_be_given_to_somebody_else_until_it_has_arrived(
    attendant: Shop, dora: Courier, emil: Courier, order: Order, store: Store
) -> None:
    on_its_way(attendant, order, dora)
    assert give(attendant, order, emil).json()["courier"]["name"] == "Emil"
    assert dora.shop.post(f"deliveries/{order.pk}/deliver/", {"code": code_of(order)}).status_code == 404
    taken = give(attendant, order, None)
    assert (taken.status_code, taken.json()["code"]) == (409, "already_out")
    assert emil.shop.post(f"deliveries/{order.pk}/deliver/", {"code": code_of(order)}).status_code == 200
    late = give(attendant, order, dora)
    assert (late.status_code, late.json()["code"]) == (409, "delivery_finished")


def test_an_order_can_be_taken_back_and_giving_it_twice_says_nothing_twice(
    attendant: Shop, dora: Courier, order: Order, store: Store
) -> None:
    give(attendant, order, dora)
    seq = last_seq(store)
    give(attendant, order, dora)
    assert fact_names(store, seq) == []
    assert give(attendant, order, None).status_code == 204
    assert fact_names(store, seq) == ["delivery.released", "order.updated"]
    assert give(attendant, order, None).status_code == 204
    assert dora.shop.get("deliveries/").json()["results"] == []


def test_only_an_active_courier_of_the_store_and_branch_can_be_given_an_order(
    attendant: Shop, dora: Courier, emil: Courier, order: Order, store: Store, other_store: Store, bob: User
) -> None:
    foreign = factories.make_staff(other_store, Role.COURIER)
    with scope(other_store.pk):
        foreign_id = str(Staff.objects.get(user=foreign).pk)
    with scope(store.pk):
        Staff.objects.filter(pk=dora.id).update(is_active=False)
        elsewhere = Outlet.objects.create(store_id=store.pk, slug="north", name="North", hours={}, position=1)
        StaffOutlet.objects.create(store_id=store.pk, staff_id=emil.id, outlet=elsewhere)
        attendant_id = str(Staff.objects.get(user=bob).pk)
    for courier in (foreign_id, dora.id, emil.id, attendant_id, str(order.pk)):
        answer = attendant.post(f"orders/{order.pk}/assign_courier/", {"courier": courier})
        assert (answer.status_code, answer.json()["code"]) == (400, "courier_unknown")
    assert attendant.post(f"orders/{order.pk}/assign_courier/", {"courier": "x"}).status_code == 400
    assert attendant.post(f"orders/{order.pk}/assign_courier/", {}).status_code == 400
    assert rows(CourierJob, store) == []


def test_an_order_that_nobody_brings_has_no_courier(attendant: Shop, dora: Courier, store: Store) -> None:
    answer = give(attendant, factories.make_order(store, status="ready"), dora)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_delivery")


def test_another_stores_order_is_not_found(attendant: Shop, dora: Courier, other_store: Store) -> None:
    foreign = factories.make_order(other_store, service="delivery", status="ready")
    assert give(attendant, foreign, dora).status_code == 404
    assert attendant.get(f"deliveries/{foreign.pk}/").status_code == 404


def test_a_courier_who_was_switched_off_is_out_at_once(
    attendant: Shop, dora: Courier, order: Order, store: Store
) -> None:
    on_its_way(attendant, order, dora)
    with scope(store.pk):
        Staff.objects.filter(pk=dora.id).update(is_active=False)
    assert dora.shop.post(f"deliveries/{order.pk}/deliver/", {"code": code_of(order)}).status_code == 404
    assert fresh(order).status == "out_for_delivery"


def test_the_customer_sees_the_code_while_it_is_of_use(
    shop: Shop, attendant: Shop, dora: Courier, order: Order
) -> None:
    def seen() -> tuple[Any, Any]:
        body = APIClient().get(f"/api/v1/stores/orders/by-token/{order.access_token}/").json()
        return body["delivery_code"], body["courier_name"]

    code = code_of(order)
    assert len(code) == 4 and code.isdigit()
    assert seen() == (code, "")
    on_its_way(attendant, order, dora)
    assert seen() == (code, "Dora")
    page = shop.client.get(f"/s/{order.store.slug}/t/{order.access_token}/")
    assert code in page.content.decode()
    dora.shop.post(f"deliveries/{order.pk}/deliver/", {"code": code})
    assert seen() == (None, "")


def test_a_pickup_has_no_code_and_two_orders_have_their_own(store: Store) -> None:
    pickup = factories.make_order(store, status="ready")
    assert "delivery_code" not in APIClient().get(f"/api/v1/stores/orders/by-token/{pickup.access_token}/").json()
    codes = {code_of(factories.make_order(store, service="delivery", status="ready")) for _ in range(6)}
    assert len(codes) > 1


def test_the_list_can_be_filtered_and_counts_what_is_in_hand(
    attendant: Shop, dora: Courier, emil: Courier, order: Order, store: Store
) -> None:
    done = factories.make_order(store, service="delivery", status="ready", address=ADDRESS)
    on_its_way(attendant, done, dora)
    dora.shop.post(f"deliveries/{done.pk}/deliver/", {"code": code_of(done)})
    give(attendant, order, dora)

    def numbers(**query: str) -> list[str]:
        return [row["order_number"] for row in attendant.get("deliveries/", **query).json()["results"]]

    assert numbers() == numbers(status="", open="", courier="") == [order.code, done.code]
    assert numbers(status="delivered") == [done.code]
    assert numbers(open="true") == [order.code]
    assert numbers(courier=emil.id) == numbers(courier="x") == numbers(status="x") == []
    team = {row["name"]: row["open_orders"] for row in attendant.get("couriers/").json()["results"]}
    assert team == {"Dora": 1, "Emil": 0}


def test_the_number_of_queries_does_not_grow(
    attendant: Shop, dora: Courier, store: Store, django_assert_max_num_queries: Any
) -> None:
    for _number in range(12):
        give(attendant, factories.make_order(store, service="delivery", status="ready", address=ADDRESS), dora)
    dora.shop.get("deliveries/")
    with django_assert_max_num_queries(6):
        assert len(dora.shop.get("deliveries/").json()["results"]) == 12
