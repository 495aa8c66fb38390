"""One image, roles by command: `python -m config.roles web | live | worker [LANE…] | beat | migrate`.

The same commands run by hand, in a container or under systemd. `exec` replaces this process, so signals reach the server
itself: granian and Celery finish what they hold when told to stop.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
LANES = ("default", "messages", "webhooks", "bulk")


def _granian(interface: str, target: str, *, port: str, workers: str, options: list[str]) -> list[str]:
    command = [str(BIN / "granian"), "--interface", interface, "--host", os.environ.get("BIND", "0.0.0.0")]  # noqa: S104 - a container's own network
    command += ["--port", port, "--workers", workers, "--http", "1", "--respawn-failed-workers"]
    command += ["--workers-kill-timeout", "20", "--log-level", "warning"]
    return [*command, *options, target]


def web() -> list[str]:
    """HTTP over WSGI. Threads are capped: each one holds a database connection while it works."""
    port, workers = os.environ.get("PORT", "8000"), os.environ.get("WEB_WORKERS", "2")
    options = ["--blocking-threads", os.environ.get("WEB_THREADS", "2"), "--no-ws"]
    return _granian("wsgi", "config.wsgi:application", port=port, workers=workers, options=options)


def live() -> list[str]:
    """WebSockets over ASGI."""
    port, workers = os.environ.get("PORT", "8001"), os.environ.get("LIVE_WORKERS", "1")
    return _granian("asginl", "config.asgi:application", port=port, workers=workers, options=["--ws"])


def worker(lanes: list[str]) -> list[str]:
    """Celery for some lanes, or all of them."""
    unknown = set(lanes) - set(LANES)
    if unknown:
        raise SystemExit(f"no such lane: {', '.join(sorted(unknown))}; there are: {', '.join(LANES)}")
    command = [str(BIN / "celery"), "--app", "config.celery", "worker", "--queues", ",".join(lanes or LANES)]
    return [*command, "--loglevel", "warning", "--without-gossip", "--without-mingle"]


def beat() -> list[str]:
    """The clock. Run one; a second would only double wake-ups, never work."""
    return [str(BIN / "celery"), "--app", "config.celery", "beat", "--loglevel", "warning"]


def migrate() -> list[str]:
    """Bring the schema up to date, then end. Waits for nobody's lock longer than the settings allow."""
    return [sys.executable, "manage.py", "migrate", "--no-input"]


def command_for(arguments: list[str]) -> list[str]:
    """The command of a role."""
    role, *rest = arguments or [""]
    if role == "worker":
        return worker(rest)
    found = {"web": web, "live": live, "beat": beat, "migrate": migrate}.get(role)
    if found is None:
        raise SystemExit("say a role: web, live, worker [lane…], beat or migrate")
    return found()


if __name__ == "__main__":
    command = command_for(sys.argv[1:])
    os.execv(command[0], command)  # noqa: S606 - becoming the server is the point
