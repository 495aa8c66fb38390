"""Staff limited to one outlet: nothing of another outlet's orders, in the API and in the admin, and no way to more."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from drf_spectacular.generators import SchemaGenerator

from apps.core.scope import scope
from apps.core.scoped_admin import ScopedAdmin
from apps.customers.models import Customer
from apps.events import relay
from apps.events.models import Delivery, Event
from apps.kitchen.models import Ticket
from apps.notifications.models import Notification
from apps.payments.models import Payment
from apps.stores.models import Cart, Order, Outlet, Staff, StaffOutlet, Store
from apps.stores.queries import access as access_queries
from apps.stores.queries.log import feed
from apps.stores.tests import factories
from apps.stores.tests.admin_helpers import enter, url
from apps.stores.tests.conftest import fact_names, last_seq, rows
from apps.stores.tests.fixtures import ClientFor, Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db

NAME, PHONE = "Zoraide Quitéria", "63988887777"
OF_ORDERS = (Order, Cart, Payment, Customer, Ticket, Notification, Event, Delivery)
# Of an outlet or order by their columns, and shown whole: the team is one list (`services.staff` says who may change whom),
# and single-use codes are the store's.
WHOLE = {"stores.staff", "stores.couponcode"}


@pytest.fixture
def branch(owner: Shop, store: Store) -> Outlet:
    """The second outlet, which takes no orders in these tests."""
    made = owner.post("outlets/", {"name": "Branch", "hours": factories.ALL_DAY})
    assert made.status_code == 201
    found: Outlet = next(outlet for outlet in rows(Outlet, store) if outlet.name == "Branch")
    return found


def limited(store: Store, role: str, outlet: Outlet) -> User:
    """A member of one outlet."""
    user = factories.make_staff(store, role)
    with scope(store.pk):
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=outlet)
    return user


@pytest.fixture
def manager(store: Store, branch: Outlet, client_for: ClientFor) -> Shop:
    """A manager of the branch alone."""
    return Shop(client_for(limited(store, "manager", branch)), store.slug)


@pytest.fixture
def order(shop: Shop, store: Store) -> dict[str, Any]:
    """An order at the main outlet, in the kitchen, and told to everybody."""
    shop.add(factories.make_product(store, "pasta"))
    placed = shop.checkout(customer_name=NAME, customer_phone=PHONE)
    assert placed.status_code == 201
    relay.drain()
    found: dict[str, Any] = placed.json()
    return found


class TestNoWayToMore:
    def test_an_outlet_somebody_is_limited_to_stays(
        self, owner: Shop, manager: Shop, branch: Outlet, store: Store
    ) -> None:
        seq = last_seq(store)
        answer = owner.delete(f"outlets/{branch.pk}/")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
        assert len(rows(Outlet, store)) == 2 and len(rows(StaffOutlet, store)) == 1
        assert fact_names(store, seq) == []

    def test_it_goes_once_the_membership_is_another(
        self, owner: Shop, manager: Shop, branch: Outlet, store: Store
    ) -> None:
        main = next(outlet for outlet in rows(Outlet, store) if outlet != branch)
        member = next(link.staff_id for link in rows(StaffOutlet, store))
        seq = last_seq(store)
        assert owner.patch(f"staff/{member}/", {"outlets": [str(main.pk)]}).status_code == 200
        assert fact_names(store, seq) == ["staff.updated"]
        assert owner.delete(f"outlets/{branch.pk}/").status_code == 204
        assert [link.outlet_id for link in rows(StaffOutlet, store)] == [main.pk]

    def test_a_limited_manager_neither_makes_nor_ends_an_outlet(
        self, manager: Shop, branch: Outlet, store: Store
    ) -> None:
        answers = [manager.delete(f"outlets/{branch.pk}/"), manager.post("outlets/", {"name": "Mine"})]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "outlet_not_yours")] * 2
        assert len(rows(Outlet, store)) == 2

    def test_nor_in_the_admin(self, branch: Outlet, store: Store) -> None:
        client = enter(limited(store, "manager", branch))
        main = next(outlet for outlet in rows(Outlet, store) if outlet != branch)
        answers = [
            client.post(url(Outlet, "delete", branch.pk), {"post": "yes"}),
            client.get(url(Outlet, "add")),
            client.get(url(Outlet, "change", main.pk)),
            client.get(url(Outlet, "change", branch.pk)),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 404, 200]
        assert len(rows(Outlet, store)) == 2

    def test_in_the_admin_an_owner_is_told_why_it_stays(
        self, alice: User, manager: Shop, branch: Outlet, store: Store
    ) -> None:
        page = enter(alice).post(url(Outlet, "delete", branch.pk), {"post": "yes"})
        assert page.status_code == 200  # the page that names what protects it
        assert len(rows(Outlet, store)) == 2


class TestReads:
    def test_no_get_route_says_anything_of_another_outlets_order(
        self, manager: Shop, order: dict[str, Any], store: Store, client_for: ClientFor
    ) -> None:
        whole = Shop(client_for(factories.make_staff(store, "manager")), store.slug)
        assert leaks(manager, order) == []
        assert {"orders/", "events/", "kitchen/tickets/", "notifications/"} <= set(leaks(whole, order)), "the control"

    def test_the_feed_goes_on_behind_what_is_not_shown(self, manager: Shop, order: dict[str, Any], owner: Shop) -> None:
        newest = owner.get("events/").json()["last_seq"]
        first = manager.get("events/").json()
        assert first["next_after"] == first["last_seq"] == newest
        assert {row["name"] for row in first["results"]} >= {"catalog.published", "settings.changed"}
        step = manager.get("events/", limit=1).json()
        assert [row["seq"] for row in step["results"]] == [step["next_after"]]

    def test_payments_are_told_to_who_may_see_them(self, order: dict[str, Any], store: Store, alice: User) -> None:
        allowed = access_queries.staff_access(user=alice, store_id=store.pk)
        assert allowed is not None
        cook = access_queries.staff_access(user=factories.make_staff(store, "kitchen"), store_id=store.pk)
        courier = access_queries.staff_access(user=factories.make_staff(store, "courier"), store_id=store.pk)
        assert cook is not None and courier is not None
        with scope(store.pk):
            seen = {row.name for row in feed(store_id=store.pk, after=0, limit=500, access=allowed)}
            less = {row.name for row in feed(store_id=store.pk, after=0, limit=500, access=cook)}
            least = {row.name for row in feed(store_id=store.pk, after=0, limit=500, access=courier)}
        assert {"payment.created", "customer.created", "ticket.created", "order.placed"} <= seen
        assert "order.placed" in less and "payment.created" not in less
        assert not {"payment.created", "customer.created", "ticket.created", "order.placed"} & least


def leaks(shop: Shop, order: dict[str, Any]) -> list[str]:
    """The documented GET routes below the store whose answer names the order or its customer."""
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    start = "/api/v1/stores/s/{slug}/"
    found = []
    for path, operations in sorted(schema["paths"].items()):
        if "get" not in operations or not path.startswith(start):
            continue
        answer = shop.get(re.sub(r"{\w+}", str(order["id"]), path.removeprefix(start)))
        assert answer.status_code < 500, path
        text = answer.content.decode()
        words = [NAME, PHONE[-8:], order["access_token"]]
        if not path.startswith(start + "orders/{ref}/"):  # how an order stands is public to who knows its number
            words += [order["order_number"], order["id"]]
        if any(word in text for word in words):
            found.append(path.removeprefix(start))
    return found


class TestAdmin:
    @pytest.mark.parametrize("model", OF_ORDERS, ids=lambda model: model.__name__)
    def test_a_limited_person_sees_none_of_another_outlets_rows(
        self, model: type[models.Model], order: dict[str, Any], branch: Outlet, store: Store
    ) -> None:
        client = enter(limited(store, "manager", branch))
        with scope(store.pk):
            row = model._default_manager.filter(**about(model, order)).first()
        assert row is not None
        page = client.get(url(model, "changelist"))
        assert page.status_code == 200
        assert row.pk not in {shown.pk for shown in page.context["cl"].result_list}
        assert client.get(url(model, "change", row.pk)).status_code == 404
        assert client.get(url(model, "history", row.pk)).status_code == 404

    @pytest.mark.parametrize("model", OF_ORDERS, ids=lambda model: model.__name__)
    def test_who_works_at_that_outlet_sees_them(
        self, model: type[models.Model], order: dict[str, Any], branch: Outlet, store: Store
    ) -> None:
        """The control: the same person, limited to the outlet that took the order."""
        main = next(outlet for outlet in rows(Outlet, store) if outlet != branch)
        client = enter(limited(store, "manager", main))
        with scope(store.pk):
            row = model._default_manager.filter(**about(model, order)).first()
        assert row is not None
        assert client.get(url(model, "change", row.pk)).status_code == 200

    def test_every_page_whose_rows_belong_to_an_outlet_says_how(self) -> None:
        silent = []
        for model, page in admin.site._registry.items():
            if not isinstance(page, ScopedAdmin) or model._meta.label_lower in WHOLE:
                continue
            near = {field.related_model for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
            if near & {Outlet, Order, Cart} and not page.outlet_path:
                silent.append(model._meta.label_lower)
        assert silent == []


def about(model: type[models.Model], order: dict[str, Any]) -> dict[str, Any]:
    """How the one row (or fact) about the order is found."""
    if model is Event:
        return {"name": "order.placed"}
    return {"event__name": "order.placed"} if model in (Delivery, Notification) else {}
