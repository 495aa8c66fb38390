"""Child processes of `make run`: started in groups of their own, watched, restarted when they die, stopped together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from apps.core.embedded.system import command_of

STOP_SECONDS = 6.0
RESTART_PAUSE = 1.0
TAIL_LINES = 12


@dataclass(slots=True)
class Child:
    """One process and its log file."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    started_at: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it; its output goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                start_new_session=True,
            )
        self.starts += 1
        self.started_at = time.monotonic()

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def tail(self) -> str:
        """The end of its log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:])
        except OSError:
            return "(no log)"


@dataclass(slots=True)
class Family:
    """All children together. Their ids are kept in a file, so that a next start finds those a killed one left behind."""

    pid_file: Path
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def start(self, child: Child) -> None:
        """Start a child and remember it."""
        child.start(self.environment)
        if child not in self.children:
            self.children.append(child)
        self._remember()

    def revive(self) -> list[Child]:
        """Restart children that died; returns them. One that keeps dying at once is not hurried."""
        revived = []
        for child in self.children:
            if child.alive() or time.monotonic() - child.started_at < RESTART_PAUSE:
                continue
            child.start(self.environment)
            revived.append(child)
        if revived:
            self._remember()
        return revived

    def stop(self) -> None:
        """Ask all of them to stop, wait, end those that do not."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            _signal_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.1))
            _signal_group(process.pid, signal.SIGKILL)
            process.wait()
        self.pid_file.unlink(missing_ok=True)

    def _remember(self) -> None:
        ids = {child.name: child.process.pid for child in self.children if child.process is not None}
        self.pid_file.write_text(json.dumps(ids))


def end_leftovers(pid_file: Path, mark: str) -> list[str]:
    """End what a killed launcher left running: remembered ids whose command line still carries `mark`. Returns names."""
    try:
        remembered: dict[str, int] = json.loads(pid_file.read_text())
    except (OSError, ValueError):
        return []
    ended = []
    for name, pid in remembered.items():
        if mark in command_of(pid):
            _signal_group(pid, signal.SIGKILL)
            ended.append(name)
    pid_file.unlink(missing_ok=True)
    return ended


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
