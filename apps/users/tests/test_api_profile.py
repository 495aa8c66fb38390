"""`/users/profile/`: what the account pages and the checkout of the storefronts read and write."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.users.models import Profile, User

URL = "/api/v1/users/profile/"
pytestmark = pytest.mark.django_db
As = Callable[[User], APIClient]
KEYS = {
    "first_name", "last_name", "email", "phone", "cpf", "address", "city", "state", "zip_code", "addresses", "preferences",
}  # fmt: skip
HOME = {
    "id": "1763690000000", "label": "Casa", "street": "Rua A", "number": "10", "complement": "", "neighborhood": "Centro",
    "city": "Palmas", "state": "TO", "zip_code": "77000000", "is_default": True,
}  # fmt: skip


@pytest.mark.parametrize("header", ["", "Token " + "0" * 40])
def test_a_guest_is_refused_with_401_and_nothing_happens(client: APIClient, alice: User, header: str) -> None:
    assert client.get(URL, HTTP_AUTHORIZATION=header).status_code == 401
    assert client.patch(URL, {"first_name": "Eve"}, HTTP_AUTHORIZATION=header).status_code == 401
    assert not Profile.objects.exists()


def test_a_new_account_has_an_empty_profile_with_every_key(alice: User, as_user: As) -> None:
    body = as_user(alice).get(URL).json()
    assert set(body) == KEYS
    assert (body["phone"], body["email"], body["cpf"]) == ("63999990000", "alice@example.com", "")
    assert (body["addresses"], body["preferences"]) == ([], {})
    assert not Profile.objects.exists(), "reading writes nothing"


def test_the_profile_form_saves_all_its_fields_and_gets_the_whole_profile_back(alice: User, as_user: As) -> None:
    form = {
        "first_name": "Alice", "last_name": "Lima", "email": "alice@example.com", "phone": "63988887777", "cpf": "52998224725",
        "address": "Rua A, 10", "city": "Palmas", "state": "TO", "zip_code": "77000000",
    }  # fmt: skip
    client = as_user(alice)
    body = client.patch(URL, form).json()
    assert body == {**form, "addresses": [], "preferences": {}}
    assert client.get(URL).json() == body
    alice.refresh_from_db()
    assert alice.phone == "+5563988887777"


def test_addresses_are_replaced_as_a_list_and_preferences_merged_by_key(alice: User, as_user: As) -> None:
    client = as_user(alice)
    client.patch(URL, {"addresses": [HOME, {**HOME, "id": "2"}]})
    client.patch(URL, {"preferences": {"marketing_emails": False, "preferred_payment": "pix"}})
    body = client.patch(URL, {"preferences": {"marketing_emails": True}}).json()
    assert body["preferences"] == {"marketing_emails": True, "preferred_payment": "pix"}
    assert [row["id"] for row in body["addresses"]] == [HOME["id"], "2"]
    assert client.patch(URL, {"addresses": [HOME]}).json()["addresses"] == [HOME]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cpf": "11111111111"}, "cpf"),
        ({"cpf": "123"}, "cpf"),
        ({"phone": "12"}, "phone"),
        ({"email": "bob@example.com"}, "email"),
        ({"phone": "63988887777"}, "phone"),
        ({"addresses": [HOME] * 21}, "addresses"),
        ({"addresses": [{"label": "no id"}]}, "addresses.0.id"),
        ({"addresses": "x"}, "addresses.non_field_errors"),
        ({"preferences": {"preferred_payment": "gold"}}, "preferences.preferred_payment"),
        ({"preferences": []}, "preferences.non_field_errors"),
        ({"city": "x" * 81}, "city"),
        ({"first_name": {"a": 1}}, "first_name"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_saved(
    alice: User, as_user: As, change: dict[str, Any], field: str
) -> None:
    User.objects.create_user("bob@example.com", phone="+5563988887777")
    client = as_user(alice)
    before = client.get(URL).json()
    response = client.patch(URL, {"last_name": "Changed"} | change)
    assert response.status_code == 400
    assert field in response.json()["errors"]
    assert client.get(URL).json() == before


def test_the_cpf_is_encrypted_at_rest_and_shown_to_its_owner_only(alice: User, as_user: As) -> None:
    client = as_user(alice)
    assert client.patch(URL, {"cpf": "529.982.247-25"}).json()["cpf"] == "52998224725"
    with connection.cursor() as cursor:
        cursor.execute("SELECT cpf FROM user_profiles")
        (stored,) = cursor.fetchone()
    assert "52998224725" not in stored
    assert "52998224725" not in f"{Profile.objects.get()!r} {Profile.objects.get().cpf}"
    assert as_user(User.objects.create_user("bob@example.com")).get(URL).json()["cpf"] == ""


def test_a_profile_never_carries_powers(alice: User, as_user: As) -> None:
    as_user(alice).patch(URL, {"is_staff": True, "platform_role": "admin", "is_superuser": True, "user": "x"})
    alice.refresh_from_db()
    assert not alice.is_staff
    assert not alice.is_platform_admin


def test_somebody_else_taking_the_number_at_the_same_moment_reads_the_same(
    alice: User, as_user: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.users.services import accounts

    User.objects.create_user("bob@example.com", phone="+5563988887777")
    monkeypatch.setattr(accounts, "_refuse_taken", lambda user: None)
    response = as_user(alice).patch(URL, {"phone": "63988887777", "city": "Palmas"})
    assert response.status_code == 400
    assert response.json()["errors"]["phone"]
    assert not Profile.objects.exists()
