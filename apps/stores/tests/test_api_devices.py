"""Pairing a screen over HTTP: code, claim, token once, access, revocation."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.bearer import digest
from apps.core.clock import now
from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Device, DevicePairing, Outlet, Role, Store
from apps.stores.queries.devices import device_by_token
from apps.stores.services import devices
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor
from apps.users.models import User

PAIR, POLL = "/api/v1/devices/pair/", "/api/v1/devices/pair/poll/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> APIClient:
    return client_for(alice)


@pytest.fixture
def screen() -> dict[str, str]:
    """A screen that has just been switched on."""
    response = APIClient().post(PAIR)
    assert response.status_code == 201
    body: dict[str, str] = response.json()
    return body


def claim(client: APIClient, store: Store, code: str, **more: Any) -> Any:
    body = {"code": code, "name": "Grill", "kind": "kitchen_screen", "station": "grill", **more}
    return client.post(f"/api/v1/stores/s/{store.slug}/devices/claim/", body)


def poll(screen: dict[str, str]) -> Any:
    return APIClient().post(POLL, {"secret": screen["secret"]})


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Device {token}")
    return client


def facts(store: Store) -> list[tuple[str, str]]:
    rows = Event.objects.filter(store=store, name__startswith="device.").order_by("seq")
    return [(row.name, row.payload["device_id"]) for row in rows]


def test_a_screen_shows_a_readable_code_and_waits(screen: dict[str, str]) -> None:
    assert re.fullmatch("[2-9A-HJKMNP-Z]{6}", screen["code"])
    assert len(screen["secret"]) >= 43
    assert poll(screen).json() == {"status": "pending"}


def test_a_manager_claims_it_and_the_screen_picks_its_token_up_once(
    owner: APIClient, store: Store, screen: dict[str, str]
) -> None:
    response = claim(owner, store, screen["code"])
    assert response.status_code == 201
    device = response.json()
    assert (device["name"], device["kind"], device["station"], device["is_active"]) == (
        "Grill",
        "kitchen_screen",
        "grill",
        True,
    )
    assert "token" not in response.content.decode()

    first = poll(screen).json()
    assert (first["status"], first["store"]["slug"], first["store"]["name"]) == ("claimed", "cantina", "Cantina")
    assert first["device"]["id"] == device["id"]
    second = poll(screen).json()
    assert second["status"] == "claimed"
    assert "token" not in second
    with scope(store.pk):
        assert Device.objects.get().token_hash == digest(first["token"])
    assert facts(store) == [("device.paired", device["id"])]


@pytest.mark.parametrize(
    "spell", [str.lower, lambda code: f" {code[:3]} - {code[3:]} ", lambda code: f"{code[:3]}-{code[3:]}"]
)
def test_a_code_may_be_typed_as_people_type(owner: APIClient, store: Store, screen: dict[str, str], spell: Any) -> None:
    assert claim(owner, store, spell(screen["code"])).status_code == 201


def test_the_token_opens_what_its_kind_may_do_in_its_store_only(
    owner: APIClient, store: Store, other_store: Store, screen: dict[str, str]
) -> None:
    claim(owner, store, screen["code"], kind="cashier")
    till = with_token(poll(screen).json()["token"])
    assert till.get(f"/api/v1/stores/s/{store.slug}/orders/").status_code == 200
    assert till.get(f"/api/v1/stores/s/{store.slug}/staff/").status_code == 403
    assert till.get(f"/api/v1/stores/s/{other_store.slug}/orders/").status_code == 404
    assert till.get("/api/v1/auth/me/").status_code == 401, "a device is no person"
    with scope(store.pk):
        assert Device.objects.get().last_seen_at is not None


def test_revoking_ends_access_at_once_and_for_good(owner: APIClient, store: Store, screen: dict[str, str]) -> None:
    device = claim(owner, store, screen["code"], kind="cashier").json()
    till = with_token(poll(screen).json()["token"])
    orders, revoke = (
        f"/api/v1/stores/s/{store.slug}/orders/",
        f"/api/v1/stores/s/{store.slug}/devices/{device['id']}/revoke/",
    )
    assert till.get(orders).status_code == 200
    assert owner.post(revoke).json()["is_active"] is False
    assert till.get(orders).status_code == 401
    assert poll(screen).json() == {"status": "expired"}
    assert owner.post(revoke).status_code == 200
    assert [name for name, _id in facts(store)] == ["device.paired", "device.revoked"], "the second one changed nothing"
    assert facts(store)[1][1] == device["id"], "sockets close by this"


def test_a_device_revoked_before_it_picked_up_never_gets_a_token(
    owner: APIClient, store: Store, screen: dict[str, str]
) -> None:
    device = claim(owner, store, screen["code"]).json()
    owner.post(f"/api/v1/stores/s/{store.slug}/devices/{device['id']}/revoke/")
    assert poll(screen).json() == {"status": "expired"}


def test_a_bad_device_token_is_nobody_on_staff_routes_and_a_guest_in_the_shop(store: Store) -> None:
    stranger = with_token("x" * 43)
    assert stranger.get(f"/api/v1/stores/s/{store.slug}/orders/").status_code == 401
    assert stranger.get(f"/api/v1/stores/s/{store.slug}/catalog/").status_code == 200


def test_a_code_runs_out_after_ten_minutes(owner: APIClient, store: Store, screen: dict[str, str]) -> None:
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1), tick=False):
        assert poll(screen).json() == {"status": "expired"}
        response = claim(owner, store, screen["code"])
        assert (response.status_code, response.json()["code"]) == (404, "pairing_unknown")
    with scope(store.pk):
        assert not Device.objects.exists()


def test_old_pairings_are_swept_when_a_new_one_starts(screen: dict[str, str]) -> None:
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        APIClient().post(PAIR)
    assert DevicePairing.objects.count() == 1
    assert poll(screen).json() == {"status": "expired"}


def test_a_claimed_screen_cannot_be_claimed_by_another_store(
    owner: APIClient, store: Store, other_store: Store, charlie: User, client_for: ClientFor, screen: dict[str, str]
) -> None:
    claim(owner, store, screen["code"])
    response = claim(client_for(charlie), other_store, screen["code"])
    assert (response.status_code, response.json()["code"]) == (409, "pairing_claimed")
    with scope(other_store.pk):
        assert not Device.objects.exists()
    assert poll(screen).json()["store"]["slug"] == store.slug


@pytest.mark.parametrize("secret", ["", "x" * 43, "x" * 101, None, 7])
def test_a_wrong_secret_learns_nothing(owner: APIClient, store: Store, screen: dict[str, str], secret: Any) -> None:
    claim(owner, store, screen["code"])
    response = APIClient().post(POLL, {"secret": secret})
    assert response.status_code == 400 or response.json() == {"status": "expired"}
    assert "token" in poll(screen).json(), "and takes nothing from the screen"


def test_the_code_alone_does_not_give_the_token(owner: APIClient, store: Store, screen: dict[str, str]) -> None:
    claim(owner, store, screen["code"])
    assert APIClient().post(POLL, {"secret": screen["code"]}).json() == {"status": "expired"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "toaster"}, "kind"),
        ({"name": ""}, "name"),
        ({"station": "no spaces"}, "station"),
        ({"outlet": "x"}, "outlet"),
        ({"outlet": "0190b3c4-0000-7000-8000-000000000000"}, "outlet"),
        ({"code": "x" * 21}, "code"),
    ],
)
def test_a_bad_field_is_named_and_the_screen_stays_free(
    owner: APIClient, store: Store, screen: dict[str, str], body: dict[str, Any], field: str
) -> None:
    response = claim(owner, store, **({"code": screen["code"]} | body))
    assert response.status_code == 400
    assert field in response.json()["errors"]
    assert poll(screen).json() == {"status": "pending"}
    assert claim(owner, store, screen["code"]).status_code == 201


def test_a_foreign_stores_outlet_and_device_are_not_found(
    owner: APIClient, store: Store, other_store: Store, charlie: User, client_for: ClientFor, screen: dict[str, str]
) -> None:
    with scope(other_store.pk):
        foreign_outlet = Outlet.objects.get()
    assert claim(owner, store, screen["code"], outlet=str(foreign_outlet.pk)).status_code == 400
    theirs = claim(client_for(charlie), other_store, screen["code"]).json()
    response = owner.post(f"/api/v1/stores/s/{store.slug}/devices/{theirs['id']}/revoke/")
    assert (response.status_code, response.json()["code"]) == (404, "device_not_found")
    with scope(other_store.pk):
        assert Device.objects.get().revoked_at is None


def test_the_list_shows_the_stores_devices_without_tokens(
    owner: APIClient, store: Store, other_store: Store, screen: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    claim(owner, store, screen["code"])
    token = poll(screen).json()["token"]
    with scope(other_store.pk):
        Device.objects.create(name="Bar", kind="kiosk", token_hash="h")
    with django_assert_max_num_queries(5):
        body = owner.get(f"/api/v1/stores/s/{store.slug}/devices/").json()
    assert [row["name"] for row in body["results"]] == ["Grill"]
    assert not {token, digest(token), "token_hash"} & set(str(body).replace("'", " ").split())


def test_a_manager_of_one_outlet_pairs_devices_for_that_outlet_only(
    owner: APIClient, store: Store, client_for: ClientFor, screen: dict[str, str]
) -> None:
    from apps.stores.models import Staff, StaffOutlet

    user = factories.make_staff(store, Role.MANAGER)
    with scope(store.pk):
        main = Outlet.objects.get()
        north = Outlet.objects.create(store_id=store.pk, slug="north", name="North")
        StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=north)
    manager = client_for(user)
    assert claim(manager, store, screen["code"]).json()["code"] == "outlet_not_yours"
    assert claim(manager, store, screen["code"], outlet=str(main.pk)).status_code == 403
    assert claim(manager, store, screen["code"], outlet=str(north.pk)).status_code == 201


def test_guessing_codes_is_limited_per_person(owner: APIClient, store: Store, screen: dict[str, str]) -> None:
    assert [claim(owner, store, "222222").status_code for _number in range(10)] == [404] * 10
    response = claim(owner, store, screen["code"])
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert poll(screen).json() == {"status": "pending"}


def test_starting_pairings_is_limited_per_address(db: None) -> None:
    statuses = [APIClient().post(PAIR).status_code for _number in range(31)]
    assert statuses == [201] * 30 + [429]
    assert APIClient().post(PAIR, REMOTE_ADDR="192.0.2.9").status_code == 201


def test_a_code_that_is_on_another_screen_is_not_given_out_twice(
    screen: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = iter([screen["code"], "ZZZZZZ"])
    monkeypatch.setattr(devices, "readable_code", lambda length: next(codes))
    assert APIClient().post(PAIR).json()["code"] == "ZZZZZZ"


def test_finding_a_device_takes_one_query_and_an_empty_token_finds_none(
    store: Store, django_assert_num_queries: Any
) -> None:
    with scope(store.pk):
        Device.objects.create(name="Waiting", kind="kiosk")  # claimed, but its token was not picked up: no hash yet
        Device.objects.create(name="Grill", kind="kitchen_screen", token_hash=digest("secret"))
    with django_assert_num_queries(1):
        found = device_by_token("secret")
    assert found is not None
    assert found.name == "Grill"
    assert device_by_token("") is None


def test_nothing_secret_shows_in_a_repr(screen: dict[str, str], owner: APIClient, store: Store) -> None:
    claim(owner, store, screen["code"])
    found = devices.poll(secret=screen["secret"])
    started = devices.start_pairing(address="192.0.2.1")
    assert found.token not in repr(found)
    assert started.secret not in repr(started)
