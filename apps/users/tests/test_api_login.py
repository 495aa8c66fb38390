"""Logging in: who gets a token, who does not, and what a refusal gives away."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import override_settings
from rest_framework.test import APIClient

from apps.core import redis
from apps.core.clock import now
from apps.users.models import Login, User
from apps.users.services import attempts, passwords

from .conftest import PASSWORD

URL = "/api/v1/auth/login/"
pytestmark = pytest.mark.django_db


def login(client: APIClient, identifier: str = "alice@example.com", password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(URL, {"email": identifier, "password": password}, **extra)


def test_it_answers_with_the_flat_keys_and_the_nested_user(client: APIClient, alice: User) -> None:
    response = login(client)
    assert response.status_code == 200
    body = response.json()
    token = body.pop("token")
    assert re.fullmatch("[0-9a-f]{40}", token), "the dashboard takes a token with a dot for a JWT"
    person = {"id": str(alice.pk), "email": "alice@example.com", "first_name": "Alice", "last_name": "Souza"}
    assert body.pop("user") == {**person, "phone": "63999990000"}
    assert body == {"user_id": str(alice.pk), **{key: person[key] for key in ("email", "first_name", "last_name")}}


@pytest.mark.parametrize(
    "identifier",
    [
        "alice@example.com",
        " Alice@Example.COM ",
        "+5563999990000",
        "63999990000",
        "(63) 9 9999-0000",
        "5563999990000",
        "6399990000",
    ],
)
def test_it_finds_the_account_by_email_or_phone_however_they_are_written(
    client: APIClient, alice: User, identifier: str
) -> None:
    assert login(client, identifier).status_code == 200


@pytest.mark.parametrize("key", ["username", "phone"])
def test_it_takes_the_identifier_under_other_names(client: APIClient, alice: User, key: str) -> None:
    assert client.post(URL, {key: "+5563999990000", "password": PASSWORD}).status_code == 200


def test_the_token_opens_the_account(client: APIClient, alice: User) -> None:
    token = login(client).json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get("/api/v1/auth/me/").json()["id"] == str(alice.pk)


def test_it_stores_only_the_hash_of_the_token(client: APIClient, alice: User) -> None:
    token = login(client).json()["token"]
    row = Login.objects.get(user=alice)
    assert row.token_hash not in {None, token}
    assert len(str(row.token_hash)) == 64


def test_an_old_token_in_the_header_does_not_prevent_a_login(client: APIClient, alice: User) -> None:
    assert login(client, HTTP_AUTHORIZATION="Token " + "0" * 40).status_code == 200


def test_it_refuses_a_wrong_password_with_400_and_opens_nothing(client: APIClient, alice: User) -> None:
    response = login(client, password="wrong")
    assert response.status_code == 400
    body = response.json()
    assert body["code"] == "invalid_credentials"
    assert body["non_field_errors"] == [body["detail"]]
    assert not Login.objects.exists()


def test_it_does_not_tell_whether_an_account_exists(
    client: APIClient, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unknown, inactive, password-less and wrong: same answer, and a hash is computed each time."""
    User.objects.create_user("off@example.com", PASSWORD, is_active=False)
    User.objects.create_user("none@example.com", None)
    hashed: list[str] = []
    for module, name in (
        ("apps.users.services.passwords", "make_password"),
        ("django.contrib.auth.hashers", "make_password"),
    ):
        monkeypatch.setattr(f"{module}.{name}", _counting(hashed, f"{module}.{name}"))
    answers = [
        login(client, identifier, password)
        for identifier, password in [
            ("nobody@example.com", PASSWORD),
            ("off@example.com", PASSWORD),
            ("alice@example.com", "wrong"),
            ("none@example.com", PASSWORD),
            ("not an identifier", PASSWORD),
        ]
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, answers[0].content)}
    assert len(hashed) == 3, (
        "the two unknown ones and the one without a password; the others have a hash to compare with"
    )


def _counting(calls: list[str], path: str) -> Any:
    from django.utils.module_loading import import_string

    original = import_string(path)

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(path)
        return original(*args, **kwargs)

    return counted


@pytest.mark.parametrize(
    "body", [{}, {"email": "alice@example.com"}, {"password": "x"}, {"email": ["a"], "password": {"b": 1}}]
)
def test_it_refuses_a_malformed_body(client: APIClient, alice: User, body: dict[str, Any]) -> None:
    response = client.post(URL, body)
    assert response.status_code == 400
    assert response.json()["errors"]


def test_the_sixth_wrong_password_starts_a_cooldown_that_the_right_one_does_not_end(
    client: APIClient, alice: User
) -> None:
    for _number in range(5):
        assert login(client, password="wrong").status_code == 400
    response = login(client)
    assert response.status_code == 429
    assert response.json()["code"] == "too_many_attempts"
    assert 0 < int(response.headers["Retry-After"]) <= 301
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        assert login(client).status_code == 200


def test_every_spelling_of_an_account_shares_one_limit(client: APIClient, alice: User) -> None:
    for identifier in (
        "alice@example.com",
        "ALICE@example.com",
        " alice@example.com",
        "Alice@Example.com",
        "alice@EXAMPLE.com",
    ):
        assert login(client, identifier, "wrong").status_code == 400
    assert login(client, "aLiCe@example.com").status_code == 429


def test_unknown_accounts_are_limited_like_known_ones(client: APIClient, alice: User) -> None:
    for _number in range(5):
        login(client, "nobody@example.com")
    assert login(client, "nobody@example.com").status_code == 429


def test_the_right_password_clears_the_slate(client: APIClient, alice: User) -> None:
    for _round in range(3):
        for _number in range(4):
            login(client, password="wrong")
        assert login(client).status_code == 200


def test_one_address_cannot_walk_through_many_accounts(client: APIClient, alice: User) -> None:
    answers = [login(client, f"user{number}@example.com", "wrong").status_code for number in range(52)]
    assert answers == [400] * 50 + [429] * 2
    assert login(client).status_code == 429
    assert login(client, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_own_logins_buy_no_guesses_at_the_address(client: APIClient, alice: User) -> None:
    for number in range(50):
        login(client, f"user{number}@example.com", "wrong")
    login(client)
    assert login(client, "another@example.com", "wrong").status_code == 429


def test_logins_that_succeed_are_not_limited(client: APIClient, alice: User) -> None:
    assert {login(client).status_code for _number in range(60)} == {200}
    assert Login.objects.filter(user=alice).count() == 50, "and they do not fill the table"


def test_the_limit_holds_and_logins_work_without_redis(client: APIClient, alice: User) -> None:
    with override_settings(REDIS_URL="unix:///nowhere/redis.sock"):
        redis.client.cache_clear()
        try:
            assert login(client).status_code == 200
            for _number in range(5):
                login(client, password="wrong")
            assert login(client).status_code == 429
        finally:
            redis.client.cache_clear()


def test_a_flushed_cache_does_not_forget_the_count(client: APIClient, alice: User) -> None:
    for _number in range(5):
        login(client, password="wrong")
    cache.clear()
    assert login(client).status_code == 429


@pytest.mark.parametrize(
    ("meta", "trusted", "address"),
    [
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "10.0.0.1"}, False, "192.0.2.1"),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "10.0.0.1, 192.0.2.1"}, True, "192.0.2.1"),
        ({"REMOTE_ADDR": "192.0.2.1"}, True, "192.0.2.1"),
        ({"REMOTE_ADDR": "2001:db8:1:2:3:4:5:6"}, False, "2001:db8:1:2::/64"),
        ({"REMOTE_ADDR": "::ffff:192.0.2.1"}, False, "192.0.2.1"),
        ({"REMOTE_ADDR": ""}, False, "unknown"),
    ],
)
def test_the_address_is_what_the_connection_or_a_trusted_proxy_says(
    meta: dict[str, str], trusted: bool, address: str
) -> None:
    with override_settings(TRUSTED_PROXY=trusted):
        assert attempts.client_address(meta) == address


def test_nothing_secret_is_logged(client: APIClient, alice: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        token = login(client).json()["token"]
        login(client, password="a wrong secret")
    text = " ".join(
        f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name != "django.db.backends"
    )
    assert token not in text
    assert "a wrong secret" not in text
    assert PASSWORD not in text


def test_a_password_longer_than_any_is_refused_before_it_is_hashed(client: APIClient, alice: User) -> None:
    assert login(client, password="x" * (passwords.MAX_LENGTH + 1)).status_code == 400


def test_csrf_sets_the_cookie_and_logins_do_not_ask_for_it(alice: User) -> None:
    strict = APIClient(enforce_csrf_checks=True)
    response = strict.get("/api/v1/csrf/")
    assert response.status_code == 200
    assert response.json()["csrfToken"]
    assert response.cookies["csrftoken"].value
    assert login(strict).status_code == 200
