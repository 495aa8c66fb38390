"""One port: HTTP reaches the WSGI application unharmed, sockets reach Channels, oversized bodies reach nobody."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from config import oneport


@csrf_exempt
def echo(request: HttpRequest, word: str) -> HttpResponse:
    seen = f"{request.method} {request.get_full_path()} {request.headers.get('X-Twice')} {request.META['REMOTE_ADDR']} "
    response = HttpResponse(seen.encode() + request.body, status=201, headers={"X-Kind": "é"})
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[bytes]:
        yield from (b"one,", b"", b"two,", b"three")

    return StreamingHttpResponse(parts())


def download(request: HttpRequest) -> FileResponse:
    return FileResponse(open(__file__, "rb"))  # noqa: PTH123 - the response closes it


urlpatterns = [path("echo/<str:word>/", echo), path("stream/", stream), path("file/", download)]


@pytest.fixture(autouse=True)
def urls() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


async def call(
    target: str, *, method: str = "GET", body: tuple[bytes, ...] = (b"",), headers: Any = ()
) -> tuple[int, list[Any], bytes]:
    """One request through the ASGI application: status, headers, body."""
    waiting = [{"type": "http.request", "body": part, "more_body": i + 1 < len(body)} for i, part in enumerate(body)]
    sent: list[Any] = []
    where, _, query = target.partition("?")
    scope = {
        "type": "http", "method": method, "path": where, "query_string": query.encode(), "scheme": "http", "http_version": "1.1",
        "headers": [(b"host", b"testserver"), *headers], "client": ("10.0.0.9", 4000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    await oneport.application(scope, receive, send)
    assert [message.get("more_body", False) for message in sent[1:]][-1] is False
    return sent[0]["status"], sent[0]["headers"], b"".join(message["body"] for message in sent[1:])


async def test_a_request_arrives_whole_and_so_does_the_answer() -> None:
    status, headers, body = await call(
        "/echo/São/?q=1",
        method="POST",
        body=(b"first ", b"second"),
        headers=[(b"content-type", b"text/plain"), (b"content-length", b"12"), (b"x-twice", b"a"), (b"x-twice", b"b")],
    )

    assert status == 201
    assert body.decode() == "POST /echo/S%C3%A3o/?q=1 a,b 10.0.0.9 first second"
    assert [value.strip() for name, value in headers if name == b"set-cookie"] == [b"a=1; Path=/", b"b=2; Path=/"]


async def test_cookies_sent_in_two_headers_are_both_read() -> None:
    from http.cookies import SimpleCookie

    environ = oneport._environ(
        {
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "scheme": "http",
            "http_version": "2",
            "headers": [(b"cookie", b"a=1"), (b"cookie", b"b=2")],
        },
        b"",
    )

    assert {name: morsel.value for name, morsel in SimpleCookie(environ["HTTP_COOKIE"]).items()} == {"a": "1", "b": "2"}


async def test_a_streamed_answer_is_sent_in_parts_and_in_full() -> None:
    assert (await call("/stream/"))[2] == b"one,two,three"


async def test_a_file_is_sent_in_full() -> None:
    with open(__file__, "rb") as file:  # noqa: PTH123 - a test may wait for the disk
        assert (await call("/file/"))[2] == file.read()


async def test_a_body_larger_than_anything_we_accept_is_refused_before_django_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oneport, "LARGEST_BODY", 10)
    monkeypatch.setattr(oneport, "http", None)

    status, headers, body = await call("/echo/x/", method="POST", body=(b"123456", b"789012"))

    assert status == 413
    assert (b"content-type", b"application/problem+json") in headers
    assert b"body_too_large" in body


async def test_a_socket_goes_to_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[Any] = []

    async def sockets(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])

    monkeypatch.setattr(oneport, "sockets", sockets)

    async def nothing(*_: Any) -> Any:
        return None

    await oneport.application({"type": "websocket", "path": "/ws/x/"}, nothing, nothing)

    assert reached == ["/ws/x/"]


def test_the_same_views_answer_the_same_over_wsgi(client: Client) -> None:
    assert client.get("/stream/").getvalue() == b"one,two,three"
