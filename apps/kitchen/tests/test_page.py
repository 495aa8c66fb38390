"""The page itself: a shell without data, in the reader's language, that runs only our own files."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from apps.kitchen import views
from apps.kitchen.tests.factories import place
from apps.stores.models import Store, StoreStatus
from apps.stores.tests.factories import make_product

pytestmark = pytest.mark.django_db
IMPORT = re.compile(r'^import .* from "(\.[^"]+)";$', re.MULTILINE)


def boot_of(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', html)
    assert found is not None
    boot: dict[str, object] = json.loads(found[1])
    return boot


def test_anybody_may_load_the_shell_and_it_holds_no_order(client: Client, store: Store) -> None:
    order = place(store, make_product(store, "secret-soup"))
    answer = client.get(f"/k/{store.slug}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert store.name in html
    assert order.customer_name not in html and "Secret Soup" not in html and order.display_number not in html
    assert boot_of(html)["socket"] == f"/ws/stores/{store.slug}/kitchen/"


def test_it_runs_only_our_own_files(client: Client, store: Store) -> None:
    answer = client.get(f"/k/{store.slug}/")
    assert "script-src 'self';" in answer["Content-Security-Policy"]
    assert answer["X-Robots-Tag"] == "noindex"
    html = answer.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert " style=" not in html and " onclick=" not in html


def test_a_store_that_does_not_exist_or_is_closed_down_has_no_kitchen(client: Client, store: Store) -> None:
    assert client.get("/k/no-such-store/").status_code == 404
    Store.objects.filter(pk=store.pk).update(status=StoreStatus.SUSPENDED)
    assert client.get(f"/k/{store.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "browser", "shown"),
    [("", "pt-BR,pt;q=0.9", "Conectar esta tela"), ("", "en-US", "Pair this screen"), ("en", "pt-BR", "Pair this screen"),
     ("pt-br", "en-US", "Conectar esta tela"), ("xx", "", "Conectar esta tela"), ("", "fr", "Conectar esta tela")],
)  # fmt: skip
def test_it_speaks_the_readers_language(client: Client, store: Store, asked: str, browser: str, shown: str) -> None:
    answer = client.get(f"/k/{store.slug}/", {"lang": asked} if asked else {}, headers={"accept-language": browser})
    assert shown in answer.content.decode()


def test_a_language_that_was_chosen_is_remembered(client: Client, store: Store) -> None:
    client.get(f"/k/{store.slug}/", {"lang": "en"}, headers={"accept-language": "pt-BR"})
    assert "Pair this screen" in client.get(f"/k/{store.slug}/", headers={"accept-language": "pt-BR"}).content.decode()


def test_every_word_of_the_scripts_is_there_in_portuguese(client: Client, store: Store) -> None:
    texts = {}
    for language in ("en", "pt-br"):
        words = boot_of(client.get(f"/k/{store.slug}/", {"lang": language}).content.decode())["words"]
        assert isinstance(words, dict)
        texts[language] = words
    same = {key for key, text in texts["en"].items() if texts["pt-br"][key] == text}
    assert same <= {"minutes", "hours", "service_digital"}


def test_the_scripts_ask_only_for_words_that_are_sent(client: Client, store: Store) -> None:
    words = boot_of(client.get(f"/k/{store.slug}/").content.decode())["words"]
    assert isinstance(words, dict)
    used = {key for path in scripts() for key in re.findall(r'\bt\("([a-z_]+)"', path.read_text())}
    assert used - words.keys() == set()


def test_all_modules_are_announced_and_exist() -> None:
    announced = {f"{name}.js" for name in views.MODULES.split()}
    assert all(finders.find(name) for name in announced)
    imported = {
        str((path.parent / found).resolve()) for path in scripts() for found in IMPORT.findall(path.read_text())
    }
    assert {Path(name).stem for name in imported} <= {Path(name).stem for name in announced}


def scripts() -> list[Path]:
    main = finders.find("kitchen/js/main.js")
    assert isinstance(main, str)
    return sorted(Path(main).parent.glob("*.js"))
