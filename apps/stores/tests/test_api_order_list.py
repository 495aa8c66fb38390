"""The list of orders over HTTP: filters, search, ordering, pages, what it costs, and whose outlets it shows."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.scope import scope
from apps.stores.models import Order, Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.queries import order_lists
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_pages() -> None:
    """No list remembered by another test: its store's log may stand at the same number."""
    order_lists._pages.clear()


def fresh(order: Order) -> Order:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk)


def listed(shop: Shop, **query: Any) -> list[str]:
    order_lists._pages.clear()  # rows made by factories are not in the log
    answer = shop.get("orders/", **query)
    assert answer.status_code == 200, answer.content
    return [row["order_number"] for row in answer.json()["results"]]


def test_the_list_is_newest_first_with_lines_and_the_types_clients_add_up(owner: Shop, store: Store) -> None:
    old = factories.make_order(store, placed_at=datetime(2026, 11, 1, tzinfo=UTC))
    new = factories.make_order(store)
    body = owner.get("orders/").json()
    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    assert [row["id"] for row in body["results"]] == [str(new.pk), str(old.pk)]
    row = body["results"][0]
    assert (row["total"], row["total_amount"], row["items_count"]) == (20, 20, 2)
    assert row["items"][0]["product_name"] == "Lasagna"
    assert isinstance(row["id"], str)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"status": "preparing"}, ["B"]),
        ({"payment_status": "paid"}, ["B"]),
        ({"payment_method": "pix"}, ["C"]),
        ({"service": "delivery"}, ["C"]),
        ({"channel": "counter"}, ["B"]),
        ({"source": "counter"}, ["B"]),
        ({"status": ""}, ["C", "B", "A"]),
        ({"status": "nonsense"}, []),
        ({"status": "a\x00b"}, []),
        ({"status": "x" * 5000}, []),
        ({"search": "#7"}, ["A"]),
        ({"search": "b"}, ["B"]),
        ({"search": "lima"}, ["C"]),
        ({"search": "9999"}, ["C"]),
        ({"search": "99999999999999999999"}, []),
        ({"search": "\x00"}, []),
        ({"search": "%"}, []),
        ({"search": "ação 🍕"}, []),
        ({"date_from": "2026-11-03"}, ["C"]),
        ({"date_to": "2026-11-01"}, ["A"]),
        ({"date_from": "2026-11-02", "date_to": "2026-11-02"}, ["B"]),
        ({"date_to": "9999-12-30"}, ["C", "B", "A"]),
        ({"ordering": "created_at"}, ["A", "B", "C"]),
        ({"ordering": "-created_at"}, ["C", "B", "A"]),
        ({"ordering": "total"}, ["B", "A", "C"]),
        ({"ordering": "-total"}, ["C", "A", "B"]),
        ({"ordering": "password"}, ["A", "B", "C"]),
        ({"page_size": "2"}, ["C", "B"]),
        ({"page_size": "2", "page": "2"}, ["A"]),
    ],
)
def test_the_list_can_be_narrowed_searched_and_ordered(
    owner: Shop, store: Store, query: dict[str, str], wanted: list[str]
) -> None:
    """Days are the store's: 01:00 UTC on the second is still the first in Araguaína."""
    factories.make_order(store, code="A", number=7, placed_at=datetime(2026, 11, 2, 1, tzinfo=UTC))
    factories.make_order(
        store, code="B", number=1000, placed_at=datetime(2026, 11, 2, 15, tzinfo=UTC), status="preparing", total=Decimal(10),
        payment_status="paid", channel="counter",
    )  # fmt: skip
    factories.make_order(
        store, code="C", number=1001, placed_at=datetime(2026, 11, 3, 15, tzinfo=UTC), customer_name="Ana Lima", total=Decimal(30),
        customer_phone="+5563999998888", service="delivery", payment_method="pix",
    )  # fmt: skip
    assert listed(owner, **query) == wanted


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"date_from": "yesterday"}, "invalid_date"),
        ({"date_to": "2026-13-01"}, "invalid_date"),
        ({"date_to": "9999-12-31"}, "invalid_date"),
        ({"date_from": "\x00"}, "invalid_date"),
        ({"page": "x"}, "invalid_page"),
        ({"page": "-1"}, "invalid_page"),
        ({"page_size": "1e9"}, "invalid_page"),
        ({"page": "٣"}, "invalid_page"),
    ],
)
def test_a_value_that_makes_no_sense_is_a_400_that_names_it(owner: Shop, query: dict[str, str], code: str) -> None:
    answer = owner.get("orders/", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert list(answer.json()["errors"]) == list(query)


@pytest.mark.parametrize("page", ["0", "2", "99999"])
def test_a_page_that_is_not_there_is_not_found(owner: Shop, page: str) -> None:
    assert owner.get("orders/", page=page).status_code == 404


def test_the_list_takes_the_same_queries_however_many_orders(owner: Shop, store: Store) -> None:
    """Login, membership, the log's number; then count, orders, lines, payments."""

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner.get("orders/", page_size=100)
        return len(captured)

    queries()  # the store itself is remembered from now on
    for count in (2, 40):
        for _order in range(count):
            factories.make_order(store)
        order_lists._pages.clear()
        assert (queries(), queries()) == (6, 2)


def test_a_list_looked_at_again_shows_what_changed_meanwhile(owner: Shop, shop: Shop, store: Store) -> None:
    shop.add(factories.make_product(store))
    shop.checkout()
    first = owner.get("orders/").json()["results"][0]
    owner.post(f"orders/{first['id']}/update_status/", {"status": "preparing"})
    assert owner.get("orders/").json()["results"][0]["status"] == "preparing"


def test_two_readers_with_different_outlets_never_share_a_page(
    owner: Shop, store: Store, client_for: ClientFor
) -> None:
    with scope(store.pk):
        branch = Outlet.objects.create(store_id=store.pk, slug="branch", name="Branch", position=1)
    here, there = factories.make_order(store), factories.make_order(store, outlet=branch)
    assert len(owner.get("orders/").json()["results"]) == 2
    cashier = limited(store, branch, Role.CASHIER, client_for)
    assert [row["id"] for row in cashier.get("orders/").json()["results"]] == [str(there.pk)]
    assert {row["id"] for row in owner.get("orders/").json()["results"]} == {str(here.pk), str(there.pk)}


def limited(store: Store, outlet: Outlet, role: str, client_for: ClientFor) -> Shop:
    user = factories.make_staff(store, role)
    with scope(store.pk):
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=outlet)
    return Shop(client_for(user), store.slug)


def test_staff_of_one_outlet_can_neither_see_nor_move_another_s_orders(store: Store, client_for: ClientFor) -> None:
    with scope(store.pk):
        branch = Outlet.objects.create(store_id=store.pk, slug="branch", name="Branch", position=1)
    order = factories.make_order(store, customer_name="Ana", status="pending")
    cashier = limited(store, branch, Role.CASHIER, client_for)
    calls = [
        cashier.post(f"orders/{order.pk}/update_status/", {"status": "confirmed"}),
        cashier.post(f"orders/{order.pk}/cancel/"),
        cashier.post(f"orders/{order.pk}/mark_paid/"),
        cashier.get(f"orders/{order.pk}/timeline/"),
    ]
    assert [call.status_code for call in calls] == [404, 404, 404, 404]
    for seen in (
        cashier.get(f"orders/{order.pk}/").json(),
        cashier.client.get(f"/api/v1/stores/orders/{order.pk}/").json(),
        cashier.get(f"orders/{order.pk}/payment-status/").json(),
    ):
        assert "customer_name" not in seen
    assert fresh(order).status == "pending"


def test_asking_for_the_head_takes_what_asking_for_the_list_takes(store: Store, client_for: ClientFor) -> None:
    path = f"/api/v1/stores/s/{store.slug}/orders/"
    answers = [client_for(factories.make_staff(store, role)).head(path) for role in (Role.ATTENDANT, Role.MARKETING)]
    assert [answer.status_code for answer in answers] == [200, 403]
