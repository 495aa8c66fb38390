"""Registering, the own account, changing the password."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.users.models import Login, User
from apps.users.services import accounts, logins, passwords

from .conftest import PASSWORD

REGISTER, LOGIN, ME, CHANGE = (f"/api/v1/auth/{path}/" for path in ("register", "login", "me", "change-password"))
pytestmark = pytest.mark.django_db
As = Callable[[User], APIClient]


def test_p_registers_with_name_and_phone_and_logs_in_with_the_phone(client: APIClient) -> None:
    response = client.post(REGISTER, {"name": "Bia da Silva", "phone": "63988887777", "password": PASSWORD})
    assert response.status_code == 201
    user = User.objects.get()
    assert (user.first_name, user.last_name, user.email, user.phone) == ("Bia", "da Silva", None, "+5563988887777")
    answer = client.post(LOGIN, {"email": "63988887777", "password": PASSWORD}).json()
    assert answer["user"] == {
        "id": str(user.pk),
        "email": "",
        "first_name": "Bia",
        "last_name": "da Silva",
        "phone": "63988887777",
    }


def test_e_registers_with_an_email_and_is_logged_in(client: APIClient) -> None:
    body = {"email": "Bia@Example.com", "password": PASSWORD, "first_name": "Bia", "last_name": "Silva"}
    answer = client.post(REGISTER, body).json()
    assert answer["user"]["email"] == "bia@example.com"
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer['token']}")
    assert client.get(ME).json()["first_name"] == "Bia"


def test_c_registers_with_both_and_extra_keys(client: APIClient) -> None:
    extra = {"coupon_code": "BEMVINDO", "store_slug": "ce-saladas", "is_staff": True, "platform_role": "super_admin"}
    body = {
        "email": "bia@example.com",
        "phone": "(63) 98888-7777",
        "password": PASSWORD,
        "first_name": "B",
        "last_name": "S",
    }
    assert client.post(REGISTER, body | extra).status_code == 201
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.platform_role) == (False, False, "")


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"email": "ALICE@example.com"}, "email", "exists"),
        ({"phone": "6399990000"}, "phone", "exists"),
        ({"email": "", "phone": ""}, "email", ""),
        ({"email": "no address"}, "email", ""),
        ({"phone": "12"}, "phone", ""),
        ({"password": "short"}, "password", ""),
        ({"password": "12345678901"}, "password", ""),
        ({"password": "bia@example.com"}, "password", ""),
        ({"password": "x" * 300}, "password", ""),
        ({"password": None}, "password", ""),
        ({"first_name": "x" * 81}, "first_name", ""),
    ],
)
def test_it_refuses_with_a_list_per_field_and_creates_nobody(
    client: APIClient, alice: User, change: dict[str, Any], field: str, says: str
) -> None:
    body = {"email": "bia@example.com", "phone": "63988887777", "password": PASSWORD, "first_name": "Bia"}
    response = client.post(REGISTER, body | change, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 400
    texts = response.json()[field]
    assert isinstance(texts, list)
    assert says in texts[0]
    assert User.objects.count() == 1
    assert client.post(REGISTER, body).status_code == 201, "the control: without the change it is accepted"


def test_two_registrations_at_the_same_moment_are_one_account(
    client: APIClient, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_refuse_taken", lambda user: None)  # what it sees when the other has not committed
    response = client.post(REGISTER, {"email": "alice@example.com", "password": PASSWORD})
    assert response.status_code == 400
    assert "email" in response.json()["errors"]
    assert User.objects.count() == 1


def test_registrations_per_address_are_limited(client: APIClient) -> None:
    statuses = [
        client.post(REGISTER, {"email": f"u{n}@example.com", "password": "short"}).status_code for n in range(31)
    ]
    assert statuses == [400] * 30 + [429]


def test_me_needs_a_login(client: APIClient, alice: User) -> None:
    assert client.get(ME).status_code == 401
    assert client.patch(ME, {"first_name": "Eve"}).status_code == 401
    alice.refresh_from_db()
    assert alice.first_name == "Alice"


def test_me_shows_the_account_without_its_secrets(alice: User, as_user: As) -> None:
    body = as_user(alice).get(ME).json()
    assert body["id"] == str(alice.pk)
    assert (body["is_active"], body["is_staff"], body["is_superuser"], body["platform_role"]) == (
        True,
        False,
        False,
        "",
    )
    assert not {"password", "groups", "user_permissions"} & set(body)


def test_me_can_be_changed_but_not_ones_own_powers(alice: User, as_user: As) -> None:
    change = {
        "last_name": "Lima",
        "language": "pt-BR",
        "phone": "",
        "is_staff": True,
        "is_superuser": True,
        "platform_role": "admin",
    }
    body = as_user(alice).patch(ME, change).json()
    assert (body["last_name"], body["language"], body["phone"]) == ("Lima", "pt-br", "")
    alice.refresh_from_db()
    assert (alice.phone, alice.is_staff, alice.is_superuser, alice.platform_role) == (None, False, False, "")


def test_nobody_can_take_anothers_email_or_give_up_every_way_in(alice: User, as_user: As) -> None:
    User.objects.create_user("bob@example.com", PASSWORD)
    client = as_user(alice)
    assert client.patch(ME, {"email": "BOB@example.com", "last_name": "X"}).json()["errors"]["email"]
    assert client.patch(ME, {"email": "", "phone": ""}).status_code == 400
    alice.refresh_from_db()
    assert (alice.email, alice.phone, alice.last_name) == ("alice@example.com", "+5563999990000", "Souza")


def test_a_new_password_ends_every_login_and_answers_a_new_token(client: APIClient, alice: User, as_user: As) -> None:
    here, elsewhere, pair = as_user(alice), as_user(alice), logins.open_with_pair(user=alice)
    response = here.post(CHANGE, {"old_password": PASSWORD, "new_password": "another fine secret"})
    assert response.status_code == 200
    assert set(response.json()) == {"message", "token"}
    assert here.get(ME).status_code == 401
    assert elsewhere.get(ME).status_code == 401
    assert client.get(ME, HTTP_AUTHORIZATION=f"Bearer {pair.access}").status_code == 401
    assert client.post("/api/v1/auth/token/refresh/", {"refresh": pair.refresh}).status_code == 401
    assert client.get(ME, HTTP_AUTHORIZATION=f"Token {response.json()['token']}").status_code == 200
    assert client.post(LOGIN, {"email": alice.email, "password": PASSWORD}).status_code == 400
    assert client.post(LOGIN, {"email": alice.email, "password": "another fine secret"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"old_password": "wrong", "new_password": "another fine secret"}, "old_password"),
        ({"old_password": PASSWORD, "new_password": "short"}, "new_password"),
        ({"old_password": PASSWORD, "new_password": "alice@example.com"}, "new_password"),
        ({"old_password": PASSWORD}, "new_password"),
    ],
)
def test_a_refused_change_changes_nothing(alice: User, as_user: As, body: dict[str, str], field: str) -> None:
    client = as_user(alice)
    response = client.post(CHANGE, body)
    assert response.status_code == 400
    assert response.json()["errors"][field]
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert client.get(ME).status_code == 200, "and the login stays"


def test_the_old_password_cannot_be_guessed_with_a_stolen_token(alice: User, as_user: As) -> None:
    client = as_user(alice)
    body = {"old_password": "wrong", "new_password": "another fine secret"}
    assert [client.post(CHANGE, body).status_code for _number in range(6)] == [400] * 5 + [429]


def test_a_password_set_for_somebody_ends_their_logins(alice: User, as_user: As) -> None:
    client = as_user(alice)
    passwords.replace(user=alice, new="another fine secret")
    assert client.get(ME).status_code == 401
    assert not Login.objects.exists()
