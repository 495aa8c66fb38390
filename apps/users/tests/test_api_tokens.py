"""JWT logins: pair, rotation, reuse, and what each kind of credential opens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.users import queries, tokens
from apps.users.models import Login, User
from apps.users.services import logins

from .conftest import PASSWORD

TOKEN, REFRESH, ME, LOGOUT = (f"/api/v1/auth/{path}/" for path in ("token", "token/refresh", "me", "logout"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(client: APIClient, alice: User) -> dict[str, str]:
    body: dict[str, str] = client.post(TOKEN, {"username": "alice@example.com", "password": PASSWORD}).json()
    return body


def me(authorization: str) -> Any:
    return APIClient().get(ME, HTTP_AUTHORIZATION=authorization)


def exchange(refresh: str) -> Any:
    return APIClient().post(REFRESH, {"refresh": refresh})


def test_it_hands_out_a_pair_that_opens_the_account(pair: dict[str, str], alice: User) -> None:
    assert set(pair) == {"access", "refresh"}
    assert me(f"Bearer {pair['access']}").json()["id"] == str(alice.pk)


@pytest.mark.parametrize("key", ["email", "phone", "username"])
def test_it_takes_every_name_of_an_account(client: APIClient, alice: User, key: str) -> None:
    assert client.post(TOKEN, {key: "+5563999990000", "password": PASSWORD}).status_code == 200


def test_it_answers_wrong_credentials_with_401_as_jwt_clients_expect(client: APIClient, alice: User) -> None:
    response = client.post(TOKEN, {"username": "alice@example.com", "password": "wrong"})
    assert response.status_code == 401
    assert response.json()["code"] == "invalid_credentials"
    assert not Login.objects.exists()


def test_it_shares_the_limit_with_the_other_login(client: APIClient, alice: User) -> None:
    for _number in range(5):
        client.post("/api/v1/auth/login/", {"email": "alice@example.com", "password": "wrong"})
    assert client.post(TOKEN, {"username": "alice@example.com", "password": PASSWORD}).status_code == 429


def test_a_refresh_token_is_exchanged_for_a_new_pair(pair: dict[str, str], alice: User) -> None:
    response = exchange(pair["refresh"])
    assert response.status_code == 200
    new = response.json()
    assert new["refresh"] != pair["refresh"]
    assert me(f"Bearer {new['access']}").status_code == 200
    assert exchange(new["refresh"]).status_code == 200


def test_using_a_refresh_token_again_ends_the_whole_login(pair: dict[str, str], alice: User) -> None:
    other = logins.open_with_pair(user=alice)
    new = exchange(pair["refresh"]).json()

    response = exchange(pair["refresh"])
    assert response.status_code == 401
    assert response.json()["code"] == "token_not_valid"

    assert exchange(new["refresh"]).status_code == 401, "the thief, or the victim, holds this one"
    assert me(f"Bearer {new['access']}").status_code == 401
    assert me(f"Bearer {other.access}").status_code == 200, "other logins of the person are not touched"
    assert exchange(other.refresh).status_code == 200


def test_two_exchanges_at_the_same_time_have_one_winner_who_stays_logged_in(
    pair: dict[str, str], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tabs wake up together. The second one enters while the first is between reading and writing."""
    advance = logins._advance
    nested: list[Any] = []

    def interrupted(claims: tokens.Claims) -> bool:
        if not nested:
            nested.append(None)
            nested[0] = exchange(pair["refresh"])
        return advance(claims)

    monkeypatch.setattr(logins, "_advance", interrupted)
    slower = exchange(pair["refresh"])
    faster = nested[0]
    assert (faster.status_code, slower.status_code) == (200, 401)
    assert exchange(faster.json()["refresh"]).status_code == 200


def test_without_the_conditional_update_both_exchanges_win(
    pair: dict[str, str], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: the guard is what makes it pass."""
    nested: list[Any] = []

    def unguarded(claims: tokens.Claims) -> bool:
        if not nested:
            nested.append(None)
            nested[0] = exchange(pair["refresh"])
        return Login.objects.filter(pk=claims.login_id).update(generation=claims.generation + 1) == 1

    monkeypatch.setattr(logins, "_advance", unguarded)
    slower = exchange(pair["refresh"])
    assert (nested[0].status_code, slower.status_code) == (200, 200)


@pytest.mark.parametrize("text", ["", "nonsense", "a.b.c", "0" * 40, "x" * 5000, None, 7, {"a": 1}])
def test_it_refuses_what_is_no_refresh_token(client: APIClient, alice: User, text: Any) -> None:
    assert client.post(REFRESH, {"refresh": text}).status_code in {400, 401}


def test_access_and_refresh_tokens_cannot_stand_in_for_each_other(pair: dict[str, str], alice: User) -> None:
    assert exchange(pair["access"]).status_code == 401
    assert me(f"Bearer {pair['refresh']}").status_code == 401


def test_a_forged_or_unsigned_token_opens_nothing(pair: dict[str, str], alice: User) -> None:
    head, body, signature = pair["access"].split(".")
    assert me(f"Bearer {head}.{body}.{signature[:-4]}AAAA").status_code == 401
    assert me(f"Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}.x").status_code == 401


def test_tokens_run_out(pair: dict[str, str], alice: User) -> None:
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert me(f"Bearer {pair['access']}").status_code == 401
        renewed = exchange(pair["refresh"]).json()
        assert me(f"Bearer {renewed['access']}").status_code == 200
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert exchange(renewed["refresh"]).status_code == 401
        assert logins.forget_dead_logins() == 1


@pytest.mark.parametrize("word", ["Token", "token", "Bearer", "bearer"])
def test_both_words_carry_both_kinds_of_credentials(pair: dict[str, str], alice: User, word: str) -> None:
    assert me(f"{word} {logins.open_with_token(user=alice)}").status_code == 200
    assert me(f"{word} {pair['access']}").status_code == 200


@pytest.mark.parametrize("header", ["", "Token", "Basic YTpi", "Token a b", "Bearer", "Device " + "0" * 40])
def test_a_header_that_is_not_ours_is_nobody(alice: User, header: str) -> None:
    response = me(header)
    assert response.status_code == 401
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("credential", ["0" * 40, "a.b.c", "ümlaut", "x" * 9000])
def test_a_bad_credential_is_a_401_that_ends_the_clients_session(alice: User, credential: str) -> None:
    response = me(f"Token {credential}")
    assert response.status_code == 401
    assert response.json()["code"] == "token_not_valid"
    assert response.headers["WWW-Authenticate"] == "Token"


def test_an_inactive_person_is_out_at_once(
    pair: dict[str, str], alice: User, as_user: Callable[[User], APIClient]
) -> None:
    client = as_user(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(ME).status_code == 401
    assert me(f"Bearer {pair['access']}").status_code == 401
    assert exchange(pair["refresh"]).status_code == 401


def test_logging_out_ends_this_login_only(alice: User, as_user: Callable[[User], APIClient]) -> None:
    phone, laptop = as_user(alice), as_user(alice)
    assert phone.post(LOGOUT).status_code == 204
    assert phone.get(ME).status_code == 401
    assert laptop.get(ME).status_code == 200


def test_logging_out_with_an_access_token_ends_its_refresh_token_too(pair: dict[str, str], alice: User) -> None:
    assert APIClient().post(LOGOUT, HTTP_AUTHORIZATION=f"Bearer {pair['access']}").status_code == 204
    assert exchange(pair["refresh"]).status_code == 401


def test_finding_the_caller_takes_one_query_and_none_for_garbage(
    pair: dict[str, str], alice: User, django_assert_num_queries: Any
) -> None:
    key = logins.open_with_token(user=alice)
    for credential, expected in ((key, 1), (pair["access"], 1), ("nonsense", 0), ("a.b.c", 0)):
        with django_assert_num_queries(expected):
            user = queries.user_of(credential)
            assert (user.email if user else None) == ("alice@example.com" if expected else None)


def test_nothing_secret_shows_in_a_repr(pair: dict[str, str], alice: User) -> None:
    key = logins.open_with_token(user=alice)
    shown = repr(tokens.Pair(**pair)) + "".join(repr(row) + str(row) for row in Login.objects.all()) + repr(alice)
    assert not [secret for secret in (key, pair["access"], pair["refresh"], alice.password) if secret in shown]
