"""Invitations over HTTP: what the token opens, and what neither the inviter nor a squatter can do with one half of it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.scope import scope
from apps.events.models import Event
from apps.stores.models import Outlet, Role, Staff, StaffInvite, Store
from apps.stores.tests import factories
from apps.stores.tests.fixtures import ClientFor
from apps.users.models import User

ACCEPT = "/api/v1/auth/accept-invite/"
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client_for: ClientFor, alice: User, store: Store) -> APIClient:
    return client_for(alice)


def invite(client: APIClient, store: Store, email: str = "dora@example.com", role: str = "cashier", **more: Any) -> Any:
    return client.post(f"/api/v1/stores/s/{store.slug}/staff/", {"email": email, "role": role, **more})


def token_for(client: APIClient, store: Store, **more: Any) -> str:
    return str(invite(client, store, **more).json()["invite_token"])


def accept(token: str, password: str = PASSWORD, client: APIClient | None = None) -> Any:
    return (client or APIClient()).post(ACCEPT, {"token": token, "password": password})


def members(store: Store) -> list[tuple[str | None, str]]:
    with scope(store.pk):
        return list(Staff.objects.order_by("created_at").values_list("user__email", "role"))


def test_somebody_new_is_invited_and_joins_with_a_password_of_their_own(owner: APIClient, store: Store) -> None:
    response = invite(owner, store, "Dora@Example.com", first_name="Dora", last_name="Lima")
    assert response.status_code == 201
    body = response.json()
    assert (body["email"], body["role"], body["first_name"]) == ("dora@example.com", "cashier", "Dora")
    assert members(store) == [("alice@example.com", "owner")], "nobody is a member by being invited"
    assert not User.objects.filter(email="dora@example.com").exists(), "nor does a stranger get an account"

    joined = accept(body["invite_token"])
    assert joined.status_code == 201
    answer = joined.json()
    assert (answer["role"], answer["store"]["slug"], answer["email"]) == ("cashier", "cantina", "dora@example.com")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
    assert client.get(f"/api/v1/stores/s/{store.slug}/orders/").status_code == 200
    assert User.objects.get(email="dora@example.com").first_name == "Dora"
    names = (
        Event.objects.filter(store=store, name__startswith="staff.").order_by("seq").values_list("name", "actor_label")
    )
    assert list(names) == [("staff.invited", "Alice"), ("staff.joined", "Dora Lima")]


def test_the_token_is_shown_once_and_stored_as_a_hash(owner: APIClient, store: Store) -> None:
    token = token_for(owner, store)
    with scope(store.pk):
        assert StaffInvite.objects.get().token_hash != token
    listed = owner.get(f"/api/v1/stores/s/{store.slug}/staff/invites/").json()
    assert [row["email"] for row in listed["results"]] == ["dora@example.com"]
    assert "token" not in str(listed)
    assert token not in str(list(Event.objects.values_list("payload", flat=True)))


def test_a_token_is_good_for_one_use(owner: APIClient, store: Store) -> None:
    token = token_for(owner, store)
    assert accept(token).status_code == 201
    again = accept(token)
    assert (again.status_code, again.json()["code"]) == (400, "invite_invalid")
    assert len(members(store)) == 2


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 101, None, {"a": 1}])
def test_what_is_no_token_is_refused_and_creates_nobody(owner: APIClient, store: Store, token: Any) -> None:
    invite(owner, store)
    assert accept(token).status_code == 400
    assert User.objects.count() == 1


def test_an_invitation_ends_after_seven_days(owner: APIClient, store: Store) -> None:
    token = token_for(owner, store)
    with time_machine.travel(now() + timedelta(days=7, seconds=1), tick=False):
        assert accept(token).json()["code"] == "invite_invalid"
    with time_machine.travel(now() + timedelta(days=6, hours=23), tick=False):
        assert accept(token).status_code == 201


def test_inviting_again_makes_the_earlier_token_void(owner: APIClient, store: Store) -> None:
    first, second = token_for(owner, store), token_for(owner, store, role="kitchen")
    assert accept(first).status_code == 400
    assert accept(second).json()["role"] == "kitchen"


def test_a_withdrawn_invitation_opens_nothing(
    owner: APIClient, store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    body = invite(owner, store).json()
    path = f"staff/invites/{body['id']}/"
    assert client_for(charlie).delete(f"/api/v1/stores/s/{other_store.slug}/{path}").status_code == 404, "a foreign one"
    assert owner.delete(f"/api/v1/stores/s/{store.slug}/{path}").status_code == 204
    assert accept(body["invite_token"]).status_code == 400


def test_a_weak_password_is_refused_and_the_invitation_stays_open(owner: APIClient, store: Store) -> None:
    token = token_for(owner, store)
    response = accept(token, "12345678")
    assert response.status_code == 400
    assert response.json()["password"]
    assert not User.objects.filter(email="dora@example.com").exists()
    assert accept(token).status_code == 201


def test_an_account_that_exists_joins_with_its_own_password(owner: APIClient, store: Store) -> None:
    dora = factories.make_user("dora@example.com")
    token = token_for(owner, store)
    refused = accept(token, "the inviter's guess")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_credentials")
    dora.refresh_from_db()
    assert dora.check_password("comanda-demo"), "an invitation never sets the password of an account that exists"
    assert len(members(store)) == 1
    assert accept(token, "comanda-demo").status_code == 201
    assert members(store)[1] == ("dora@example.com", "cashier")


def test_whoever_is_logged_in_needs_no_password_for_their_own_invitation(
    owner: APIClient, store: Store, client_for: ClientFor
) -> None:
    dora, eve = factories.make_user("dora@example.com"), factories.make_user("eve@example.com")
    token = token_for(owner, store)
    assert accept(token, "", client_for(eve)).status_code == 400, "another account's login does not do"
    assert accept(token, "", client_for(dora)).status_code == 201
    assert members(store)[1][0] == "dora@example.com"


def test_a_squatter_on_the_address_gets_nothing_without_the_token(
    owner: APIClient, store: Store, client_for: ClientFor
) -> None:
    squatter = factories.make_user("dora@example.com")
    invite(owner, store)
    assert client_for(squatter).get(f"/api/v1/stores/s/{store.slug}/orders/").status_code == 404


def test_guessing_passwords_through_an_invitation_is_limited(owner: APIClient, store: Store) -> None:
    factories.make_user("dora@example.com")
    token = token_for(owner, store)
    assert [accept(token, "wrong").status_code for _number in range(6)] == [400] * 5 + [429]


def test_a_member_cannot_be_invited_again(owner: APIClient, store: Store, bob: User) -> None:
    response = invite(owner, store, "BOB@example.com")
    assert (response.status_code, response.json()["code"]) == (409, "already_member")
    assert Event.objects.filter(store=store, name="staff.invited").count() == 0


def test_the_same_person_may_work_in_two_stores(
    owner: APIClient, store: Store, other_store: Store, charlie: User, client_for: ClientFor
) -> None:
    accept(token_for(owner, store))
    assert accept(token_for(client_for(charlie), other_store, role="manager")).status_code == 201
    assert ("dora@example.com", "cashier") in members(store)
    assert ("dora@example.com", "manager") in members(other_store)
    assert User.objects.filter(email="dora@example.com").count() == 1


def test_a_manager_invites_up_to_their_own_role_and_leaves_the_owners_invitations_alone(
    owner: APIClient, store: Store, client_for: ClientFor
) -> None:
    manager = client_for(factories.make_staff(store, Role.MANAGER))
    assert invite(manager, store, role="manager").status_code == 201
    assert invite(manager, store, role="owner").json()["code"] == "role_above_yours"
    body = invite(owner, store, "erik@example.com", role="owner").json()
    assert invite(manager, store, "erik@example.com", role="kitchen").status_code == 403, "it would void the owner's"
    assert manager.delete(f"/api/v1/stores/s/{store.slug}/staff/invites/{body['id']}/").status_code == 403
    assert accept(body["invite_token"]).json()["role"] == "owner"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "x"}, "email"),
        ({"role": "king"}, "role"),
        ({"outlets": ["x"]}, "outlets.0"),
        ({"first_name": "x" * 81}, "first_name"),
    ],
)
def test_a_bad_field_is_named_and_nobody_is_invited(
    owner: APIClient, store: Store, body: dict[str, Any], field: str
) -> None:
    response = invite(owner, store, **body)
    assert response.status_code == 400
    assert field in response.json()["errors"]
    with scope(store.pk):
        assert not StaffInvite.objects.exists()


def test_outlets_of_an_invitation_must_be_the_stores_and_still_be_there(
    owner: APIClient, store: Store, other_store: Store
) -> None:
    with scope(other_store.pk):
        foreign = Outlet.objects.get()
    assert invite(owner, store, outlets=[str(foreign.pk)]).json()["errors"]["outlets"]
    with scope(store.pk):
        north = Outlet.objects.create(store_id=store.pk, slug="north", name="North")
        token = token_for(owner, store, outlets=[str(north.pk)])
        north.delete()
    assert accept(token).json()["code"] == "invite_invalid", "an empty list would have meant every outlet"
