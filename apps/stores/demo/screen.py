"""A kitchen screen: one WebSocket, first-message auth, and every ticket with the moment it came."""

import json
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

# Tickets of one order are written together, so their frames come together.
QUIET_SECONDS = 0.08
HELLO_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A new ticket and when its frame was here (`time.perf_counter`)."""

    ticket: dict[str, Any]
    at: float


class KitchenScreen:
    """Listens in a thread of its own. Use as a context manager."""

    def __init__(self, base_url: str, slug: str, token: str) -> None:
        self.url = f"ws{base_url.removeprefix('http')}/ws/stores/{slug}/kitchen/"
        self.token = token
        self.open_tickets = 0
        self.frames = 0
        self._arrivals: dict[str, list[Arrival]] = {}
        self._news = threading.Condition()
        self._stack = ExitStack()

    def __enter__(self) -> "KitchenScreen":
        """Connect and log in; returns once the screen shows what is open."""
        socket = self._stack.enter_context(connect(self.url, open_timeout=HELLO_SECONDS, max_size=None))
        socket.send(json.dumps({"type": "auth", "token": self.token}))
        hello = json.loads(socket.recv(timeout=HELLO_SECONDS))
        snapshot = json.loads(socket.recv(timeout=HELLO_SECONDS))
        if hello.get("type") != "connection_established" or snapshot.get("type") != "snapshot":
            raise ConnectionError(f"the kitchen socket said {hello.get('type')}, then {snapshot.get('type')}")
        self.open_tickets = len(snapshot["tickets"])
        threading.Thread(target=self._listen, args=(socket,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the socket; the thread ends with it."""
        self._stack.close()

    def _listen(self, socket: ClientConnection) -> None:
        try:
            for text in socket:
                self._take(json.loads(text), time.perf_counter())
        except ConnectionClosed:
            return  # the evening is over, or the server went; whoever waits gives up by time

    def _take(self, frame: dict[str, Any], at: float) -> None:
        with self._news:
            self.frames += 1
            if frame.get("type") == "ticket.created":
                ticket = frame["ticket"]
                self._arrivals.setdefault(ticket["order_id"], []).append(Arrival(ticket=ticket, at=at))
            self._news.notify_all()

    def tickets_of(self, order_id: str, *, patience: float) -> list[Arrival]:
        """The tickets of an order, waiting up to `patience` seconds for the first; empty if none came."""
        with self._news:
            self._news.wait_for(lambda: order_id in self._arrivals, timeout=patience)
            known = -1
            while known != len(self._arrivals.get(order_id, [])):
                known = len(self._arrivals.get(order_id, []))
                self._news.wait(timeout=QUIET_SECONDS)
            return list(self._arrivals.get(order_id, []))
