"""The same ticket, the same moment, two cooks. Each race comes with a control that takes the guard away and must go wrong."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

from apps.core.scope import scope
from apps.events.models import Event
from apps.events.services import unit_of_work
from apps.kitchen.models import Ticket, TicketItem
from apps.kitchen.queries.tickets import View
from apps.kitchen.services import locks, make, work
from apps.kitchen.services.locks import Board
from apps.kitchen.tests.factories import ACTOR, make_category, make_station, place, tickets_of
from apps.stores.models import CancelKind, Order, Store
from apps.stores.services import orders
from apps.stores.tests.factories import make_product

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = View()


def at_once(store: Store, *calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; what they return or raise, in order."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place_: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(5)
            with scope(store.pk):
                results[place_] = call()
        except Exception as error:  # the outcome is what is asserted
            results[place_] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    return results


@pytest.fixture
def two_stations(store: Store) -> Order:
    """An order with one ticket at each of two stations, both started."""
    drinks = make_category(store, "drinks")
    make_station(store, "hot", position=0)
    make_station(store, "bar", position=1, categories=[drinks])
    order = place(store, make_product(store, "stew"), make_product(store, "juice", category=drinks))
    with scope(store.pk):
        for ticket in tickets_of(order):
            work.start(ticket_id=ticket.pk, view=EVERYTHING, actor=ACTOR)
    return order


def finishing(order: Order) -> list[Callable[[], Any]]:
    def finish(ticket: Ticket) -> Callable[[], Any]:
        return lambda: work.finish(ticket_id=ticket.pk, view=EVERYTHING, actor=ACTOR)

    return [finish(ticket) for ticket in tickets_of(order)]


def ready_facts(order: Order) -> int:
    return Event.objects.filter(subject_id=str(order.pk), name="order.ready").count()


def without_locks(monkeypatch: pytest.MonkeyPatch, barrier: threading.Barrier) -> None:
    """The control: read the board without locking it, both cooks before either writes."""

    def unlocked(order_id: Any) -> Board:
        board = Board(
            order=Order.objects.get(pk=order_id),
            tickets=list(Ticket.objects.filter(order_id=order_id).select_related("station")),
        )
        for item in TicketItem.objects.filter(ticket__order_id=order_id):
            board.items.setdefault(item.ticket_id, []).append(item)
        barrier.wait(5)
        return board

    monkeypatch.setattr(work, "lock_board", unlocked)


def test_two_stations_finishing_together_make_the_order_ready_exactly_once(store: Store, two_stations: Order) -> None:
    results = at_once(store, *finishing(two_stations))
    assert [result["status"] for result in results] == ["done", "done"]
    with scope(store.pk):
        assert Order.objects.get(pk=two_stations.pk).status == "ready"
    assert ready_facts(two_stations) == 1


def test_control_without_the_lock_nobody_sees_that_everything_is_done(
    store: Store, two_stations: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_locks(monkeypatch, threading.Barrier(2))
    at_once(store, *finishing(two_stations))
    with scope(store.pk):
        assert Order.objects.get(pk=two_stations.pk).status == "preparing"
    assert ready_facts(two_stations) == 0


def test_two_screens_that_tap_start_together_start_once(store: Store) -> None:
    order = place(store, make_product(store))
    (ticket,) = tickets_of(order)
    results = at_once(store, *[lambda: work.start(ticket_id=ticket.pk, view=EVERYTHING, actor=ACTOR)] * 4)
    assert sorted(getattr(result, "code", "won") for result in results) == ["illegal_transition"] * 3 + ["won"]
    assert Event.objects.filter(subject_id=str(ticket.pk), name="ticket.started").count() == 1
    assert Event.objects.filter(subject_id=str(order.pk), name="order.preparing").count() == 1


def test_a_cancellation_and_a_finish_do_not_deadlock_and_one_of_them_wins(store: Store, two_stations: Order) -> None:
    def cancel() -> Any:
        return orders.cancel_order(order_id=two_stations.pk, actor=ACTOR, kind=CancelKind.BY_STORE, reason="no gas")

    results = at_once(store, cancel, *finishing(two_stations))
    assert not isinstance(results[0], Exception), results
    refused = [getattr(result, "code", "won") for result in results[1:]]
    assert set(refused) <= {"won", "illegal_transition"}
    with scope(store.pk):
        assert Order.objects.get(pk=two_stations.pk).status == "cancelled"
        assert not Ticket.objects.filter(kind="new", status__in=["queued", "in_progress", "done"]).exists()


def test_tickets_made_twice_at_once_are_made_once(store: Store) -> None:
    order = place(store, make_product(store))
    forget(order)
    results = at_once(store, *[lambda: making(order)] * 3)
    assert len(tickets_of(order)) == 1
    assert all(result is None or "ticket_new_once" in str(result) for result in results)


def test_control_without_the_constraint_the_food_is_made_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    order = place(store, make_product(store))
    forget(order)
    barrier, send = threading.Barrier(3), make.send

    def together(*args: Any, **kwargs: Any) -> None:
        barrier.wait(5)
        send(*args, **kwargs)

    monkeypatch.setattr(make, "send", together)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX ticket_new_once")
    try:
        at_once(store, *[lambda: making(order)] * 3)
        assert len(tickets_of(order)) == 3
    finally:
        forget(order)
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX ticket_new_once ON kitchen_tickets (order_id, station_id) WHERE kind = 'new'"
            )


def making(order: Order) -> None:
    with unit_of_work():
        make.tickets_for_order(order_id=order.pk, actor=ACTOR)


def forget(order: Order) -> None:
    with scope(order.store_id):
        TicketItem.objects.filter(ticket__order=order).delete()
        Ticket.objects.filter(order=order).delete()


def test_every_step_takes_the_orders_lock_before_the_tickets(store: Store) -> None:
    from django.test.utils import CaptureQueriesContext

    order = place(store, make_product(store))
    with scope(store.pk), unit_of_work(), CaptureQueriesContext(connection) as captured:
        locks.lock_board(order.pk)
    locking = [
        row["sql"]
        for row in captured.captured_queries
        if "FOR UPDATE" in row["sql"] or "FOR NO KEY UPDATE" in row["sql"]
    ]
    assert ['FROM "store_orders"' in sql for sql in locking] == [True, False]
    assert 'ORDER BY "kitchen_tickets"."id"' in locking[1]
