"""What the code says is found, what a language lacks is named, and the compiler writes what gettext reads."""

import gettext
from io import BytesIO
from pathlib import Path

import pytest

from tools import catalogues, translations
from tools.messages import Message, in_python, in_template

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: {0}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {1}\\n"\n'
)
TWO, ONE = "nplurals=2; plural=(n > 1);", "nplurals=1; plural=0;"
CODE = """
from django.utils import translation
from django.utils.translation import gettext as _, ngettext
from django.utils.translation import pgettext_lazy as inside

def speak(count, name):
    _("Hello " "there"), inside("kitchen", "All"), translation.gettext("Bye")
    return ngettext("%(count)s cake", "%(count)s cakes", count) % {"count": count}
"""
GOOD = """
msgid "Hello there"
msgstr "Olá"

msgctxt "kitchen"
msgid "All"
msgstr "Todas"

msgid "Bye"
msgstr ""
"Tch"
"au"

#, python-format
msgid "%(count)s cake"
msgid_plural "%(count)s cakes"
msgstr[0] "%(count)s bolo"
msgstr[1] "%(count)s bolos"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A room that says four things, and their Portuguese."""
    for folder in ("apps/stores/tests", "config", "locale/pt_BR/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "apps/stores/words.py").write_text(CODE)
    (tmp_path / "apps/stores/tests/test_words.py").write_text(CODE.replace("Bye", "Only in a test"))
    write(tmp_path, GOOD)
    return tmp_path


def write(root: Path, entries: str, language: str = "pt_BR", plurals: str = TWO) -> Path:
    path = root / f"locale/{language}/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.format(language, plurals) + entries)
    translations.compile_all(root)
    return path


def test_everything_said_and_translated_is_no_problem(project: Path) -> None:
    assert translations.problems(project) == []


def test_a_message_without_portuguese_is_named_with_its_place(project: Path) -> None:
    (project / "apps/stores/more.py").write_text("from django.utils.translation import gettext as _\n\n_('New')\n")

    assert translations.problems(project) == ["apps/stores/more.py:3: no pt_BR for 'New'"]
    assert translations.stubs("pt_BR", project) == '#: apps/stores/more.py\nmsgid "New"\nmsgstr ""\n'


def test_what_a_customer_meets_needs_the_other_languages_too(project: Path) -> None:
    (project / "apps/stores/messages.py").write_text("from django.utils.translation import gettext as _\n\n_('Bye')\n")

    assert translations.problems(project) == [
        f"apps/stores/messages.py:3: no {language} for 'Bye'" for language in ("de", "es", "id")
    ]
    for language, plurals in (("de", TWO), ("es", TWO), ("id", ONE)):
        write(project, '\nmsgid "Bye"\nmsgstr "–"\n', language, plurals)
    assert translations.problems(project) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgstr "Olá"', 'msgstr ""', "apps/stores/words.py:7: no pt_BR for 'Hello there'"),
        ('"Tch"\n"au"', '"Tchau %(name)s"', "'Bye' has other placeholders than none"),
        ("bolos", "bolos de %(kind)s", "'%(count)s cake' has other placeholders than count"),
        ('msgstr[1] "%(count)s bolos"', 'msgstr[1] "bolos"', "'%(count)s cake' has other placeholders than count"),
        ("bolos", "bolos, 100%", "'%(count)s cake' cannot be filled in: a % is not followed by (name)s"),
        ('msgstr[1] "%(count)s bolos"', "", "'%(count)s cake' has 1 forms; the language has 2"),
        ("#, python-format", "#, fuzzy, python-format", "'%(count)s cake' is marked fuzzy"),
        ('msgid "Bye"', 'msgid "Byebye"', "'Byebye' is said nowhere: reworded or gone"),
        ('msgctxt "kitchen"\n', "", "'All' is said nowhere: reworded or gone"),
    ],
)
def test_an_entry_that_would_fail_a_reader_is_named(project: Path, old: str, new: str, complaint: str) -> None:
    assert GOOD.count(old) == 1
    write(project, GOOD.replace(old, new))

    assert any(problem.endswith(complaint) for problem in translations.problems(project))


def test_the_same_entry_twice_is_named(project: Path) -> None:
    write(project, GOOD + '\nmsgid "Bye"\nmsgstr "Até logo"\n')

    assert [problem.split(": ", 1)[1] for problem in translations.problems(project)] == ["'Bye' is translated twice"]


def test_a_compiled_file_that_is_old_missing_or_broken_is_named_and_made_again(project: Path) -> None:
    path = project / "locale/pt_BR/LC_MESSAGES/django.po"
    stale = ["locale/pt_BR/LC_MESSAGES/django.po: the .mo file says something else; run `python -m tools.translations`"]

    path.write_text(path.read_text().replace("Olá", "Oi"))
    assert translations.problems(project) == stale
    path.with_suffix(".mo").write_bytes(b"\xde\x12\x04\x95 not all of it")
    assert translations.problems(project) == stale
    path.with_suffix(".mo").unlink()
    assert translations.problems(project) == stale

    assert translations.compile_all(project) == ["locale/pt_BR/LC_MESSAGES/django.mo"]
    assert translations.compile_all(project) == []
    assert translations.problems(project) == []


def test_what_is_compiled_is_read_by_gettext_itself(project: Path) -> None:
    catalogue = catalogues.read(project / "locale/pt_BR/LC_MESSAGES/django.po", project)

    words = gettext.GNUTranslations(BytesIO(catalogues.compiled(catalogue)))

    assert (words.gettext("Hello there"), words.gettext("Bye")) == ("Olá", "Tchau")
    assert (words.pgettext("kitchen", "All"), words.gettext("All")) == ("Todas", "All")
    forms = [words.ngettext("%(count)s cake", "%(count)s cakes", count) for count in (0, 1, 2)]
    assert forms == ["%(count)s bolo", "%(count)s bolo", "%(count)s bolos"]


@pytest.mark.parametrize("line", ['msgid "no end', "msgid no quotes", "neither", '"text of no field"', 'msgid "again"'])
def test_a_line_that_is_no_part_of_a_catalogue_is_named(project: Path, line: str) -> None:
    path = project / "locale/pt_BR/LC_MESSAGES/django.po"
    path.write_text(f'{line}\nmsgid "again"\nmsgstr ""\n')

    with pytest.raises(catalogues.Unreadable, match=r"django\.po:\d"):
        catalogues.read(path, project)


def test_a_variable_is_not_a_message_and_a_stranger_called_underscore_is_not_gettext() -> None:
    ours = "from django.utils.translation import gettext as _\n_(name)\n_(f'{name}')\n"
    theirs = "from somewhere import translation, _\n_('Not ours')\ntranslation.gettext('Neither')\n"

    assert [place.message for place in in_python(ours, "a.py")] == [None, None]
    assert list(in_python(theirs, "a.py")) == []


def test_a_template_is_read_as_django_reads_it() -> None:
    source = """{# {% trans "commented" %} #}
{% trans "Plain" %}{% translate 'It\\'s' as title %}{% trans "All" context "kitchen" %}
{% blocktrans with total=sum|price %}Pay {{ total }}, 100%{% endblocktrans %}
{% blocktranslate count n=cakes|length trimmed %}
  one
  cake
{% plural %}
  {{ n }} cakes
{% endblocktranslate %}{% include "x.html" with label=_("Inline") %}"""

    found = {place.message: place.line for place in in_template(source, "a.html")}

    assert found == {
        Message("Plain"): 2, Message("It's"): 2, Message("All", context="kitchen"): 2, Message("Pay %(total)s, 100%%"): 3,
        Message("one cake", plural="%(n)s cakes"): 4, Message("Inline"): 9,
    }  # fmt: skip


def test_every_catalogue_of_ours_is_what_gettext_reads() -> None:
    for path in catalogues.paths():
        catalogue = catalogues.read(path)
        with path.with_suffix(".mo").open("rb") as file:
            words = gettext.GNUTranslations(file)
        assert words.info()["language"] == catalogue.language
        for entry in catalogue.entries:
            if not entry.message.plural:
                context, text = entry.message.context, entry.message.text
                said = words.pgettext(context, text) if context else words.gettext(text)
                assert said == entry.forms[0], (catalogue.name, text)
