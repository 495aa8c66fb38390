"""Who may do what: every role against every team and device route, and the permission classes themselves."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.core.actors import Actor, ActorKind
from apps.core.bearer import digest
from apps.core.clock import now
from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Device, DeviceKind, Role, Staff, StaffInvite, Store
from apps.stores.permissions import ROLE_PERMISSIONS, HasStoreAccess, IsStoreOwner, IsStoreStaff, Perm
from apps.stores.queries.access import Access
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor
from apps.users.models import User

pytestmark = pytest.mark.django_db
MANAGES = {Role.OWNER, Role.MANAGER}
DEVICE_TOKEN = "a-device-token-of-enough-length"
ROUTES = [
    ("get", "staff/", None, 200),
    ("post", "staff/", {"email": "new@example.com", "role": "cashier"}, 201),
    ("get", "staff/{bob}/", None, 200),
    ("patch", "staff/{bob}/", {"role": "cashier"}, 200),
    ("delete", "staff/{bob}/", None, 204),
    ("get", "staff/invites/", None, 200),
    ("delete", "staff/invites/{invite}/", None, 204),
    ("get", "devices/", None, 200),
    ("post", "devices/claim/", {"code": "ABCDEF", "name": "Grill", "kind": "kitchen_screen"}, 404),  # no such code
    ("post", "devices/{device}/revoke/", None, 200),
]


@pytest.fixture
def world(store: Store, bob: User) -> dict[str, str]:
    """Ids of one of everything in Alice's store."""
    with scope(store.pk):
        member = Staff.objects.get(user=bob)
        invite = StaffInvite.objects.create(email="x@example.com", role="kitchen", token_hash="t", expires_at=now())
        device = Device.objects.create(name="Grill", kind=DeviceKind.KITCHEN_SCREEN, token_hash=digest(DEVICE_TOKEN))
    return {"bob": str(member.pk), "invite": str(invite.pk), "device": str(device.pk)}


def call(client: APIClient, store: Store, world: dict[str, str], method: str, path: str, body: Any) -> Any:
    return getattr(client, method)(f"/api/v1/stores/s/{store.slug}/{path.format(**world)}", body)


def state(store: Store) -> Any:
    """Everything a refused call must leave as it was."""
    with scope(store.pk):
        return (
            list(Staff.objects.order_by("pk").values_list("pk", "role", "is_active")),
            list(StaffInvite.objects.order_by("pk").values_list("pk", "token_hash")),
            list(Device.objects.order_by("pk").values_list("pk", "revoked_at")),
            Event.objects.filter(store=store).count(),
        )


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES)
def test_each_role_gets_what_its_permissions_say(
    store: Store,
    world: dict[str, str],
    client_for: ClientFor,
    role: str,
    method: str,
    path: str,
    body: Any,
    allowed: int,
) -> None:
    client = client_for(factories.make_staff(store, role))
    before = state(store)
    response = call(client, store, world, method, path, body)
    assert response.status_code == (allowed if role in MANAGES else 403)
    if role not in MANAGES:
        assert response.json()["code"] in {"permission_denied", "forbidden"}
        assert state(store) == before


@pytest.mark.parametrize(
    "who", ["nobody", "bad token", "customer", "other owner", "former member", "device", "other device"]
)
@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES)
def test_whoever_is_no_member_is_refused_and_changes_nothing(
    store: Store, other_store: Store, charlie: User, world: dict[str, str], client_for: ClientFor,
    who: str, method: str, path: str, body: Any, allowed: int,
) -> None:  # fmt: skip
    client, expected = _outsider(who, store, other_store, charlie, client_for)
    before = state(store)
    assert call(client, store, world, method, path, body).status_code == expected
    assert state(store) == before


def _outsider(
    who: str, store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> tuple[APIClient, int]:
    if who == "former member":
        user = factories.make_staff(store, Role.OWNER)
        with scope(store.pk):
            Staff.objects.filter(user=user).update(is_active=False)
        return client_for(user), 404
    if who in {"bad token", "device", "other device"}:
        if who == "other device":
            with scope(other_store.pk):
                Device.objects.create(name="Bar", kind=DeviceKind.KITCHEN_SCREEN, token_hash=digest(DEVICE_TOKEN * 2))
        words = {
            "bad token": "Token " + "0" * 40,
            "device": f"Device {DEVICE_TOKEN}",
            "other device": f"Device {DEVICE_TOKEN * 2}",
        }
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=words[who])
        return client, {"bad token": 401, "device": 403, "other device": 404}[who]
    users = {"nobody": None, "customer": factories.make_user(), "other owner": charlie}
    return client_for(users[who]), 401 if who == "nobody" else 404


@pytest.mark.parametrize("prefix", ["stores/cantina", "stores/s/{pk}"])
@pytest.mark.parametrize(("method", "path", "body", "allowed"), ROUTES)
def test_both_prefixes_and_the_stores_id_lead_to_the_same_views(
    store: Store, world: dict[str, str], alice: User, client_for: ClientFor,
    prefix: str, method: str, path: str, body: Any, allowed: int,
) -> None:  # fmt: skip
    url = f"/api/v1/{prefix.format(pk=store.pk)}/{path.format(**world)}"
    assert getattr(client_for(alice), method)(url, body).status_code == allowed


def access(role: str = "", permissions: frozenset[Perm] = frozenset()) -> Access:
    actor = Actor(kind=ActorKind.STAFF, id=str(uuid4()))
    return Access(role=role, permissions=permissions, outlets=frozenset(), actor=actor)


def asks(permission: Any, who: Access | None, needed: Perm | None = None) -> bool:
    view = SimpleNamespace(permission_needed=lambda request: needed)
    return bool(permission().has_permission(SimpleNamespace(access=who), view))


@pytest.mark.parametrize("role", Role.values)
def test_store_access_is_membership_of_the_permission_in_the_roles_set(role: str) -> None:
    for perm in Perm:
        assert asks(HasStoreAccess, access(role, ROLE_PERMISSIONS[role]), perm) == (perm in ROLE_PERMISSIONS[role])
        assert not asks(HasStoreAccess, None, perm)
    assert asks(HasStoreAccess, None, None), "a public view needs nothing"


@pytest.mark.parametrize("role", ["", *Role.values])
def test_staff_are_people_of_any_role_and_owners_are_owners(role: str) -> None:
    assert asks(IsStoreStaff, access(role)) == bool(role)
    assert asks(IsStoreOwner, access(role)) == (role == Role.OWNER)
    assert not asks(IsStoreStaff, None)
    assert not asks(IsStoreOwner, None)


def test_every_role_has_a_set_and_only_owner_and_manager_manage_people() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role.values)
    assert {role for role in Role.values if Perm.STAFF_EDIT in ROLE_PERMISSIONS[role]} == MANAGES
    assert {role for role in Role.values if Perm.DEVICES_EDIT in ROLE_PERMISSIONS[role]} == MANAGES
