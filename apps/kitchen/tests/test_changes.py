"""An order that changes after it was sent: nothing is edited, every change is a ticket of its own that somebody sees."""

from collections.abc import Sequence
from typing import Any

import pytest

from apps.core.scope import scope
from apps.events.registry import Subject
from apps.events.services import record, unit_of_work
from apps.kitchen.services import LineChange, order_changed
from apps.kitchen.tests.conftest import Kitchen
from apps.kitchen.tests.factories import ACTOR, make_category, make_station, place, tickets_of
from apps.stores import facts
from apps.stores.models import CancelKind, Order, OrderItem, Product, Store
from apps.stores.services import orders
from apps.stores.tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(store: Store) -> Order:
    """Three soups and a bread."""
    soup, bread = make_product(store, "soup"), make_product(store, "bread")
    return place(store, soup, bread, quantity=3)


def line(order: Order, name: str) -> OrderItem:
    with scope(order.store_id):
        return OrderItem.objects.get(order=order, product_name=name)


def new_line(order: Order, product: Product, quantity: int = 1) -> OrderItem:
    with scope(order.store_id):
        return OrderItem.objects.create(
            store_id=order.store_id, order=order, position=90, product=product, category_id_at_sale=product.category_id,
            product_name=product.name, quantity=quantity, unit_price=10, total=10 * quantity,
        )  # fmt: skip


def change(order: Order, *, added: Sequence[Any] = (), removed: Sequence[Any] = ()) -> None:
    with scope(order.store_id), unit_of_work():
        order_changed(order, added=added, removed=removed, actor=ACTOR)


def cancel(order: Order) -> None:
    with scope(order.store_id):
        orders.cancel_order(order_id=order.pk, actor=ACTOR, kind=CancelKind.BY_STORE, reason="no gas")


def shown(kitchen: Kitchen) -> list[tuple[str, str, list[tuple[str, int, int, str]]]]:
    return [
        (
            row["kind"],
            row["status"],
            [(i["name"], i["quantity"], i["cancelled_quantity"], i["status"]) for i in row["items"]],
        )
        for row in kitchen.tickets()
    ]


def status_of(order: Order) -> str:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk).status


def test_an_added_line_is_a_ticket_of_its_own(kitchen: Kitchen, store: Store, order: Order) -> None:
    change(order, added=[new_line(order, make_product(store, "cake"), 2)])
    first, second = shown(kitchen)
    assert first == ("new", "queued", [("Soup", 3, 0, "pending"), ("Bread", 3, 0, "pending")])
    assert second == ("add", "queued", [("Cake", 2, 0, "pending")])


def test_a_removed_line_is_struck_and_told(kitchen: Kitchen, order: Order) -> None:
    change(order, removed=[line(order, "Bread")])
    first, second = shown(kitchen)
    assert first == ("new", "queued", [("Soup", 3, 0, "pending"), ("Bread", 3, 3, "cancelled")])
    assert second == ("cancel", "queued", [("Bread", 3, 3, "cancelled")])


def test_some_units_less_is_told_as_that_many(kitchen: Kitchen, order: Order) -> None:
    change(order, removed=[LineChange(item=line(order, "Soup"), quantity=2)])
    first, second = shown(kitchen)
    assert first[2][0] == ("Soup", 3, 2, "pending")
    assert second == ("cancel", "queued", [("Soup", 2, 2, "cancelled")])
    assert [(row["name"], row["quantity"]) for row in kitchen.get("all-day/").json()["results"]] == [
        ("Bread", 3),
        ("Soup", 1),
    ]


def test_one_thing_for_another_is_one_change(kitchen: Kitchen, store: Store, order: Order) -> None:
    change(order, added=[new_line(order, make_product(store, "cake"))], removed=[line(order, "Bread")])
    assert shown(kitchen)[1] == ("change", "queued", [("Bread", 3, 3, "cancelled"), ("Cake", 1, 0, "pending")])


def test_a_ticket_that_nobody_began_and_that_is_empty_is_gone_without_a_word(kitchen: Kitchen, order: Order) -> None:
    change(order, removed=[line(order, "Soup"), line(order, "Bread")])
    assert [row for row in shown(kitchen) if row[0] == "new"] == []
    assert kitchen.tickets(status="all")[-1]["status"] == "voided"


def test_removing_what_was_still_open_makes_the_order_ready(kitchen: Kitchen, order: Order) -> None:
    ticket = kitchen.tickets()[0]
    kitchen.post(f"tickets/{ticket['id']}/items/{ticket['items'][0]['id']}/done/")
    change(order, removed=[line(order, "Bread")])
    assert status_of(order) == "ready"


def test_a_change_before_the_kitchen_has_the_order_makes_no_ticket(
    kitchen: Kitchen, store: Store, order: Order
) -> None:
    with scope(store.pk):
        copy = Order.objects.get(pk=order.pk)
        copy.pk, copy.code, copy.access_token, copy.number, copy.cart_id = None, "X1", "x1", 77, None
        copy.id = Order._meta.pk.get_default()
        copy.save(force_insert=True)
    change(copy, added=[new_line(copy, make_product(store, "cake"))])
    assert tickets_of(copy) == []


def test_a_cancelled_order_nobody_began_is_off_the_screen(kitchen: Kitchen, order: Order) -> None:
    cancel(order)
    assert shown(kitchen) == []
    (ticket,) = kitchen.tickets(status="all")
    assert ticket["status"] == "voided" and ticket["voided_at"]


def test_a_cancelled_order_somebody_began_says_so_until_it_is_seen(kitchen: Kitchen, order: Order) -> None:
    kitchen.post(f"tickets/{kitchen.tickets()[0]['id']}/start/")
    cancel(order)
    (ticket,) = kitchen.tickets()
    assert (ticket["kind"], [item["status"] for item in ticket["items"]]) == ("cancel", ["cancelled", "cancelled"])
    for verb in ("start", "done", "bump", "recall"):
        answer = kitchen.post(f"tickets/{ticket['id']}/{verb}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "acknowledge_only")
    seen = kitchen.post(f"tickets/{ticket['id']}/ack/")
    assert seen.status_code == 200 and seen.json()["ack_at"]
    assert kitchen.tickets() == [] and kitchen.tickets(status="bumped") == []


def test_a_cancelled_order_that_was_cooked_and_cleared_is_still_told(kitchen: Kitchen, order: Order) -> None:
    first = kitchen.tickets()[0]["id"]
    for verb in ("start", "done", "bump"):
        assert kitchen.post(f"tickets/{first}/{verb}/").status_code == 200
    assert (status_of(order), kitchen.tickets()) == ("ready", [])
    cancel(order)
    assert shown(kitchen) == [("cancel", "queued", [("Soup", 3, 3, "cancelled"), ("Bread", 3, 3, "cancelled")])]
    (cleared,) = kitchen.tickets(status="bumped")
    assert [item["status"] for item in cleared["items"]] == ["cancelled", "cancelled"]


def test_a_cancelled_order_that_the_board_made_ready_tells_nobody(kitchen: Kitchen, order: Order) -> None:
    with scope(order.store_id):
        for status in ("preparing", "ready"):
            orders.move_order(order_id=order.pk, to=status, actor=ACTOR)
    cancel(order)
    assert kitchen.tickets() == []


def test_only_the_stations_that_began_are_told_of_the_cancellation(kitchen: Kitchen, store: Store) -> None:
    drinks = make_category(store, "drinks")
    make_station(store, "hot", position=0)
    make_station(store, "bar", position=1, categories=[drinks])
    order = place(store, make_product(store, "stew"), make_product(store, "juice", category=drinks))
    kitchen.post(f"tickets/{tickets_of(order)[0].pk}/start/")
    cancel(order)
    assert [(row["kind"], row["station"]["slug"]) for row in kitchen.tickets()] == [("cancel", "hot")]


def test_cancelling_twice_is_refused_and_tells_nothing_twice(kitchen: Kitchen, order: Order) -> None:
    kitchen.post(f"tickets/{kitchen.tickets()[0]['id']}/start/")
    cancel(order)
    with pytest.raises(Exception, match="illegal_transition"):
        cancel(order)
    assert len(kitchen.tickets()) == 1


def test_a_fact_that_names_changed_lines_tells_the_kitchen_in_the_same_transaction(
    kitchen: Kitchen, store: Store, order: Order, other_store: Store
) -> None:
    soup, cake = line(order, "Soup"), new_line(order, make_product(store, "cake"))
    theirs = place(other_store, make_product(other_store, "secret"))
    lines = {"added": {str(cake.pk): 1, str(line(theirs, "Secret").pk): 1}, "removed": {str(soup.pk): 1}}
    with scope(store.pk), unit_of_work():
        record(facts.ORDER_UPDATED, subject=Subject(type="order", id=order.pk), payload={"lines": lines}, actor=ACTOR)
    assert shown(kitchen)[1] == ("change", "queued", [("Soup", 1, 1, "cancelled"), ("Cake", 1, 0, "pending")])


def test_a_fact_without_lines_costs_the_kitchen_nothing(kitchen: Kitchen, store: Store, order: Order) -> None:
    with scope(store.pk), unit_of_work():
        record(facts.ORDER_UPDATED, subject=Subject(type="order", id=order.pk), payload={}, actor=ACTOR)
    assert len(shown(kitchen)) == 1
