"""An order that is confirmed is on the screens it belongs on: once, in the same transaction, with everything a cook needs."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.scope import scope
from apps.events.models import Event
from apps.events.services import unit_of_work
from apps.kitchen.models import Station, Ticket, TicketItem, TicketKind
from apps.kitchen.queries import routes
from apps.kitchen.services import make, stations
from apps.kitchen.tests.conftest import Kitchen
from apps.kitchen.tests.factories import ACTOR, make_category, make_station, place, tickets_of
from apps.stores.models import OrderItem, Store
from apps.stores.tests.factories import bump, make_group, make_product

pytestmark = pytest.mark.django_db


def test_an_order_is_on_the_screen_the_moment_it_is_placed(kitchen: Kitchen, store: Store) -> None:
    order = place(store, make_product(store, "lasagna"), quantity=2, notes="Ring twice")
    (ticket,) = kitchen.tickets()
    assert (ticket["number"], ticket["kind"], ticket["status"]) == (order.display_number, "new", "queued")
    assert (ticket["customer"], ticket["service"], ticket["notes"]) == ("Ana Lima", "pickup", "Ring twice")
    (item,) = ticket["items"]
    assert (item["name"], item["quantity"], item["status"]) == ("Lasagna", 2, "pending")


def test_the_fact_carries_the_whole_ticket(kitchen: Kitchen, store: Store) -> None:
    place(store, make_product(store))
    fact = Event.objects.get(store=store, name="ticket.created")
    assert fact.payload["ticket"] == kitchen.tickets()[0]


def test_a_store_without_stations_gets_a_kitchen_with_its_first_order_and_only_one(store: Store) -> None:
    product = make_product(store)
    first, second = place(store, product), place(store, product)
    with scope(store.pk):
        station = Station.objects.get()
    assert station.slug == "kitchen"
    assert [ticket.station_id for order in (first, second) for ticket in tickets_of(order)] == [station.pk, station.pk]


def test_lines_go_where_their_category_goes_and_a_line_may_go_to_several(store: Store) -> None:
    drinks, pizzas = make_category(store, "drinks"), make_category(store, "pizzas")
    make_station(store, "assembly", position=0, categories=[pizzas])
    make_station(store, "oven", position=1, categories=[pizzas])
    make_station(store, "bar", position=2, categories=[drinks])
    order = place(
        store, make_product(store, "cola", category=drinks), make_product(store, "calabresa", category=pizzas)
    )
    assert names_by_station(order) == {"assembly": ["Calabresa"], "oven": ["Calabresa"], "bar": ["Cola"]}


def test_a_category_without_routes_asks_the_ones_above_it(store: Store) -> None:
    food = make_category(store, "pizza")
    sweet = make_category(store, "sweet-pizza", make_category(store, "special-pizza", food))
    make_station(store, "first", position=0)
    make_station(store, "oven", position=1, categories=[food])
    assert names_by_station(place(store, make_product(store, "banana", category=sweet))) == {"oven": ["Banana"]}


def test_a_products_own_route_wins_over_its_category(store: Store) -> None:
    food = make_category(store, "plates")
    salad = make_product(store, "salad", category=food)
    make_station(store, "hot", position=0, categories=[food])
    make_station(store, "cold", position=1, products=[salad])
    order = place(store, salad, make_product(store, "soup", category=food))
    assert names_by_station(order) == {"hot": ["Soup"], "cold": ["Salad"]}


def test_what_no_route_names_goes_to_the_first_station(store: Store) -> None:
    make_station(store, "second", position=5)
    make_station(store, "first", position=1)
    assert names_by_station(place(store, make_product(store, "bread"))) == {"first": ["Bread"]}


def test_a_changed_route_counts_for_the_next_order(kitchen: Kitchen, store: Store) -> None:
    plates = make_category(store, "plates")
    product = make_product(store, "soup", category=plates)
    make_station(store, "hot", position=0)
    cold = make_station(store, "cold", position=1)
    assert names_by_station(place(store, product)) == {"hot": ["Soup"]}
    with scope(store.pk):
        stations.update(station=cold, fields={}, categories=[plates.pk], actor=ACTOR)
    assert names_by_station(place(store, product)) == {"cold": ["Soup"]}


def test_options_are_rows_under_the_item(kitchen: Kitchen, store: Store) -> None:
    salad = make_product(store, "salad")
    make_group(salad, "toppings", {"corn": "1.00", "egg": "2.00"}, min=0, max=5)
    selections = [
        {"group": "toppings", "option": "corn", "quantity": 2},
        {"group": "toppings", "option": "egg", "quantity": 1},
    ]
    place_with_options(store, salad, selections)
    (item,) = kitchen.tickets()[0]["items"]
    assert [(row["level"], row["text"]) for row in item["lines"]] == [(0, "2× Corn"), (0, "Egg")]
    assert item["notes"] == "well done"


def place_with_options(store: Store, product: Any, selections: list[dict[str, Any]]) -> None:
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY="cart_1b671a64-40d5-491e-99b0-da01ff1f3342")
    base = f"/api/v1/stores/s/{store.slug}/"
    body = {"product_id": str(product.pk), "quantity": 1, "options": {"selections": selections}, "notes": "well done"}
    assert client.post(base + "cart/add/", body, format="json").status_code < 300
    usual = {
        "customer_name": "Ana",
        "customer_phone": "63999998888",
        "delivery_method": "pickup",
        "payment_method": "cash",
    }
    assert client.post(base + "checkout/", usual, format="json").status_code == 201


def test_a_pending_order_is_not_in_the_kitchen_until_it_is_paid(
    kitchen: Kitchen, store: Store, client_for: Any, alice: Any
) -> None:
    order = place_pending(store)
    assert kitchen.tickets() == []
    paid = client_for(alice).post(f"/api/v1/stores/s/{store.slug}/orders/{order}/mark_paid/", {}, format="json")
    assert paid.status_code == 200, paid.content
    assert len(kitchen.tickets()) == 1


def place_pending(store: Store) -> str:
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY="cart_1b671a64-40d5-491e-99b0-da01ff1f3343")
    base = f"/api/v1/stores/s/{store.slug}/"
    client.post(base + "cart/add/", {"product_id": str(make_product(store).pk), "quantity": 1}, format="json")
    usual = {
        "customer_name": "Ana",
        "customer_phone": "63999998888",
        "delivery_method": "pickup",
        "payment_method": "pix",
    }
    body = client.post(base + "checkout/", usual, format="json").json()
    assert body["status"] == "pending"
    return str(body["order_id"])


def test_making_the_tickets_again_makes_none(store: Store) -> None:
    order = place(store, make_product(store))
    before = tickets_of(order)
    with scope(store.pk), unit_of_work():
        make.tickets_for_order(order_id=order.pk, actor=ACTOR)
    assert tickets_of(order) == before


def test_it_takes_two_statements_however_many_lines_and_stations(store: Store) -> None:
    drinks, food = make_category(store, "drinks"), make_category(store, "plates")
    for name in ("hot", "cold"):
        make_station(store, name, categories=[food])
    make_station(store, "bar", categories=[drinks])
    products = [make_product(store, category=category) for category in (drinks, food) for _each in range(5)]
    order = place(store, *products)
    with scope(store.pk), unit_of_work():
        forget_tickets(order.pk)
        with CaptureQueriesContext(connection) as captured:
            make.tickets_for_order(order_id=order.pk, actor=ACTOR)
        assert Ticket.objects.filter(order=order).count() == 3
    assert len(captured) == 2, [row["sql"][:120] for row in captured.captured_queries]


def forget_tickets(order_id: Any) -> None:
    TicketItem.objects.filter(ticket__order_id=order_id).delete()
    Ticket.objects.filter(order_id=order_id).delete()


def test_the_database_itself_refuses_a_second_new_ticket_for_an_order_and_station(store: Store) -> None:
    order = place(store, make_product(store))
    with scope(store.pk):
        lines = list(OrderItem.objects.filter(order=order).select_related("order__store"))
        places = make.stations_of(lines[0].order, make.whole(lines), version=store.catalog_version, actor=ACTOR)
        ((place_, mine),) = places.items()
        again = make.draft(lines[0].order, place_, TicketKind.NEW, now(), coming=mine)
        with pytest.raises(Exception, match="ticket_new_once"), transaction.atomic():
            make.send([again], actor=ACTOR)
    assert len(tickets_of(order)) == 1


def test_a_rolled_back_order_leaves_no_ticket(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the power went")

    product = make_product(store)
    monkeypatch.setattr("apps.events.services._append", fail)
    with pytest.raises(RuntimeError):
        place(store, product)
    with scope(store.pk):
        assert not Ticket.objects.exists()


def test_routes_are_learnt_again_after_the_menu_changed(store: Store) -> None:
    product = make_product(store)
    place(store, product)
    place(store, product)
    known = routes._tables[store.pk][0]
    bump(store)
    place(store, product)
    assert routes._tables[store.pk][0] > known


def names_by_station(order: Any) -> dict[str, list[str]]:
    with scope(order.store_id):
        return {
            ticket.station.slug: [item.name for item in ticket.items.order_by("position")]
            for ticket in tickets_of(order)
        }
