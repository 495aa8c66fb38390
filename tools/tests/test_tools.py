"""The rules themselves are tested: budgets, doors, generated files, bootstrap and the family of processes."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import bootstrap, budgets, doors, drift, processes
from tools.screen import welcome_screen
from tools.settings_table import table

PYPROJECT = """
[tool.comanda.budgets]
file_lines = 10
function_lines = 3
[tool.comanda.budgets.exceptions]
{exceptions}
[tool.comanda.doors]
everyone = ["services", "models"]
stores = ["api.base"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("apps/kitchen", "apps/stores", "config", "tools"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.format(exceptions=""))
    return tmp_path


def test_a_long_file_and_a_long_function_are_named(project: Path) -> None:
    (project / "apps/stores/long.py").write_text("x = 1\n" * 11)
    (project / "apps/stores/deep.py").write_text(
        "class A:\n    def f(self):\n        a = 1\n        b = 2\n        return a\n"
    )

    assert budgets.problems(project) == [
        "apps/stores/deep.py::A.f has 4 lines; the budget is 3",
        "apps/stores/long.py has 11 lines; the budget is 10",
    ]


def test_an_exception_holds_today_and_must_shrink_tomorrow(project: Path) -> None:
    long = project / "apps/stores/long.py"
    (project / "pyproject.toml").write_text(PYPROJECT.format(exceptions='"apps/stores/long.py" = 12'))

    long.write_text("x = 1\n" * 12)
    assert budgets.problems(project) == []

    long.write_text("x = 1\n" * 11)
    assert budgets.problems(project) == ["exception apps/stores/long.py = 12: it is 11 lines now; lower or remove it"]

    long.unlink()
    assert budgets.problems(project) == ["exception apps/stores/long.py = 12: it is gone now; lower or remove it"]


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("from apps.stores.services import place", True),
        ("from apps.stores import models", True),
        ("from apps.stores.api.base import StoreAPIView", True),
        ("from apps.core.money import round_money", True),
        ("from apps.kitchen.consumers import Screen", True),
        ("from apps.stores.api.views import order", False),
        ("import apps.stores.tasks", False),
        ("from apps.stores import admin", False),
    ],
)
def test_a_room_is_entered_by_its_doors(project: Path, line: str, allowed: bool) -> None:
    (project / "apps/kitchen/screen.py").write_text(f"{line}\n")

    assert (doors.problems(project) == []) is allowed


def test_a_generated_file_that_drifted_is_shown_and_rewritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "docs" / "table.md"

    assert drift.settle(path, "one\n", check=True) == 1
    assert not path.exists()
    assert drift.settle(path, "one\n", check=False) == 0
    assert drift.settle(path, "two\n", check=True) == 1
    assert "+two" in capsys.readouterr().out
    assert path.read_text() == "one\n"


def test_the_settings_table_names_every_variable_and_no_secret_value() -> None:
    from config.settings.variables import VARIABLES

    text = table()

    assert all(f"`{name}`" in text for name in VARIABLES)


def test_the_lock_pins_every_package_and_names_no_host() -> None:
    for lock in (bootstrap.ROOT / "requirements").glob("*.txt"):
        lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
        assert lines
        assert all(line.count("==") == 1 and "/" not in line for line in lines), lock.name


def test_the_groups_agree_on_versions() -> None:
    locks = {path.stem: path.read_text().splitlines() for path in (bootstrap.ROOT / "requirements").glob("*.txt")}

    assert set(locks["base"][1:]) <= set(locks["embedded"][1:]) <= set(locks["dev"][1:])
    assert set(locks["base"][1:]) <= set(locks["prod"][1:])


def child(tmp_path: Path, code: str, name: str = "child") -> processes.Child:
    return processes.Child(name, [sys.executable, "-c", code], tmp_path / f"{name}.log")


SLEEPER = "import time\nprint('up', flush=True)\ntime.sleep(60)"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(60)"


def wait_for(tmp_path: Path, name: str) -> None:
    deadline = time.monotonic() + 20
    while "up" not in ((tmp_path / f"{name}.log").read_text() if (tmp_path / f"{name}.log").exists() else ""):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_family_stops_everything_it_started_even_the_stubborn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    family = processes.Family(tmp_path / "ids.json", {})
    polite, stubborn = child(tmp_path, SLEEPER, "polite"), child(tmp_path, STUBBORN, "stubborn")
    for each in (polite, stubborn):
        family.start(each)
        wait_for(tmp_path, each.name)

    family.stop()

    assert not polite.alive()
    assert not stubborn.alive()
    assert not family.pid_file.exists()


def test_a_child_that_dies_is_brought_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "RESTART_PAUSE", 0.0)
    family = processes.Family(tmp_path / "ids.json", {})
    victim = child(tmp_path, SLEEPER)
    family.start(victim)
    assert victim.process is not None
    first = victim.process.pid
    victim.process.send_signal(signal.SIGKILL)
    victim.process.wait()

    assert [each.name for each in family.revive()] == ["child"]
    assert victim.alive()
    assert json.loads(family.pid_file.read_text())["child"] != first
    family.stop()


def test_leftovers_of_a_killed_launcher_are_ended_but_not_a_stranger_with_the_same_number(tmp_path: Path) -> None:
    left = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, "config.something"], start_new_session=True, stdout=subprocess.DEVNULL
    )
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPER], start_new_session=True, stdout=subprocess.DEVNULL)
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps({"web": left.pid, "worker": stranger.pid}))

    assert processes.end_leftovers(ids, "config.") == ["web"]
    assert left.wait(10) == -signal.SIGKILL
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_welcome_screen_says_where_to_go_and_who_to_be() -> None:
    found = {"stores": [{"slug": "forno", "name": "Forno"}], "logins": ["dona@forno.example"]}

    screen = welcome_screen(found, "http://127.0.0.1:8000")

    for part in ("http://127.0.0.1:8000/s/forno/", "/admin/", "/api/docs/", "dona@forno.example", "comanda-demo"):
        assert part in screen
