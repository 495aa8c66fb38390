"""`Idempotency-Key` at checkout, the endpoint that must never do its work twice (reliability.md M1–M5, on a small scale)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core import idempotency
from apps.core.models import IdempotencyRecord
from apps.core.scope import scope
from apps.core.tests.pressing import orders_of, shop_with
from apps.events.models import Event
from apps.payments.models import Payment
from apps.stores.models import Order, Product, StockLevel, Store
from apps.stores.tests.factories import make_product
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

KEY = "5f0c9a5e-6a0e-4a57-9f6f-6a4a0f4b7a11"
NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_the_same_key_and_body_get_the_stored_answer_byte_for_byte(
    store: Store, burger: Product, keep_carts_open: None
) -> None:
    shop = shop_with(store)
    shop.add(burger)
    first, again, third = (shop.checkout(KEY) for _ in range(3))
    assert first.status_code == again.status_code == third.status_code == 201
    assert first.content == again.content == third.content
    assert idempotency.REPLAYED not in first
    assert again[idempotency.REPLAYED] == "true"
    assert orders_of(store) == 1


def test_without_a_key_the_same_call_orders_twice(store: Store, burger: Product, keep_carts_open: None) -> None:
    """The control: in this test's world only the key stands between two presses and two orders."""
    shop = shop_with(store)
    shop.add(burger)
    assert [shop.checkout().status_code for _ in range(2)] == [201, 201]
    assert orders_of(store) == 2


def test_another_order_of_the_members_is_the_same_body(store: Store, burger: Product, keep_carts_open: None) -> None:
    shop = shop_with(store)
    shop.add(burger)
    body = {
        "customer_name": "Ana",
        "customer_phone": "63999998888",
        "delivery_method": "pickup",
        "payment_method": "cash",
    }
    first = shop.post("checkout/", body, HTTP_IDEMPOTENCY_KEY=KEY)
    again = shop.post("checkout/", dict(reversed(body.items())), HTTP_IDEMPOTENCY_KEY=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content


def test_another_body_under_the_same_key_is_refused_and_changes_nothing(
    store: Store, burger: Product, keep_carts_open: None
) -> None:
    shop = shop_with(store)
    shop.add(burger)
    assert shop.checkout(KEY).status_code == 201
    events = Event.objects.count()
    for change in ({"customer_name": "Eva"}, {"notes": "x"}, {"payment_method": "pix"}):
        refused = shop.checkout(KEY, **change)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert (orders_of(store), Event.objects.count(), IdempotencyRecord.objects.count()) == (1, events, 1)


def test_the_same_key_of_two_callers_two_stores_or_two_paths_are_two_requests(
    store: Store, other_store: Store, burger: Product
) -> None:
    make_product(other_store, "burger")
    shops = [shop_with(store, "a"), shop_with(store, "b"), shop_with(other_store, "a"), shop_with(other_store, "b")]
    answers = []
    for shop in shops:
        shop.post("cart/add/", {"product_slug": "burger", "product_id": str(_id(shop)), "quantity": 1})
        answers.append(shop.checkout(KEY))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["order_id"] for answer in answers}) == 4
    assert (orders_of(store), orders_of(other_store)) == (2, 2)


def _id(shop: Shop) -> str:
    found: str = shop.get("catalog/").json()["products"][0]["id"]
    return found


def test_guests_behind_one_address_do_not_get_each_others_answer(store: Store, burger: Product) -> None:
    """They send no cart key: their carts are known by our cookie."""
    answers = []
    for _ in range(2):
        shop = Shop(APIClient(), store.slug)
        shop.add(burger)
        answers.append(shop.checkout(KEY))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["access_token"] != answers[1].json()["access_token"]


def test_a_person_is_the_same_caller_after_a_new_login(
    store: Store, burger: Product, alice: User, client_for: ClientFor, keep_carts_open: None
) -> None:
    first_shop, second_shop = (shop_with(store, "a", client_for(alice)) for _ in range(2))
    first_shop.add(burger)
    assert first_shop.checkout(KEY).content == second_shop.checkout(KEY).content
    assert orders_of(store) == 1


def test_two_people_with_one_cart_key_are_two_callers(
    store: Store, burger: Product, alice: User, charlie: User, client_for: ClientFor, keep_carts_open: None
) -> None:
    shop = shop_with(store, "a", client_for(alice))
    shop.add(burger)
    assert shop.checkout(KEY).status_code == 201
    stranger = shop_with(store, "a", client_for(charlie)).checkout(KEY)
    assert idempotency.REPLAYED not in stranger


def test_a_refused_request_is_not_remembered(store: Store, burger: Product) -> None:
    shop = shop_with(store)
    assert shop.checkout(KEY).json()["code"] == "cart_empty"
    assert shop.checkout(KEY, customer_name=1).status_code in {400, 422}
    assert not IdempotencyRecord.objects.exists()
    shop.add(burger)
    assert shop.checkout(KEY).status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "a\x7fb", "a\u00a0b", "\x85"])
def test_a_key_nobody_should_send_is_a_400(store: Store, burger: Product, key: str) -> None:
    shop = shop_with(store)
    shop.add(burger)
    refused = shop.checkout(key)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_idempotency_key")
    assert orders_of(store) == 0


# -- crash and time --------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Stands in for SIGKILL: nothing between here and the server catches it."""


POINTS = {
    "before the order": "apps.stores.services.checkout._place",
    "while it is placed": "apps.stores.services.checkout._ask_payment",
    "after the work": "apps.core.idempotency._store",
    "before the facts": "apps.events.services._append_store",
}


def _world(store: Store) -> tuple[int, ...]:
    with scope(store.pk):
        level = StockLevel.objects.get()
        counts = (
            Order.objects.count(),
            Payment.objects.count(),
            Event.objects.count(),
            IdempotencyRecord.objects.count(),
        )
        return (*counts, level.on_hand, level.reserved)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_point_leaves_nothing_and_a_retry_finishes(
    store: Store, burger: Product, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    shop = shop_with(store)
    shop.add(burger)
    before = _world(store)

    def crash(*_args: Any, **_kwargs: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(POINTS[point], crash)
        with pytest.raises(Killed):
            shop.checkout(KEY)
    assert _world(store) == before
    assert shop.checkout(KEY).status_code == 201
    assert shop.checkout(KEY)[idempotency.REPLAYED] == "true"
    after = _world(store)
    assert (after[0], after[1], after[3], after[4]) == (1, 1, 1, before[4] - 1)


def test_an_answer_is_kept_for_a_day_and_no_longer(store: Store, burger: Product, keep_carts_open: None) -> None:
    shop = shop_with(store)
    with time_machine.travel(NOON, tick=False) as clock:
        shop.add(burger)
        first = shop.checkout(KEY)
        clock.move_to(NOON + timedelta(hours=23, minutes=59))
        assert shop.checkout(KEY).content == first.content
        assert idempotency.forget_old_answers() == 0
        clock.move_to(NOON + timedelta(hours=24, minutes=1))
        again = shop.checkout(KEY, customer_name="Eva")
        assert again.status_code == 201, "the key is free again, also for another body"
        assert again.json()["order_id"] != first.json()["order_id"]
        assert IdempotencyRecord.objects.count() == 1
        clock.move_to(NOON + timedelta(hours=49))
        assert idempotency.forget_old_answers() == 1
    assert not IdempotencyRecord.objects.exists()
