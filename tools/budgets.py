"""Sizes: a file has at most 300 lines, a function at most 50, every module says what it is for.

Exceptions live in `pyproject.toml` with their present size; one that has become smaller, or is no longer needed, must be
lowered or removed – the list can only shrink. Migrations are generated and not counted.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("apps", "config", "tools")


def python_files(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file of ours, migrations left out."""
    for folder in FOLDERS:
        yield from (path for path in sorted((root / folder).rglob("*.py")) if "migrations" not in path.parts)
    yield from sorted(root.glob("*.py"))


def sizes(path: Path, name: str) -> Iterator[tuple[str, int]]:
    """The file's own size and that of every function in it, as (`path` or `path::function`, lines)."""
    source = path.read_text()
    yield name, source.count("\n")
    yield from _functions(ast.parse(source), f"{name}::")


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, int]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{child.name}", (child.end_lineno or child.lineno) - child.lineno + 1
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def problems(root: Path = ROOT) -> list[str]:
    """One sentence for everything over its budget, and for every exception that should shrink."""
    budgets = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["comanda"]["budgets"]
    exceptions: dict[str, int] = budgets.get("exceptions", {})
    found = {name: lines for path in python_files(root) for name, lines in sizes(path, str(path.relative_to(root)))}
    over = [
        f"{name} has {lines} lines; the budget is {limit}"
        for name, lines in found.items()
        if lines > (limit := exceptions.get(name, budgets["function_lines" if "::" in name else "file_lines"]))
    ]
    return over + [_shrink(name, size, found) for name, size in exceptions.items() if found.get(name, 0) < size]


def _shrink(name: str, size: int, found: dict[str, int]) -> str:
    now = found.get(name)
    return f"exception {name} = {size}: it is {'gone' if now is None else f'{now} lines'} now; lower or remove it"


def main() -> int:
    """Print what is over budget; exit code 1 when something is."""
    found = problems()
    print("\n".join(found) or "budgets kept")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
