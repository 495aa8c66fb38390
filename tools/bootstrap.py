"""Make `.venv` hold exactly one locked requirement group, and do nothing when it already does.

Runs on the machine's own Python with the standard library alone, because nothing is installed yet. The stamp beside the
interpreter is the hash of the lock file, so a changed lock reinstalls and a second run costs a few milliseconds.

Usage: python3 tools/bootstrap.py embedded|dev|base|prod
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
INCLUDES = {"base": ("base",), "embedded": ("base", "embedded"), "prod": ("base", "prod")}
INCLUDES["dev"] = ("base", "embedded", "dev")


class SetupFailed(Exception):
    """A step failed; the message says what to do about it."""


def lock_hash(group: str) -> str:
    """Identify one locked group and the interpreter line it was installed for."""
    lock = (ROOT / "requirements" / f"{group}.txt").read_bytes()
    return hashlib.sha256(lock + repr(sys.version_info[:2]).encode()).hexdigest()


def stamp(group: str) -> Path:
    """Where the hash of an installed group is remembered."""
    return VENV / f".installed-{group}"


def is_installed(group: str) -> bool:
    """Whether the environment already holds this exact lock."""
    return PYTHON.exists() and stamp(group).exists() and stamp(group).read_text() == lock_hash(group)


def create_environment() -> None:
    """Create `.venv` with pip in it."""
    print("• creating .venv", flush=True)
    try:
        venv.create(VENV, with_pip=True, clear=VENV.exists())
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetupFailed(
            f"could not create .venv ({error}). On Debian or Ubuntu: apt-get install python3-venv; then run this again."
        ) from error


def install(group: str) -> None:
    """Install the lock without resolving: it already names every package."""
    lock = ROOT / "requirements" / f"{group}.txt"
    count = sum("==" in line for line in lock.read_text().splitlines())
    print(f"• installing {count} locked packages ({group}); the first time takes a minute or so", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]
    if subprocess.run([*command, "-r", str(lock)], stderr=subprocess.PIPE, text=True, check=False).returncode == 0:
        return
    again = subprocess.run(
        [*command, "-r", str(lock)], check=False
    )  # once more, aloud: a network hiccup or a real reason
    if again.returncode != 0:
        raise SetupFailed(
            "pip could not install the locked packages (see above). Check the network, then run this again."
        )


def bootstrap(group: str) -> None:
    """Bring `.venv` to the locked group, creating it when missing."""
    if is_installed(group):
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_installed(group):
            return
        started = time.monotonic()
        if not PYTHON.exists():
            create_environment()
        install(group)
        for included in INCLUDES[group]:
            stamp(included).write_text(lock_hash(included))
        print(f"• .venv is ready ({time.monotonic() - started:.0f} s)", flush=True)


def main() -> int:
    """Entry point; returns the process exit code."""
    if sys.version_info < OLDEST:
        print("Comanda needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python3.11 run")
        return 1
    try:
        bootstrap(sys.argv[1])
    except SetupFailed as error:
        print(f"\nSetup stopped: {error}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
