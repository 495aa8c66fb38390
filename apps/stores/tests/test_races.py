"""Many customers at the same moment, through HTTP, on real connections – each race with a control that takes the guard away.
Scenarios 11, 12, 20 and 30 of `product/scenarios.md`, and "200 parallel checkouts for 20 units: exactly 20 orders"."""

import itertools
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from rest_framework.test import APIClient

from apps.core import redis as core_redis
from apps.core.clock import business_date, now
from apps.core.ids import uuid7
from apps.core.scope import scope
from apps.core.tests.racing import at_once, in_turns
from apps.events import relay
from apps.events.models import Delivery, DeliveryState, Event
from apps.stores.models import Cart, CartLine, Order, Product, StockLevel, StockMove, Store
from apps.stores.queries import open_cart
from apps.stores.services import checkout as checkout_module
from apps.stores.services import reservation
from apps.stores.tests.factories import make_product
from apps.stores.tests.fixtures import Shop

pytestmark = pytest.mark.django_db(transaction=True)


def shop_of(store: Store, cart: str) -> Shop:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_X_CART_KEY=cart)
    return Shop(client, store.slug)


def fill_carts(store: Store, product: Product, many: int, quantity: int = 1) -> None:
    """One cart the long way, the others as copies of it: `cart_0` …"""
    assert shop_of(store, "cart_0").add(product, quantity).status_code in {200, 201}
    with scope(store.pk):
        line = CartLine.objects.get()
        carts = Cart.objects.bulk_create(
            [Cart(id=uuid7(), store_id=store.pk, key=f"cart_{number}") for number in range(1, many)]
        )
        fields = {field.attname: getattr(line, field.attname) for field in CartLine._meta.concrete_fields}
        CartLine.objects.bulk_create([CartLine(**fields | {"id": uuid7(), "cart_id": cart.pk}) for cart in carts])


def check_out(store: Store, number: int, **wish: str) -> Any:
    """Customer number … checks out `cart_<number>`; like any client, again when told to come back (`Retry-After`).
    Each has a phone of their own: the orders of one customer wait for each other at the customer's row."""
    wish = {"customer_phone": f"6399{9000000 + number}", **wish}
    answer: Any = None
    for _try in range(10):
        answer = shop_of(store, f"cart_{number}").checkout(**wish)
        if answer.status_code != 503:
            break
        assert answer["Retry-After"]
    return answer


def codes(answers: list[Any]) -> Counter[tuple[int, str]]:
    return Counter((answer.status_code, answer.json().get("code", "")) for answer in answers)


def orders_of(store: Store) -> list[Order]:
    with scope(store.pk):
        return list(Order.objects.order_by("number"))


def level_of(store: Store) -> StockLevel:
    with scope(store.pk):
        return StockLevel.objects.get()


# -- 11: one cart ------------------------------------------------------------------------------------------------------


def test_four_parallel_checkouts_of_one_cart_make_exactly_one_order(store: Store) -> None:
    product = make_product(store, "burger", stock=10)
    fill_carts(store, product, 1)
    answers = at_once([lambda: shop_of(store, "cart_0").checkout()] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["order_id"] for answer in answers}) == 1
    assert len(orders_of(store)) == 1
    assert level_of(store).on_hand == 9
    assert Event.objects.filter(store=store, name="order.placed").count() == 1


def test_without_the_carts_lock_it_would_be_ordered_several_times(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control. (The order's unique cart is a second wall, so it is taken away as well.)"""
    product = make_product(store, "burger", stock=10)
    fill_carts(store, product, 1)
    met = threading.Barrier(4)
    terms, new_order = checkout_module._terms, checkout_module._new_order

    def meet(*args: Any) -> Any:
        met.wait(60)
        return terms(*args)

    def without_cart(*args: Any) -> Order:
        order = new_order(*args)
        order.cart = None
        return order

    monkeypatch.setattr(open_cart, "LOCK", "")
    monkeypatch.setattr(checkout_module, "_terms", meet)
    monkeypatch.setattr(checkout_module, "_new_order", without_cart)
    answers = at_once([lambda: shop_of(store, "cart_0").checkout()] * 4)
    assert codes(answers) == {(201, ""): 4}
    assert len(orders_of(store)) == 4


# -- 12: the last unit -------------------------------------------------------------------------------------------------


def test_of_many_who_want_the_last_unit_one_gets_it_and_the_others_hear_what_is_left(store: Store) -> None:
    product = make_product(store, "last", stock=1)
    fill_carts(store, product, 8)
    answers = at_once([partial(check_out, store, number) for number in range(8)])
    assert codes(answers) == {(201, ""): 1, (409, "out_of_stock"): 7}
    for refused in (answer.json() for answer in answers if answer.status_code == 409):
        assert [(row["id"], row["wanted"], row["available"]) for row in refused["unavailable"]] == [
            (str(product.pk), 1, 0)
        ]
    assert len(orders_of(store)) == 1
    assert (level_of(store).on_hand, level_of(store).reserved) == (0, 0)


UNITS, CUSTOMERS, THREADS = 20, 200, 16


def _rush(store: Store) -> Counter[tuple[int, str]]:
    fill_carts(store, make_product(store, "dish", stock=UNITS), CUSTOMERS)
    started = time.monotonic()
    answers = in_turns(partial(check_out, store), threads=THREADS, times=CUSTOMERS)
    print(f"\n{CUSTOMERS} checkouts by {THREADS} threads for {UNITS} units: {dict(codes(answers))},", end=" ")
    print(f"{time.monotonic() - started:.1f} s")
    return codes(answers)


def test_of_200_parallel_checkouts_for_20_units_exactly_20_become_orders(store: Store) -> None:
    counted = _rush(store)
    assert counted == {(201, ""): UNITS, (409, "out_of_stock"): CUSTOMERS - UNITS}
    assert [order.number for order in orders_of(store)] == list(range(1, UNITS + 1)), "the refused ones left no gap"
    level = level_of(store)
    assert (level.on_hand, level.reserved) == (0, 0)
    with scope(store.pk):
        assert StockMove.objects.filter(order__isnull=False).aggregate(sold=Sum("on_hand_delta"))["sold"] == -UNITS
        assert StockMove.objects.filter(order__isnull=False).count() == UNITS
        assert Cart.objects.filter(is_open=True).count() == CUSTOMERS - UNITS, "who got nothing keeps the cart"


@pytest.fixture
def no_check_constraint(db: None) -> Iterator[None]:
    """The table's own refusal to go below zero is the second wall; the control of the first one needs it gone."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_stock_levels DROP CONSTRAINT stock_never_negative")
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE store_stock_levels ADD CONSTRAINT stock_never_negative"
            " CHECK (reserved >= 0 AND on_hand >= reserved) NOT VALID"
        )


GUARD = " AND level.on_hand - level.reserved >= wanted.quantity"


def _disable_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    assert GUARD in reservation.TAKE
    monkeypatch.setattr(reservation, "TAKE", reservation.TAKE.replace(GUARD, ""))


def test_without_the_condition_in_the_update_200_would_be_sold(
    store: Store, monkeypatch: pytest.MonkeyPatch, no_check_constraint: None
) -> None:
    """The control."""
    _disable_guard(monkeypatch)
    fill_carts(store, make_product(store, "dish", stock=2), 8)
    answers = at_once([partial(check_out, store, number) for number in range(8)])
    assert codes(answers)[201, ""] > 2
    assert level_of(store).on_hand < 0


def test_the_table_is_the_second_wall(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _disable_guard(monkeypatch)
    fill_carts(store, make_product(store, "dish", stock=2), 6)
    answers = at_once([partial(check_out, store, number) for number in range(6)])
    assert sum(answer.status_code == 201 for answer in answers) == 2
    assert level_of(store).on_hand == 0


def test_carts_with_the_same_dishes_in_different_order_do_not_deadlock(store: Store) -> None:
    dishes = [make_product(store, f"dish-{number}", stock=100) for number in range(4)]
    for number in range(24):
        for dish in dishes if number % 2 else reversed(dishes):
            shop_of(store, f"cart_{number}").add(dish)
    answers = in_turns(partial(check_out, store), threads=8, times=24)
    assert codes(answers) == {(201, ""): 24}
    with scope(store.pk):
        assert set(StockLevel.objects.values_list("on_hand", flat=True)) == {100 - 24}


# -- 20: numbers -------------------------------------------------------------------------------------------------------

MANY = 300


def test_300_orders_by_8_threads_get_300_numbers_without_collision_or_gap(store: Store) -> None:
    """Scenario 20, scaled. Every tenth customer is refused after others took their numbers: no gap comes of it."""
    fill_carts(store, make_product(store, "burger"), MANY)

    def work(number: int) -> Any:
        return check_out(store, number, **({"payment_method": "barter"} if number % 10 == 9 else {}))

    started = time.monotonic()
    answers = in_turns(work, threads=8, times=MANY)
    seconds = time.monotonic() - started
    placed = [answer.json() for answer in answers if answer.status_code == 201]
    orders = orders_of(store)
    assert len(placed) == len(orders) == MANY * 9 // 10
    assert {order.business_date for order in orders} == {business_date(now(), store.timezone)}
    assert [order.number for order in orders] == list(range(1, len(orders) + 1))
    assert len({order.code for order in orders}) == len({order.access_token for order in orders}) == len(orders)
    sequences = list(Event.objects.filter(store=store).order_by("seq").values_list("seq", flat=True))
    assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    print(
        f"\n{len(orders)} orders by 8 threads in {seconds:.1f} s ({len(orders) / seconds:.0f}/s): numbers 1–{len(orders)}, no gap"
    )


def test_counting_the_orders_instead_would_collide(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a number that is read and not locked is given to everybody who comes at the same time."""
    fill_carts(store, make_product(store, "burger"), 6)
    met = threading.Barrier(6)

    def careless(order: Order) -> int:
        number = Order.objects.filter(business_date=order.business_date).count() + 1
        met.wait(60)
        return number

    monkeypatch.setattr(checkout_module, "_next_number", careless)
    answers = at_once([partial(check_out, store, number) for number in range(6)])
    assert sum(answer.status_code == 201 for answer in answers) == 1
    assert {answer.status_code for answer in answers} == {201, 409}


# -- 30: without Redis -------------------------------------------------------------------------------------------------


@pytest.fixture(params=["nobody listens", "listens and is silent"])
def no_redis(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Redis is gone, or – worse – hangs: it accepts connections and never answers."""
    path = str(tmp_path / "redis.sock")
    server = socket.socket(socket.AF_UNIX)
    if request.param == "listens and is silent":
        server.bind(path)
        server.listen(100)
    settings.REDIS_URL = f"unix://{path}?db=0"
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    core_redis.client.cache_clear()
    core_redis.forget_failure()
    yield
    server.close()
    core_redis.client.cache_clear()
    core_redis.forget_failure()


def test_without_redis_a_customer_reads_the_menu_orders_and_follows_the_order(store: Store, no_redis: None) -> None:
    with pytest.raises(Exception, match=r".+"):
        cache.get("anything")
    product = make_product(store, "burger", stock=5)
    shop = shop_of(store, "cart_0")
    core_redis.forget_failure()
    started = time.monotonic()
    assert shop.get("catalog/").json()["products"][0]["name"] == "Burger"
    assert shop.add(product).status_code in {200, 201}
    placed = shop.checkout("key-1")
    assert placed.status_code == 201
    assert shop.checkout("key-1").content == placed.content
    tracked = shop.client.get(f"/api/v1/stores/orders/by-token/{placed.json()['access_token']}/")
    assert tracked.status_code == 200
    seconds = time.monotonic() - started
    assert seconds < 20, "each call may wait for Redis once, and then leaves it alone for a second"
    pending = Delivery.objects.filter(state=DeliveryState.PENDING).count()
    handled = sum(itertools.takewhile(bool, (relay.drain() for _ in range(20))))
    assert handled >= pending, "nothing that somebody must be told is lost"
    assert not Delivery.objects.filter(state=DeliveryState.PENDING).exists()
    print(f"\nmenu, cart, order, retry and tracking without Redis: {seconds:.2f} s; {handled} deliveries afterwards")
