"""Many customers with one coupon at the same moment, each race with a control that takes the guard away.

"200 parallel checkouts with a coupon limited to 20 uses: exactly 20 discounts", and scenario 12's "same for coupon limits".
"""

import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from apps.core.actors import system
from apps.core.problems import Problem
from apps.core.scope import scope
from apps.core.tests.racing import at_once, in_turns
from apps.stores.models import CancelKind, CouponCode, Order, Promotion, PromotionUse, Store
from apps.stores.services import promotion_uses
from apps.stores.services.orders import cancel_order
from apps.stores.tests.factories import make_product
from apps.stores.tests.offers import make_codes, make_promotion, used, uses
from apps.stores.tests.test_races import check_out, codes, fill_carts

pytestmark = pytest.mark.django_db(transaction=True)
USES, CUSTOMERS, THREADS = 20, 200, 16


def discounted(store: Store) -> int:
    with scope(store.pk):
        return Order.objects.filter(discount__gt=0).count()


def test_of_200_parallel_checkouts_with_a_coupon_for_20_exactly_20_get_the_discount(store: Store) -> None:
    rule = make_promotion(store, "fixed", "5", code="RUSH", total_limit=USES)
    fill_carts(store, make_product(store, "dish"), CUSTOMERS)
    started = time.monotonic()
    answers = in_turns(partial(check_out, store, coupon_code="RUSH"), threads=THREADS, times=CUSTOMERS)
    counted = codes(answers)
    print(f"\n{CUSTOMERS} checkouts for {USES} uses: {dict(counted)}, {time.monotonic() - started:.1f} s")
    assert counted == {(201, ""): USES, (422, "coupon_total_limit_reached"): CUSTOMERS - USES}
    assert discounted(store) == used(rule) == USES
    assert uses(store) == [("fixed", True)] * USES


@pytest.fixture
def no_second_wall(db: None) -> Iterator[None]:
    """The table refuses to count beyond the limit as well; the control of the first guard needs that gone."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_promotions DROP CONSTRAINT promotion_within_limit")
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE store_promotions ADD CONSTRAINT promotion_within_limit"
            " CHECK (total_limit IS NULL OR total_limit >= used + used_before) NOT VALID"
        )


def test_without_the_condition_more_would_get_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, no_second_wall: None
) -> None:
    """The control. (All eight are judged before the first one is counted.)"""
    monkeypatch.setattr(promotion_uses, "ROOM_LEFT", Q())
    make_promotion(store, "fixed", "5", code="RUSH", total_limit=2)
    fill_carts(store, make_product(store, "dish"), 8)
    _meet_before_counting(monkeypatch, 8)
    at_once([partial(check_out, store, number, coupon_code="RUSH") for number in range(8)])
    assert discounted(store) > 2


def test_the_table_is_the_second_wall(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promotion_uses, "ROOM_LEFT", Q())
    make_promotion(store, "fixed", "5", code="RUSH", total_limit=2)
    fill_carts(store, make_product(store, "dish"), 6)
    _meet_before_counting(monkeypatch, 6)
    at_once([partial(check_out, store, number, coupon_code="RUSH") for number in range(6)])
    assert discounted(store) == 2


def _meet_before_counting(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Everybody has judged their coupon before anybody counts it."""
    met, take = threading.Barrier(many), promotion_uses.take

    def meet(**given: Any) -> Any:
        met.wait(60)
        return take(**given)

    monkeypatch.setattr(promotion_uses, "take", meet)


@pytest.mark.parametrize(
    "limit", [{"per_customer_limit": 1}, {"first_order": True}], ids=["per customer", "first order"]
)
def test_one_customer_with_many_carts_gets_a_personal_coupon_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: dict[str, Any]
) -> None:
    make_promotion(store, "fixed", "5", code="MINE", **limit)
    fill_carts(store, make_product(store, "dish"), 6)
    mine = {"coupon_code": "MINE", "customer_phone": "63999998888"}
    answers = at_once([partial(check_out, store, number, **mine) for number in range(6)])
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 201} <= {
        "coupon_customer_limit_reached", "coupon_not_first_order",
    }  # fmt: skip
    assert discounted(store) == 1


@pytest.mark.parametrize(
    "limit", [{"per_customer_limit": 1}, {"first_order": True}], ids=["per customer", "first order"]
)
def test_without_looking_again_under_the_lock_one_customer_would_get_it_every_time(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: dict[str, Any]
) -> None:
    """The control: what was true when the cart was priced is believed."""
    make_promotion(store, "fixed", "5", code="MINE", **limit)
    fill_carts(store, make_product(store, "dish"), 4)
    met, judge = threading.Barrier(4), promotion_uses.check_coupon

    def meet(priced: Any) -> None:
        judge(priced)
        met.wait(60)

    monkeypatch.setattr(promotion_uses, "check_coupon", meet)
    monkeypatch.setattr(promotion_uses, "_hold_customer", lambda *_args: None)
    mine = {"coupon_code": "MINE", "customer_phone": "63999998888"}
    answers = at_once([partial(check_out, store, number, **mine) for number in range(4)])
    assert codes(answers) == {(201, ""): 4}
    assert discounted(store) == 4


def test_a_single_use_code_that_many_have_is_used_by_one(store: Store) -> None:
    rule = make_promotion(store, "fixed", "5", trigger="single_use")
    (code,) = make_codes(store, rule)
    fill_carts(store, make_product(store, "dish"), 8)
    answers = at_once([partial(check_out, store, number, coupon_code=code) for number in range(8)])
    assert codes(answers) == {(201, ""): 1, (422, "coupon_already_used"): 7}
    assert discounted(store) == 1
    with scope(store.pk):
        assert CouponCode.objects.get().order == Order.objects.get()


def test_without_the_condition_all_would_use_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    rule = make_promotion(store, "fixed", "5", trigger="single_use")
    (code,) = make_codes(store, rule)
    fill_carts(store, make_product(store, "dish"), 4)
    _meet_before_counting(monkeypatch, 4)
    monkeypatch.setattr(promotion_uses, "_spend", lambda *_args: None)
    answers = at_once([partial(check_out, store, number, coupon_code=code) for number in range(4)])
    assert codes(answers) == {(201, ""): 4}


def test_an_order_cancelled_by_many_at_once_gives_its_use_back_once(store: Store) -> None:
    rule = make_promotion(store, "fixed", "5", code="RUSH", total_limit=5)
    fill_carts(store, make_product(store, "dish"), 3)
    orders = [check_out(store, number, coupon_code="RUSH").json()["order_id"] for number in range(3)]

    def cancel() -> str:
        with scope(store.pk):
            try:
                cancel_order(order_id=orders[0], actor=system("test"), kind=CancelKind.BY_STORE)
            except Problem as problem:
                return problem.code
        return ""

    answers = at_once([cancel] * 4)
    assert sorted(answers)[:1] == [""]
    assert answers.count("") == 1
    assert used(rule) == 2
    assert sorted(counts for _slug, counts in uses(store)) == [False, True, True]


def test_without_the_mark_a_use_would_be_given_back_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of "exactly once": the mark on the use, taken away between two calls."""
    rule = make_promotion(store, "fixed", "5", code="RUSH", total_limit=5)
    fill_carts(store, make_product(store, "dish"), 2)
    for number in range(2):
        assert check_out(store, number, coupon_code="RUSH").status_code == 201
    with scope(store.pk):
        order = Order.objects.order_by("number")[0]
        promotion_uses.give_back(order=order)
        promotion_uses.give_back(order=order)
        assert Promotion.objects.get(pk=rule.pk).used == 1
        PromotionUse.objects.filter(order=order).update(given_back_at=None)
        promotion_uses.give_back(order=order)
    assert used(rule) == 0


def test_an_automatic_offer_that_runs_out_meanwhile_is_not_silently_lost(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second customer saw a total with it: they are told, and their next press sees the new total."""
    rule = make_promotion(store, "fixed", "5", total_limit=1)
    fill_carts(store, make_product(store, "dish"), 2)
    _meet_before_counting(monkeypatch, 2)
    answers = at_once([partial(check_out, store, number) for number in range(2)])
    assert codes(answers) == {(201, ""): 1, (409, "promotion_exhausted"): 1}
    monkeypatch.undo()
    late = next(number for number, answer in enumerate(answers) if answer.status_code == 409)
    assert check_out(store, late).json()["total"] == 20
    assert used(rule) == 1


def test_carts_with_the_same_offers_and_dishes_do_not_deadlock_with_cancelling(store: Store) -> None:
    """Placing and cancelling take customers, promotions and stock in one sequence."""
    make_promotion(store, "fixed", "1", slug="a", total_limit=1000)
    make_promotion(store, "fixed", "1", slug="b", total_limit=1000, priority=1)
    make_promotion(store, "fixed", "1", slug="c", code="MINE", total_limit=1000, per_customer_limit=1000)
    fill_carts(store, make_product(store, "dish", stock=1000), 32)

    def work(number: int) -> int:
        answer = check_out(store, number, coupon_code="MINE", customer_phone=f"6399999000{number % 3}")
        with scope(store.pk):
            cancel_order(order_id=answer.json()["order_id"], actor=system("test"), kind=CancelKind.BY_STORE)
        return int(answer.status_code)

    assert in_turns(work, threads=8, times=32) == [201] * 32
    with scope(store.pk):
        assert set(Promotion.objects.values_list("used", flat=True)) == {0}
