"""Points in time and in bounds: expiry, hands of the staff, stamp cards, who may set the terms, and other stores."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.scope import scope
from apps.customers.models import Customer, PointsAccount, PointsLot
from apps.customers.services import points, sweeping
from apps.customers.tests.loyal import PROGRAM, STAFF, balance, complete, give, ledger, place, refund, sound
from apps.stores.models import Role, Store
from apps.stores.services.loyalty import set_program
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


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
