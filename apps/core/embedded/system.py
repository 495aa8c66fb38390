"""Small questions to the operating system: file locks, live processes, listening sockets, a user for root."""

from __future__ import annotations

import fcntl
import os
import pwd
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class EmbeddedError(RuntimeError):
    """An embedded server could not be started; the message says what to look at."""


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a file lock for the block. The kernel drops it when the process dies, so it cannot go stale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def listening(path: Path) -> bool:
    """Whether somebody accepts connections on this unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def command_of(pid: int) -> str:
    """The command line of a live process, or an empty string (also for a zombie: it is dead and only not buried)."""
    proc = Path("/proc") / str(pid)
    if Path("/proc/self").exists():
        try:
            return proc.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    # Not Linux: `ps` is part of the system there, while a slim Linux image may have none.
    answer = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, command = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else command.strip()


def read_pid(path: Path) -> int | None:
    """The process id on the first line of a pid file, if there is one."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until the condition holds; False when time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def stop_process(pid: int, gone: Callable[[], bool], *, gently: signal.Signals, seconds: float) -> None:
    """Ask a process to stop, and end it when it does not."""
    for number, patience in ((gently, seconds), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if wait_until(gone, patience):
            return


def unprivileged() -> pwd.struct_passwd | None:
    """The account PostgreSQL runs under when we are root, which it refuses; None when we are somebody already."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def open_path(path: Path) -> None:
    """Let other accounts pass through (not list) the directories above `path`; only root needs and does this."""
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
