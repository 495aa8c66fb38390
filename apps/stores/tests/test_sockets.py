"""The sockets of a store: who is let in, and what a board and a customer hear."""

from __future__ import annotations

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.core.actors import system
from apps.core.scope import scope
from apps.events.live import consumer as live
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.stores.facts import CATALOG_PUBLISHED
from apps.stores.models import Order, Role, Store
from apps.stores.tests import factories
from apps.stores.tests.sockets import Socket, later, orders_path, place
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db(transaction=True)


def move(store: Store, user: User, order: Order, status: str) -> None:
    """A step of the order, over HTTP."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {logins.open_with_token(user=user)}")
    path = f"/api/v1/stores/s/{store.slug}/orders/{order.pk}/"
    path, body = (
        (path + "cancel/", {"reason": "no gas"})
        if status == "cancelled"
        else (path + "update_status/", {"status": status})
    )
    if status == "paid":
        path, body = path.replace("update_status", "mark_paid"), {}
    answer = client.post(path, body, format="json")
    assert answer.status_code == 200, answer.content


@pytest.fixture
def token(alice: User, store: Store) -> str:
    """Alice's login."""
    return logins.open_with_token(user=alice)


# -- who is let in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["", "nonsense", "0" * 40, "aaaa.bbbb.cccc", "\x00"])
async def test_a_bad_token_is_refused_with_4401(store: Store, bad: str) -> None:
    async with Socket(orders_path(store), bad) as socket:
        assert await socket.next() == {"type": "closed", "code": 4401}


async def test_another_stores_staff_is_refused_with_4403(store: Store, other_store: Store, charlie: User) -> None:
    theirs = await later(lambda: logins.open_with_token(user=charlie))
    async with Socket(orders_path(store), theirs) as socket:
        assert await socket.next() == {"type": "closed", "code": 4403}


async def test_a_store_that_does_not_exist_is_refused_with_4403(token: str, store: Store) -> None:
    for slug in ("no-such-store", str(uuid4())):
        async with Socket(f"/ws/stores/{slug}/orders/", token) as socket:
            assert await socket.next() == {"type": "closed", "code": 4403}


async def test_a_member_who_may_not_see_orders_is_refused_with_4403(store: Store) -> None:
    def marketer() -> str:
        return logins.open_with_token(user=factories.make_staff(store, Role.MARKETING))

    async with Socket(orders_path(store), await later(marketer)) as socket:
        assert await socket.next() == {"type": "closed", "code": 4403}


async def test_nothing_is_sent_before_the_first_message(store: Store) -> None:
    async with Socket(orders_path(store)) as socket:
        await socket.send({"type": "ping"})
        await later(place, store)
        assert await socket.silent()


@pytest.mark.parametrize("by", ["slug", "id"])
async def test_staff_are_greeted_with_the_sequence_number(store: Store, token: str, by: str) -> None:
    async with Socket(f"/ws/stores/{store.slug if by == 'slug' else store.pk}/orders/", token) as socket:
        greeting = await socket.welcome()
        assert isinstance(greeting["seq"], int)
        await socket.send({"type": "ping", "timestamp": 7})
        assert await socket.next() == {"type": "pong", "timestamp": 7}


async def test_a_jwt_opens_the_socket_too(store: Store, alice: User) -> None:
    access = await later(lambda: logins.open_with_pair(user=alice).access)
    async with Socket(orders_path(store), access) as socket:
        await socket.welcome()


# -- what the board hears --------------------------------------------------------------------------------------------


async def test_the_board_hears_an_order_from_placing_to_paying_in_its_own_words(
    store: Store, alice: User, token: str
) -> None:
    async with Socket(orders_path(store), token) as socket:
        await socket.welcome()
        order = await later(place, store)
        created = await socket.next()
        assert (created["type"], created["order_id"], created["status"]) == ("order.created", str(order.pk), "pending")
        assert {
            "order_number",
            "payment_status",
            "total",
            "customer_name",
            "created_at",
            "updated_at",
        } <= created.keys()
        assert (await socket.next())["status"] == "confirmed"
        await later(move, store, alice, order, "preparing")
        updated = await socket.next()
        assert (updated["type"], updated["status"]) == ("order.updated", "preparing")
        assert updated["seq"] > created["seq"]
        await later(move, store, alice, order, "paid")
        kinds = {(await socket.next())["type"] for _each in range(2)}
        assert kinds == {"order.paid", "order.payment_received"}


async def test_a_cancellation_is_called_so(store: Store, alice: User, token: str) -> None:
    order = await later(place, store)
    async with Socket(orders_path(store), token) as socket:
        await socket.welcome()
        await later(move, store, alice, order, "cancelled")
        frame = await socket.until("order.cancelled")
        assert frame["order_id"] == str(order.pk) and frame["cancelled_at"]


async def test_a_board_that_was_away_hears_what_it_missed(store: Store, token: str) -> None:
    async with Socket(orders_path(store), token) as socket:
        seen = (await socket.welcome())["seq"]
    order = await later(place, store)
    async with Socket(orders_path(store), token, after=seen) as socket:
        await socket.welcome()
        assert (await socket.until("order.created"))["order_id"] == str(order.pk)


def busy_evening(store: Store) -> Order:
    """More facts than are ever replayed at once that no board shows, and one order somewhere among them."""

    def tell(times: int) -> None:
        with scope(store.pk), unit_of_work():
            for _each in range(times):
                payload = {"version": 1}
                record(
                    CATALOG_PUBLISHED, subject=Subject(type="store", id=store.pk), payload=payload, actor=system("test")
                )

    tell(300)
    order = place(store)
    tell(300)
    return order


async def test_a_board_finds_its_order_among_many_facts_it_does_not_show(store: Store, token: str) -> None:
    async with Socket(orders_path(store), token) as socket:
        seen = (await socket.welcome())["seq"]
    order = await later(busy_evening, store)
    async with Socket(orders_path(store), token, after=seen) as socket:
        await socket.welcome()
        assert (await socket.next())["order_id"] == str(order.pk)


async def test_a_board_that_missed_too_many_orders_is_told_to_fetch_them(
    store: Store, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MAX_REPLAY", 1)
    async with Socket(orders_path(store), token) as socket:
        seen = (await socket.welcome())["seq"]
    await later(place, store)
    async with Socket(orders_path(store), token, after=seen) as socket:
        seq = (await socket.welcome())["seq"]
        assert await socket.next() == {"type": "resync", "seq": seq}
        order = await later(place, store)
        assert (await socket.next())["order_id"] == str(order.pk)


async def test_one_stores_orders_never_reach_another_stores_board(
    store: Store, other_store: Store, charlie: User
) -> None:
    theirs = await later(lambda: logins.open_with_token(user=charlie))
    async with Socket(orders_path(other_store), theirs) as socket:
        await socket.welcome()
        await later(place, store)
        assert await socket.silent(0.6)


# -- the customer ----------------------------------------------------------------------------------------------------


async def test_a_customer_follows_the_order_by_its_link(store: Store, alice: User) -> None:
    order = await later(place, store)
    async with Socket(f"/ws/orders/{order.access_token}/") as socket:
        greeting = await socket.welcome()
        assert (greeting["order"]["id"], greeting["order"]["status"]) == (str(order.pk), "confirmed")
        await later(move, store, alice, order, "preparing")
        frame = await socket.next()
        assert {name: frame[name] for name in ("type", "order_id", "status", "payment_status")} == {
            "type": "status_update", "order_id": str(order.pk), "status": "preparing", "payment_status": "pending",
        }  # fmt: skip
        assert frame["updated_at"] and "customer_name" not in frame


@pytest.mark.parametrize("guess", ["guessed", "x" * 32, "%00", "a b"])
async def test_a_guessed_link_is_refused_with_4401(store: Store, guess: str) -> None:
    await later(place, store)
    async with Socket(f"/ws/orders/{guess}/") as socket:
        assert await socket.next() == {"type": "closed", "code": 4401}


async def test_an_order_id_or_number_is_not_a_link(store: Store) -> None:
    order = await later(place, store)
    for guess in (order.pk, order.code):
        async with Socket(f"/ws/orders/{guess}/") as socket:
            assert await socket.next() == {"type": "closed", "code": 4401}


async def test_a_customer_hears_nothing_of_other_orders(store: Store, alice: User) -> None:
    mine, other = await later(place, store), await later(place, store)
    async with Socket(f"/ws/orders/{mine.access_token}/") as socket:
        await socket.welcome()
        await later(move, store, alice, other, "preparing")
        assert await socket.silent(0.6)
