"""Searching orders: filters, saved views of a person and of the store, and a cursor that neither repeats nor skips (H18)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.scope import scope
from apps.stores.models import Order, Outlet, Role, SavedView, Store
from apps.stores.tests import factories
from apps.stores.tests.conftest import rows
from apps.stores.tests.fixtures import ClientFor, Shop

pytestmark = pytest.mark.django_db


def codes(answer: Any) -> set[str]:
    return {row["order_number"] for row in answer.json()["results"]}


@pytest.fixture
def orders(store: Store) -> dict[str, str]:
    """Name → code."""
    with scope(store.pk):
        north = Outlet.objects.create(store_id=store.pk, slug="north", name="North")
    made = {
        "ana": factories.make_order(
            store, customer_name="Ana Lima", customer_phone="+5563999990001", total=Decimal("35.50")
        ),
        "phone": factories.make_order(
            store, channel="phone", service="delivery", payment_method="pix", total=Decimal(80)
        ),
        "done": factories.make_order(store, status="completed", payment_status="paid", outlet=north),
        "later": factories.make_order(store, scheduled_for=now() + timedelta(days=3), notes="Sem cebola"),
    }
    return {name: order.code for name, order in made.items()}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "completed"}, {"done"}),
        ({"status": "completed,pending"}, {"ana", "phone", "done", "later"}),
        ({"status": ""}, {"ana", "phone", "done", "later"}),
        ({"channel": "phone"}, {"phone"}),
        ({"source": "phone", "service": "delivery", "payment_method": "pix"}, {"phone"}),
        ({"payment_status": "paid"}, {"done"}),
        ({"total_min": "35,50", "total_max": "80"}, {"ana", "phone"}),
        ({"customer": "63 99999-0001"}, {"ana"}),
        ({"customer": "ana"}, {"ana"}),
        ({"outlet": "north"}, {"done"}),
        ({"search": "cebola"}, {"later"}),
        ({"search": "lasagna"}, {"ana", "phone", "done", "later"}),
        ({"search": "ana lima", "total_max": "30"}, set()),
        ({"status": "a\x00b"}, set()),
    ],
)
def test_each_filter_finds_what_it_says(
    owner: Shop, orders: dict[str, str], query: dict[str, str], found: set[str]
) -> None:
    answer = owner.get("orders/", **query)
    assert answer.status_code == 200
    assert codes(answer) == {orders[name] for name in found}


def test_dates_are_days_of_the_store(owner: Shop, orders: dict[str, str]) -> None:
    day = (now() + timedelta(days=3)).date()
    asked = {"scheduled_from": str(day - timedelta(days=1)), "scheduled_to": str(day + timedelta(days=1))}
    assert codes(owner.get("orders/", **asked)) == {orders["later"]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"date_from": "yesterday"}, "invalid_date"),
        ({"total_min": "much"}, "invalid_amount"),
        ({"total_max": "NaN"}, "invalid_amount"),
        ({"total_max": "1e99"}, "invalid_amount"),
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"cursor": "W10"}, "invalid_cursor"),
        ({"cursor": "", "page_size": "0"}, "invalid_page"),
    ],
)
def test_nonsense_is_refused_by_name(owner: Shop, query: dict[str, str], code: str) -> None:
    answer = owner.get("orders/", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("ordering", ["-created_at", "created_at", "-total", "-updated_at"])
def test_a_cursor_walks_through_all_of_them_once_also_when_new_ones_come(
    owner: Shop, store: Store, ordering: str
) -> None:
    moment = now()
    made = {factories.make_order(store, placed_at=moment, updated_at=moment).code for _number in range(5)}
    made |= {factories.make_order(store, total=number).code for number in range(3)}
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = owner.get("orders/", cursor=cursor, page_size=3, ordering=ordering).json()
        seen += [row["order_number"] for row in page["results"]]
        cursor = page["next_cursor"]
        assert (page["next"] is None) == (cursor is None)
        if ordering == "-created_at":
            factories.make_order(store)  # somebody orders meanwhile
    assert sorted(seen) == sorted(set(seen))
    assert set(seen) == made


def test_a_cursor_of_another_ordering_is_refused(owner: Shop, store: Store) -> None:
    for _number in range(3):
        factories.make_order(store)
    cursor = owner.get("orders/", cursor="", page_size=2, ordering="total").json()["next_cursor"]
    answer = owner.get("orders/", cursor=cursor, ordering="-created_at")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


# -- saved views -------------------------------------------------------------------------------------------------------


def test_a_view_is_kept_used_and_forgotten_by_its_person(owner: Shop, attendant: Shop, orders: dict[str, str]) -> None:
    kept = attendant.post("order-views/", {"name": "Telefone", "query": {"channel": "phone"}})
    assert kept.status_code == 201
    view = kept.json()
    assert view["is_shared"] is False
    assert codes(attendant.get("orders/", view=view["id"])) == {orders["phone"]}
    assert codes(attendant.get("orders/", view=view["id"], channel="web")) == {
        orders[name] for name in ("ana", "done", "later")
    }
    assert owner.get("order-views/").json()["results"] == []
    hidden = owner.get("orders/", view=view["id"])
    assert (hidden.status_code, hidden.json()["code"]) == (404, "view_not_found")
    assert owner.delete(f"order-views/{view['id']}/").status_code == 404
    changed = attendant.patch(f"order-views/{view['id']}/", {"query": {"channel": "web", "total_min": "30"}})
    assert changed.status_code == 200
    assert codes(attendant.get("orders/", view=view["id"])) == {orders["ana"]}
    assert attendant.delete(f"order-views/{view['id']}/").status_code == 204


def test_a_view_for_everybody_is_kept_by_who_may_change_settings(
    owner: Shop, attendant: Shop, orders: dict[str, str], store: Store
) -> None:
    body = {"name": "Prontos", "query": {"status": "completed"}, "shared": True}
    refused = attendant.post("order-views/", body)
    assert (refused.status_code, rows(SavedView, store)) == (403, [])
    view = owner.post("order-views/", body).json()
    assert view["is_shared"] is True
    assert codes(attendant.get("orders/", view=view["id"])) == {orders["done"]}
    assert attendant.delete(f"order-views/{view['id']}/").status_code == 403
    again = owner.post("order-views/", body)
    assert (again.status_code, again.json()["code"]) == (400, "unique")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "query": {}}, "name"),
        ({"name": "x", "query": {"password": "1"}}, "query"),
        ({"name": "x", "query": ["status"]}, "query"),
        ({"name": "x"}, "query"),
    ],
)
def test_a_view_of_nothing_the_list_knows_is_refused(
    owner: Shop, store: Store, body: dict[str, Any], field: str
) -> None:
    answer = owner.post("order-views/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert rows(SavedView, store) == []


def test_a_view_of_another_store_is_not_there(
    store: Store, other_store: Store, owner: Shop, client_for: ClientFor
) -> None:
    manager = Shop(client_for(factories.make_staff(other_store, Role.MANAGER)), other_store.slug)
    view = manager.post("order-views/", {"name": "x", "query": {}, "shared": True}).json()
    assert owner.get("orders/", view=view["id"]).status_code == 404
    assert owner.get(f"order-views/{view['id']}/").status_code == 404
    assert rows(Order, store) == []
