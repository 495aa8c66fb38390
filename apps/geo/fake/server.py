"""A small HTTP server that answers as the providers do, from the offline table, and checks what it is asked.

A wrong key is refused as the provider refuses it, a missing or unknown field is a 400 with the field's name. `play` makes
one provider slow, broken, talking garbage, trickling or limited, until it is told otherwise. `asked` is what came in.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from apps.geo.fake import answers
from apps.geo.fake.answers import Reply

HERE_KEY, GOOGLE_KEY = "here-test-key", "google-test-key"
MODES = frozenset({"", "slow", "error", "garbage", "trickle", "limited", "refused", "hang_up"})


@dataclass(slots=True)
class Play:
    """How a provider behaves. `seconds` is how long a slow one takes."""

    mode: str = ""
    seconds: float = 3.0


@dataclass(slots=True)
class Question:
    """What came in."""

    provider: str
    path: str
    params: dict[str, str]
    agent: str


@dataclass(slots=True)
class World:
    """What the server knows and remembers."""

    plays: dict[str, Play] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class FakeProviders:
    """The server. Each provider lives below a path of its own name: `http://127.0.0.1:<port>/here/v1/geocode`."""

    def __init__(self, port: int = 0) -> None:
        self.world = World()
        world = self.world

        class Handler(_Handler):
            """Requests to this server's world."""

        Handler.world = world
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def play(self, provider: str, mode: str = "", seconds: float = 3.0) -> None:
        """From now on `provider` behaves like that; "" is well."""
        if mode not in MODES:
            raise ValueError(f"no such mode: {mode}")
        self.world.plays[provider] = Play(mode=mode, seconds=seconds)

    def asked(self, provider: str = "") -> list[Question]:
        """The questions so far, to all or to one."""
        return [row for row in self.world.asked if not provider or row.provider == provider]

    def start(self) -> FakeProviders:
        """Listen."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; slow answers end at once."""
        self.world.over.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One request: misbehave if told to, else answer."""

    world: World

    def do_GET(self) -> None:
        """The only method the providers are asked with."""
        parts = urlsplit(self.path)
        provider, _slash, path = parts.path.lstrip("/").partition("/")
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        agent = self.headers.get("User-Agent", "")
        self.world.asked.append(Question(provider=provider, path=path, params=params, agent=agent))
        play = self.world.plays.get(provider, Play())
        if not self._misbehaves(play):
            self._send(answers.answer(provider, path, params, agent, here_key=HERE_KEY, google_key=GOOGLE_KEY))

    def _misbehaves(self, play: Play) -> bool:
        """Whether the play was the answer."""
        if play.mode == "slow":
            self.world.over.wait(play.seconds)
            return False
        replies = {
            "error": Reply(500, {"error": "internal"}),
            "garbage": Reply(200, "<html>maintenance</html>", kind="text/html"),
            "limited": Reply(429, "slow down", kind="text/plain", headers={"Retry-After": "7"}),
            "refused": Reply(403, {"error": "Forbidden"}),
        }
        if play.mode in replies:
            self._send(replies[play.mode])
        elif play.mode == "trickle":
            self._trickle(play.seconds)
        elif play.mode == "hang_up":
            self.close_connection = True
        return bool(play.mode)

    def _trickle(self, seconds: float) -> None:
        """A byte now and then: each read succeeds, the whole never ends."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end and not self.world.over.wait(0.1):
                self.wfile.write(b" ")
                self.wfile.flush()
        except OSError:
            self.close_connection = True  # the other side has had enough, as it should

    def _send(self, reply: Reply) -> None:
        body: bytes = reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body).encode()
        try:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a question holds somebody's address."""
