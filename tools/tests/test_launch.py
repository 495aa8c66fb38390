"""`make run` refuses clearly: a port that is taken, a second one in the same folder."""

import socket
from pathlib import Path

import pytest

from tools import launch


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(launch, "LOCAL", tmp_path)
    return tmp_path


def test_a_taken_port_is_named_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(launch, "PORT", other.getsockname()[1])

        with pytest.raises(launch.CannotStart, match=r"is taken .*make run PORT="):
            launch.claim_port()


def test_a_free_port_is_taken_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    monkeypatch.setattr(launch, "PORT", port)

    launch.claim_port()


def test_a_second_one_in_the_same_folder_is_refused() -> None:
    with launch.only_one(), pytest.raises(launch.CannotStart, match="already running"), launch.only_one():
        pass


def test_the_next_one_may_start_when_the_first_has_ended(home: Path) -> None:
    with launch.only_one():
        assert (home / "launch.pid").read_text().strip().isdigit()

    with launch.only_one():
        pass


def test_a_failed_preparation_says_what_to_do_and_is_tried_again_next_time(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    (home / "prepared").write_text("an older fingerprint")

    with pytest.raises(launch.CannotStart, match="make clean run"):
        launch.prepare()

    assert not (home / "prepared").exists()


def test_what_was_prepared_and_has_not_changed_is_not_prepared_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.executable", "/bin/false")
    (home / "prepared").write_text(launch.fingerprint())

    launch.prepare()
