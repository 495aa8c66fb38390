"""Two checkouts that spend the same points: one of them does. Each race with a control that takes the guard away."""

from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.actors import Actor, ActorKind
from apps.core.problems import Conflict
from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.customers.models import Customer, PointsAccount, PointsEntry
from apps.customers.services import points, stamps
from apps.stores.models import Order, Store
from apps.stores.tests import factories
from apps.stores.tests.coded import log_in, token_of
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "+5563999998888"
STAFF = Actor(kind=ActorKind.STAFF, id="s", label="Alice")
MANY = 6


@pytest.fixture
def tills(store: Store, client_for: ClientFor, alice: User) -> list[Shop]:
    """Tills with a full cart each, and one customer with 40 points in front of all of them."""
    Shop(client_for(alice), store.slug).patch(
        "loyalty/", {"is_active": True, "earn_per": 10, "earn_points": 1, "point_value": 1, "min_redeem": 1}
    )
    Shop(log_in(ANA), store.slug).get("profile/")
    with scope(store.pk):
        points.adjust(customer_id=Customer.objects.get().pk, points=40, reason="gift", actor=STAFF)
    product = factories.make_product(store, price="47.00")
    shops = [Shop(client_for(factories.make_staff(store, "cashier")), store.slug) for _till in range(MANY)]
    for shop in shops:
        assert shop.add(product).status_code == 200
    return shops


def spend_at_once(tills: list[Shop]) -> list[Any]:
    def redeem(shop: Shop) -> Any:
        return shop.checkout(customer_phone=ANA, redeem_points=40)

    return at_once([partial(redeem, shop) for shop in tills])


def test_many_tills_spend_the_same_points_and_one_does(store: Store, tills: list[Shop]) -> None:
    answers = spend_at_once(tills)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} == {"points_not_enough"}
    with scope(store.pk):
        assert PointsAccount.objects.get().balance == 0
        assert PointsEntry.objects.filter(kind="redeemed").count() == Order.objects.count() == 1


def test_the_control_without_the_guard_several_spend_them(
    store: Store, tills: list[Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, compare, write: what the conditional update and the lock are for."""

    def hold(customer_id: Any) -> PointsAccount:
        return PointsAccount.objects.get(customer_id=customer_id)

    def take(account: PointsAccount, number: int) -> bool:
        if account.balance < number:
            return False
        account.balance -= number
        account.save(update_fields=["balance"])
        return True

    monkeypatch.setattr(points, "_hold", hold)
    monkeypatch.setattr(points, "_take", take)
    wins = 0
    for _round in range(5):
        wins = sum(answer.status_code == 201 for answer in spend_at_once(tills))
        if wins > 1:
            break
        with scope(store.pk):
            PointsAccount.objects.update(balance=40)
        for shop in tills:
            shop.add(factories.make_product(store, price="47.00"))
    assert wins > 1


def test_a_cancel_pressed_many_times_at_once_gives_back_once(
    store: Store, tills: list[Shop], client_for: ClientFor, alice: User
) -> None:
    order = tills[0].checkout(customer_phone=ANA, redeem_points=40).json()["order_id"]
    owner = Shop(client_for(alice), store.slug)
    answers = at_once([lambda: owner.post(f"orders/{order}/cancel/", {"reason": "x"}).status_code] * 4)
    assert sorted(answers) == [200, 409, 409, 409]
    with scope(store.pk):
        assert PointsAccount.objects.get().balance == 40
        assert PointsEntry.objects.filter(kind="given_back").count() == 1


def test_the_last_reward_is_handed_out_once(store: Store, tills: list[Shop]) -> None:
    with scope(store.pk):
        from apps.customers.models import LoyaltyProgram

        LoyaltyProgram.objects.update(stamps_required=5)
        PointsAccount.objects.update(stamps=5)
        pk = Customer.objects.get().pk

    def claim() -> bool:
        with scope(store.pk):
            try:
                stamps.claim_reward(customer_id=pk, actor=STAFF)
            except Conflict:
                return False
            return True

    assert sorted(at_once([claim] * 4)) == [False, False, False, True]


def test_two_first_visits_of_one_login_are_one_customer(store: Store) -> None:
    token = token_of(ANA)

    def visit() -> str:
        shop = Shop(APIClient(headers={"Authorization": f"Token {token}"}), store.slug)
        return str(shop.get("profile/").json()["customer"]["id"])

    assert len(set(at_once([visit] * 4))) == 1
    with scope(store.pk):
        assert Customer.objects.count() == 1
