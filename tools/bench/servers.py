"""Starts and stops the servers that are measured, and weighs them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
GRANIAN = str(Path(sys.executable).with_name("granian"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def granian(
    target: str, interface: str, workers: int, *, ready: str = "/livez", **environment: str
) -> Iterator[tuple[int, int]]:
    """A granian serving `target`; gives (port, pid)."""
    port = free_port()
    command = [GRANIAN, "--interface", interface, "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    command += [
        "--blocking-threads",
        "2" if interface == "wsgi" else "1",
        "--no-ws" if interface == "wsgi" else "--ws",
        target,
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(port, ready, process)
        yield port, process.pid
    finally:
        end(process)


@contextmanager
def command(*words: str) -> Iterator[int]:
    """Any other process; gives its pid."""
    process = subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process.pid
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process group we started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(15)
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"bench: the server ended with {process.returncode}")
        if not path:  # a socket server answers no HTTP; listening is enough
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path or '/'}", timeout=2) as answer,
        ):  # loopback only
            if path and answer.status == 200:
                return
        time.sleep(0.1)
    raise SystemExit("bench: the server did not answer")


def family(pid: int) -> set[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError, ValueError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, queue = set(), [pid]
    while queue:
        current = queue.pop()
        found.add(current)
        queue += children.get(current, [])
    return found


def megabytes(pids: set[int]) -> float:
    """Proportional memory: shared pages are counted once."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024
