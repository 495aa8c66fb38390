"""What a board shows depends on who looks: the orders of their outlets, and money only to whoever may see payments."""

from __future__ import annotations

from typing import Any

import pytest

from apps.core.scope import scope
from apps.stores.models import Order, Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.queries.access import staff_actor
from apps.stores.services import orders as order_services
from apps.stores.tests import factories
from apps.stores.tests.sockets import Socket, later, orders_path, place
from apps.users.models import User
from apps.users.services import logins

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def south(store: Store) -> Outlet:
    """A second outlet of the store."""
    with scope(store.pk):
        main = Outlet.objects.get()
        return Outlet.objects.create(
            store_id=store.pk, slug="south", name="South", hours=main.hours, services=main.services, position=9
        )


def member(store: Store, role: str, *outlets: Outlet) -> str:
    """The login of somebody limited to these outlets (none: all)."""
    user = factories.make_staff(store, role)
    with scope(store.pk):
        for outlet in outlets:
            StaffOutlet.objects.create(staff=Staff.objects.get(user=user), outlet=outlet)
    return logins.open_with_token(user=user)


def pay(store: Store, order: Order, by: User) -> None:
    with scope(store.pk):
        order_services.mark_paid(order_id=order.pk, actor=staff_actor(by))


async def frames(socket: Socket, last: Order) -> list[dict[str, Any]]:
    """Everything up to the moment the last order is paid for."""
    heard: list[dict[str, Any]] = []
    while True:
        frame = await socket.next()
        assert frame["type"] != "closed", frame
        heard.append(frame)
        if (frame["type"], frame["order_id"]) == ("order.paid", str(last.pk)):
            return heard


@pytest.mark.parametrize("how", ["live", "replayed"])
async def test_a_cashier_of_one_outlet_hears_nothing_of_another(
    store: Store, alice: User, south: Outlet, how: str
) -> None:
    cashiers = await later(lambda: member(store, Role.CASHIER, south))
    owners = await later(lambda: logins.open_with_token(user=alice))

    def evening() -> tuple[Order, Order]:
        here, there = place(store), place(store, outlet="south")
        for order in (here, there):
            pay(store, order, alice)
        return here, there

    async with Socket(orders_path(store), owners) as before:
        seen = (await before.welcome())["seq"]
        placed = await later(evening) if how == "replayed" else None
    async with (
        Socket(orders_path(store), cashiers, after=seen) as limited,
        Socket(orders_path(store), owners, after=seen) as whole,
    ):
        await limited.welcome()
        await whole.welcome()
        here, there = placed or await later(evening)
        everything, theirs = await frames(whole, there), await frames(limited, there)
    assert {frame["order_id"] for frame in everything} == {str(here.pk), str(there.pk)}
    assert {frame["outlet_id"] for frame in everything if "outlet_id" in frame} == {
        str(here.outlet_id),
        str(south.pk),
    }
    assert theirs == [frame for frame in everything if frame["order_id"] == str(there.pk)]
    assert "order.payment_received" in {frame["type"] for frame in theirs}


async def test_who_may_not_see_payments_is_not_told_that_money_came_in(store: Store, alice: User) -> None:
    cooks = await later(lambda: member(store, Role.KITCHEN))
    cashiers = await later(lambda: member(store, Role.CASHIER))
    async with Socket(orders_path(store), cooks) as cook, Socket(orders_path(store), cashiers) as cashier:
        await cook.welcome()
        await cashier.welcome()
        order = await later(place, store)
        await later(pay, store, order, alice)
        assert "order.payment_received" in {frame["type"] for frame in await frames(cashier, order)}
        assert "order.payment_received" not in {frame["type"] for frame in await frames(cook, order)}
        assert await cook.silent()
