"""Whatever goes wrong, the answer is a problem document – and what a stranger sends never makes it a 500."""

from collections.abc import Iterator
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import orjson
import pytest
from django.test import Client
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from apps.core.http.parsers import MAX_BYTES, MAX_DEPTH
from apps.core.http.renderers import dumps
from apps.core.tests.problem_views import RAISED

pytestmark = pytest.mark.urls("apps.core.tests.problem_views")
ECHO = "/api/v1/echo/"


@pytest.fixture
def client() -> Client:
    """One that gets the 500 as a caller does."""
    return Client(raise_request_exception=False)


def assert_problem(answer: Any, status: int, code: str = "") -> dict[str, Any]:
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = orjson.loads(answer.content)
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"] == HTTPStatus(status).phrase
    assert body["detail"]
    assert body["error"] == body["detail"]
    assert not code or body["code"] == code
    return body


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("invalid", 400, "wrong_shape"),
        ("unauthenticated", 401, "not_authenticated"),
        ("forbidden", 403, "forbidden"),
        ("not_found", 404, "order_not_found"),
        ("conflict", 409, "stale_state"),
        ("too_large", 413, "body_too_large"),
        ("refused", 422, "closed"),
        ("too_many", 429, "slow_down"),
        ("unavailable", 503, "unavailable"),
        ("drf_not_found", 404, "not_found"),
        ("drf_throttled", 429, "throttled"),
        ("drf_throttled_without_wait", 429, "throttled"),
        ("drf_denied", 403, "permission_denied"),
        ("drf_denied_list", 403, "permission_denied"),
        ("drf_login", 401, "not_authenticated"),
        ("drf_bad_login", 401, "token_not_valid"),
        ("drf_validation_text", 400, "invalid"),
        ("drf_validation_empty", 400, "invalid"),
        ("django_404", 404, "not_found"),
        ("django_denied", 403, "forbidden"),
        ("django_suspicious", 400, "bad_request"),
        ("django_validation", 400, "invalid"),
        ("django_validation_list", 400, "invalid"),
        ("database_away", 503, "unavailable"),
        ("interface", 503, "unavailable"),
        ("data", 400, "invalid"),
        ("gone_meanwhile", 404, "not_found"),
        ("integrity", 409, "conflict"),
        ("bug", 500, "server_error"),
        ("reserved_names", 400, "x"),
    ],
)
def test_every_kind_of_failure_is_a_problem_document(client: Client, kind: str, status: int, code: str) -> None:
    body = assert_problem(client.get(f"/api/v1/raises/{kind}/"), status, code)
    assert "secret detail" not in str(body)
    assert "ErrorDetail" not in body["detail"]


def test_every_kind_that_exists_is_in_the_table_above() -> None:
    marks = test_every_kind_of_failure_is_a_problem_document.pytestmark  # type: ignore[attr-defined]  # set by pytest
    assert {row[0] for row in marks[0].args[1]} == set(RAISED)


def test_headers_say_when_to_come_back_and_how_to_log_in(client: Client) -> None:
    assert client.get("/api/v1/raises/too_many/")["Retry-After"] == "7"
    assert client.get("/api/v1/raises/drf_throttled/")["Retry-After"] == "3"
    assert client.get("/api/v1/raises/database_away/")["Retry-After"] == "2"
    assert "Retry-After" not in client.get("/api/v1/raises/drf_throttled_without_wait/")
    assert client.get("/api/v1/raises/unauthenticated/")["WWW-Authenticate"] == "Token"


def test_extra_members_are_kept_but_cannot_pose_as_standard_ones(client: Client) -> None:
    assert client.get("/api/v1/raises/conflict/").json()["current"] == "ready"
    body = assert_problem(client.get("/api/v1/raises/reserved_names/"), 400, "x")
    assert body["errors"] == {"status": ["bad"], "code": ["bad"], "ok": ["bad"]}
    assert body["ok"] == ["bad"]


def test_nested_validation_names_each_field_by_its_path(client: Client) -> None:
    sent = {
        "address": {"name": "too long", "number": "x"},
        "stops": [{"name": "ok", "number": 1}, {"number": 1}],
        "tags": [1, "x", 3, "y"],
    }
    body = assert_problem(client.post(ECHO, sent, content_type="application/json"), 400, "invalid")
    assert set(body["errors"]) == {"title", "address.name", "address.number", "stops.1.name", "tags.1", "tags.3"}
    assert body["title"] == "Bad Request", "a field may not replace a standard member"
    assert body["detail"] == body["errors"]["title"][0]


def _post(client: Client, body: bytes | str, content_type: str = "application/json") -> Any:
    return client.generic("POST", ECHO, body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"title": "x"', 400, "malformed_json"),
        (b"nonsense", 400, "malformed_json"),
        (b"\xff\xfe\xfa", 400, "malformed_json"),
        (b'{"title": "\xc3\x28"}', 400, "malformed_json"),
        (b'{"title": "\\ud800"}', 400, "malformed_json"),
        (b'{"title": "a\\u0000b"}', 400, "malformed_json"),
        (b'{"a\\u0000b": 1}', 400, "malformed_json"),
        (b'{"title": NaN}', 400, "malformed_json"),
        (b"[]", 400, "malformed_json"),
        (b'"text"', 400, "malformed_json"),
        (b"null", 400, "malformed_json"),
        (b"", 400, "invalid"),
        (b"   ", 400, "invalid"),
        (b"[" * 2_000 + b"]" * 2_000, 400, ""),
        (b'{"title":' + b"[" * 2_000 + b"]" * 2_000 + b"}", 400, ""),
        (b'{"a":' * 200 + b"1" + b"}" * 200, 400, "json_too_deep"),
        (b'{"title":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", 400, "json_too_deep"),
        (b'{"title": "' + b"x" * 2_000_000 + b'"}', 413, "body_too_large"),
        (b'{"title": "x", "tags": [' + b"9" * 22 + b"]}", 400, "invalid"),
        (b'{"title": "x", "tags": [1e400]}', 400, ""),
        (b'{"title": {"a": 1}}', 400, "invalid"),
        (b'{"title": "x", "stops": {"0": 1}}', 400, "invalid"),
        (b'{"title": "x", "address": "text"}', 400, "invalid"),
    ],
    ids=lambda value: value[:16].decode("latin-1") if isinstance(value, bytes) else str(value),
)
def test_a_hostile_body_is_the_callers_mistake(client: Client, body: bytes, status: int, code: str) -> None:
    assert_problem(_post(client, body), status, code)


def test_a_body_at_the_limit_is_read(client: Client) -> None:
    frame = len(b'{"title": ""}')
    assert _post(client, b'{"title": "' + b"x" * (MAX_BYTES - frame) + b'"}').status_code == 200
    assert_problem(_post(client, b'{"title": "' + b"x" * (MAX_BYTES - frame + 1) + b'"}'), 413, "body_too_large")


@given(st.binary(max_size=300))
@effort(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_make_it_fail(client: Client, body: bytes) -> None:
    assert _post(client, body).status_code in {200, 400}


@pytest.mark.parametrize(
    "content_type", ["text/xml", "application/x-yaml", "text/plain", "nonsense", "application/json; charset=koi-8", ""]
)
def test_the_wrong_content_type_is_415_or_read_as_json(client: Client, content_type: str) -> None:
    answer = _post(client, b'{"title": "x"}', content_type)
    if answer.status_code != 200:
        assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=\x00", "; boundary=" + "x" * 500])
def test_a_broken_upload_is_the_callers_mistake(client: Client, boundary: str) -> None:
    answer = _post(client, b"--x\r\nnonsense", f"multipart/form-data{boundary}")
    assert_problem(answer, 415 if answer.status_code == 415 else 400)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_nobody_serves_is_405(client: Client, method: str) -> None:
    assert_problem(client.generic(method, ECHO), 405, "method_not_allowed")


def test_an_answer_nobody_can_make_is_406(client: Client) -> None:
    assert_problem(client.get(ECHO, headers={"Accept": "image/png"}), 406, "not_acceptable")


@pytest.mark.parametrize(
    "page", ["9" * 22, "-1", "1.5", "x", "٣", "1e3", "\x00", "' OR 1=1", "9" * 5_000, "last", " 1", "+1", "0x1", "²"]
)
@pytest.mark.parametrize("name", ["page", "page_size"])
def test_a_page_that_is_no_number_is_a_400(client: Client, name: str, page: str) -> None:
    assert_problem(client.get(f"{ECHO}?{name}={quote(page)}"), 400, "invalid_page")


def test_a_page_beyond_the_end_is_a_404_and_pages_add_up(client: Client) -> None:
    assert_problem(client.get(ECHO, {"page": 4}), 404, "not_found")
    assert_problem(client.get(ECHO, {"page": 0}), 404, "not_found")
    first = client.get(ECHO).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (45, 20, None)
    pages = [client.get(ECHO, {"page": page}).json()["results"] for page in (1, 2, 3)]
    assert [row for page in pages for row in page] == list(range(45))
    assert len(client.get(ECHO, {"page_size": 99_999}).json()["results"]) == 45
    assert first["next"].endswith("?page=2")


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/", "/api/v1/%00/", "/api/v1/%ff%fe/", "/api/v1/" + "x" * 5_000 + "/", "/api/v1/%2e%2e/"]
)
def test_an_unknown_address_is_a_404(client: Client, path: str) -> None:
    assert_problem(client.get(path), 404, "not_found")


@pytest.mark.parametrize("slug", ["%00", "a%00b", "%ff", "x" * 3_000, "..", "%F0%9F%8D%95", "' OR 1=1 --"])
def test_a_hostile_store_name_is_a_404(db: None, client: Client, slug: str) -> None:
    for path in ("", "catalog/", "cart/"):
        assert_problem(client.get(f"/api/v1/stores/s/{slug}/{path}"), 404)


def test_a_host_that_is_not_ours_is_a_400(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["menu.example"]
    assert_problem(client.get(ECHO, headers={"Host": "evil.example"}), 400, "bad_request")


# -- JSON out ------------------------------------------------------------------------------------------------------


def test_money_is_a_number_and_ids_and_moments_are_text() -> None:
    value = {
        "a": Decimal("19.90"), "b": Decimal("20.00"), "c": UUID(int=1), "d": gettext_lazy("x"), "e": {1}, "f": (1, 2),
        3: None, "g": Decimal("-0.01"), "h": Decimal("99999999999.99"),
    }  # fmt: skip
    assert dumps(value) == (
        b'{"a":19.9,"b":20,"c":"00000000-0000-0000-0000-000000000001","d":"x","e":[1],"f":[1,2],"3":null,"g":-0.01,'
        b'"h":99999999999.99}'
    )


def test_it_refuses_what_has_no_json_form() -> None:
    for odd in (object(), Iterator, b"bytes", 1j):
        with pytest.raises(TypeError):
            dumps({"x": odd})


def test_sorted_keys_make_equal_bodies_equal() -> None:
    assert dumps({"b": 1, "a": {"d": 1, "c": 2}}, sort_keys=True) == dumps(
        {"a": {"c": 2, "d": 1}, "b": 1}, sort_keys=True
    )
