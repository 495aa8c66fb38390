"""No value in any field of these endpoints is worth more than a 4xx with a problem document."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.users.models import User

pytestmark = pytest.mark.django_db
VALUES: list[Any] = [
    None, True, 0, -1, 2**63, 1e308, "", " ", "x" * 5000, "İ@ß.com", "a@b", "\u202e", "٠١٢٣٤٥٦٧٨٩٠", "+", "@", "%00", "' OR 1=1 --",
    [], [[]], {}, {"a": {"b": []}}, ["x"],
]  # fmt: skip
OPEN = {
    "login": ("email", "username", "phone", "password"),
    "token": ("email", "username", "phone", "password"),
    "token/refresh": ("refresh",),
    "register": ("name", "first_name", "last_name", "email", "phone", "password"),
    "accept-invite": ("token", "password"),
}
OWN = {
    ("patch", "auth/me"): ("first_name", "last_name", "email", "phone", "language"),
    ("post", "auth/change-password"): ("old_password", "new_password"),
    ("patch", "users/profile"): (
        "first_name", "last_name", "email", "phone", "cpf", "address", "city", "state", "zip_code", "addresses", "preferences",
    ),
}  # fmt: skip


def is_sane(response: Any) -> bool:
    refused = (
        400 <= response.status_code < 500
        and response["Content-Type"] == "application/problem+json"
        and response.json()["code"]
    )
    return bool(response.status_code < 300 or refused)


@pytest.mark.parametrize("path", OPEN)
def test_open_endpoints_refuse_nonsense_politely(client: APIClient, alice: User, path: str) -> None:
    for number, value in enumerate(VALUES):
        for field in OPEN[path]:
            good = {"email": "alice@example.com", "password": "correct horse battery", "phone": "63988887777"}
            response = client.post(f"/api/v1/auth/{path}/", good | {field: value}, REMOTE_ADDR=f"192.0.2.{number}")
            assert is_sane(response), (field, value, response.content)


@pytest.mark.parametrize(("method", "path"), OWN)
def test_own_data_refuses_nonsense_politely(
    alice: User, as_user: Callable[[User], APIClient], method: str, path: str
) -> None:
    for value in VALUES:
        for field in OWN[method, path]:
            response = getattr(as_user(alice), method)(f"/api/v1/{path}/", {field: value})
            assert is_sane(response), (field, value, response.content)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"[" * 5000, b'{"email": "\\ud800"}', b"\xff\xfe", b'{"email": "\\u0000"}'],
)
def test_a_body_that_is_no_object_is_refused(client: APIClient, alice: User, body: bytes) -> None:
    response = client.post("/api/v1/auth/login/", body, content_type="application/json")
    assert response.status_code == 400
    assert is_sane(response)


@pytest.mark.parametrize(
    "path", ["login", "logout", "me", "csrf", "change-password", "register", "token", "token/refresh"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_every_method_of_every_path_has_an_answer(client: APIClient, alice: User, path: str, method: str) -> None:
    url = "/api/v1/csrf/" if path == "csrf" else f"/api/v1/auth/{path}/"
    assert is_sane(getattr(client, method)(url))
