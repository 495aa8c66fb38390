"""`ready` is what the kitchen says, where it has a say: the board, the screen and the customer's page agree."""

from typing import Any

import pytest

from apps.core.scope import scope
from apps.events.models import Event
from apps.kitchen.tests.conftest import Kitchen
from apps.kitchen.tests.factories import make_category, make_screen, make_station, place, tickets_of
from apps.stores.models import Device, Order, Role, Store
from apps.stores.tests.factories import make_product, make_staff
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(store: Store) -> Order:
    """A soup for one station, a beer for another."""
    drinks, mains = make_category(store, "drinks"), make_category(store, "mains")
    make_station(store, "grill", categories=[mains])
    make_station(store, "bar", categories=[drinks])
    return place(store, make_product(store, "soup", category=mains), make_product(store, "beer", category=drinks))


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> Shop:
    return Shop(client_for(alice), store.slug)


def move(board: Shop, order: Order, status: str, **body: Any) -> Any:
    return board.post(f"orders/{order.pk}/update_status/", {"status": status, "notify": True, **body})


def status_of(order: Order) -> str:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk).status


def statuses(order: Order) -> dict[str, str]:
    return {ticket.station.slug: ticket.status for ticket in tickets_of(order)}


def facts(order: Order) -> int:
    return Event.objects.filter(store_id=order.store_id).count()


def test_the_board_cannot_say_ready_while_a_station_is_at_work(kitchen: Kitchen, owner: Shop, order: Order) -> None:
    bar = next(ticket for ticket in tickets_of(order) if ticket.station.slug == "bar")
    assert kitchen.post(f"tickets/{bar.pk}/start/").status_code == 200
    before = facts(order)
    answer = move(owner, order, "ready")
    assert (answer.status_code, answer.json()["code"]) == (409, "kitchen_not_done")
    assert sorted((row["station"], row["status"]) for row in answer.json()["tickets"]) == [
        ("Bar", "in_progress"), ("Grill", "queued"),
    ]  # fmt: skip
    assert (status_of(order), statuses(order)) == ("preparing", {"grill": "queued", "bar": "in_progress"})
    assert facts(order) == before


def test_a_paired_screen_counts_also_before_anybody_touched_it(owner: Shop, store: Store, order: Order) -> None:
    device, _token = make_screen(store)
    assert move(owner, order, "preparing").status_code == 200
    answer = move(owner, order, "ready")
    assert (answer.status_code, answer.json()["code"]) == (409, "kitchen_not_done")
    with scope(store.pk):
        Device.objects.filter(pk=device.pk).update(revoked_at=device.created_at)
    assert move(owner, order, "ready").status_code == 200


def test_a_cook_who_works_on_other_orders_counts(kitchen: Kitchen, owner: Shop, store: Store, order: Order) -> None:
    (other,) = tickets_of(place(store, make_product(store, "bread")))
    kitchen.post(f"tickets/{other.pk}/start/")
    move(owner, order, "preparing")
    assert move(owner, order, "ready").json()["code"] == "kitchen_not_done"


def test_the_kitchen_s_last_item_makes_it_ready(kitchen: Kitchen, order: Order) -> None:
    for ticket in tickets_of(order):
        kitchen.post(f"tickets/{ticket.pk}/start/")
        kitchen.post(f"tickets/{ticket.pk}/done/")
    assert status_of(order) == "ready"


def test_a_manager_says_why_and_what_was_open_leaves_the_screen(
    kitchen: Kitchen, store: Store, client_for: ClientFor, order: Order
) -> None:
    manager = Shop(client_for(make_staff(store, Role.MANAGER)), store.slug)
    bar = next(ticket for ticket in tickets_of(order) if ticket.station.slug == "bar")
    kitchen.post(f"tickets/{bar.pk}/start/")
    for reason in ("", "  "):
        assert move(manager, order, "ready", reason=reason).status_code == 409
    assert move(manager, order, "ready", reason="Poured at the counter.").json()["status"] == "ready"
    assert statuses(order) == {"grill": "bumped", "bar": "bumped"}
    assert kitchen.tickets() == []
    told = Event.objects.filter(subject_id=str(bar.pk)).order_by("-seq")[0]
    assert (told.name, told.payload["reason"]) == ("ticket.bumped", "Poured at the counter.")


@pytest.mark.parametrize("role", [Role.CASHIER, Role.ATTENDANT])
def test_who_is_no_manager_cannot_talk_it_ready(
    kitchen: Kitchen, store: Store, client_for: ClientFor, order: Order, role: str
) -> None:
    staff = Shop(client_for(make_staff(store, role)), store.slug)
    kitchen.post(f"tickets/{tickets_of(order)[0].pk}/start/")
    assert move(staff, order, "ready", reason="I say so.").json()["code"] == "kitchen_not_done"
    assert status_of(order) == "preparing"


def test_a_house_without_the_screen_moves_its_orders_and_the_tickets_go_along(
    kitchen: Kitchen, owner: Shop, order: Order
) -> None:
    assert move(owner, order, "preparing").status_code == 200
    assert move(owner, order, "ready").status_code == 200
    assert statuses(order) == {"grill": "bumped", "bar": "bumped"}
    assert kitchen.tickets() == []
