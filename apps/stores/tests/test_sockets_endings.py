"""What ends a socket of a store: a right taken away, by a fact or without one, and a login that is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core import clock
from apps.core.scope import scope
from apps.events.live import consumer as live
from apps.stores.models import Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.queries.access import staff_access
from apps.stores.services import devices as device_services
from apps.stores.services import staff as staff_services
from apps.stores.tests.sockets import Socket, later, orders_path, place
from apps.users.models import User
from apps.users.services import logins
from apps.users.tokens import ACCESS_LIFE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(alice: User, store: Store) -> str:
    """Alice's login."""
    return logins.open_with_token(user=alice)


# -- what ends it ----------------------------------------------------------------------------------------------------


async def test_a_removed_member_is_shown_out_at_once(store: Store, alice: User, bob: User) -> None:
    def remove() -> None:
        with scope(store.pk):
            by = staff_access(user=alice, store_id=store.pk)
            assert by is not None
            staff_services.remove(by=by, staff_id=Staff.objects.get(user=bob).pk)

    async with Socket(orders_path(store), await later(lambda: logins.open_with_token(user=bob))) as socket:
        await socket.welcome()
        await later(remove)
        assert await socket.next() == {"type": "closed", "code": 4401}


async def test_a_deactivated_member_is_shown_out_and_others_stay(
    store: Store, alice: User, bob: User, token: str
) -> None:
    def deactivate() -> None:
        with scope(store.pk):
            by = staff_access(user=alice, store_id=store.pk)
            assert by is not None
            staff_services.update(by=by, staff_id=Staff.objects.get(user=bob).pk, changes={"is_active": False})

    async with Socket(orders_path(store), await later(lambda: logins.open_with_token(user=bob))) as leaving:
        await leaving.welcome()
        async with Socket(orders_path(store), token) as staying:
            await staying.welcome()
            await later(deactivate)
            assert await leaving.next() == {"type": "closed", "code": 4401}
            assert await staying.silent()


def change(store: Store, by: User, whom: User, **changes: Any) -> None:
    """A change of a membership."""
    with scope(store.pk):
        access = staff_access(user=by, store_id=store.pk)
        assert access is not None
        staff_services.update(by=access, staff_id=Staff.objects.get(user=whom).pk, changes=changes)


async def test_a_member_with_another_role_is_told_to_come_in_again_and_can(
    store: Store, alice: User, bob: User
) -> None:
    bobs = await later(lambda: logins.open_with_token(user=bob))
    async with Socket(orders_path(store), bobs) as socket:
        seen = (await socket.welcome())["seq"]
        await later(lambda: change(store, alice, bob, role=Role.CASHIER))
        assert await socket.next() == {"type": "closed", "code": 4410}
    order = await later(place, store)
    for _each in range(2):  # the change lies above `after` every time
        async with Socket(orders_path(store), bobs, after=seen) as socket:
            await socket.welcome()
            assert (await socket.until("order.created"))["order_id"] == str(order.pk)


async def test_a_revoked_till_is_shown_out(store: Store, alice: User) -> None:
    def pair() -> tuple[Any, str]:
        started = device_services.start_pairing(address="test")
        with scope(store.pk):
            by = staff_access(user=alice, store_id=store.pk)
            assert by is not None
            device = device_services.claim(by=by, code=started.code, name="Till", kind="cashier")
        return device, device_services.poll(secret=started.secret).token

    def revoke(device: Any) -> None:
        with scope(store.pk):
            by = staff_access(user=alice, store_id=store.pk)
            assert by is not None
            device_services.revoke(by=by, device_id=device.pk)

    device, device_token = await later(pair)
    async with Socket(orders_path(store), device_token) as socket:
        await socket.welcome()
        await later(revoke, device)
        assert await socket.next() == {"type": "closed", "code": 4401}


# -- what no fact tells: found at the next heartbeat ------------------------------------------------------------------


@pytest.fixture
def quick_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats follow each other at once."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)


def log_out(user: User, credential: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {credential}")
    assert client.post("/api/v1/auth/logout/").status_code in (200, 204)


def change_password(user: User, credential: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {credential}")
    body = {"old_password": "comanda-demo", "new_password": "another-Secret-77"}
    answer = client.post("/api/v1/auth/change-password/", body, format="json")
    assert answer.status_code == 200, answer.content


def deactivate(user: User, credential: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def end_all(user: User, credential: str) -> None:
    logins.close_all(user=user)


@pytest.mark.usefixtures("quick_heart")
@pytest.mark.parametrize("end", [log_out, change_password, deactivate, end_all])
@pytest.mark.parametrize("kind", ["token", "jwt"])
async def test_a_socket_does_not_outlive_its_login(
    store: Store, bob: User, token: str, kind: str, end: Callable[[User, str], None]
) -> None:
    def log_in() -> str:
        return logins.open_with_token(user=bob) if kind == "token" else logins.open_with_pair(user=bob).access

    bobs = await later(log_in)
    async with Socket(orders_path(store), bobs) as leaving, Socket(orders_path(store), token) as staying:
        await leaving.welcome()
        await staying.welcome()
        await later(end, bob, bobs)
        assert await leaving.next() == {"type": "closed", "code": 4401}
        order = await later(place, store)
        assert (await staying.next())["order_id"] == str(order.pk)


@pytest.mark.usefixtures("quick_heart")
async def test_a_socket_ends_with_its_access_token(store: Store, alice: User) -> None:
    access = await later(lambda: logins.open_with_pair(user=alice).access)
    async with Socket(orders_path(store), access) as socket:
        await socket.welcome()
        await later(place, store)
        await socket.until("order.created")
        with time_machine.travel(clock.now() + ACCESS_LIFE + timedelta(seconds=1), tick=True):
            while (frame := await socket.next())["type"] != "closed":
                pass
        assert frame["code"] == 4401


@pytest.mark.usefixtures("quick_heart")
async def test_rights_changed_behind_the_services_back_are_noticed(store: Store, bob: User) -> None:
    def limit() -> None:
        with scope(store.pk):
            StaffOutlet.objects.create(staff=Staff.objects.get(user=bob), outlet=Outlet.objects.get())

    async with Socket(orders_path(store), await later(lambda: logins.open_with_token(user=bob))) as socket:
        await socket.welcome()
        await later(limit)
        assert await socket.next() == {"type": "closed", "code": 4410}
