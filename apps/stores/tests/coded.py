"""Logging in by a one-time code, the way a customer does: ask, read the outbox, type."""

import json
from typing import Any

from rest_framework.test import APIClient

from apps.users import senders

API = "/api/v1/auth"


def last_code(to: str) -> str:
    """The newest code the local outbox has for an address."""
    rows = [json.loads(line) for line in senders.outbox_path().read_text(encoding="utf-8").splitlines()]
    return str([row for row in rows if row["to"] == to][-1]["code"])


def ask(phone: str, client: APIClient | None = None) -> Any:
    return (client or APIClient()).post(f"{API}/whatsapp/send/", {"phone_number": phone}, format="json")


def verify(phone: str, code: str, client: APIClient | None = None) -> Any:
    body = {"phone_number": phone, "code": code}
    return (client or APIClient()).post(f"{API}/whatsapp/verify/", body, format="json")


def token_of(phone: str) -> str:
    """The token of a login with a code sent to `phone` (E.164)."""
    assert ask(phone).status_code == 200
    return str(verify(phone, last_code(phone)).json()["token"])


def log_in(phone: str, key: str = "") -> APIClient:
    """A client logged in with a code sent to `phone` (E.164), with a cart key if one is given."""
    token = token_of(phone)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}", **({"HTTP_X_CART_KEY": key} if key else {}))
    return client
