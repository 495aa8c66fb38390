"""Orders in the admin: accepted, marked as paid, moved on and cancelled with a button, by who may do so over the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.scope import scope
from apps.kitchen.models import Ticket
from apps.stores.models import Order, Outlet, Staff, StaffOutlet, StockLevel, Store
from apps.stores.tests import factories
from apps.stores.tests.admin_helpers import enter, url
from apps.stores.tests.conftest import last_seq, rows
from apps.stores.tests.fixtures import Shop
from apps.users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def accepts_by_hand(store: Store, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    Store.objects.filter(pk=store.pk).update(auto_accept=False)
    factories.make_product(store, "pasta", stock=10)


@pytest.fixture
def alice_admin(alice: User) -> Client:
    return enter(alice)


def ordered(shop: Shop, store: Store, **wish: Any) -> Order:
    with scope(store.pk):
        product = StockLevel.objects.get().product
    shop.add(product)
    answer = shop.checkout(**wish)
    assert answer.status_code == 201, answer.json()
    return now_of(Order(pk=answer.json()["id"], store_id=store.pk))


def now_of(order: Order) -> Order:
    with scope(order.store_id):
        return Order.objects.get(pk=order.pk)


def press(client: Client, order: Order, step: str, **more: str) -> Any:
    """Press a button of the order's page and follow to the page it leads to."""
    return client.post(reverse("admin:stores_order_step", args=[order.pk]), {"step": step} | more, follow=True)


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def offered(client: Client, order: Order) -> list[str]:
    page = client.get(url(Order, "change", order.pk))
    assert page.status_code == 200
    names = [step.name for step in page.context.get("steps") or ()]
    return names + ["cancelled"] * bool(page.context.get("may_cancel"))


class TestOnThePage:
    def test_an_order_is_taken_through_the_evening(self, alice_admin: Client, shop: Shop, store: Store) -> None:
        order = ordered(shop, store)
        assert (order.status, offered(alice_admin, order)) == ("pending", ["confirmed", "paid", "cancelled"])
        press(alice_admin, order, "confirmed")
        assert len(rows(Ticket, store)) == 1, "accepting sends it to the kitchen"
        for step in ("preparing", "ready"):
            assert step in offered(alice_admin, order)
            press(alice_admin, order, step)
        assert offered(alice_admin, order) == ["paid", "cancelled"], "it is completed once it is paid"
        assert said(press(alice_admin, order, "completed")) == ["#001: Something is still to be paid."]
        press(alice_admin, order, "paid")
        assert offered(alice_admin, order) == ["completed", "cancelled"]
        press(alice_admin, order, "completed")
        after = now_of(order)
        assert (after.status, after.payment_status) == ("completed", "paid")
        assert offered(alice_admin, order) == []

    def test_a_static_pix_is_confirmed_and_the_order_goes_to_the_kitchen(
        self, alice_admin: Client, shop: Shop, store: Store
    ) -> None:
        order = ordered(shop, store, payment_method="pix")
        page = press(alice_admin, order, "paid")
        assert said(page) == ["1 order updated."]
        after = now_of(order)
        assert (after.status, after.payment_status, after.expires_at) == ("confirmed", "paid", None)
        assert len(rows(Ticket, store)) == 1
        assert said(press(alice_admin, order, "paid"))[0].startswith("#001: ")

    def test_cancelling_takes_a_reason_once_the_kitchen_has_started(
        self, alice_admin: Client, shop: Shop, store: Store
    ) -> None:
        order = ordered(shop, store)
        for step in ("confirmed", "preparing"):
            press(alice_admin, order, step)
        assert said(press(alice_admin, order, "cancelled")) == ["#001: Say why: the kitchen has started."]
        assert now_of(order).status == "preparing"
        press(alice_admin, order, "cancelled", reason="No gas.")
        after = now_of(order)
        assert (after.status, after.cancel_kind, after.cancel_reason) == ("cancelled", "by_store", "No gas.")

    @pytest.mark.parametrize("step", ["delivered", "served", "nonsense", "", "draft", "pending"])
    def test_what_is_no_step_is_said_and_changes_nothing(
        self, alice_admin: Client, shop: Shop, store: Store, step: str
    ) -> None:
        order = ordered(shop, store)
        seq = last_seq(store)
        assert said(press(alice_admin, order, step))[0].startswith("#001: ")
        assert (now_of(order).status, last_seq(store)) == ("pending", seq)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "buttons"),
        [
            ("manager", ["confirmed", "paid", "cancelled"]),
            ("cashier", ["confirmed", "paid", "cancelled"]),
            ("attendant", ["confirmed"]),
            ("kitchen", []),
        ],
    )
    def test_a_role_has_the_buttons_and_actions_it_may_press_and_no_other_works(
        self, role: str, buttons: list[str], shop: Shop, store: Store
    ) -> None:
        order, client = ordered(shop, store), enter(factories.make_staff(store, role))
        assert offered(client, order) == buttons
        seq = last_seq(store)
        for step in {"confirmed", "paid", "cancelled"} - set(buttons):
            assert said(press(client, order, step)) == ["#001: You may not do this."]
        assert (now_of(order).status, last_seq(store)) == ("pending", seq)
        actions = (
            {
                name
                for name, _label in client.get(url(Order, "changelist")).context["action_form"].fields["action"].choices
                if name
            }
            if buttons
            else set()
        )
        named = {"confirmed": {"accept", "move_on"}, "paid": {"mark_paid"}, "cancelled": {"cancel"}}
        assert actions == set().union(*(named[button] for button in buttons))

    def test_a_foreign_order_and_another_outlets_are_not_found(
        self, alice_admin: Client, shop: Shop, store: Store, other_store: Store
    ) -> None:
        foreign, mine = factories.make_order(other_store), ordered(shop, store)
        assert press(alice_admin, foreign, "confirmed").status_code == 404
        user = factories.make_staff(store, "cashier")
        with scope(store.pk):
            branch = Outlet.objects.create(store_id=store.pk, slug="branch", name="Branch")
            StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=branch)
        assert press(enter(user), mine, "confirmed").status_code == 404
        assert now_of(mine).status == now_of(foreign).status == "pending"

    def test_a_link_alone_does_nothing(self, alice_admin: Client, shop: Shop, store: Store) -> None:
        order = ordered(shop, store)
        address = reverse("admin:stores_order_step", args=[order.pk])
        assert alice_admin.get(address, {"step": "confirmed"}).status_code == 405
        forged = Client(enforce_csrf_checks=True, cookies=None)
        forged.cookies = alice_admin.cookies
        assert forged.post(address, {"step": "confirmed"}).status_code == 403
        assert now_of(order).status == "pending"


class TestInTheList:
    def test_each_of_the_chosen_takes_its_step_and_what_is_refused_is_said(
        self, alice_admin: Client, shop: Shop, store: Store
    ) -> None:
        first, second = ordered(shop, store), ordered(shop, store)

        def choose(action: str) -> list[str]:
            chosen = {"action": action, "_selected_action": [str(first.pk), str(second.pk)]}
            return said(alice_admin.post(url(Order, "changelist"), chosen, follow=True))

        press(alice_admin, first, "confirmed")
        told = choose("accept")
        assert len(told) == 2 and told[0].startswith("#001: ") and told[1] == "1 order updated."
        assert choose("move_on") == ["2 orders updated."]
        assert choose("mark_paid") == ["2 orders updated."]
        assert [now_of(order).status for order in (first, second)] == ["preparing"] * 2
        assert [text[:6] for text in choose("cancel")] == ["#002: ", "#001: "], "the kitchen has started"
