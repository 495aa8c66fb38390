"""A number no other live process has: which test database and which Redis database belong to this run."""

from __future__ import annotations

import fcntl
from io import TextIOWrapper
from pathlib import Path

SLOTS = 63  # Redis has 64 databases and 0 is nobody's
_taken: dict[Path, tuple[int, TextIOWrapper]] = {}


def slot(root: Path) -> int:
    """This process's slot under `root`, 1 to 63, kept until it ends."""
    if root in _taken:
        return _taken[root][0]
    (root / "slots").mkdir(parents=True, exist_ok=True)
    for number in range(1, SLOTS + 1):
        file = (root / "slots" / str(number)).open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        _taken[root] = (number, file)
        return number
    raise RuntimeError(f"more than {SLOTS} test runs at once")
