"""Scenario 5: every route in the OpenAPI document, tried as owner, each role, a manager of one outlet, another store's owner,
a customer, a device, nobody. (What a limited manager reads is in `test_outlet_limits`.)"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from apps.core.bearer import digest
from apps.core.scope import scope
from apps.stores.models import Device, DeviceKind, Outlet, Role, Staff, StaffOutlet, Store
from apps.stores.permissions import DEVICE_PERMISSIONS, ROLE_PERMISSIONS, HasStoreAccess, Perm
from apps.stores.queries import access
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor
from apps.stores.tests.scenarios.routes import EVERYWHERE, LOGIN, OPEN, OWNER, PUBLIC, table
from apps.users.models import User

pytestmark = pytest.mark.django_db

METHODS = {"get", "post", "put", "patch", "delete"}
NOWHERE = "018f0000-0000-7000-8000-000000000000"
TOKEN = "a-device-token-of-enough-length"
WRITES = re.compile(r"^(INSERT|UPDATE|DELETE)\b(?! (INTO )?(\"user_logins\"|\"store_devices\"|store_devices))")
IN, UNKNOWN, FORBIDDEN, STRANGER = "in", 401, 403, 404


def documented() -> dict[tuple[str, str], list[str]]:
    """(method, path) → path parameters, as the document has them."""
    schema: Any = SchemaGenerator().get_schema(request=None, public=True)
    return {
        (method.upper(), path): [row["name"] for row in operation.get("parameters", []) if row["in"] == "path"]
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }


@pytest.fixture(scope="module")
def routes() -> list[tuple[str, str]]:
    """Every documented (method, path), in a fixed order."""
    return sorted(documented())


def test_every_documented_route_is_in_the_table_and_the_table_names_no_other(routes: list[tuple[str, str]]) -> None:
    known = table()
    assert sorted(set(routes) - set(known)) == [], "add these to scenarios/routes.py"
    assert sorted(set(known) - set(routes)) == [], "these are gone from the document"


def device_of(store: Store, kind: str) -> APIClient:
    with scope(store.pk):
        Device.objects.create(store_id=store.pk, name="Screen", kind=kind, token_hash=digest(TOKEN))
    return APIClient(headers={"Authorization": f"Device {TOKEN}"})


def limited_manager(store: Store) -> User:
    """A manager of one outlet."""
    user = factories.make_staff(store, Role.MANAGER)
    with scope(store.pk):
        StaffOutlet.objects.create(staff=Staff.objects.get(user=user), outlet=Outlet.objects.get(), store_id=store.pk)
    return user


def expected(needed: object, caller: str, route: tuple[str, str] = ("", "")) -> object:
    """What the caller meets at a door that takes `needed`."""
    kind, _colon, name = caller.partition(":")
    if kind == "limited":
        return FORBIDDEN if route in EVERYWHERE else expected(needed, f"role:{name}")
    if needed in (OPEN, PUBLIC):
        return IN
    if needed == LOGIN:
        return UNKNOWN if kind in {"nobody", "device", "foreign_device"} else IN
    if kind == "nobody":
        return UNKNOWN
    if needed == OWNER:
        by_kind: dict[str, object] = {
            "device": UNKNOWN,
            "foreign_device": UNKNOWN,
            "customer": STRANGER,
            "foreign_owner": STRANGER,
        }
        return by_kind.get(kind, IN if name == Role.OWNER else FORBIDDEN)
    held = {"role": ROLE_PERMISSIONS, "device": DEVICE_PERMISSIONS}.get(kind)
    if held is None:
        return STRANGER
    return IN if needed in held[name] else FORBIDDEN


def is_met(outcome: object, status: int, code: str) -> bool:
    """Inside, anything but the door's own answers is fine: a row that is not there, a body that is not valid."""
    if outcome == IN:
        return status < 500 and status not in {401, 403} and code != "store_not_found"
    return status == outcome


def knock(client: APIClient, store: Store, method: str, path: str) -> tuple[int, str, list[str]]:
    """Status, code and what was written. Whatever a call did is rolled back."""
    address = path.replace("{slug}", store.slug)
    query = {"store": store.slug} if path.endswith("stores/orders/") else {}
    address = re.sub(r"{\w+}", NOWHERE, address)
    save = transaction.savepoint()
    with CaptureQueriesContext(connection) as captured:
        call: Callable[..., Any] = getattr(client, method.lower())
        answer = call(address, query) if method == "GET" else call(address, {}, format="json")
    transaction.savepoint_rollback(save)
    code = answer.json().get("code", "") if answer.get("Content-Type") == "application/problem+json" else ""
    return answer.status_code, code, [row["sql"][:80] for row in captured if WRITES.match(row["sql"])]


CALLERS = [
    *(f"role:{role}" for role in Role.values),
    "limited:manager",
    *(f"device:{kind}" for kind in DeviceKind.values),
    "foreign_owner",
    "foreign_device",
    "customer",
    "nobody",
]


@pytest.fixture
def client_of(store: Store, other_store: Store, charlie: User, client_for: ClientFor) -> Callable[[str], APIClient]:
    """The client of one of the callers."""

    def make(caller: str) -> APIClient:
        kind, _colon, name = caller.partition(":")
        if kind == "role":
            return client_for(factories.make_staff(store, name))
        if kind == "limited":
            return client_for(limited_manager(store))
        if kind in {"device", "foreign_device"}:
            return device_of(store if name else other_store, name or DeviceKind.CASHIER)
        return client_for({"foreign_owner": charlie, "customer": factories.make_user()}.get(kind))

    return make


def mismatches(caller: str, client: APIClient, store: Store, routes: list[tuple[str, str]]) -> list[str]:
    """Where the caller was let in or kept out against the table, or a refused call wrote something."""
    known, wrong = table(), []
    for method, path in routes:
        needed = known.get((method, path), Perm.SETTINGS_EDIT)
        outcome = expected(needed, caller, (method, path))
        status, code, writes = knock(client, store, method, path)
        if not is_met(outcome, status, code):
            wrong.append(f"{method} {path}: {status} {code}, expected {outcome}")
        if outcome != IN and writes:
            wrong.append(f"{method} {path}: refused, but wrote {writes}")
        if method != "GET" and outcome == IN:  # it may have changed the store, which is rolled back but remembered
            access._memory.clear()
            cache.clear()
    return wrong


@pytest.mark.parametrize("caller", CALLERS)
def test_every_route_lets_in_whom_it_should_and_a_refused_call_writes_nothing(
    caller: str, routes: list[tuple[str, str]], store: Store, client_of: Callable[[str], APIClient]
) -> None:
    assert mismatches(caller, client_of(caller), store, routes) == []


def test_a_door_left_open_would_be_found(
    routes: list[tuple[str, str]],
    store: Store,
    client_of: Callable[[str], APIClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: with the permission classes turned off a courier gets everywhere, and the table says so."""
    monkeypatch.setattr(HasStoreAccess, "has_permission", lambda *_call: True)
    found = mismatches("role:courier", client_of("role:courier"), store, routes)
    refused = [
        route
        for route in routes
        if expected(table()[route], "role:courier") == FORBIDDEN and "activate" not in route[1]
    ]
    doors = {line.partition(": ")[0] for line in found}  # one that also wrote something is told of twice
    assert len(doors) == len(refused) > 80


def test_an_alias_opens_the_same_door(store: Store, client_of: Callable[[str], APIClient]) -> None:
    stranger = client_of("foreign_owner")
    for path in ("orders/", "settings/", "staff/", "products/", "stock/"):
        canonical = stranger.get(f"/api/v1/stores/s/{store.slug}/{path}").status_code
        assert stranger.get(f"/api/v1/stores/{store.slug}/{path}").status_code == canonical
