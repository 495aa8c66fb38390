"""`make run`: everything on one machine and one port, and one screen that says where to look.

Starts the embedded servers, prepares the database (`tools/prepare.py`), then web+live and worker+beat; watches them, and
on Ctrl-C or SIGTERM stops exactly what it started. Free of Django itself: it costs 20 MB, not 90.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from apps.core.embedded import servers
from apps.core.embedded.places import Places
from apps.core.embedded.system import EmbeddedError, command_of, read_pid, wait_until
from tools.processes import Child, Family, end_leftovers
from tools.screen import welcome_screen

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / os.environ.get("LOCAL_DIR", ".local")
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT") or 8000)
READY_SECONDS = 60
STOP_SECONDS = 15
WATCH_SECONDS = 0.5
WEB_WORKERS = os.environ.get("WEB_WORKERS", "2")
BLOCKING_THREADS = "1"


class CannotStart(Exception):
    """Says what is wrong and what to do about it."""


class Stop(Exception):
    """Ctrl-C or SIGTERM."""


def environment() -> dict[str, str]:
    """What the children see: development's settings, served as production serves (no debug pages)."""
    return {
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        **os.environ,
        "PORT": str(PORT),
        "HOST": HOST,
        "PYTHONUNBUFFERED": "1",
    }


def web() -> Child:
    """HTTP and WebSocket on the one port."""
    command = [str(ROOT / ".venv/bin/granian"), "--interface", "asginl", "--host", HOST, "--port", str(PORT)]
    command += [
        "--workers",
        WEB_WORKERS,
        "--runtime-mode",
        "st",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "4",
    ]
    command += ["--blocking-threads", BLOCKING_THREADS, "--log-level", "warning", "--http", "1"]
    return Child("web", [*command, "config.oneport:application"], LOCAL / "logs" / "web.log")


def worker() -> Child:
    """Celery with every lane, and its clock."""
    command = [str(ROOT / ".venv/bin/celery"), "--app", "config.celery", "worker", "--beat", "--pool", "threads"]
    command += ["--concurrency", "2", "--queues", "default,messages,webhooks,bulk", "--loglevel", "warning"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child("worker", command, LOCAL / "logs" / "worker.log")


def fake_providers(port: str) -> Child:
    """Maps and postal codes played on this machine (`GEO_FAKE_PORT`)."""
    command = [
        str(ROOT / ".venv/bin/python"),
        "manage.py",
        "fake_providers",
        "--port",
        port,
        "--settings",
        "config.settings",
    ]
    return Child("fake providers", command, LOCAL / "logs" / "fake_providers.log")


def claim_port() -> None:
    """Refuse clearly when somebody else listens on our port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            raise CannotStart(
                f"{HOST}:{PORT} is taken ({error.strerror}). Another port: make run PORT={PORT + 1}"
            ) from error


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two `make run` in one checkout would fight over the same data."""
    LOCAL.mkdir(parents=True, exist_ok=True)
    with (LOCAL / "launch.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart("Comanda is already running from this folder; stop that one first: make stop") from error
        (LOCAL / "launch.pid").write_text(f"{os.getpid()}\n")
        yield


def hold_servers() -> None:
    """Make sure of embedded PostgreSQL and Redis, unless the environment names others."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        servers.hold(LOCAL)


def start_servers() -> None:
    """The servers, with a word about how long it took."""
    started = time.monotonic()
    print("• starting PostgreSQL and Redis", end="", flush=True)
    try:
        hold_servers()
    except EmbeddedError as error:
        raise CannotStart(str(error)) from error
    print(f" ({time.monotonic() - started:.1f} s)", flush=True)


def fingerprint() -> str:
    """Hash of what preparing depends on; the same as last time means there is nothing to prepare."""
    digest = hashlib.sha256()
    for path in sorted(
        [*ROOT.glob("apps/*/migrations/*.py"), *ROOT.glob("data/**/*.json"), ROOT / "requirements/base.txt"]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare() -> None:
    """Migrate and load the demo stores; skipped when that was done already and nothing it reads has changed."""
    done_before, now = LOCAL / "prepared", fingerprint()
    if not os.environ.get("DATABASE_URL") and done_before.exists() and done_before.read_text() == now:
        return
    done_before.unlink(missing_ok=True)
    done = subprocess.run([sys.executable, "-m", "tools.prepare"], cwd=ROOT, env=environment(), check=False)
    if done.returncode != 0:
        raise CannotStart("Preparing the database failed (see above). Fix it, or start afresh: make clean run")
    done_before.write_text(now)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{PORT}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_ready(child: Child) -> None:
    """Wait until the web process answers that it can work."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if not child.alive():
            raise CannotStart(f"The web process stopped. The end of {child.log}:\n{child.tail()}")
        if _answers():
            return
        time.sleep(0.05)
    raise CannotStart(
        f"The web process did not become ready in {READY_SECONDS} s. The end of {child.log}:\n{child.tail()}"
    )


def watch(family: Family) -> None:
    """Until told to stop: bring back what dies, servers first."""
    while True:
        time.sleep(WATCH_SECONDS)
        try:
            hold_servers()
        except EmbeddedError as error:
            print(f"! {error}", flush=True)  # and try again: there is nothing better to do
        for child in family.revive():
            print(f"! {child.name} had stopped and was started again; its log: {child.log}", flush=True)


def stop() -> int:
    """`make stop`: end the launcher of this folder, what a killed one left behind, and the embedded servers."""
    pid = read_pid(LOCAL / "launch.pid")
    if pid is not None and "tools.launch" in command_of(pid):
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not command_of(pid), STOP_SECONDS)
    end_leftovers(LOCAL / "launch.json", "config.")
    for root in (LOCAL, LOCAL / "test"):
        if root.exists():
            servers.stop(Places.under(root))
    print("Stopped.")
    return 0


def serve(family: Family) -> None:
    """Start the children, show the screen, watch."""
    ended = end_leftovers(family.pid_file, "config.")
    if ended:
        print(f"• ended what an earlier run had left behind: {', '.join(ended)}", flush=True)
    claim_port()
    start_servers()
    prepare()
    print("• starting web, live, worker and beat", flush=True)
    front = web()
    family.start(front)
    family.start(worker())
    if port := os.environ.get("GEO_FAKE_PORT"):
        family.start(fake_providers(port))
    wait_ready(front)
    print(welcome_screen(json.loads((LOCAL / "welcome.json").read_text()), f"http://{HOST}:{PORT}"), flush=True)
    watch(family)


def main() -> int:
    """Entry point; returns the exit code."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        raise Stop

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    os.chdir(ROOT)
    started = time.monotonic()
    family = Family(LOCAL / "launch.json", environment())
    try:
        with only_one():
            try:
                serve(family)
            finally:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                family.stop()
    except Stop:
        print(f"\nStopped. It ran for {time.monotonic() - started:.0f} s; the data is kept in {LOCAL}.")
        return 0
    except CannotStart as error:
        print(f"\nComanda did not start: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(stop() if sys.argv[1:] == ["stop"] else main())
