"""The edge of HTTP: health, request ids, and what is answered when the database is away or an address is unknown."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled

from apps.core import logs, redis
from apps.core.http import health
from apps.core.http.errors import to_problem
from apps.core.http.last_resort import server_error
from apps.core.http.middleware import RequestContextMiddleware


def test_it_is_alive_without_touching_anything(client: Client) -> None:
    answer = client.get("/livez")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_it_is_ready_when_both_servers_answer(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"postgresql": "ok", "redis": "ok"}}


@pytest.mark.django_db(transaction=True)
def test_without_redis_it_is_degraded_but_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis, "ping", lambda: False)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "checks": {"postgresql": "ok", "redis": "down"}}


@pytest.mark.django_db(transaction=True)
def test_without_postgresql_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"
    assert answer.json()["checks"]["postgresql"] == "down"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_probe_asks_by_an_address_that_is_no_host_of_ours(client: Client, settings: Any, path: str) -> None:
    settings.DEBUG, settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = False, ["comanda.example"], True

    assert client.get(path, headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.head(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/robots.txt", headers={"host": "127.0.0.1:8000"}).status_code == 400, "the control"


def test_a_server_that_hangs_counts_as_down_and_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    release, asked = threading.Event(), []

    def hanging() -> bool:
        asked.append(1)
        return release.wait(10)

    monkeypatch.setattr(health, "TIMEOUT_SECONDS", 0.05)
    try:
        assert health._within(hanging) is False
        assert health._within(hanging) is False
    finally:
        release.set()
    assert asked == [1]


def test_it_gives_every_answer_a_request_id(client: Client) -> None:
    assert len(client.get("/livez")["X-Request-ID"]) == 32


def test_it_keeps_a_sane_request_id_of_the_caller(client: Client) -> None:
    assert client.get("/livez", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"


@pytest.mark.parametrize("bad", ["short", "x" * 65, "line\tbreak-here", 'quote"quote"'])
def test_it_replaces_a_request_id_that_could_forge_a_log_line(client: Client, bad: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": bad})["X-Request-ID"] != bad


def test_the_request_id_is_gone_after_the_request() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(logs.request_id.get())
        return HttpResponse()

    RequestContextMiddleware(view)(RequestFactory().get("/", headers={"X-Request-ID": "abc-12345"}))

    assert seen == ["abc-12345"]
    assert logs.request_id.get() == ""


@pytest.mark.parametrize("error", [OperationalError("gone"), InterfaceError("closed")])
def test_a_lost_database_is_a_503_that_says_when_to_come_back(error: Exception) -> None:
    middleware = RequestContextMiddleware(lambda request: HttpResponse())

    answer = middleware.process_exception(RequestFactory().get("/"), error)

    assert answer is not None
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("cause", "message", "shown"),
    [
        (LockNotAvailable("canceling statement due to lock timeout"), "database_unavailable", "LockNotAvailable"),
        (QueryCanceled("canceling statement due to statement timeout"), "database_unavailable", "QueryCanceled"),
        (DeadlockDetected("deadlock detected"), "deadlock_detected", "psycopg.errors.DeadlockDetected"),
    ],
)
def test_a_503_says_in_the_log_what_it_waited_for(
    cause: Exception, message: str, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    middleware = RequestContextMiddleware(lambda request: HttpResponse())

    answer = middleware.process_exception(RequestFactory().get("/"), error)

    assert answer is not None
    assert answer.status_code == 503
    (line,) = [record for record in caplog.records if record.name == "apps.core.http.errors"]
    assert line.getMessage() == message
    assert shown in logs.TextFormatter().format(line)


def test_a_database_error_of_the_driver_is_no_404() -> None:
    error = DatabaseError("the protocol broke")
    error.__cause__ = psycopg.DatabaseError("the protocol broke")

    assert to_problem(error) is None


def test_a_bug_is_left_to_the_500_handler() -> None:
    middleware = RequestContextMiddleware(lambda request: HttpResponse())

    assert middleware.process_exception(RequestFactory().get("/"), KeyError("x")) is None


@pytest.fixture
def raised() -> Any:
    """Calls the 500 handler the way Django does: inside the `except` of the error."""

    def call(error: Exception) -> HttpResponse:
        try:
            raise error
        except type(error):
            return server_error(RequestFactory().get("/"))

    return call


def test_a_bug_says_nothing_about_itself(raised: Any) -> None:
    answer = raised(RuntimeError("password=hunter2"))

    assert answer.status_code == 500
    assert b"hunter2" not in answer.content
    assert b'"code":"server_error"' in answer.content


def test_a_database_lost_outside_of_views_is_a_503_too(raised: Any) -> None:
    assert raised(OperationalError("gone")).status_code == 503


def test_an_unknown_api_address_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/v1/no/such/thing")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_an_unknown_page_is_a_page_for_people(client: Client) -> None:
    answer = client.get("/no/such/page", headers={"Accept": "text/html,*/*"})

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in answer
