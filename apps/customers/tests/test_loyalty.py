"""Points and stamps: earned on completion, redeemed at checkout, given back on cancel, reversed on refund, expired by the clock."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.actors import Actor, ActorKind
from apps.core.clock import now
from apps.core.scope import scope
from apps.customers.models import Customer, PointsAccount, PointsEntry, PointsLot
from apps.customers.services import points, sweeping
from apps.events.models import Event
from apps.payments import services as payments
from apps.payments.models import Payment, PaymentState
from apps.payments.states import MACHINE
from apps.stores.models import Order, Role, Store
from apps.stores.services.loyalty import set_program
from apps.stores.tests import factories
from apps.stores.tests.coded import log_in
from apps.stores.tests.fixtures import KEY, ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db
ANA = "+5563999998888"
STAFF = Actor(kind=ActorKind.STAFF, id="s", label="Alice")
PROGRAM = {"is_active": True, "earn_per": 10, "earn_points": 2, "point_value": "0.50", "min_redeem": 10}


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> Shop:
    return Shop(client_for(alice), store.slug)


@pytest.fixture
def program(owner: Shop) -> dict[str, Any]:
    answer = owner.patch("loyalty/", PROGRAM)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@pytest.fixture
def ana(store: Store, program: dict[str, Any]) -> Shop:
    return Shop(log_in(ANA, KEY), store.slug)


def balance(store: Store) -> int:
    with scope(store.pk):
        return PointsAccount.objects.values_list("balance", flat=True).first() or 0


def ledger(store: Store) -> list[tuple[str, int, int]]:
    with scope(store.pk):
        return list(PointsEntry.objects.order_by("at", "id").values_list("kind", "points", "balance"))


def sound(store: Store) -> None:
    """The three tables agree."""
    with scope(store.pk):
        for account in PointsAccount.objects.all():
            of = {"customer_id": account.customer_id}
            assert (
                sum(PointsEntry.objects.filter(**of).values_list("points", flat=True)) == account.balance - account.debt
            )
            assert sum(PointsLot.objects.filter(**of).values_list("remaining", flat=True)) == account.balance


def give(store: Store, number: int) -> Customer:
    with scope(store.pk):
        customer = Customer.objects.get()
        points.adjust(customer_id=customer.pk, points=number, reason="gift", actor=STAFF)
        return customer


def place(shop: Shop, store: Store, price: str = "47.00", **wish: Any) -> Any:
    shop.add(factories.make_product(store, price=price))
    return shop.checkout(**{"customer_phone": "63999998888", **wish})


def complete(owner: Shop, order_id: str) -> None:
    for status in ("preparing", "ready"):
        assert owner.post(f"orders/{order_id}/update_status/", {"status": status}).status_code == 200
    owner.post(f"orders/{order_id}/mark_paid/")
    answer = owner.post(f"orders/{order_id}/update_status/", {"status": "completed"})
    assert answer.status_code == 200, answer.content


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


def refund(store: Store, order_id: str) -> None:
    with scope(store.pk):
        from apps.events.services import unit_of_work

        payment = Payment.objects.get(order_id=order_id)
        with unit_of_work():
            Payment.objects.filter(pk=payment.pk).update(state=PaymentState.PAID)
            payment.refresh_from_db()
            MACHINE.move(
                payment, PaymentState.REFUNDED, actor=STAFF, reason="", payload=lambda: payments.payload(payment)
            )


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


def test_points_expire_oldest_first_and_the_sweep_is_safe_to_repeat(ana: Shop, owner: Shop, store: Store) -> None:
    owner.patch("loyalty/", {"expire_days": 30})
    ana.get("profile/")
    start = now()
    with time_machine.travel(start, tick=False):
        give(store, 20)
    with time_machine.travel(start + timedelta(days=20), tick=False):
        customer = give(store, 20)
        with scope(store.pk):
            points.adjust(customer_id=customer.pk, points=-15, reason="spent", actor=STAFF)
    with time_machine.travel(start + timedelta(days=31)):
        assert sweeping.expire_points() == 5
        assert sweeping.expire_points() == 0
        assert ledger(store)[-1] == ("expired", -5, 20)
    with time_machine.travel(start + timedelta(days=51)):
        assert sweeping.expire_points() == 20
    assert balance(store) == 0
    sound(store)


def test_points_whose_time_is_over_are_not_spent_before_the_sweep(ana: Shop, owner: Shop, store: Store) -> None:
    owner.patch("loyalty/", {"expire_days": 1})
    ana.get("profile/")
    give(store, 50)
    with scope(store.pk):
        PointsLot.objects.update(expires_at=now() - timedelta(minutes=1))
    assert ana.get("profile/").json()["points"]["balance"] == 0
    assert place(ana, store, redeem_points=20).json()["code"] == "points_not_enough"


def test_the_sweep_goes_through_all_stores(store: Store, other_store: Store) -> None:
    for place_ in (store, other_store):
        with scope(place_.pk):
            set_program(
                values={**PROGRAM, "earn_per": Decimal(10), "point_value": Decimal(1), "expire_days": 1}, actor=STAFF
            )
            person = Customer.objects.create(name="Ana")
            points.adjust(customer_id=person.pk, points=5, reason="x", actor=STAFF)
    with time_machine.travel(now() + timedelta(days=2)):
        assert sweeping.expire_points() == 10


def test_staff_adjust_with_a_reason_and_never_below_nothing(owner: Shop, store: Store, program: Any) -> None:
    pk = owner.post("customers/", {"name": "Ana", "phone": "63999998888"}).json()["id"]
    path = f"customers/{pk}/points/"
    assert owner.post(path, {"points": 5}).status_code == 400
    assert owner.post(path, {"points": 0, "reason": "x"}).status_code == 400
    assert owner.post(path, {"points": 5, "reason": "sorry for the wait"}).json()["balance"] == 5
    refused = owner.post(path, {"points": -6, "reason": "x"})
    assert (refused.status_code, refused.json()["code"], refused.json()["available"]) == (409, "points_not_enough", 5)
    row = owner.get(path).json()["results"][0]
    assert (row["kind"], row["reason"], row["balance"]) == ("adjusted", "sorry for the wait", 5)


def test_a_stamp_card_fills_and_is_handed_in_once(owner: Shop, shop: Shop, store: Store) -> None:
    owner.patch(
        "loyalty/", {"is_active": True, "stamps_required": 2, "stamp_categories": ["food"], "stamp_reward": "a salad"}
    )
    first = place(shop, store).json()["order_id"]
    complete(owner, first)
    with scope(store.pk):
        pk = Customer.objects.get().pk
    assert owner.post(f"customers/{pk}/stamps/claim/").json()["code"] == "no_reward"
    complete(owner, place(shop, store).json()["order_id"])
    row = owner.get("loyalty/accounts/", resumo=1).json()
    assert row["resumo"]["brindes_disponiveis"] == 1
    assert (row["results"][0]["qualified_count"], row["results"][0]["available_rewards"]) == (2, 1)
    claimed = owner.post(f"customers/{pk}/stamps/claim/").json()["stamps"]
    assert (claimed["rewards_claimed"], claimed["rewards_available"], claimed["reward"]) == (1, 0, "a salad")
    assert owner.post(f"customers/{pk}/stamps/claim/").status_code == 409
    refund(store, first)
    with scope(store.pk):
        assert PointsAccount.objects.get().stamps == 1


def test_stamps_may_count_units_and_only_of_some_categories(owner: Shop, shop: Shop, store: Store) -> None:
    from apps.stores.models import Category

    with scope(store.pk):
        drinks = Category.objects.create(slug="drinks", name="Drinks")
    owner.patch(
        "loyalty/", {"is_active": True, "stamps_required": 10, "stamp_per": "unit", "stamp_categories": ["drinks"]}
    )
    shop.add(factories.make_product(store, category=drinks), 3)
    shop.add(factories.make_product(store), 4)
    complete(owner, shop.checkout().json()["order_id"])
    with scope(store.pk):
        assert PointsAccount.objects.get().stamps == 3


def test_the_program_is_public_and_only_owners_change_it(
    owner: Shop, shop: Shop, store: Store, client_for: ClientFor
) -> None:
    assert shop.get("loyalty/").json()["is_active"] is False
    owner.patch("loyalty/", PROGRAM)
    shown = shop.get("loyalty/").json()
    assert (shown["earn_per"], shown["point_value"], shown["min_redeem"]) == (10, 0.5, 10)
    clerk = Shop(client_for(factories.make_staff(store, Role.CASHIER)), store.slug)
    assert clerk.patch("loyalty/", {"earn_points": 1000}).status_code == 403
    assert shop.patch("loyalty/", {"earn_points": 1000}).status_code == 401
    for wrong in ({"earn_per": 0}, {"earn_per": -1}, {"stamp_categories": ["nope"]}, {"expire_days": 0}):
        assert owner.patch("loyalty/", wrong).status_code == 400, wrong
    assert shop.get("loyalty/").json()["earn_points"] == 2


def test_points_of_one_store_are_nothing_at_another(
    ana: Shop, store: Store, other_store: Store, client_for: ClientFor, charlie: User
) -> None:
    ana.get("profile/")
    give(store, 50)
    Shop(client_for(charlie), other_store.slug).patch("loyalty/", PROGRAM)
    elsewhere = Shop(ana.client, other_store.slug)
    assert elsewhere.get("profile/").json()["points"]["balance"] == 0
    elsewhere.add(factories.make_product(other_store, price="47.00"))
    assert elsewhere.checkout(redeem_points=20).json()["code"] == "points_not_enough"
    assert balance(store) == 50


def test_a_guest_has_no_points_to_look_at(store: Store) -> None:
    guest = Shop(APIClient(), store.slug)
    for path in ("profile/", "profile/points/", "profile/consents/", "profile/export/", "profile/addresses/"):
        assert guest.get(path).status_code == 401, path
