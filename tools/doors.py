"""Doors: a room enters another one only through `services`, `queries`, `facts` and `models` (and what pyproject adds).

import-linter holds the floors (who may know whom); this holds *how*. Tests may look anywhere.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tools.budgets import ROOT


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every absolute import as (line, dotted name); `from a.b import c` counts as `a.b.c`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def problems(root: Path = ROOT) -> list[str]:
    """One sentence for every import that climbs in through a window."""
    doors: dict[str, list[str]] = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["comanda"]["doors"]
    found = []
    for path in sorted((root / "apps").rglob("*.py")):
        room = path.relative_to(root).parts[1]
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for line, name in imports(path):
            if not _through_a_door(room, name, doors):
                found.append(f"{path.relative_to(root)}:{line}: {name} is not a door of its room")
    return found


def _through_a_door(room: str, name: str, doors: dict[str, list[str]]) -> bool:
    package, _, rest = name.partition(".")
    other, _, inside = rest.partition(".")
    if package != "apps" or other in (room, "core", "") or not inside:
        return True
    open_doors = [*doors["everyone"], *doors.get(other, [])]
    return any(inside == door or inside.startswith(f"{door}.") for door in open_doors)


def main() -> int:
    """Print what goes through a window; exit code 1 when something does."""
    found = problems()
    print("\n".join(found) or "doors kept")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
