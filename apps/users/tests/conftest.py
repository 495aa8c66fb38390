"""The cast of the access tests: Alice has an account, and anybody may call."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from apps.users.models import User
from apps.users.services import logins

PASSWORD = "correct horse battery"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user(
        "alice@example.com", PASSWORD, phone="+5563999990000", first_name="Alice", last_name="Souza"
    )


@pytest.fixture
def client() -> APIClient:
    return APIClient()


@pytest.fixture
def as_user() -> Callable[[User], APIClient]:
    """A client that carries a fresh token of the user."""

    def make(user: User) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {logins.open_with_token(user=user)}")
        return client

    return make
