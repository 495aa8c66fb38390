"""Generated files: write them, or in `--check` mode say how the one in the repository differs."""

from __future__ import annotations

import difflib
from pathlib import Path

MOST_LINES = 40


def settle(path: Path, wanted: str, *, check: bool) -> int:
    """Write `wanted` to `path`, or only compare; returns the exit code."""
    present = path.read_text() if path.exists() else ""
    if present == wanted:
        print(f"{path.name} is up to date")
        return 0
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted)
        print(f"{path.name} written")
        return 0
    lines = difflib.unified_diff(
        present.splitlines(), wanted.splitlines(), "in the repository", "generated now", lineterm="", n=1
    )
    print("\n".join(list(lines)[:MOST_LINES]))
    return 1
