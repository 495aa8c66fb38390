"""What many requests at the very same time may and may not do. Real connections, real commits."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.users.models import Attempts, Login, User
from apps.users.services import attempts, logins

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def at_once(call: Callable[[], Any], times: int = MANY) -> list[Any]:
    """The answers of `times` calls that start together, each on a connection of its own."""
    start = Barrier(times)

    def run(_number: int) -> Any:
        try:
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_of_many_exchanges_of_one_refresh_token_exactly_one_wins(alice: User) -> None:
    refresh = logins.open_with_pair(user=alice).refresh
    answers = at_once(lambda: APIClient().post("/api/v1/auth/token/refresh/", {"refresh": refresh}).status_code)
    assert sorted(answers) == [200] + [401] * (MANY - 1)


def test_parallel_guesses_are_all_counted(alice: User) -> None:
    body = {"email": "alice@example.com", "password": "wrong"}
    answers = at_once(lambda: APIClient().post("/api/v1/auth/login/", body).status_code)
    assert sorted(answers) == [400] * attempts.LOGIN_PER_ACCOUNT.most + [429] * (MANY - attempts.LOGIN_PER_ACCOUNT.most)


def test_counting_by_reading_and_writing_would_let_guesses_through(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: a count that is read first and written later misses parallel ones."""
    start = Barrier(MANY)

    def careless(spendings: Sequence[tuple[attempts.Limit, str]], moment: datetime) -> list[tuple[int, datetime]]:
        [(limit, who)] = spendings
        key = attempts._key(limit, who)
        row = Attempts.objects.filter(key=key).first()
        if limit is attempts.LOGIN_PER_ACCOUNT:
            start.wait()
        count = (row.count if row else 0) + 1
        Attempts.objects.update_or_create(key=key, defaults={"count": count, "resets_at": moment + limit.window})
        return [(count, moment + limit.window)]

    monkeypatch.setattr(attempts, "_counts", careless)
    body = {"email": "alice@example.com", "password": "wrong"}
    answers = at_once(lambda: APIClient().post("/api/v1/auth/login/", body).status_code)
    assert answers == [400] * MANY


def test_of_many_password_changes_with_the_same_old_password_one_wins(alice: User) -> None:
    keys = [logins.open_with_token(user=alice) for _number in range(4)]

    def change() -> int:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {keys.pop()}")
        body = {"old_password": PASSWORD, "new_password": "another fine secret"}
        return client.post("/api/v1/auth/change-password/", body).status_code

    answers = at_once(change, 4)
    assert answers.count(200) == 1
    assert set(answers) <= {200, 400, 401}
    assert Login.objects.count() == 1, "the winner's new login is the only one left"
    alice.refresh_from_db()
    assert alice.check_password("another fine secret")


def test_of_many_registrations_of_one_address_one_wins(db: None) -> None:
    body = {"email": "bia@example.com", "password": PASSWORD}
    answers = at_once(lambda: APIClient().post("/api/v1/auth/register/", body).status_code)
    assert sorted(answers) == [201] + [400] * (MANY - 1)
    assert User.objects.count() == 1
