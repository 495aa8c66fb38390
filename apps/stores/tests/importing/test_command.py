"""`manage.py import_store` at a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.stores.models import Store
from apps.stores.tests.importing.documents import corner

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a document to a file; its path comes back."""

    def run(document: Any) -> Path:
        path = tmp_path / "store.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return run


def test_it_imports_and_says_what_it_did(write: Any, capsys: Any) -> None:
    call_command("import_store", write(corner()))
    told = capsys.readouterr().out
    assert "Café da Esquina (corner)" in told
    assert "products" in told
    assert Store.objects.filter(slug="corner").exists()


def test_the_second_time_it_says_that_nothing_changed(write: Any, capsys: Any) -> None:
    path = write(corner())
    call_command("import_store", path)
    capsys.readouterr()
    call_command("import_store", path, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["changed"] is False
    assert told["rows"]["products"] == {"created": 0, "updated": 0, "unchanged": 1, "removed": 0}


def test_errors_are_listed_and_the_exit_code_is_one(write: Any, capsys: Any) -> None:
    document = corner()
    document["products"][0]["price"] = "sete"
    document["staff"][0]["email"] = "ana"
    with pytest.raises(CommandError) as caught:
        call_command("import_store", write(document))
    assert caught.value.returncode == 1
    told = capsys.readouterr().err
    assert "products[0].price: " in told
    assert "staff[0].email: " in told
    assert not Store.objects.exists()


def test_a_misspelt_key_is_told_beside_the_error_it_makes(write: Any, capsys: Any) -> None:
    document = corner()
    document["products"][0]["categry"] = document["products"][0].pop("category")
    with pytest.raises(CommandError):
        call_command("import_store", write(document))
    told = capsys.readouterr().err
    assert "products[0].category: " in told
    assert "products[0].categry: " in told


def test_errors_as_json_have_their_paths(write: Any, capsys: Any) -> None:
    with pytest.raises(CommandError):
        call_command("import_store", write("{}"), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [row["path"] for row in told["errors"]] == ["format"]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_store", tmp_path / "nothing.json")


def test_a_dry_run_writes_nothing(write: Any) -> None:
    call_command("import_store", write(corner()), "--dry-run")
    assert not Store.objects.exists()
