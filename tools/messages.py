"""What the code says to people: every literal it hands to gettext, with the places that say it.

Python is read with `ast`, templates with one expression per tag. Tests and migrations say nothing to people.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.budgets import ROOT

FOLDERS = ("apps", "config")
SILENT = {"tests", "migrations", "__pycache__"}
MODULE = "django.utils.translation"

# Which argument of each function is the context, the text and its plural.
GETTEXT = {"gettext": (None, 0, None), "ngettext": (None, 0, 1), "pgettext": (0, 1, None), "npgettext": (0, 1, 2)}
FUNCTIONS = {f"{name}{ending}": at for name, at in GETTEXT.items() for ending in ("", "_lazy")}
FUNCTIONS["gettext_noop"] = GETTEXT["gettext"]

QUOTED = r"""(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')"""
TRANS = re.compile(rf"{{%\s*trans(?:late)?\s+{QUOTED}(.*?)%}}", re.DOTALL)
BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b(.*?)%}(.*?)(?:{%\s*plural\s*%}(.*?))?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL
)
CONTEXT = re.compile(rf"\bcontext\s+{QUOTED}")
INLINE = re.compile(rf"\b_\({QUOTED}\)")
VARIABLE = re.compile(r"{{\s*([\w.]+)\s*}}")
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One thing to translate. Two with the same text but another context are two."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message and where: `apps/stores/messages.py:12`. `message` is None if what is said there is no literal."""

    message: Message | None
    file: str
    line: int


def said(root: Path = ROOT) -> Iterator[Said]:
    """Everything said in Python and templates under `root`, in the order of the files."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root)
            if SILENT.intersection(name.parts):
                continue
            if path.suffix == ".py":
                yield from in_python(path.read_text(), str(name))
            elif "templates" in name.parts and path.suffix in {".html", ".txt"}:
                yield from in_template(path.read_text(), str(name))


def in_python(source: str, file: str) -> Iterator[Said]:
    """What one module says. Follows `import ... as`, so `_` counts only where it is gettext."""
    if "translation" not in source:
        return
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (at := _arguments(node.func, names)):
            yield Said(_message(node.args, at), file, node.lineno)


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local name -> function of Django, or `translation` for the module itself."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == MODULE:
            found |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            found |= {name.asname or name.name: "" for name in node.names if name.name == "translation"}
    return found


def _arguments(called: ast.expr, names: dict[str, str]) -> tuple[int | None, int, int | None] | None:
    if isinstance(called, ast.Name):
        return FUNCTIONS.get(names.get(called.id, ""))
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and names.get(called.value.id) == "":
        return FUNCTIONS.get(called.attr)
    return None


def _message(args: list[ast.expr], at: tuple[int | None, int, int | None]) -> Message | None:
    context, text, plural = ("" if index is None else _literal(args, index) for index in at)
    if text is None or plural is None or context is None:
        return None
    return Message(text, plural, context)


def _literal(args: list[ast.expr], index: int) -> str | None:
    node = args[index] if index < len(args) else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_template(source: str, file: str) -> Iterator[Said]:
    """What one template says, as Django's own tags would look it up."""
    source = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), source)
    for found in TRANS.finditer(source):
        message = Message(_unquoted(found), context=_context(found[3]))
        yield Said(message, file, _line(source, found))
    for found in BLOCK.finditer(source):
        trimmed = re.search(r"\btrimmed\b", found[1]) is not None
        text, plural = (_block(part or "", trimmed=trimmed) for part in (found[2], found[3]))
        yield Said(Message(text, plural, _context(found[1])), file, _line(source, found))
    for found in INLINE.finditer(source):
        yield Said(Message(_unquoted(found)), file, _line(source, found))


def _context(options: str) -> str:
    found = CONTEXT.search(options)
    return _unquoted(found) if found else ""


def _unquoted(found: re.Match[str]) -> str:
    return re.sub(r"\\(.)", r"\1", found[1] if found[1] is not None else found[2])


def _block(text: str, *, trimmed: bool) -> str:
    if trimmed:
        text = " ".join(line.strip() for line in text.strip().splitlines())
    return VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))


def _line(source: str, found: re.Match[str]) -> int:
    return source.count("\n", 0, found.start()) + 1
