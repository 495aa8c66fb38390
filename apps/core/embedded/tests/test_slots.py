"""Each test process has a number of its own while it lives."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from apps.core.embedded.slots import slot

ASK = "import sys; from pathlib import Path; from apps.core.embedded.slots import slot; print(slot(Path(sys.argv[1])))"


def ask(root: Path) -> int:
    return int(
        subprocess.run([sys.executable, "-c", ASK, str(root)], capture_output=True, text=True, check=True).stdout
    )


def test_a_slot_is_kept_while_its_process_lives_and_free_afterwards(tmp_path: Path) -> None:
    mine = slot(tmp_path)

    assert slot(tmp_path) == mine == 1
    assert ask(tmp_path) == 2
    assert ask(tmp_path) == 2


@pytest.mark.django_db
def test_database_and_redis_of_this_run_carry_its_slot() -> None:
    if not settings.EMBEDDED_POSTGRES:
        return
    number = slot(settings.EMBEDDED_DIR)

    assert connection.settings_dict["NAME"] == f"test_comanda_{number}"
    assert settings.REDIS_URL.endswith(f"?db={number}")
