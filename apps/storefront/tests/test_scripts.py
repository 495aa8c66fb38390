"""The scripts as a whole: every word is known and translated, modules are named for the browser, and they stay small."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from apps.storefront import context, languages, strings, tracking

BUDGET_BYTES = 35_000
STATIC = {
    "core": settings.BASE_DIR / "apps/core/static/core",
    "storefront": settings.BASE_DIR / "apps/storefront/static/storefront",
}
IMPORTED = re.compile(r'^(?:import|export)[^"]*?from "([^"]+)";', re.MULTILINE)
# Two keys are put together from the store's price rule.
BUILT = {"price_rule_highest", "price_rule_average"}


def path_of(module: str) -> Path:
    room, _, rest = module.partition("/")
    return STATIC[room] / f"{rest}.js"


def imported_by(entry: str) -> set[str]:
    """The module and everything it imports, as paths below static without the ending."""
    found: set[str] = set()
    waiting = [path_of(entry)]
    while waiting:
        path = waiting.pop()
        room, base = next((room, base) for room, base in STATIC.items() if path.is_relative_to(base))
        name = f"{room}/{path.relative_to(base).with_suffix('')}"
        if name in found:
            continue
        found.add(name)
        for target in IMPORTED.findall(path.read_text()):
            # Rooms are siblings below /static/, not on disk.
            served = (Path("/static") / name).parent / target
            module = served.as_posix().removesuffix(".js")
            while "/../" in module:
                module = re.sub(r"/[^/]+/\.\.", "", module, count=1)
            waiting.append(path_of(module.removeprefix("/static/")))
    return found


def used_words(modules: set[str]) -> set[str]:
    code = [re.sub(r"/\*.*?\*/", "", path_of(module).read_text(), flags=re.DOTALL) for module in modules]
    return {key for text in code for key in re.findall(r'\bt\("(\w+)"', text)}


PAGES = [("storefront/js/main", context.MENU_MODULES), ("storefront/js/tracking", context.TRACKING_MODULES)]


@pytest.mark.parametrize(("entry", "named"), PAGES)
def test_the_page_names_exactly_the_modules_its_script_imports(entry: str, named: str) -> None:
    assert set(named.split()) == imported_by(entry)


def test_every_word_a_script_says_comes_with_its_page() -> None:
    shared = {"today", "tomorrow"}  # in format.js, for pages that speak of days
    menu, track = imported_by("storefront/js/main"), imported_by("storefront/js/tracking")
    assert used_words(menu) <= set(strings.for_menu())
    assert used_words(track) - shared <= set(strings.for_tracking())


def test_no_word_is_sent_in_vain() -> None:
    used = used_words(imported_by("storefront/js/main")) | used_words(imported_by("storefront/js/tracking"))
    assert set(strings.for_menu()) | set(strings.for_tracking()) == used | BUILT


@pytest.mark.parametrize("entry", [entry for entry, _ in PAGES])
def test_the_scripts_of_a_page_are_small(entry: str) -> None:
    size = sum(len(gzip.compress(path_of(module).read_bytes())) for module in imported_by(entry))
    assert size < BUDGET_BYTES


@pytest.mark.parametrize("language", [code for code in languages.NAMES if code != "en"])
def test_every_language_has_every_word(language: str) -> None:
    with translation.override("en"):
        english = strings.for_menu() | strings.for_tracking()
        headlines = tracking.words()["headlines"]
    with translation.override(language):
        own = strings.for_menu() | strings.for_tracking()
        own_headlines = tracking.words()["headlines"]
    same = {key for key, text in own.items() if text == english[key]}
    # What is written alike in both, and only that.
    assert same <= {"subtotal", "total", "live", "minutes", "optional", "version"}
    assert all(own_headlines[key] != headlines[key] for key in headlines)


@pytest.mark.parametrize("language", list(languages.NAMES))
def test_translations_keep_the_blanks_to_be_filled(language: str) -> None:
    with translation.override("en"):
        english = strings.for_menu() | strings.for_tracking()
    with translation.override(language):
        own = strings.for_menu() | strings.for_tracking()
    for key, text in english.items():
        if isinstance(text, str):
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", str(own[key]))), key
