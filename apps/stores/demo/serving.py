"""The server the demo plays against: the one that runs, or – for `make demo` on a quiet machine – one for this evening."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

import requests
from django.conf import settings

from apps.stores.demo.client import Unreachable
from apps.stores.demo.timeline import Tell

# A first start migrates an empty database and loads five stores.
READY_SECONDS = 180
STOP_SECONDS = 40
LAUNCH = (sys.executable, "-m", "tools.launch")


def answers(base_url: str) -> bool:
    """Whether a server is ready there."""
    try:
        return requests.get(f"{base_url}/readyz", timeout=5).ok
    except requests.RequestException:
        return False


@contextmanager
def serving(base_url: str, *, tell: Tell, command: Sequence[str] = LAUNCH) -> Iterator[None]:
    """A server at `base_url` for the block. One that this started is stopped at the end; its data is kept."""
    if answers(base_url):
        yield
        return
    tell(f"• nothing answers at {base_url}: starting everything for this demo")
    log = settings.LOCAL_DIR / "logs" / "demo.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # A whole evening comes from one address, and a guest without a number gives the store's.
    unlimited = {"CHECKOUTS_PER_ADDRESS": "0", "CHECKOUTS_PER_PHONE": "0", "UNPAID_ORDERS_PER_PHONE": "0"}
    environment = {**os.environ, **unlimited, "PORT": str(urlsplit(base_url).port or 80)}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, base_url, str(log))
        yield
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", base_url: str, log: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while not answers(base_url):
        if process.poll() is not None or time.monotonic() > until:
            raise Unreachable(f"the server did not start; {log} says why")
        time.sleep(0.3)
