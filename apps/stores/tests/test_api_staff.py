"""The team over HTTP: listing, changing, removing – and who may do it to whom."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Outlet, Role, Staff, StaffInvite, StaffOutlet, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor
from apps.users.models import User

pytestmark = pytest.mark.django_db


def url(store: Store, path: str = "") -> str:
    return f"/api/v1/stores/s/{store.slug}/staff/{path}"


def member(store: Store, user: User) -> Staff:
    with scope(store.pk):
        return Staff.objects.select_related("user").get(user=user)


def outlet(store: Store, slug: str) -> Outlet:
    with scope(store.pk):
        return Outlet.objects.create(store_id=store.pk, slug=slug, name=slug)


def limit(store: Store, user: User, *outlets: Outlet) -> None:
    with scope(store.pk):
        for one in outlets:
            StaffOutlet.objects.create(store_id=store.pk, staff=Staff.objects.get(user=user), outlet=one)


def facts(store: Store, name: str) -> list[dict[str, Any]]:
    return list(Event.objects.filter(store=store, name=name).order_by("seq").values_list("payload", flat=True))


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> APIClient:
    return client_for(alice)


def test_the_list_shows_the_store_and_nobody_elses_team(
    owner: APIClient, store: Store, bob: User, other_store: Store
) -> None:
    limit(store, bob, north := outlet(store, "north"))
    body = owner.get(url(store)).json()
    assert (body["count"], body["next"]) == (2, None)
    assert [row["email"] for row in body["results"]] == ["alice@example.com", "bob@example.com"]
    assert {key: body["results"][1][key] for key in ("user_id", "role", "name", "outlets", "is_active")} == {
        "user_id": str(bob.pk), "role": "attendant", "name": "Bob", "outlets": [str(north.pk)], "is_active": True,
    }  # fmt: skip
    assert "password" not in str(body)


def test_the_list_can_be_filtered_and_empty_filters_do_nothing(owner: APIClient, store: Store, bob: User) -> None:
    def emails(**query: str) -> list[str]:
        return [row["email"].partition("@")[0] for row in owner.get(url(store), query).json()["results"]]

    assert emails(role="", search="", is_active="") == ["alice", "bob"]
    assert emails(role="attendant") == ["bob"]
    assert emails(search="ALI") == ["alice"]
    assert emails(is_active="false") == []
    assert owner.get(url(store), {"role": "king"}).status_code == 400


def test_the_number_of_statements_does_not_grow_with_the_team(
    owner: APIClient, store: Store, django_assert_max_num_queries: Any
) -> None:
    north = outlet(store, "north")
    for _number in range(30):
        limit(store, factories.make_staff(store, Role.COURIER), north)
    owner.get(url(store))
    with django_assert_max_num_queries(6):
        assert len(owner.get(url(store), {"page_size": 50}).json()["results"]) == 31


def test_an_owner_changes_role_and_outlets_and_the_log_says_so(owner: APIClient, store: Store, bob: User) -> None:
    north, staff = outlet(store, "north"), member(store, bob)
    body = owner.patch(url(store, f"{staff.pk}/"), {"role": "cashier", "outlets": [str(north.pk)]}).json()
    assert (body["role"], body["outlets"]) == ("cashier", [str(north.pk)])
    (fact,) = facts(store, "staff.updated")
    assert (fact["staff_id"], fact["user_id"], fact["role"], fact["is_active"]) == (
        str(staff.pk),
        str(bob.pk),
        "cashier",
        True,
    )
    assert fact["changed"] == ["role", "outlets"]
    assert owner.patch(url(store, f"{staff.pk}/"), {"outlets": []}).json()["outlets"] == []


def test_a_change_that_changes_nothing_records_nothing(owner: APIClient, store: Store, bob: User) -> None:
    staff = member(store, bob)
    assert (
        owner.patch(url(store, f"{staff.pk}/"), {"role": "attendant", "is_active": True, "outlets": []}).status_code
        == 200
    )
    assert owner.patch(url(store, f"{staff.pk}/"), {}).status_code == 200
    assert facts(store, "staff.updated") == []


def test_access_ends_at_once_when_somebody_is_switched_off_or_removed(
    owner: APIClient, store: Store, bob: User, client_for: ClientFor
) -> None:
    his, staff = client_for(bob), member(store, bob)
    orders = f"/api/v1/stores/s/{store.slug}/orders/"
    assert his.get(orders).status_code == 200
    owner.patch(url(store, f"{staff.pk}/"), {"is_active": False})
    assert his.get(orders).status_code == 404
    owner.patch(url(store, f"{staff.pk}/"), {"is_active": True})
    assert his.get(orders).status_code == 200
    assert owner.delete(url(store, f"{staff.pk}/")).status_code == 204
    assert his.get(orders).status_code == 404
    assert his.get("/api/v1/auth/me/").status_code == 200, "the person stays a user"
    (fact,) = facts(store, "staff.removed")
    assert fact["user_id"] == str(bob.pk), "sockets close by this"
    assert owner.delete(url(store, f"{staff.pk}/")).status_code == 404


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_foreign_stores_member_is_not_found_and_not_changed(
    owner: APIClient, store: Store, other_store: Store, charlie: User, method: str
) -> None:
    theirs = member(other_store, charlie)
    response = getattr(owner, method)(url(store, f"{theirs.pk}/"), {"role": "kitchen"})
    assert response.status_code == 404
    assert response.json()["code"] == "staff_not_found"
    assert member(other_store, charlie).role == Role.OWNER
    assert getattr(owner, method)(url(store, f"{uuid4()}/"), {}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "king"}, "role"),
        ({"outlets": ["x"]}, "outlets.0"),
        ({"outlets": "x"}, "outlets"),
        ({"is_active": "maybe"}, "is_active"),
    ],
)
def test_a_bad_field_is_named(owner: APIClient, store: Store, bob: User, body: dict[str, Any], field: str) -> None:
    response = owner.patch(url(store, f"{member(store, bob).pk}/"), body)
    assert response.status_code == 400
    assert field in response.json()["errors"]


def test_a_foreign_outlet_is_refused(owner: APIClient, store: Store, other_store: Store, bob: User) -> None:
    theirs = outlet(other_store, "north")
    response = owner.patch(url(store, f"{member(store, bob).pk}/"), {"role": "cashier", "outlets": [str(theirs.pk)]})
    assert response.status_code == 400
    assert response.json()["errors"]["outlets"]
    assert member(store, bob).role == Role.ATTENDANT


@pytest.mark.parametrize("change", [{"role": "kitchen"}, {"is_active": False}, None])
def test_the_last_owner_stays_until_there_is_another(
    owner: APIClient, store: Store, alice: User, change: dict[str, Any] | None
) -> None:
    path = url(store, f"{member(store, alice).pk}/")

    def leave() -> Any:
        return owner.delete(path) if change is None else owner.patch(path, change)

    factories.make_staff(
        store, Role.OWNER, factories.make_user(is_active=False)
    )  # an owner who cannot log in does not count
    response = leave()
    assert response.status_code == 409
    assert response.json()["code"] == "last_owner"
    assert (member(store, alice).role, member(store, alice).is_active) == (Role.OWNER, True)
    factories.make_staff(store, Role.OWNER)
    assert leave().status_code in {200, 204}


@pytest.mark.parametrize(
    ("target", "change", "status"),
    [
        (Role.CASHIER, {"role": "kitchen"}, 200),
        (Role.CASHIER, {"role": "manager"}, 200),
        (Role.CASHIER, {"role": "owner"}, 403),
        (Role.MANAGER, {"role": "kitchen"}, 200),
        (Role.OWNER, {"role": "kitchen"}, 403),
        (Role.OWNER, {"is_active": False}, 403),
        (Role.OWNER, {"outlets": []}, 403),
    ],
)
def test_a_manager_neither_grants_nor_touches_what_is_above_them(
    store: Store, client_for: ClientFor, target: str, change: dict[str, Any], status: int
) -> None:
    manager = client_for(factories.make_staff(store, Role.MANAGER))
    user = factories.make_staff(store, target)
    response = manager.patch(url(store, f"{member(store, user).pk}/"), change)
    assert response.status_code == status
    if status == 403:
        assert response.json()["code"] == "role_above_yours"
        assert member(store, user).role == target
        assert facts(store, "staff.updated") == []


def test_a_manager_cannot_remove_an_owner_nor_promote_themselves(
    store: Store, alice: User, client_for: ClientFor
) -> None:
    user = factories.make_staff(store, Role.MANAGER)
    manager = client_for(user)
    assert manager.delete(url(store, f"{member(store, alice).pk}/")).status_code == 403
    assert manager.patch(url(store, f"{member(store, user).pk}/"), {"role": "owner"}).status_code == 403
    assert (member(store, alice).role, member(store, user).role) == (Role.OWNER, Role.MANAGER)


def test_a_manager_of_some_outlets_manages_only_people_of_those(store: Store, client_for: ClientFor, bob: User) -> None:
    north, south = outlet(store, "north"), outlet(store, "south")
    user = factories.make_staff(store, Role.MANAGER)
    limit(store, user, north)
    manager = client_for(user)
    path = url(store, f"{member(store, bob).pk}/")
    assert manager.patch(path, {"role": "kitchen"}).json()["code"] == "outlet_not_yours", "Bob works everywhere"
    limit(store, bob, south)
    assert manager.patch(path, {"role": "kitchen"}).status_code == 403
    with scope(store.pk):
        StaffOutlet.objects.filter(staff=member(store, bob)).update(outlet=north)
    assert manager.patch(path, {"outlets": [str(south.pk)]}).status_code == 403
    assert manager.patch(path, {"outlets": []}).status_code == 403
    assert manager.patch(path, {"role": "kitchen"}).status_code == 200
    assert manager.post(url(store), {"email": "n@example.com", "role": "kitchen"}).status_code == 403
    assert (
        manager.post(url(store), {"email": "n@example.com", "role": "kitchen", "outlets": [str(north.pk)]}).status_code
        == 201
    )


@pytest.mark.parametrize("end", ["remove", "switch off", "demote"])
def test_invitations_go_with_the_person_who_gave_them(
    owner: APIClient, store: Store, client_for: ClientFor, end: str
) -> None:
    user = factories.make_staff(store, Role.MANAGER)
    client_for(user).post(url(store), {"email": "friend@example.com", "role": "manager"})
    owner.post(url(store), {"email": "other@example.com", "role": "kitchen"})
    path = url(store, f"{member(store, user).pk}/")
    if end == "remove":
        owner.delete(path)
    else:
        owner.patch(path, {"is_active": False} if end == "switch off" else {"role": "cashier"})
    with scope(store.pk):
        assert [row.email for row in StaffInvite.objects.all()] == ["other@example.com"]
