"""Two people at the same moment: a store keeps an owner, a screen gets one store, an invitation one member.

Each guard has a control that takes it away and shows the damage. Real connections, real commits.
"""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.core.bearer import digest
from apps.core.clock import now
from apps.core.scope import current_store_id, scope
from apps.events.models import Event
from apps.stores.models import Device, DevicePairing, Role, Staff, Store
from apps.stores.services import devices, staff
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor
from apps.users.models import User

pytestmark = pytest.mark.django_db(transaction=True)
# How long one side waits for the other between reading and writing. With the guard the other is blocked and never comes.
MEET_SECONDS = 0.5


def together(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that start together, each on a connection of its own."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Make both sides wait for each other after they ran `module.name`, if the other can get that far."""
    original, barrier = getattr(module, name), Barrier(2)

    def slowed(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        with contextlib.suppress(BrokenBarrierError):
            barrier.wait(MEET_SECONDS)
        return result

    monkeypatch.setattr(module, name, slowed)


def owners(store: Store) -> int:
    with scope(store.pk):
        return Staff.objects.filter(role=Role.OWNER, is_active=True).count()


@pytest.fixture
def each_removes_the_other(store: Store, alice: User, client_for: ClientFor) -> list[Callable[[], int]]:
    """Two owners, each with a finger on the button that removes the other."""
    second = factories.make_staff(store, Role.OWNER)
    with scope(store.pk):
        ids = {row.user_id: row.pk for row in Staff.objects.all()}
    pairs = [(client_for(alice), ids[second.pk]), (client_for(second), ids[alice.pk])]
    return [_remover(client, store, staff_id) for client, staff_id in pairs]


def _remover(client: APIClient, store: Store, staff_id: Any) -> Callable[[], int]:
    return lambda: client.delete(f"/api/v1/stores/s/{store.slug}/staff/{staff_id}/").status_code


def test_two_owners_who_remove_each_other_leave_one(
    store: Store, each_removes_the_other: list[Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, staff, "_locked")
    answers = together(*each_removes_the_other)
    assert answers.count(204) == 1
    assert set(answers) <= {204, 404, 409}
    assert owners(store) == 1
    assert Event.objects.filter(store=store, name="staff.removed").count() == 1


def test_without_the_lock_they_leave_none(
    store: Store, each_removes_the_other: list[Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(staff_id: Any) -> tuple[Staff, list[Staff]]:
        rows = list(Staff.objects.select_related("user").order_by("pk"))
        return next(row for row in rows if row.pk == staff_id), rows

    monkeypatch.setattr(staff, "_locked", unlocked)
    meet_after(monkeypatch, staff, "_locked")
    assert together(*each_removes_the_other) == [204, 204]
    assert owners(store) == 0


@pytest.fixture
def two_claims(
    store: Store, other_store: Store, alice: User, charlie: User, client_for: ClientFor
) -> list[Callable[[], int]]:
    """Managers of two stores who read the same code off the same screen."""
    code = devices.start_pairing(address="192.0.2.1").code
    return [
        _claimer(client_for(user), f"/api/v1/stores/s/{mine.slug}/devices/claim/", code)
        for user, mine in ((alice, store), (charlie, other_store))
    ]


def _claimer(client: APIClient, url: str, code: str) -> Callable[[], int]:
    return lambda: client.post(url, {"code": code, "name": "Grill", "kind": "kitchen_screen"}).status_code


def test_of_two_stores_that_claim_one_screen_one_gets_it(
    two_claims: list[Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    meet_after(monkeypatch, devices, "_take")
    assert sorted(together(*two_claims)) == [201, 409]
    pairing = DevicePairing.objects.get()
    (device,) = Device.objects.unscoped()
    assert (pairing.device_id, pairing.store_id) == (device.pk, device.store_id)


def test_without_the_conditional_update_both_think_they_have_it(
    two_claims: list[Callable[[], int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier = Barrier(2)

    def check_then_act(code: str, device: Device) -> bool:
        free = DevicePairing.objects.filter(code=code, device__isnull=True, expires_at__gt=now()).exists()
        barrier.wait(5)
        return free and DevicePairing.objects.filter(code=code).update(device=device, store_id=current_store_id()) == 1

    monkeypatch.setattr(devices, "_take", check_then_act)
    assert together(*two_claims) == [201, 201]
    assert Device.objects.unscoped().count() == 2


def test_of_two_screens_with_one_secret_one_picks_the_token_up(
    two_claims: list[Callable[[], int]], store: Store
) -> None:
    two_claims[0]()
    secret = "known-to-both"
    DevicePairing.objects.update(secret_hash=digest(secret))
    answers = together(*[lambda: APIClient().post("/api/v1/devices/pair/poll/", {"secret": secret}).json()] * 6)
    assert sum("token" in answer for answer in answers) == 1


def test_an_invitation_accepted_twice_at_once_makes_one_member(
    store: Store, alice: User, client_for: ClientFor
) -> None:
    body = {"email": "dora@example.com", "role": "cashier"}
    token = client_for(alice).post(f"/api/v1/stores/s/{store.slug}/staff/", body).json()["invite_token"]
    given = {"token": token, "password": "correct horse battery"}
    answers = together(*[lambda: APIClient().post("/api/v1/auth/accept-invite/", given).status_code] * 4)
    assert answers.count(201) == 1
    assert set(answers) == {201, 400}
    with scope(store.pk):
        assert Staff.objects.count() == 2
