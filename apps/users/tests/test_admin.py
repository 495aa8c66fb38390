"""Users in the admin: super users manage them, nobody else sees them, and a new password ends logins."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.users.models import Login, User
from apps.users.services import logins

from .conftest import PASSWORD

URL = "/admin/users/user/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Client:
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    browser = Client()
    browser.force_login(root)
    return browser


def test_a_super_user_logs_in_with_any_spelling_of_the_address(db: None) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    response = Client().post("/admin/login/?next=/admin/", {"username": "Root@Example.com", "password": PASSWORD})
    assert response.status_code == 302


def test_guessing_a_super_users_password_is_limited_as_in_the_api(db: None) -> None:
    User.objects.create_superuser("root@example.com", PASSWORD)
    form = {"username": "root@example.com", "password": "wrong"}
    assert {Client().post("/admin/login/", form).status_code for _number in range(5)} == {200}
    assert Client().post("/admin/login/", form | {"password": PASSWORD}).status_code == 200, (
        "the form again, not a session"
    )
    assert Client().post("/admin/login/", form | {"password": PASSWORD}, REMOTE_ADDR="192.0.2.5").status_code == 200


def test_the_pages_open(admin: Client, alice: User) -> None:
    for page in ("", "?q=alice", "add/", f"{alice.pk}/change/", f"{alice.pk}/password/"):
        assert admin.get(URL + page).status_code == 200, page


def test_a_user_is_added_with_a_normal_email_and_no_empty_phone(admin: Client) -> None:
    form = {
        "email": "New@Example.com",
        "phone": "",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert admin.post(f"{URL}add/", form).status_code == 302
    user = User.objects.get(email="new@example.com")
    assert user.phone is None
    assert (
        APIClient().post("/api/v1/auth/login/", {"email": "new@example.com", "password": PASSWORD}).status_code == 200
    )


@pytest.mark.parametrize(
    "change",
    [
        {"email": ""},
        {"email": "ROOT@example.com"},
        {"password2": "other"},
        {"phone": "12"},
        {"password1": "short", "password2": "short"},
    ],
)
def test_a_bad_new_user_is_refused_on_the_form(admin: Client, change: dict[str, str]) -> None:
    form = {
        "email": "n@example.com",
        "phone": "",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert admin.post(f"{URL}add/", form | change).status_code == 200
    assert User.objects.count() == 1


def test_a_password_set_in_the_admin_ends_the_persons_logins(admin: Client, alice: User) -> None:
    logins.open_with_token(user=alice)
    form = {"usable_password": "true", "password1": "another fine secret", "password2": "another fine secret"}
    assert admin.post(f"{URL}{alice.pk}/password/", form).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("another fine secret")
    assert not Login.objects.filter(user=alice).exists()


def test_whoever_may_enter_the_admin_without_being_super_sees_no_users(alice: User) -> None:
    from django.contrib.auth.models import Permission

    alice.is_staff = True
    alice.save()
    alice.user_permissions.set(Permission.objects.filter(content_type__app_label="users"))
    browser = Client()
    browser.force_login(alice)
    for page in ("", "add/", f"{alice.pk}/change/", f"{alice.pk}/password/", f"{alice.pk}/delete/"):
        assert browser.get(URL + page).status_code == 403, page
    browser.post(f"{URL}{alice.pk}/change/", {"email": alice.email, "is_superuser": "on"})
    alice.refresh_from_db()
    assert not alice.is_superuser
