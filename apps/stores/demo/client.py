"""A client of the public API: what a phone, a till or a dashboard would send, and nothing else."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import requests

TIMEOUT_SECONDS = 15


class Unreachable(Exception):
    """Nothing answers at the address, or it is not Comanda."""


class Refusal(Exception):
    """The API said no: `code` and `detail` of its problem document."""

    def __init__(self, status: int, body: Any) -> None:
        problem = body if isinstance(body, dict) else {}
        self.status = status
        self.code = str(problem.get("code") or status)
        self.detail = str(problem.get("detail") or "")
        super().__init__(f"{self.code}: {self.detail}" if self.detail else self.code)


class Client:
    """One browser: its cart key, and a token once somebody has logged in. Paths are below `/api/v1/`."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.http = requests.Session()
        self.http.headers["X-Cart-Key"] = f"cart_{uuid4()}"
        self.token = ""

    def login(self, email: str, password: str) -> None:
        """Log in by e-mail; later requests carry the token."""
        self._use(str(self.post("auth/login/", {"email": email, "password": password})["token"]))

    def be(self, other: "Client") -> None:
        """Be logged in as `other`, with a cart of one's own."""
        self._use(other.token)

    def _use(self, token: str) -> None:
        self.token = token
        self.http.headers["Authorization"] = f"Token {token}"

    def serve(self, customer: "Client") -> None:
        """Who is logged in here takes the order of somebody at the till: their browser sends this token from now on."""
        customer.http.headers["Authorization"] = f"Token {self.token}"

    def get(self, path: str) -> Any:
        """The answer's JSON; numbers stay exact. Raises `Refusal` or `Unreachable`."""
        return self._send("GET", path, None, {})

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """The same for a POST; `key` is sent as `Idempotency-Key`."""
        return self._send("POST", path, {} if body is None else body, {"Idempotency-Key": key} if key else {})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        url = f"{self.base_url}/api/v1/{path}"
        try:
            answer = self.http.request(method, url, json=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            raise Unreachable(f"nothing answers at {self.base_url}; start it with `make run`") from error
        try:
            found = answer.json(parse_float=Decimal) if answer.content else None
        except requests.JSONDecodeError as error:
            raise Unreachable(f"{url} answered {answer.status_code} without JSON") from error
        if answer.status_code >= 400:
            raise Refusal(answer.status_code, found)
        return found
