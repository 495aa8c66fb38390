"""Points and stamps: earned on completion, redeemed at checkout, given back on cancel, reversed on refund, expired by the clock."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from apps.core.clock import now
from apps.core.scope import scope
from apps.customers.models import Customer, PointsAccount
from apps.customers.services import points
from apps.customers.tests.loyal import ANA, STAFF, balance, complete, give, ledger, place, refund, sound
from apps.events.models import Event
from apps.stores.models import Order, Role, Store
from apps.stores.tests import factories
from apps.stores.tests.coded import log_in
from apps.stores.tests.fixtures import KEY, ClientFor, Shop

pytestmark = pytest.mark.django_db


def test_a_completed_order_earns_once(owner: Shop, shop: Shop, store: Store, program: dict[str, Any]) -> None:
    order = place(shop, store).json()
    assert balance(store) == 0
    complete(owner, order["order_id"])
    assert ledger(store) == [("earned", 8, 8)]
    with scope(store.pk):
        from apps.stores.services import order_people

        order_people.reward(order_id=Order.objects.get().pk, actor=STAFF)
    assert ledger(store) == [("earned", 8, 8)]
    assert Event.objects.filter(store=store, name="points.changed").count() == 1
    sound(store)


def test_somebody_unknown_earns_nothing(owner: Shop, shop: Shop, store: Store, program: dict[str, Any]) -> None:
    order = place(owner, store, customer_phone="", customer_name="", channel="counter").json()
    complete(owner, order["order_id"])
    assert ledger(store) == []


def test_points_are_redeemed_by_who_proved_to_be_the_customer(ana: Shop, store: Store) -> None:
    ana.get("profile/")
    give(store, 50)
    answer = place(ana, store, redeem_points=40)
    assert answer.status_code == 201, answer.content
    assert answer.json()["total"] == 27
    assert ledger(store)[-1] == ("redeemed", -40, 10)
    mine = ana.get("profile/").json()
    assert (mine["points"]["balance"], mine["points"]["value"]) == (10, 5)
    history = ana.get("profile/points/").json()
    assert [row["kind"] for row in history["results"]] == ["redeemed", "adjusted"]
    assert history["results"][0]["order_number"] == answer.json()["order_number"]
    assert history["summary"]["balance"] == 10
    sound(store)


def test_a_typed_phone_number_spends_nobody_s_points(ana: Shop, store: Store, shop: Shop) -> None:
    ana.get("profile/")
    give(store, 50)
    answer = place(shop, store, redeem_points=40)
    assert (answer.status_code, answer.json()["code"]) == (422, "points_unproven")
    other = Shop(log_in("+5563977776666", "cart_other"), store.slug)
    refused = place(other, store, redeem_points=40)
    assert (refused.status_code, refused.json()["code"]) == (422, "points_not_enough")
    assert balance(store) == 50
    with scope(store.pk):
        assert not Order.objects.exists()


def test_a_till_redeems_for_the_customer_in_front_of_it(ana: Shop, store: Store, client_for: ClientFor) -> None:
    ana.get("profile/")
    give(store, 50)
    till = Shop(client_for(factories.make_staff(store, Role.CASHIER)), store.slug)
    assert place(till, store, redeem_points=40).json()["total"] == 27
    assert balance(store) == 10


@pytest.mark.parametrize(
    ("have", "wish", "code"),
    [(50, 9, "points_below_minimum"), (50, 51, "points_not_enough"), (0, 10, "points_not_enough")],
)
def test_points_that_cannot_be_used_are_refused_by_name(
    ana: Shop, store: Store, have: int, wish: int, code: str
) -> None:
    ana.get("profile/")
    if have:
        give(store, have)
    answer = place(ana, store, redeem_points=wish)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert balance(store) == have


def test_a_store_without_a_program_takes_no_points(store: Store) -> None:
    ana = Shop(log_in(ANA, KEY), store.slug)
    assert place(ana, store, redeem_points=10).json()["code"] == "points_unavailable"


@pytest.mark.parametrize("wish", [-1, 10**12, "many", 1.5])
def test_a_number_of_points_is_a_whole_number(ana: Shop, store: Store, wish: Any) -> None:
    assert place(ana, store, redeem_points=wish).status_code == 400


def test_more_points_than_the_order_costs_take_only_what_is_needed(ana: Shop, store: Store) -> None:
    ana.get("profile/")
    give(store, 500)
    answer = place(ana, store, price="10.00", redeem_points=500).json()
    assert (answer["total"], balance(store)) == (0, 480)


def test_a_cancelled_order_gives_the_points_back_exactly_once(ana: Shop, owner: Shop, store: Store) -> None:
    ana.get("profile/")
    give(store, 50)
    order = place(ana, store, redeem_points=40).json()
    assert owner.post(f"orders/{order['order_id']}/cancel/", {"reason": "sorry"}).status_code == 200
    assert ledger(store)[-1] == ("given_back", 40, 50)
    assert owner.post(f"orders/{order['order_id']}/cancel/", {"reason": "again"}).status_code == 409
    with scope(store.pk):
        customer = Customer.objects.get()
        assert points.give_back(customer_id=customer.pk, order_id=Order.objects.get().pk, actor=STAFF) == 0
    assert balance(store) == 50
    sound(store)


def test_an_order_that_is_refused_spends_no_points(ana: Shop, store: Store) -> None:
    ana.get("profile/")
    give(store, 50)
    product = factories.make_product(store, stock=1)
    ana.add(product, 1)
    with scope(store.pk):
        from apps.stores.models import StockLevel

        StockLevel.objects.update(on_hand=0)
    answer = ana.checkout(customer_phone="63999998888", redeem_points=20)
    assert answer.status_code == 409
    assert balance(store) == 50


def test_an_expired_payment_gives_the_points_back(ana: Shop, store: Store) -> None:
    from apps.stores.services import orders

    ana.get("profile/")
    give(store, 50)
    assert place(ana, store, redeem_points=40, payment_method="pix").status_code == 201
    assert balance(store) == 10
    with time_machine.travel(now() + timedelta(hours=2)):
        assert orders.expire_unpaid() == 1
    assert balance(store) == 50


def test_a_refund_takes_back_what_was_earned_and_returns_what_was_spent(ana: Shop, owner: Shop, store: Store) -> None:
    ana.get("profile/")
    give(store, 50)
    order = place(ana, store, redeem_points=40).json()
    complete(owner, order["order_id"])
    assert ledger(store)[-1] == ("earned", 4, 14)
    refund(store, order["order_id"])
    assert [row[:2] for row in ledger(store)[-2:]] == [("reversed", -4), ("given_back", 40)]
    assert balance(store) == 50
    sound(store)


def test_points_that_were_spent_before_the_refund_are_owed_and_earned_off_first(
    owner: Shop, shop: Shop, store: Store, program: Any
) -> None:
    order = place(shop, store).json()
    complete(owner, order["order_id"])
    customer = give(store, 2)
    with scope(store.pk):
        points.adjust(customer_id=customer.pk, points=-9, reason="spent", actor=STAFF)
    refund(store, order["order_id"])
    with scope(store.pk):
        account = PointsAccount.objects.get()
        assert (account.balance, account.debt) == (0, 7)
    sound(store)
    complete(owner, place(shop, store).json()["order_id"])
    assert balance(store) == 1
    sound(store)
