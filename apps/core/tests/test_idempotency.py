"""`Idempotency-Key` at checkout, the endpoint that must never do its work twice (reliability.md M1–M5, on a small scale)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from apps.core import idempotency
from apps.core.models import IdempotencyRecord
from apps.core.scope import scope
from apps.core.tests.racing import at_once
from apps.events.models import Event
from apps.payments.models import Payment
from apps.stores.api.views import storefront
from apps.stores.models import Cart, Order, Product, StockLevel, Store
from apps.stores.services import checkout as services
from apps.stores.tests.factories import make_product
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

KEY = "5f0c9a5e-6a0e-4a57-9f6f-6a4a0f4b7a11"
NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)


def _shop(store: Store, cart: str = "cart_1", client: APIClient | None = None) -> Shop:
    client = client or APIClient()
    client.defaults["HTTP_X_CART_KEY"] = cart
    return Shop(client, store.slug)


def _orders(store: Store) -> int:
    with scope(store.pk):
        return Order.objects.count()


@pytest.fixture
def burger(store: Store) -> Product:
    return make_product(store, "burger", stock=50)


@pytest.fixture
def keep_carts_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkout is idempotent on its cart, too. To see the key alone at work, every cart is full again after its order."""
    original = services.checkout

    def and_fill_again(**kwargs: Any) -> Any:
        placed = original(**kwargs)
        cart = placed.order.cart_id
        assert cart is not None
        Order.objects.filter(pk=placed.order.pk).update(cart=None)
        Cart.objects.filter(pk=cart).update(is_open=True)
        return placed

    monkeypatch.setattr(storefront, "checkout", and_fill_again)


def test_the_same_key_and_body_get_the_stored_answer_byte_for_byte(
    store: Store, burger: Product, keep_carts_open: None
) -> None:
    shop = _shop(store)
    shop.add(burger)
    first, again, third = (shop.checkout(KEY) for _ in range(3))
    assert first.status_code == again.status_code == third.status_code == 201
    assert first.content == again.content == third.content
    assert idempotency.REPLAYED not in first
    assert again[idempotency.REPLAYED] == "true"
    assert _orders(store) == 1


def test_without_a_key_the_same_call_orders_twice(store: Store, burger: Product, keep_carts_open: None) -> None:
    """The control: in this test's world only the key stands between two presses and two orders."""
    shop = _shop(store)
    shop.add(burger)
    assert [shop.checkout().status_code for _ in range(2)] == [201, 201]
    assert _orders(store) == 2


def test_another_order_of_the_members_is_the_same_body(store: Store, burger: Product, keep_carts_open: None) -> None:
    shop = _shop(store)
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
    shop = _shop(store)
    shop.add(burger)
    assert shop.checkout(KEY).status_code == 201
    events = Event.objects.count()
    for change in ({"customer_name": "Eva"}, {"notes": "x"}, {"payment_method": "pix"}):
        refused = shop.checkout(KEY, **change)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert (_orders(store), Event.objects.count(), IdempotencyRecord.objects.count()) == (1, events, 1)


def test_the_same_key_of_two_callers_two_stores_or_two_paths_are_two_requests(
    store: Store, other_store: Store, burger: Product
) -> None:
    make_product(other_store, "burger")
    shops = [_shop(store, "a"), _shop(store, "b"), _shop(other_store, "a"), _shop(other_store, "b")]
    answers = []
    for shop in shops:
        shop.post("cart/add/", {"product_slug": "burger", "product_id": str(_id(shop)), "quantity": 1})
        answers.append(shop.checkout(KEY))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["order_id"] for answer in answers}) == 4
    assert (_orders(store), _orders(other_store)) == (2, 2)


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
    first_shop, second_shop = (_shop(store, "a", client_for(alice)) for _ in range(2))
    first_shop.add(burger)
    assert first_shop.checkout(KEY).content == second_shop.checkout(KEY).content
    assert _orders(store) == 1


def test_two_people_with_one_cart_key_are_two_callers(
    store: Store, burger: Product, alice: User, charlie: User, client_for: ClientFor, keep_carts_open: None
) -> None:
    shop = _shop(store, "a", client_for(alice))
    shop.add(burger)
    assert shop.checkout(KEY).status_code == 201
    stranger = _shop(store, "a", client_for(charlie)).checkout(KEY)
    assert idempotency.REPLAYED not in stranger


def test_a_refused_request_is_not_remembered(store: Store, burger: Product) -> None:
    shop = _shop(store)
    assert shop.checkout(KEY).json()["code"] == "cart_empty"
    assert shop.checkout(KEY, customer_name=1).status_code in {400, 422}
    assert not IdempotencyRecord.objects.exists()
    shop.add(burger)
    assert shop.checkout(KEY).status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "a\x7fb", "a\u00a0b", "\x85"])
def test_a_key_nobody_should_send_is_a_400(store: Store, burger: Product, key: str) -> None:
    shop = _shop(store)
    shop.add(burger)
    refused = shop.checkout(key)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_idempotency_key")
    assert _orders(store) == 0


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
    shop = _shop(store)
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
    shop = _shop(store)
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


# -- races -----------------------------------------------------------------------------------------------------------

KEYS, COPIES = 4, 8


def _race(store: Store, burger: Product) -> list[Any]:
    def press(number: int) -> Any:
        return _shop(store, f"cart_{number}").checkout(f"key-{number}")

    calls: list[Callable[[], Any]] = []
    for number in range(KEYS):
        _shop(store, f"cart_{number}").add(burger)
        calls += [partial(press, number)] * COPIES
    return at_once(calls)


@pytest.mark.django_db(transaction=True)
def test_of_many_parallel_copies_one_works_and_the_others_wait_or_get_its_answer(
    store: Store, burger: Product, keep_carts_open: None
) -> None:
    answers = _race(store, burger)
    for number in range(KEYS):
        mine = answers[number * COPIES : (number + 1) * COPIES]
        done = [answer for answer in mine if answer.status_code == 201]
        busy = [answer for answer in mine if answer.status_code != 201]
        assert len({answer.content for answer in done}) == 1
        assert {answer.json()["code"] for answer in busy} <= {"request_in_progress"}
        assert all((answer.status_code, answer["Retry-After"]) == (409, "1") for answer in busy)
    assert _orders(store) == KEYS
    print(f"\n{len(answers)} requests with {KEYS} keys: {_orders(store)} orders, ", end="")
    print(f"{sum(answer.status_code == 409 for answer in answers)} told to come back")


@pytest.mark.django_db(transaction=True)
def test_without_the_key_the_same_race_orders_many_times(
    store: Store, burger: Product, keep_carts_open: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(idempotency, "_take_lock", lambda _record: None)
    monkeypatch.setattr(idempotency, "_stored_answer", lambda _record: None)
    answers = _race(store, burger)
    assert {answer.status_code for answer in answers} == {201}
    assert _orders(store) == KEYS * COPIES


@pytest.mark.django_db(transaction=True)
def test_the_facts_of_a_request_are_its_last_statements(store: Store, burger: Product) -> None:
    """Their row lock is the one everybody in the store waits for; nothing may be locked after it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    shop = _shop(store)
    shop.add(burger)
    with CaptureQueriesContext(connection) as queries:
        assert shop.checkout(KEY).status_code == 201
    statements = [query["sql"] for query in queries]
    sequence = next(number for number, sql in enumerate(statements) if "INTO events_eventcursor" in sql)
    later = [sql for sql in statements[sequence + 1 :] if sql.startswith(("INSERT", "UPDATE", "SELECT"))]
    assert all('INTO "events_' in sql for sql in later), later


def test_a_view_without_the_header_runs_as_it_is(store: Store) -> None:
    @idempotency.idempotent
    def view(_self: Any, _request: Request) -> Response:
        return Response({"ok": True})

    class Bare:
        headers: dict[str, str] = {}

    assert view(None, Bare()).data == {"ok": True}  # all it asks for is the header
