"""One tap starts, one tap finishes: what that does to ticket, items, order and log, and what is refused."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.events.models import Event
from apps.kitchen.tests.conftest import Kitchen
from apps.kitchen.tests.factories import make_category, make_station, place, tickets_of
from apps.stores.models import Order, Store
from apps.stores.tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(store: Store) -> Order:
    """Two things, made at one station."""
    return place(store, make_product(store, "soup"), make_product(store, "bread"))


@pytest.fixture
def ticket(kitchen: Kitchen, order: Order) -> dict[str, Any]:
    """Its ticket."""
    return kitchen.tickets()[0]


def status_of(order: Order) -> str:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk).status


def facts_of(ticket: dict[str, Any]) -> list[str]:
    return list(Event.objects.filter(subject_id=ticket["id"]).order_by("seq").values_list("name", flat=True))


def test_a_start_begins_ticket_items_and_order(kitchen: Kitchen, ticket: dict[str, Any], order: Order) -> None:
    answer = kitchen.post(f"tickets/{ticket['id']}/start/")
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["status"], body["revision"], {item["status"] for item in body["items"]}) == (
        "in_progress",
        2,
        {"started"},
    )
    assert body["started_at"] and body["ack_at"] and all(item["started_at"] for item in body["items"])
    assert status_of(order) == "preparing"
    assert facts_of(ticket) == ["ticket.created", "ticket.started"]
    assert kitchen.tickets()[0] == body


def test_a_finish_makes_everything_done_and_the_order_ready(
    kitchen: Kitchen, ticket: dict[str, Any], order: Order
) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    body = kitchen.post(f"tickets/{ticket['id']}/done/").json()
    assert (body["status"], {item["status"] for item in body["items"]}) == ("done", {"done"})
    assert status_of(order) == "ready"
    assert [row["id"] for row in kitchen.tickets()] == [ticket["id"]]


def test_a_finish_may_clear_the_screen_with_the_same_tap(
    kitchen: Kitchen, ticket: dict[str, Any], order: Order
) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    body = kitchen.post(f"tickets/{ticket['id']}/done/", {"bump": True}).json()
    assert body["status"] == "bumped" and body["done_at"] and body["bumped_at"]
    assert kitchen.tickets() == []
    assert [row["id"] for row in kitchen.tickets(status="bumped")] == [ticket["id"]]
    assert facts_of(ticket)[-2:] == ["ticket.done", "ticket.bumped"]


def test_the_actor_of_every_step_is_the_cook(
    kitchen: Kitchen, ticket: dict[str, Any], order: Order, carla: Any
) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    fact = Event.objects.get(subject_id=str(order.pk), name="order.preparing")
    assert (fact.actor_kind, fact.actor_id) == ("staff", str(carla.pk))


@pytest.mark.parametrize("verb", ["done", "bump", "recall", "undo"])
def test_a_queued_ticket_can_only_be_started(kitchen: Kitchen, ticket: dict[str, Any], order: Order, verb: str) -> None:
    answer = kitchen.post(f"tickets/{ticket['id']}/{verb}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert kitchen.tickets() == [ticket]
    assert (status_of(order), facts_of(ticket)) == ("confirmed", ["ticket.created"])


def test_the_second_of_two_taps_on_start_is_refused(kitchen: Kitchen, ticket: dict[str, Any]) -> None:
    assert kitchen.post(f"tickets/{ticket['id']}/start/").status_code == 200
    answer = kitchen.post(f"tickets/{ticket['id']}/start/")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert facts_of(ticket) == ["ticket.created", "ticket.started"]


def test_undo_after_a_start_puts_the_ticket_back_in_line(
    kitchen: Kitchen, ticket: dict[str, Any], order: Order
) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    body = kitchen.post(f"tickets/{ticket['id']}/undo/").json()
    assert (body["status"], {item["status"] for item in body["items"]}) == ("queued", {"pending"})
    assert status_of(order) == "preparing"


def test_undo_after_a_finish_brings_the_ticket_back(kitchen: Kitchen, ticket: dict[str, Any], order: Order) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    kitchen.post(f"tickets/{ticket['id']}/done/", {"bump": True})
    body = kitchen.post(f"tickets/{ticket['id']}/undo/").json()
    assert (body["status"], {item["status"] for item in body["items"]}) == ("in_progress", {"started"})
    assert facts_of(ticket)[-1] == "ticket.recalled"


def test_a_recall_after_ready_leaves_the_order_ready_and_a_second_finish_tells_nobody(
    kitchen: Kitchen, ticket: dict[str, Any], order: Order
) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    kitchen.post(f"tickets/{ticket['id']}/done/", {"bump": True})
    recalled = kitchen.post(f"tickets/{ticket['id']}/recall/").json()
    assert recalled["status"] == "in_progress" and recalled["recalled_at"]
    assert status_of(order) == "ready"
    assert kitchen.post(f"tickets/{ticket['id']}/done/").status_code == 200
    assert Event.objects.filter(subject_id=str(order.pk), name="order.ready").count() == 1


def test_an_order_is_ready_only_when_every_station_is_done(kitchen: Kitchen, store: Store) -> None:
    drinks = make_category(store, "drinks")
    make_station(store, "hot", position=0)
    make_station(store, "bar", position=1, categories=[drinks])
    order = place(store, make_product(store, "stew"), make_product(store, "juice", category=drinks))
    hot, bar = [str(ticket.pk) for ticket in tickets_of(order)]
    for ticket in (hot, bar):
        kitchen.post(f"tickets/{ticket}/start/")
    kitchen.post(f"tickets/{hot}/done/")
    assert status_of(order) == "preparing"
    kitchen.post(f"tickets/{bar}/done/")
    assert status_of(order) == "ready"


def test_crossing_off_the_last_item_finishes_ticket_and_order(
    kitchen: Kitchen, ticket: dict[str, Any], order: Order
) -> None:
    soup, bread = (item["id"] for item in ticket["items"])
    body = kitchen.post(f"tickets/{ticket['id']}/items/{soup}/done/").json()
    assert (body["status"], [item["status"] for item in body["items"]]) == ("in_progress", ["done", "pending"])
    assert status_of(order) == "preparing"
    body = kitchen.post(f"tickets/{ticket['id']}/items/{bread}/done/").json()
    assert (body["status"], status_of(order)) == ("done", "ready")
    assert facts_of(ticket) == ["ticket.created", "ticket.started", "ticket.done"]


def test_an_item_can_be_started_and_taken_back_step_by_step(kitchen: Kitchen, ticket: dict[str, Any]) -> None:
    path = f"tickets/{ticket['id']}/items/{ticket['items'][0]['id']}"
    seen = [kitchen.post(f"{path}/{verb}/").json()["items"][0]["status"] for verb in ("start", "done", "undo", "undo")]
    assert seen == ["started", "done", "started", "pending"]
    answer = kitchen.post(f"{path}/undo/")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_taking_the_last_item_back_reopens_the_ticket(kitchen: Kitchen, ticket: dict[str, Any]) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    kitchen.post(f"tickets/{ticket['id']}/done/")
    body = kitchen.post(f"tickets/{ticket['id']}/items/{ticket['items'][0]['id']}/undo/").json()
    assert (body["status"], [item["status"] for item in body["items"]]) == ("in_progress", ["started", "done"])


def test_an_item_that_fell_is_made_again_and_the_reason_is_kept(kitchen: Kitchen, ticket: dict[str, Any]) -> None:
    kitchen.post(f"tickets/{ticket['id']}/start/")
    kitchen.post(f"tickets/{ticket['id']}/done/", {"bump": True})
    path = f"tickets/{ticket['id']}/items/{ticket['items'][0]['id']}/remake/"
    assert kitchen.post(path, {}).status_code == 400
    body = kitchen.post(path, {"reason": "fell"}).json()
    assert body["status"] == "in_progress"
    old, new, _bread = sorted(body["items"], key=lambda item: (item["name"] != "Soup", item["status"] != "remade"))
    assert (old["status"], old["remake_reason"], new["status"], new["remake_of"]) == (
        "remade",
        "fell",
        "pending",
        old["id"],
    )


def test_acknowledging_a_new_ticket_only_silences_it_and_twice_is_fine(
    kitchen: Kitchen, ticket: dict[str, Any]
) -> None:
    body = kitchen.post(f"tickets/{ticket['id']}/ack/").json()
    assert body["status"] == "queued" and body["ack_at"]
    assert kitchen.post(f"tickets/{ticket['id']}/ack/").json() == body
    assert facts_of(ticket) == ["ticket.created", "ticket.acknowledged"]


def test_an_order_that_left_by_another_road_leaves_the_screens(
    kitchen: Kitchen, store: Store, order: Order, alice: Any, client_for: Any
) -> None:
    from apps.events import relay

    board = client_for(alice)
    for status in ("preparing", "ready", "completed"):
        if status == "completed":
            board.post(f"/api/v1/stores/s/{store.slug}/orders/{order.pk}/mark_paid/", {}, format="json")
        answer = board.post(
            f"/api/v1/stores/s/{store.slug}/orders/{order.pk}/update_status/", {"status": status}, format="json"
        )
        assert answer.status_code == 200, answer.content
    relay.drain()
    assert kitchen.tickets() == []


def test_a_tap_takes_the_same_number_of_statements_however_big_the_order(kitchen: Kitchen, store: Store) -> None:
    small = place(store, make_product(store))
    big = place(store, *[make_product(store) for _each in range(6)])
    few, many = (statements_of_a_start(kitchen, order) for order in (small, big))
    assert len(few) == len(many) <= 20, few


def statements_of_a_start(kitchen: Kitchen, order: Order) -> list[str]:
    (ticket,) = tickets_of(order)
    with CaptureQueriesContext(connection) as captured:
        assert kitchen.post(f"tickets/{ticket.pk}/start/").status_code == 200
    return [row["sql"][:140] for row in captured.captured_queries]
