"""A small closed-loop HTTP client: raw keep-alive sockets in threads, every answer checked before it is counted.

`wrk` is used for plain GETs where it is installed, because a client in Python eats the cores it measures.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Call = Callable[["Connection"], None]


class Wrong(Exception):
    """An answer that must not be counted."""


@dataclass(slots=True)
class Load:
    """What a run did: requests per second and the latencies of what was timed, in milliseconds."""

    per_second: float = 0.0
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """The latency below which `share` of the calls stayed."""
        rows = sorted(self.latencies)
        return rows[min(int(len(rows) * share), len(rows) - 1)] if rows else 0.0


class Connection:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._open()
        self.buffer = b""
        self.timed: list[float] = []

    def _open(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def request(self, raw: bytes, *, expect: Sequence[int] = (200,), timed: bool = False) -> bytes:
        """Send and read one answer; raises `Wrong` on another status."""
        started = time.perf_counter()
        self.socket.sendall(raw)
        status, body = self._answer()
        if timed:
            self.timed.append((time.perf_counter() - started) * 1000)
        if status not in expect:
            raise Wrong(f"{status}: {body[:300]!r}")
        return body

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status = int(head[9:12])
        found = re.search(rb"(?i)content-length: (\d+)", head)
        length = int(found[1]) if found else 0
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return status, body

    def _more(self) -> None:
        got = self.socket.recv(262_144)
        if not got:
            raise Wrong("the server closed the connection")
        self.buffer += got


def get(path: str, **headers: str) -> bytes:
    """A GET as bytes."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode()


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A JSON POST as bytes."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
    return head.encode() + body


def closed_loop(port: int, call: Call, *, clients: int, seconds: float, pause: float = 0.0) -> Load:
    """`clients` threads that call as fast as they are answered (or every `pause` seconds each)."""
    stop = time.perf_counter() + seconds
    done: list[int] = []
    latencies: list[float] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            connection, count = Connection(port), 0
            while time.perf_counter() < stop:
                call(connection)
                count += 1
                if pause:
                    time.sleep(pause)
            done.append(count)
            latencies.extend(connection.timed)
        except (Wrong, OSError) as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _client in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Load(per_second=sum(done) / (time.perf_counter() - started), latencies=latencies)


def gets(port: int, path: str, seconds: float, headers: dict[str, str] | None = None, clients: int = 16) -> Load:
    """Plain GETs in a closed loop: with wrk where it is, else with ourselves. One is checked first."""
    headers = headers or {}
    raw = get(path, **headers)
    Connection(port).request(raw, expect=(200, 304))
    wrk = shutil.which("wrk")
    if wrk is None:
        return closed_loop(port, lambda connection: _timed(connection, raw), clients=clients, seconds=seconds)
    options = [option for name, value in headers.items() for option in ("-H", f"{name.replace('_', '-')}: {value}")]
    command = [
        wrk,
        "-t1",
        f"-c{clients}",
        f"-d{int(seconds)}s",
        "--latency",
        *options,
        f"http://127.0.0.1:{port}{path}",
    ]
    text = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=True).stdout
    if "Non-2xx" in text and "If_None_Match" not in headers:
        raise Wrong(text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    return Load(per_second=float(rate[1]) if rate else 0.0, latencies=[float(tail[1]) * scale[tail[2]]] if tail else [])


def _timed(connection: Connection, raw: bytes) -> None:
    connection.request(raw, expect=(200, 304), timed=True)


def median(run: Callable[[], Load], times: int = 3) -> Load:
    """The middle one of several runs."""
    return sorted((run() for _time in range(times)), key=lambda load: load.per_second)[times // 2]
