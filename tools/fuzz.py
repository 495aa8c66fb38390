"""`make fuzz`: two minutes of hostile input against every documented endpoint, half of it anonymous, half as an owner.

It has servers and demo data of its own under `.local/fuzz`, thrown away afterwards. A run fails on any 5xx, and on any
refusal that is not a problem document with a stable code (`tools/fuzz_checks.py`). FUZZ_SECONDS changes the length.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

from tools.budgets import ROOT
from tools.processes import Child, Family

HOME = ROOT / ".local" / "fuzz"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "120"))
KEPT_LOG = ROOT / ".local" / "fuzz.log"
BIN = ROOT / ".venv" / "bin"
PASSWORD = "comanda-demo"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def serve(family: Family, port: int) -> str:
    """Start the web process; returns its origin once it is ready."""
    command = [
        str(BIN / "granian"),
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--workers",
        "2",
        "--blocking-threads",
        "2",
    ]
    child = Child("web", [*command, "--no-ws", "--log-level", "error", "config.wsgi:application"], HOME / "web.log")
    family.start(child)
    origin = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{origin}/readyz", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return origin
    raise SystemExit(f"the server did not become ready:\n{child.tail()}")


def log_in(origin: str, email: str) -> str:
    """A token for one of the demo logins."""
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{origin}/api/v1/auth/login/", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        token: str = json.loads(answer.read())["token"]
        return token


def attack(origin: str, slug: str, *, seconds: int, token: str | None) -> int:
    """One run of schemathesis; returns its exit code."""
    config = HOME / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.slug" = "{slug}"\n')
    command = [str(BIN / "schemathesis"), "--config-file", str(config), "run", f"{origin}/api/schema/?format=json"]
    command += ["--checks", "not_a_server_error,refusals_are_problems", "--max-time", str(seconds), "--workers", "2"]
    command += ["--continue-on-failure", "--generation-database", "none", "--warnings", "off", "--no-color"]
    command += ["--request-timeout", "10", "--suppress-health-check", "all"]
    if token:
        # An owner who could change his own password would lock the run out.
        command += ["-H", f"Authorization: Token {token}", "--exclude-path-regex", "/auth/|/users/"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tools.fuzz_checks", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=HOME, env=environment, check=False).returncode


def main() -> int:
    """Entry point; the exit code is 1 when something was found."""
    shutil.rmtree(HOME, ignore_errors=True)
    KEPT_LOG.unlink(missing_ok=True)
    HOME.mkdir(parents=True)
    environment = {**os.environ, "LOCAL_DIR": str(HOME.relative_to(ROOT)), "DEBUG": "0", "LOG_LEVEL": "WARNING"}
    environment |= {"CHECKOUTS_PER_ADDRESS": "0", "CHECKOUTS_PER_PHONE": "0", "UNPAID_ORDERS_PER_PHONE": "0"}
    from apps.core.embedded import servers

    servers.hold(HOME, throwaway=True)
    family = Family(HOME / "launch.json", environment)
    try:
        subprocess.run([sys.executable, "-m", "tools.prepare"], cwd=ROOT, env=environment, check=True)
        origin = serve(family, free_port())
        found = json.loads((HOME / "welcome.json").read_text())
        slug = found["stores"][0]["slug"]
        anonymous = attack(origin, slug, seconds=SECONDS // 2, token=None)
        owner = attack(origin, slug, seconds=SECONDS // 2, token=log_in(origin, _owner(found["logins"])))
        return int(bool(anonymous or owner))
    finally:
        family.stop()
        servers.release(HOME)
        _keep_log()


def _owner(logins: list[str]) -> str:
    """The login with the most doors open: an owner, else whoever comes first."""
    return next((login for login in logins if "owner" in login or "dono" in login), logins[0])


def _keep_log() -> None:
    """What the server said about a 5xx is worth more than the run itself."""
    log = HOME / "web.log"
    if log.exists() and log.stat().st_size:
        shutil.copy(log, KEPT_LOG)
    shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
