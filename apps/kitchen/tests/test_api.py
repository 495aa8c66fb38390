"""Who may see and do what in a kitchen, lists that cost the same however long they are, and the care of stations."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.kitchen.models import Station, Ticket
from apps.kitchen.tests.conftest import Kitchen, screen
from apps.kitchen.tests.factories import make_category, make_screen, make_station, outlet_of, place, tickets_of
from apps.stores.models import Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.tests.factories import ALL_DAY, make_product, make_staff, make_store
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db


def as_user(store: Store, user: User) -> Kitchen:
    return screen(store, f"Token {logins.open_with_token(user=user)}")


def as_role(store: Store, role: str) -> Kitchen:
    return as_user(store, make_staff(store, role))


VERBS = ("start/", "done/", "bump/", "recall/", "ack/", "undo/")


def test_nobody_sees_a_kitchen_without_a_login(store: Store) -> None:
    (ticket,) = tickets_of(place(store, make_product(store)))
    nobody = screen(store)
    assert {nobody.get(path).status_code for path in ("tickets/", "stations/", "all-day/")} == {401}
    assert {nobody.post(f"tickets/{ticket.pk}/{verb}").status_code for verb in VERBS} == {401}


def test_another_stores_owner_gets_the_same_404_as_for_no_store(
    store: Store, other_store: Store, charlie: User
) -> None:
    (ticket,) = tickets_of(place(store, make_product(store)))
    stranger = as_user(store, charlie)
    answer = stranger.get("tickets/")
    assert (answer.status_code, answer.json()["code"]) == (404, "store_not_found")
    assert {stranger.post(f"tickets/{ticket.pk}/{verb}").status_code for verb in VERBS} == {404}
    own = as_user(other_store, charlie)
    assert {own.post(f"tickets/{ticket.pk}/{verb}").status_code for verb in VERBS} == {404}
    with scope(store.pk):
        assert Ticket.objects.get(pk=ticket.pk).status == "queued"


@pytest.mark.parametrize(
    ("role", "sees", "works", "edits"),
    [
        (Role.OWNER, 200, 200, 201), (Role.MANAGER, 200, 200, 201), (Role.KITCHEN, 200, 200, 403), (Role.CASHIER, 200, 403, 403),
        (Role.ATTENDANT, 200, 403, 403), (Role.COURIER, 403, 403, 403), (Role.SUPPORT, 403, 403, 403), (Role.MARKETING, 403, 403, 403),
    ],
)  # fmt: skip
def test_each_role_may_do_its_part(store: Store, role: str, sees: int, works: int, edits: int) -> None:
    (ticket,) = tickets_of(place(store, make_product(store)))
    person = as_role(store, role)
    assert person.get("tickets/").status_code == sees
    assert person.post(f"tickets/{ticket.pk}/start/").status_code == works
    assert person.post("stations/", {"name": "Grill"}).status_code == edits
    with scope(store.pk):
        assert (Ticket.objects.get(pk=ticket.pk).status == "in_progress") is (works == 200)
        assert Station.objects.filter(slug="grill").exists() is (edits == 201)


def test_a_paired_screen_works_its_own_station_and_sees_no_other(store: Store) -> None:
    drinks = make_category(store, "drinks")
    make_station(store, "hot", position=0)
    make_station(store, "bar", position=1, categories=[drinks])
    order = place(store, make_product(store, "stew"), make_product(store, "juice", category=drinks))
    hot, bar = tickets_of(order)
    _device, token = make_screen(store, station="bar")
    tablet = screen(store, f"Device {token}")
    assert [row["id"] for row in tablet.tickets()] == [str(bar.pk)]
    assert [row["slug"] for row in tablet.get("stations/").json()["results"]] == ["bar"]
    assert tablet.get("tickets/", station="hot").status_code == 404
    assert tablet.post(f"tickets/{hot.pk}/start/").status_code == 404
    assert tablet.post(f"tickets/{bar.pk}/start/").status_code == 200
    assert tablet.get("all-day/").json()["results"][0]["name"] == "Juice"


def test_a_screen_of_another_store_is_a_stranger(store: Store, other_store: Store) -> None:
    _device, token = make_screen(other_store)
    assert screen(store, f"Device {token}").get("tickets/").status_code == 404


def test_a_revoked_screen_is_nobody(store: Store) -> None:
    device, token = make_screen(store)
    with scope(store.pk):
        type(device).objects.filter(pk=device.pk).update(revoked_at=device.created_at)
    assert screen(store, f"Device {token}").get("tickets/").status_code == 401


def test_staff_of_one_outlet_see_only_its_tickets(store: Store, carla: User, kitchen: Kitchen) -> None:
    place(store, make_product(store))
    assert len(kitchen.tickets()) == 1
    with scope(store.pk):
        second = Outlet.objects.create(store_id=store.pk, slug="second", name="Second", hours=ALL_DAY, position=1)
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=carla), outlet=second)
    assert kitchen.tickets() == []
    assert kitchen.get("stations/").json()["results"] == []


def test_open_is_oldest_first_and_bumped_is_last_bump_first(kitchen: Kitchen, store: Store) -> None:
    product = make_product(store)
    first, second, third = (place(store, product).display_number for _each in range(3))
    assert [row["number"] for row in kitchen.tickets()] == [first, second, third]
    for row in kitchen.tickets()[:2]:
        kitchen.post(f"tickets/{row['id']}/start/")
        kitchen.post(f"tickets/{row['id']}/done/", {"bump": True})
    assert [row["number"] for row in kitchen.tickets()] == [third]
    assert [row["number"] for row in kitchen.tickets(status="bumped")] == [second, first]
    assert [row["number"] for row in kitchen.tickets(status="all")] == [third, second, first]
    assert len(kitchen.tickets(status="all", limit=2)) == 2


@pytest.mark.parametrize(
    "query",
    [{"status": "nonsense"}, {"limit": "0x1"}, {"limit": "9" * 22}, {"station": "no such slug!"}, {"page": "-1"}],
)
def test_nonsense_in_the_query_is_a_400(kitchen: Kitchen, query: dict[str, str]) -> None:
    answer = kitchen.get("tickets/", **query)
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"]


@pytest.mark.parametrize("path", ["tickets/", "all-day/", "stations/"])
def test_a_list_takes_the_same_number_of_statements_however_long(kitchen: Kitchen, store: Store, path: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert kitchen.get(path).status_code == 200
        return len(captured)

    place(store, make_product(store))
    kitchen.get(path)
    before = count()
    for name in ("hot", "cold", "bar"):
        make_station(store, name, products=[make_product(store)])
    for _each in range(5):
        place(store, make_product(store), make_product(store))
    assert count() == before <= 8


def test_the_totals_group_the_same_thing_with_the_same_options(kitchen: Kitchen, store: Store) -> None:
    soup, bread = make_product(store, "soup"), make_product(store, "bread")
    place(store, soup, quantity=2)
    place(store, soup, bread, quantity=3)
    ticket = kitchen.tickets()[1]
    kitchen.post(f"tickets/{ticket['id']}/items/{ticket['items'][1]['id']}/done/")
    assert kitchen.get("all-day/").json()["results"] == [{"name": "Soup", "lines": [], "quantity": 5, "tickets": 2}]


def test_a_pizza_that_two_stations_work_on_is_one_pizza_in_the_totals(kitchen: Kitchen, store: Store) -> None:
    pizzas = make_category(store, "pizzas")
    for name in ("assembly", "oven"):
        make_station(store, name, categories=[pizzas])
    place(store, make_product(store, "calabresa", category=pizzas), quantity=2)
    totals = kitchen.get("all-day/").json()["results"]
    assert [(row["quantity"], row["tickets"]) for row in totals] == [(2, 2)]
    assert [row["quantity"] for row in kitchen.get("all-day/", station="oven").json()["results"]] == [2]


# -- stations ---------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(store: Store, alice: User) -> Kitchen:
    """The owner."""
    return as_user(store, alice)


def test_a_station_is_made_with_its_routes(boss: Kitchen, store: Store) -> None:
    drinks, juice = make_category(store, "drinks"), make_product(store, "juice")
    body = {
        "name": "Bar & Juices",
        "categories": [str(drinks.pk)],
        "products": [str(juice.pk)],
        "target_minutes": 4,
        "overdue_minutes": 7,
    }
    answer = boss.post("stations/", body)
    assert answer.status_code == 201, answer.json()
    made = answer.json()
    assert (made["slug"], made["outlet"]) == ("bar-juices", str(outlet_of(store).pk))
    assert (made["categories"], made["products"]) == ([str(drinks.pk)], [str(juice.pk)])
    assert boss.get("stations/").json()["results"] == [made]
    assert boss.get(f"stations/{made['id']}/").json() == made


def test_routes_are_replaced_by_kind_and_only_when_given(boss: Kitchen, store: Store) -> None:
    drinks, juice = make_category(store, "drinks"), make_product(store, "juice")
    station = boss.post(
        "stations/", {"name": "Bar", "categories": [str(drinks.pk)], "products": [str(juice.pk)]}
    ).json()
    renamed = boss.patch(f"stations/{station['id']}/", {"name": "Long bar"}).json()
    assert (renamed["name"], renamed["categories"], renamed["products"]) == (
        "Long bar",
        station["categories"],
        station["products"],
    )
    emptied = boss.patch(f"stations/{station['id']}/", {"categories": []}).json()
    assert (emptied["categories"], emptied["products"]) == ([], station["products"])


def test_targets_decide_when_a_ticket_is_late(boss: Kitchen, store: Store) -> None:
    boss.post("stations/", {"name": "Fast", "target_minutes": 3, "overdue_minutes": 5})
    (ticket,) = tickets_of(place(store, make_product(store)))
    assert (ticket.due_at - ticket.fire_at).total_seconds() == 180
    assert (ticket.overdue_at - ticket.fire_at).total_seconds() == 300


Refusal = tuple[Callable[[Store], dict[str, Any]], int, str]
REFUSALS: list[Refusal] = [
    (lambda store: {"name": ""}, 400, "invalid"),
    (lambda store: {"name": "X", "target_minutes": 20, "overdue_minutes": 10}, 400, "invalid"),
    (lambda store: {"name": "X", "target_minutes": 0}, 400, "invalid"),
    (lambda store: {"name": "X", "outlet": "not-a-uuid"}, 400, "invalid"),
    (lambda store: {"name": "X", "outlet": str(outlet_of(make_store()).pk)}, 400, "invalid"),
    (lambda store: {"name": "X", "categories": [str(make_category(make_store(), "theirs").pk)]}, 400, "invalid"),
    (lambda store: {"name": "X", "products": [str(make_product(make_store()).pk)]}, 400, "invalid"),
    (lambda store: {"name": "X", "slug": "hot"}, 409, "station_exists"),
]


@pytest.mark.parametrize(("body", "status", "code"), REFUSALS)
def test_a_bad_station_is_refused_and_nothing_is_made(
    boss: Kitchen, store: Store, body: Callable[[Store], dict[str, Any]], status: int, code: str
) -> None:
    make_station(store, "hot")
    answer = boss.post("stations/", body(store))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    with scope(store.pk):
        assert Station.objects.count() == 1


def test_another_stores_station_is_not_found(boss: Kitchen, other_store: Store) -> None:
    theirs = make_station(other_store, "theirs")
    assert boss.get(f"stations/{theirs.pk}/").status_code == 404
    assert boss.patch(f"stations/{theirs.pk}/", {"name": "Mine"}).status_code == 404
    assert boss.client.delete(f"{boss.base}stations/{theirs.pk}/").status_code == 404
    with scope(other_store.pk):
        assert Station.objects.get().name == "Theirs"


def test_a_station_with_open_tickets_cannot_be_closed(boss: Kitchen, store: Store) -> None:
    make_station(store, "hot", position=0)
    spare = make_station(store, "spare", position=1)
    (ticket,) = tickets_of(place(store, make_product(store)))
    busy = boss.client.delete(f"{boss.base}stations/{ticket.station_id}/")
    assert (busy.status_code, busy.json()["code"]) == (409, "station_busy")
    assert boss.client.delete(f"{boss.base}stations/{spare.pk}/").status_code == 204
    assert [row["slug"] for row in boss.get("stations/").json()["results"]] == ["hot"]
