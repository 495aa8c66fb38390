"""What the users table itself guarantees, and the housekeeping task."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.core.clock import now
from apps.core.phones import national_digits, to_e164
from apps.users.models import Attempts, Login, User
from apps.users.services import attempts, logins
from apps.users.tasks import forget_old


def test_creating_normalises_the_address_and_a_missing_password_lets_nobody_in(db: None) -> None:
    user = User.objects.create_user(" Ana@Example.COM ")
    assert user.email == "ana@example.com"
    assert not user.has_usable_password()
    assert not user.check_password("")


def test_a_super_user_has_every_power(db: None) -> None:
    root = User.objects.create_superuser("root@example.com", "x")
    assert (root.is_staff, root.is_superuser, root.platform_role, root.is_platform_admin) == (
        True,
        True,
        "super_admin",
        True,
    )
    root.is_active = False
    assert not root.is_platform_admin


@pytest.mark.parametrize(
    "values",
    [
        {"email": "alice@example.com"},
        {"email": "Alice2@example.com"},
        {"phone": "+5563999990000"},
        {"email": None},
        {"email": ""},
        {"phone": ""},
    ],
)
def test_the_table_refuses_doubles_capitals_and_nameless_users(alice: User, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(**{"email": "unique@example.com", **values})
    assert User.objects.count() == 1


def test_many_people_may_have_no_email_or_no_phone(db: None) -> None:
    for number in range(2):
        User.objects.create_user(None, phone=f"+551199999000{number}")
        User.objects.create_user(f"user{number}@example.com")
    assert User.objects.count() == 4


@pytest.mark.parametrize(
    ("user", "name"),
    [
        (User(first_name="Ana", last_name="Lima", email="a@example.com"), "Ana Lima"),
        (User(email="a@example.com", phone="+5511999990000"), "a@example.com"),
        (User(phone="+5511999990000"), "+5511999990000"),
    ],
)
def test_everybody_has_a_name_to_show(user: User, name: str) -> None:
    assert (user.display_name, str(user)) == (name, name)


def test_a_form_may_leave_one_of_both_empty_but_not_both() -> None:
    user = User(email="A@Example.com", phone="")
    user.clean()
    assert (user.email, user.phone) == ("a@example.com", None)
    with pytest.raises(ValidationError):
        User(email="", phone="").clean()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+55 63 9 9999-0000", "+5563999990000"),
        ("5563999990000", "+5563999990000"),
        ("(63) 9999-0000", "+5563999990000"),
        ("063 99999-0000", "+5563999990000"),
        ("63 3215-0000", "+556332150000"),
        ("+49 30 901820", "+4930901820"),
        ("+6281234567890", "+6281234567890"),
        ("", ""),
        ("+", ""),
        ("abc", ""),
        ("123", ""),
        ("9" * 40, ""),
        ("+55" + "9" * 500, ""),
    ],
)
def test_a_phone_number_has_one_spelling(text: str, number: str) -> None:
    assert to_e164(text) == number
    assert to_e164(number) == number


def test_national_digits_are_what_people_dial_at_home() -> None:
    assert (national_digits("+5563999990000"), national_digits("+4930901820"), national_digits("")) == (
        "63999990000",
        "30901820",
        "",
    )


def test_housekeeping_drops_only_what_is_over(alice: User) -> None:
    logins.open_with_pair(user=alice)
    logins.open_with_token(user=alice)
    attempts.spend(attempts.LOGIN_PER_ACCOUNT, "somebody")
    forget_old()
    assert (Login.objects.count(), Attempts.objects.count()) == (2, 1)
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        forget_old()
    assert list(Login.objects.values_list("expires_at", flat=True)) == [None], "a token lives until it is ended"
    assert not Attempts.objects.exists()
