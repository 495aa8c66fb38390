"""A combo is cooked where its parts are: every part at its own station, and what is taken back is taken back there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.events.services import unit_of_work
from apps.kitchen.models import Ticket, TicketItem
from apps.kitchen.services import LineChange, make, order_changed
from apps.kitchen.tests.conftest import Kitchen
from apps.kitchen.tests.factories import ACTOR, make_category, make_station, tickets_of
from apps.stores.models import Category, Combo, ComboSlot, Order, OrderItem, Product, Store
from apps.stores.tests.factories import bump, make_combo, make_product

pytestmark = pytest.mark.django_db
Rows = dict[str, list[tuple[str, int]]]


class House:
    """A grill for burgers, a bar for drinks, and a station that comes first and gets what nobody else wants."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.mains, self.drinks = make_category(store, "mains"), make_category(store, "drinks")
        make_station(store, "pass", position=0)
        make_station(store, "grill", position=1, categories=[self.mains])
        make_station(store, "bar", position=2, categories=[self.drinks])
        self.burger = make_product(store, "burger", category=self.mains)
        self.beer = make_product(store, "beer", category=self.drinks)

    def combo(self, *parts: Product, beers: int = 1) -> Combo:
        """A combo of the parts; `beers` of the last one."""
        combo = make_combo(self.store, "meal", parts=[*parts])
        with scope(self.store.pk):
            last = ComboSlot.objects.order_by("-position")[0]
            ComboSlot.objects.filter(pk=last.pk).update(min=beers, max=beers)
        bump(self.store)
        return combo

    def order(self, combo: Combo, quantity: int = 1) -> Order:
        """A guest's confirmed order of so many combos."""
        client = APIClient()
        client.credentials(HTTP_X_CART_KEY="cart_combo")
        base = f"/api/v1/stores/s/{self.store.slug}/"
        added = client.post(
            base + "cart/add/", {"combo_id": str(combo.pk), "quantity": quantity, "notes": "quick"}, format="json"
        )
        assert added.status_code == 200, added.content
        wish = {"customer_name": "Ana", "customer_phone": "63999998888", "payment_method": "cash"}
        placed = client.post(base + "checkout/", {**wish, "delivery_method": "pickup"}, format="json")
        assert placed.status_code == 201, placed.content
        with scope(self.store.pk):
            return Order.objects.get(pk=UUID(placed.json()["order_id"]))


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def made(order: Order, which: Callable[[Ticket], bool] = lambda ticket: True) -> Rows:
    with scope(order.store_id):
        return {
            ticket.station.slug: [(item.name, item.live_quantity) for item in ticket.items.order_by("position")]
            for ticket in tickets_of(order)
            if which(ticket)
        }


def item_of(order: Order, name: str) -> TicketItem:
    with scope(order.store_id):
        return TicketItem.objects.get(ticket__order=order, name=name)


def test_each_part_is_made_at_its_own_station(house: House) -> None:
    order = house.order(house.combo(house.burger, house.beer, beers=2), quantity=3)
    assert made(order) == {"grill": [("Burger", 3)], "bar": [("Beer", 6)]}
    item = item_of(order, "Beer")
    assert (item.lines, item.notes) == ([{"level": 0, "text": "Meal", "kind": "combo"}], "quick")


def test_a_part_is_routed_by_its_product_before_its_category(house: House, store: Store) -> None:
    make_station(store, "tap", position=3, products=[house.beer])
    order = house.order(house.combo(house.burger, house.beer))
    assert made(order) == {"grill": [("Burger", 1)], "tap": [("Beer", 1)]}


def test_a_part_that_leads_nowhere_goes_the_way_of_its_combo(house: House, store: Store) -> None:
    bread = make_product(store, "bread")
    combo = house.combo(bread, house.beer)
    assert made(house.order(combo)) == {"pass": [("Bread", 1)], "bar": [("Beer", 1)]}
    with scope(store.pk):
        food = Category.objects.get(slug="food")
        Combo.objects.filter(pk=combo.pk).update(category=house.mains)
        assert food.pk == bread.category_id
    bump(store)
    assert made(house.order(combo)) == {"grill": [("Bread", 1)], "bar": [("Beer", 1)]}


def test_a_combo_takes_no_more_statements_than_a_line(house: House) -> None:
    order = house.order(house.combo(house.burger, house.beer))
    with scope(order.store_id), unit_of_work():
        TicketItem.objects.filter(ticket__order=order).delete()
        Ticket.objects.filter(order=order).delete()
        with CaptureQueriesContext(connection) as captured:
            make.tickets_for_order(order_id=order.pk, actor=ACTOR)
    assert len(captured) == 2


def test_one_combo_less_is_one_burger_and_two_beers_less(house: House) -> None:
    order = house.order(house.combo(house.burger, house.beer, beers=2), quantity=3)
    with scope(order.store_id), unit_of_work():
        line = OrderItem.objects.get(order=order)
        order_changed(order, removed=[LineChange(item=line, quantity=1)], actor=ACTOR)
    assert made(order, lambda ticket: ticket.kind == "new") == {"grill": [("Burger", 2)], "bar": [("Beer", 4)]}
    cancels = {ticket.station.slug for ticket in tickets_of(order) if ticket.kind == "cancel"}
    assert cancels == {"grill", "bar"}


def test_one_combo_more_is_told_to_both(house: House) -> None:
    order = house.order(house.combo(house.burger, house.beer, beers=2))
    with scope(order.store_id), unit_of_work():
        line = OrderItem.objects.get(order=order)
        order_changed(order, added=[LineChange(item=line, quantity=2)], actor=ACTOR)
    assert made(order, lambda ticket: ticket.kind == "add") == {"grill": [("Burger", 2)], "bar": [("Beer", 4)]}


def test_a_combo_of_an_older_snapshot_stays_one_item(house: House) -> None:
    order = house.order(house.combo(house.burger, house.beer))
    with scope(order.store_id), unit_of_work():
        TicketItem.objects.filter(ticket__order=order).delete()
        Ticket.objects.filter(order=order).delete()
        line = OrderItem.objects.get(order=order)
        parts: list[dict[str, Any]] = [{"name": part["name"], "quantity": 1} for part in line.options["parts"]]
        OrderItem.objects.filter(pk=line.pk).update(options={"parts": parts})
        make.tickets_for_order(order_id=order.pk, actor=ACTOR)
    assert made(order) == {"pass": [("Meal", 1)]}


def test_in_the_totals_of_the_day_a_beer_is_a_beer(house: House, kitchen: Kitchen) -> None:
    order = house.order(house.combo(house.burger, house.beer))
    client = APIClient()
    client.credentials(HTTP_X_CART_KEY="cart_beer")
    base = f"/api/v1/stores/s/{order.store.slug}/"
    client.post(base + "cart/add/", {"product_id": str(house.beer.pk)}, format="json")
    wish = {"customer_name": "Ana", "customer_phone": "63999998888", "payment_method": "cash"}
    assert client.post(base + "checkout/", {**wish, "delivery_method": "pickup"}, format="json").status_code == 201
    rows = {row["name"]: row["quantity"] for row in kitchen.get("all-day/").json()["results"]}
    assert rows == {"Beer": 2, "Burger": 1}
