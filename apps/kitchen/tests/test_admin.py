"""Stations are set up in the admin, through the same service as over the API."""

from typing import Any

import pytest
from django.test import Client

from apps.core.scope import scope
from apps.kitchen.models import Route, Station, Ticket
from apps.kitchen.tests.factories import make_category, make_station, outlet_of, place, tickets_of
from apps.stores.models import Role, Store
from apps.stores.tests.admin_helpers import enter, url
from apps.stores.tests.factories import make_product, make_staff
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(alice: User, store: Store) -> Client:
    """Alice in the admin."""
    return enter(alice)


def form(store: Store, **changes: Any) -> dict[str, Any]:
    values = {"outlet": outlet_of(store).pk, "name": "Bar", "slug": "bar", "position": 2, "is_active": "on"}
    return values | {"target_minutes": 5, "overdue_minutes": 9, "categories": [], "products": []} | changes


def test_a_station_is_added_with_its_routes_and_counts_at_once(owner: Client, store: Store) -> None:
    drinks = make_category(store, "drinks")
    version = Store.objects.get(pk=store.pk).catalog_version
    answer = owner.post(url(Station, "add"), form(store, categories=[drinks.pk]))
    assert answer.status_code == 302, answer.context["errors"]
    assert Store.objects.get(pk=store.pk).catalog_version > version
    (ticket,) = tickets_of(place(store, make_product(store, "juice", category=drinks)))
    assert ticket.station.slug == "bar"


def test_routes_are_shown_and_replaced(owner: Client, store: Store) -> None:
    drinks, food = make_category(store, "drinks"), make_category(store, "plates")
    station = make_station(store, "bar", categories=[drinks])
    page = owner.get(url(Station, "change", station.pk)).content.decode()
    assert f'value="{drinks.pk}" selected' in page
    assert owner.post(url(Station, "change", station.pk), form(store, categories=[food.pk])).status_code == 302
    with scope(store.pk):
        assert [route.category_id for route in Route.objects.all()] == [food.pk]


@pytest.mark.parametrize("change", [{"overdue_minutes": 1}, {"slug": "hot"}, {"name": ""}])
def test_a_bad_station_is_shown_again_and_nothing_is_made(owner: Client, store: Store, change: dict[str, Any]) -> None:
    make_station(store, "hot")
    answer = owner.post(url(Station, "add"), form(store, **change))
    assert answer.status_code == 200
    assert answer.context["errors"]
    with scope(store.pk):
        assert Station.objects.count() == 1


def test_a_station_with_open_tickets_cannot_be_switched_off(owner: Client, store: Store) -> None:
    station = make_station(store, "hot")
    place(store, make_product(store))
    off = {key: value for key, value in form(store, slug="hot").items() if key != "is_active"}
    assert owner.post(url(Station, "change", station.pk), off).status_code == 200
    with scope(store.pk):
        assert Station.objects.get().is_active


def test_tickets_are_looked_at_and_not_touched(owner: Client, store: Store) -> None:
    (ticket,) = tickets_of(place(store, make_product(store, "soup")))
    assert ticket.number in owner.get(url(Ticket, "changelist")).content.decode()
    assert "Soup" in owner.get(url(Ticket, "change", ticket.pk)).content.decode()
    assert owner.post(url(Ticket, "change", ticket.pk), {"status": "bumped"}).status_code == 403


def test_a_cook_may_look_at_stations_but_not_change_them(store: Store) -> None:
    station = make_station(store, "hot")
    cook = enter(make_staff(store, Role.KITCHEN))
    assert cook.get(url(Station, "changelist")).status_code == 200
    assert cook.post(url(Station, "change", station.pk), form(store, slug="hot")).status_code == 403


def test_another_stores_station_is_not_found(owner: Client, other_store: Store) -> None:
    station = make_station(other_store, "theirs")
    assert owner.get(url(Station, "change", station.pk)).status_code == 404
