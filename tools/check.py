"""`make check`: every rule that is held by a tool, two at a time; prints what failed and how long each took.

Name steps to run only those: `python -m tools.check types imports`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tools.budgets import ROOT

BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
AT_ONCE = 2

# Production settings with throw-away values: `check --deploy` must be clean, and nothing is connected to.
DEPLOY = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "only-for-the-deploy-check-" + "x7Qz" * 12,
    "FIELD_ENCRYPTION_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "ALLOWED_HOSTS": "comanda.example",
    "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One rule: how to check it, and what to do when it fails."""

    name: str
    command: list[str]
    remedy: str
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step went."""

    step: Step
    passed: bool
    output: str
    seconds: float


def steps() -> list[Step]:
    """All rules, longest first, so that two lanes end together."""
    manage = [PYTHON, "manage.py"]
    return [
        Step("types", [str(BIN / "mypy")], "fix the types"),
        Step("imports", [str(BIN / "lint-imports")], "import through a door, or from a lower floor"),
        Step("openapi", [PYTHON, "-m", "tools.openapi", "--check"], "run `make docs` and review the diff"),
        Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"], "run `make migrations`"),
        Step(
            "deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], "fix the production settings", DEPLOY
        ),
        Step("settings", [PYTHON, "-m", "tools.settings_table", "--check"], "run `make docs`"),
        Step("lint", [str(BIN / "ruff"), "check", "."], "run `make fmt`, fix the rest by hand"),
        Step("format", [str(BIN / "ruff"), "format", "--check", "."], "run `make fmt`"),
        Step("doors", [PYTHON, "-m", "tools.doors"], "use the room's services, queries or facts"),
        Step(
            "words", [PYTHON, "-m", "tools.translations", "--check"], "translate in locale/ or the room, then compile"
        ),
        Step("budgets", [PYTHON, "-m", "tools.budgets"], "split it; the list of exceptions only shrinks"),
    ]


def run(step: Step) -> Outcome:
    """Run one step, keeping its output."""
    started = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env={**os.environ, **step.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(step, done.returncode == 0, done.stdout, time.monotonic() - started)


def main(names: list[str]) -> int:
    """Run the steps; exit code 1 when one failed."""
    chosen = [step for step in steps() if not names or step.name in names]
    if not chosen:
        print(f"no such step; there are: {', '.join(step.name for step in steps())}")
        return 2
    failed: list[Outcome] = []
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        for outcome in pool.map(run, chosen):
            print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.step.name:<11}{outcome.seconds:6.1f} s", flush=True)
            if not outcome.passed:
                failed.append(outcome)
    for outcome in failed:
        print(f"\n=== {outcome.step.name}: {outcome.step.remedy}\n{outcome.output.rstrip()}")
    print("\nall rules hold" if not failed else f"\n{len(failed)} of {len(chosen)} failed")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
