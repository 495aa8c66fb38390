"""The kitchen's socket: who is let in, what a screen hears, and that it is right again after any absence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.events.live import consumer as live_consumer
from apps.events.models import Event
from apps.kitchen.consumers import KitchenConsumer
from apps.kitchen.queries.tickets import View, dicts, open_tickets
from apps.kitchen.services import work
from apps.kitchen.tests.factories import ACTOR, make_category, make_screen, make_station, place, tickets_of
from apps.stores.models import Role, Store
from apps.stores.queries.access import staff_access
from apps.stores.services import devices as device_services
from apps.stores.tests.factories import make_product, make_staff
from apps.stores.tests.sockets import Socket
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db(transaction=True)


def path(store: Store, station: str = "") -> str:
    return f"/ws/stores/{store.slug}/kitchen/{station}{'/' if station else ''}"


async def later(call: Callable[..., Any], *args: Any) -> Any:
    return await sync_to_async(call)(*args)


def order_one(store: Store) -> Any:
    return place(store, make_product(store))


def step(call: Callable[..., Any], store: Store, ticket_id: Any, **more: Any) -> None:
    with scope(store.pk):
        call(ticket_id=UUID(str(ticket_id)), view=View(), actor=ACTOR, **more)


def open_now(store: Store) -> list[dict[str, Any]]:
    with scope(store.pk):
        return dicts(open_tickets(View()))


async def test_a_new_order_is_on_the_screen_while_it_watches(store: Store, carla_token: str) -> None:
    async with Socket(path(store), carla_token) as screen:
        await screen.welcome()
        assert (await screen.next())["tickets"] == []
        order = await later(order_one, store)
        frame = await screen.next()
        assert (frame["type"], frame["ticket"]["order_id"], frame["ticket"]["status"]) == (
            "ticket.created",
            str(order.pk),
            "queued",
        )
        assert frame["ticket"]["items"] and isinstance(frame["seq"], int)
        await later(lambda: step(work.start, store, frame["ticket"]["id"]))
        started = await screen.next()
        assert (started["type"], started["ticket"]["status"]) == ("ticket.started", "in_progress")


async def test_a_newcomer_is_sent_exactly_the_open_tickets(store: Store, carla_token: str) -> None:
    def evening() -> list[dict[str, Any]]:
        first, second, _third = (tickets_of(order_one(store))[0].pk for _each in range(3))
        for ticket in (first, second):
            step(work.start, store, ticket)
        step(work.finish, store, first, bump=True)
        return open_now(store)

    expected = await later(evening)
    async with Socket(path(store), carla_token) as screen:
        greeting = await screen.welcome()
        snapshot = await screen.next()
        assert (snapshot["type"], snapshot["seq"]) == ("snapshot", greeting["seq"])
        assert snapshot["tickets"] == expected and len(expected) == 2
        assert greeting["now"]


async def follow(socket: Socket, shown: dict[str, dict[str, Any]], until: int) -> int:
    """What a screen does with frames, up to a sequence number."""
    seq = -1
    while seq < until:
        frame = await socket.next()
        if frame["type"] == "snapshot":
            shown.clear()
            shown |= {ticket["id"]: ticket for ticket in frame["tickets"]}
        elif "ticket" in frame:
            shown.pop(frame["ticket"]["id"], None)
            if frame["ticket"]["status"] in ("queued", "in_progress", "done"):
                shown[frame["ticket"]["id"]] = frame["ticket"]
        seq = frame.get("seq", seq)
    return seq


def last_ticket_seq(store: Store) -> int:
    return Event.objects.filter(store=store, name__startswith="ticket.").latest("seq").seq


@pytest.mark.parametrize("most_replayed", [500, 3])
async def test_a_screen_that_was_disconnected_shows_exactly_the_open_tickets_after_reconnecting(
    store: Store, carla_token: str, monkeypatch: pytest.MonkeyPatch, most_replayed: int
) -> None:
    """Scenario 32, by replay and – when too much was missed – by snapshot."""
    monkeypatch.setattr(live_consumer, "MAX_REPLAY", most_replayed)
    shown: dict[str, dict[str, Any]] = {}
    first = await later(lambda: tickets_of(order_one(store))[0].pk)
    async with Socket(path(store), carla_token) as screen:
        await screen.welcome()
        seen = await follow(screen, shown, 0)

    def away() -> None:
        second = tickets_of(order_one(store))[0].pk
        order_one(store)
        for ticket in (first, second):
            step(work.start, store, ticket)
        step(work.finish, store, first, bump=True)

    await later(away)
    async with Socket(path(store), carla_token, after=seen) as screen:
        await screen.welcome()
        await follow(screen, shown, await later(last_ticket_seq, store))
    assert sorted(shown.values(), key=lambda ticket: ticket["id"]) == sorted(
        await later(open_now, store), key=lambda ticket: ticket["id"]
    )
    assert len(shown) == 2


async def test_a_station_hears_only_its_own_tickets(store: Store, carla_token: str) -> None:
    def stations() -> Any:
        drinks = make_category(store, "drinks")
        make_station(store, "hot", position=0)
        make_station(store, "bar", position=1, categories=[drinks])
        return make_product(store, "stew"), make_product(store, "juice", category=drinks)

    products = await later(stations)
    async with Socket(path(store, "bar"), carla_token) as screen:
        await screen.welcome()
        await screen.next()
        await later(lambda: place(store, *products))
        assert (await screen.next())["ticket"]["station"]["slug"] == "bar"
        assert await screen.silent()


async def test_a_paired_screen_is_bound_to_its_station_and_leaves_when_revoked(store: Store, alice: User) -> None:
    def pair() -> tuple[Any, str]:
        make_station(store, "bar")
        return make_screen(store, station="bar")

    def revoke(device: Any) -> None:
        with scope(store.pk):
            by = staff_access(user=alice, store_id=store.pk)
            assert by is not None
            device_services.revoke(by=by, device_id=device.pk)

    device, token = await later(pair)
    async with Socket(path(store, "hot"), token) as screen:
        assert await screen.next() == {"type": "closed", "code": 4403}
    async with Socket(path(store), token) as screen:
        assert (await screen.welcome())["station"] == "bar"
        await screen.next()
        await later(revoke, device)
        assert await screen.next() == {"type": "closed", "code": 4401}


@pytest.mark.parametrize("bad", ["", "0" * 40, "x" * 43])
async def test_nobody_is_refused_with_4401(store: Store, bad: str) -> None:
    async with Socket(path(store), bad) as screen:
        assert await screen.next() == {"type": "closed", "code": 4401}


async def test_a_stranger_and_a_courier_are_refused_with_4403(store: Store, other_store: Store, charlie: User) -> None:
    def tokens() -> list[str]:
        return [logins.open_with_token(user=user) for user in (charlie, make_staff(store, Role.COURIER))]

    for token in await later(tokens):
        async with Socket(path(store), token) as screen:
            assert await screen.next() == {"type": "closed", "code": 4403}


async def test_a_screen_of_another_store_is_refused_with_4403(store: Store, other_store: Store) -> None:
    _device, token = await later(lambda: make_screen(other_store))
    async with Socket(path(store), token) as screen:
        assert await screen.next() == {"type": "closed", "code": 4403}


def test_a_frame_asks_the_database_nothing(store: Store) -> None:
    order_one(store)
    event = Event.objects.get(store=store, name="ticket.created")
    consumer = KitchenConsumer()
    consumer.view = View()
    with CaptureQueriesContext(connection) as captured:
        frame = consumer.frame(event)
    assert frame is not None and frame["ticket"]["items"]
    assert len(captured) == 0


def test_a_snapshot_takes_the_same_number_of_statements_however_many_tickets(store: Store) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            open_now(store)
        return len(captured)

    order_one(store)
    before = count()
    for _each in range(4):
        order_one(store)
    assert count() == before == 2
