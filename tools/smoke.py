"""`make smoke`: does `make run` do what it says, from nothing, with only what it installs itself?

Runs it on a free port with a `.local` of its own, opens the first store, stops it, and looks that nothing is left: no
traceback in a log, no server, no process. CI runs this first, while the environment holds no development package that could
hide a missing requirement.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".local" / "smoke"
START_SECONDS = 300
STOP_SECONDS = 30


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def started(process: subprocess.Popen[str]) -> tuple[float, str]:
    """Wait for the welcome screen; returns the seconds it took and the first store's address."""
    begin, store = time.monotonic(), ""
    assert process.stdout is not None
    for line in process.stdout:
        print(f"  | {line}", end="")
        if "/s/" in line and not store:
            store = line.split()[-1]
        if "Ctrl-C stops" in line:
            return time.monotonic() - begin, store
        if time.monotonic() - begin > START_SECONDS:
            break
    raise SystemExit("`make run` did not open; see above")


def expect_page(address: str) -> None:
    """The page answers 200."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        print(f"  {answer.status} {address}")


def tracebacks() -> list[str]:
    """Logs in which something broke."""
    return [path.name for path in (HOME / "logs").glob("*.log") if "Traceback" in path.read_text(errors="replace")]


def main() -> int:
    """Entry point; the exit code is 1 when something was not as promised."""
    shutil.rmtree(HOME, ignore_errors=True)
    environment = {**os.environ, "LOCAL_DIR": str(HOME.relative_to(ROOT)), "PORT": str(free_port())}
    command = [sys.executable, "-m", "tools.launch"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        seconds, store = started(process)
        expect_page(store)
        expect_page(
            f"http://127.0.0.1:{environment['PORT']}/api/v1/stores/s/{store.rstrip('/').rpartition('/')[2]}/catalog/"
        )
        process.send_signal(signal.SIGINT)
        code = process.wait(STOP_SECONDS)
    finally:
        process.kill()
    broken = tracebacks()
    left = [path for path in (HOME / "run").rglob("*") if path.is_socket()]
    print(
        f"opened after {seconds:.1f} s; exit code {code}; tracebacks in {broken or 'no log'}; left behind: {left or 'nothing'}"
    )
    return int(bool(code or broken or left))


if __name__ == "__main__":
    sys.exit(main())
