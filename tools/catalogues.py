"""Translations on disk: reads `.po` files, writes and reads the `.mo` files Django loads.

A fresh machine has no gettext, so the compiled files are committed and this is the compiler. Both formats are those of
the GNU gettext manual; what we do not use (previous texts, other charsets) is not read.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.budgets import ROOT
from tools.messages import Message

MAGIC = 0x950412DE
HEAD = struct.Struct("<7I")
PAIR = struct.Struct("<2I")
SEPARATOR = "\x04"  # between a context and its text
FIELD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?)?\s*(".*")$')


class Unreadable(Exception):
    """A line that is no part of a catalogue."""


@dataclass(slots=True)
class Entry:
    """One translation: a form for each plural of the language, or just one."""

    message: Message
    forms: list[str]
    line: int
    fuzzy: bool = False


@dataclass(slots=True)
class Catalogue:
    """One `.po` file. `name` is its path from the root; the empty text is the header and not among the entries."""

    name: str
    language: str
    entries: list[Entry] = field(default_factory=list)
    header: str = ""

    @property
    def plurals(self) -> int:
        """How many forms a counted message has in this language."""
        found = re.search(r"nplurals=(\d)", self.header)
        return int(found[1]) if found else 1


def paths(root: Path = ROOT) -> list[Path]:
    """Every catalogue: the project's and those of the rooms."""
    return sorted([*root.glob("locale/*/LC_MESSAGES/*.po"), *root.glob("apps/*/locale/*/LC_MESSAGES/*.po")])


def read(path: Path, root: Path = ROOT) -> Catalogue:
    """The catalogue at `path`. Raises Unreadable, naming the line."""
    name = str(path.relative_to(root))
    catalogue = Catalogue(name, language=path.parent.parent.name)
    for entry in _entries(path.read_text(encoding="utf-8"), name):
        if entry.message == Message(""):
            catalogue.header = entry.forms[0]
        else:
            catalogue.entries.append(entry)
    return catalogue


def _entries(text: str, name: str) -> Iterator[Entry]:
    """Entries are blocks of fields; a new one starts where a field comes that belongs before the last."""
    fields: dict[str, str] = {}
    begun, fuzzy, current = 0, False, ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        if not line.strip():
            if fields:
                yield _entry(fields, begun, fuzzy=fuzzy)
                fields, fuzzy = {}, False
            continue
        found = FIELD.match(line)
        current = (found[1] or current) if found else ""
        if not found or not current or (found[1] and found[1] in fields):
            raise Unreadable(f"{name}:{number}: {line.strip()}")
        begun = begun if fields else number
        fields[current] = fields.get(current, "") + str(ast.literal_eval(found[3]))


def _entry(fields: dict[str, str], line: int, *, fuzzy: bool) -> Entry:
    message = Message(fields.get("msgid", ""), fields.get("msgid_plural", ""), fields.get("msgctxt", ""))
    forms = [fields[key] for key in sorted(fields) if key.startswith("msgstr")]
    return Entry(message, forms, line, fuzzy)


def compiled(catalogue: Catalogue) -> bytes:
    """The `.mo` file of a catalogue: two tables of (length, offset) and the texts, sorted, each ending in a zero."""
    pairs = sorted((key.encode(), text.encode()) for key, text in texts(catalogue).items())
    tables, blob = [], b""
    start = HEAD.size + 2 * PAIR.size * len(pairs)
    for column in (0, 1):
        for pair in pairs:
            tables.append(PAIR.pack(len(pair[column]), start + len(blob)))
            blob += pair[column] + b"\0"
    first = HEAD.size + PAIR.size * len(pairs)
    head = HEAD.pack(MAGIC, 0, len(pairs), HEAD.size, first, 0, start)
    return head + b"".join(tables) + blob


def texts(catalogue: Catalogue) -> dict[str, str]:
    """What a `.mo` file holds: keys as gettext looks them up, forms joined by a zero. Doubtful entries are left out."""
    found = {"": catalogue.header}
    for entry in catalogue.entries:
        if not entry.fuzzy and all(entry.forms):
            message = entry.message
            key = f"{message.context}{SEPARATOR}{message.text}" if message.context else message.text
            found[f"{key}\0{message.plural}" if message.plural else key] = "\0".join(entry.forms)
    return found


def read_compiled(path: Path) -> dict[str, str]:
    """The texts of a `.mo` file, also of one that msgfmt made. An empty dictionary if there is none or it is broken."""
    content = path.read_bytes() if path.exists() else b""
    try:
        magic, _revision, count, keys, values, _size, _offset = HEAD.unpack_from(content)
        rows = range(count if magic == MAGIC else 0)
        return {_text(content, keys, row): _text(content, values, row) for row in rows}
    except (struct.error, UnicodeDecodeError):
        return {}


def _text(content: bytes, table: int, row: int) -> str:
    length, offset = PAIR.unpack_from(content, table + PAIR.size * row)
    return content[offset : offset + length].decode()
