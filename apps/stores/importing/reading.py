"""From bytes to a document that every later step can trust: it is JSON, of the right format, and PostgreSQL can hold its values."""

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from apps.stores.importing.errors import Errors, refusal

FORMAT = "comanda-store/1"
MAX_BYTES = 32 * 1024 * 1024
# Deeper than any shape of the format (an option of an option of an option is at 12), far from the recursion limit.
MAX_DEPTH = 40
MAX_INTEGER = 2**53
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

Document = dict[str, Any]


def read_file(path: Path) -> Document:
    """The document in `path`. Raises `ImportRefused` when it cannot be read or is not a store file."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refusal("", _("The file is larger than %(limit)s MB.") % {"limit": MAX_BYTES // 1024**2})
        return read_bytes(path.read_bytes())
    except OSError as error:
        raise refusal("", _("Cannot read %(path)s: %(reason)s") % {"path": path, "reason": error.strerror}) from error


def read_bytes(raw: bytes) -> Document:
    """The document in `raw` (UTF-8, a byte order mark is forgiven). Raises `ImportRefused`."""
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refusal(
            "", _("The file is not UTF-8 text (byte %(at)s). Save it as UTF-8.") % {"at": error.start}
        ) from error
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno, "reason": error.msg}
        raise refusal("", _("Not valid JSON at line %(line)s, column %(column)s: %(reason)s") % place) from error
    except (RecursionError, ValueError) as error:
        raise refusal("", _("The file is nested too deeply or holds a number that is too long.")) from error
    return check_document(value)


def check_document(value: Any) -> Document:
    """`value` with its texts normalised (NFC), or `ImportRefused` when it is no store file or cannot be stored."""
    if not isinstance(value, dict):
        raise refusal(
            "", _("A store file is a JSON object that starts with “format”: “%(format)s”.") % {"format": FORMAT}
        )
    if value.get("format") != FORMAT:
        found = value.get("format")
        shown = f"“{str(found)[:40]}”" if found is not None else _("nothing")
        raise refusal("format", _("must be “%(format)s”, found %(found)s") % {"format": FORMAT, "found": shown})
    errors = Errors()
    for path, message in _unstorable(value, "", 0):
        errors.add(path, message)
    errors.refuse_if_any()
    return {key: _normal(item) for key, item in value.items()}


def _unstorable(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Places that no column can hold: a NUL, half a surrogate pair, NaN, a number beyond what JSON carries exactly."""
    if depth > MAX_DEPTH:
        yield path, _("is nested too deeply")
    elif isinstance(value, dict):
        for key, item in value.items():
            if _is_bad_text(key):
                yield path, _("has a key with a character that cannot be stored")
            else:
                yield from _unstorable(item, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unstorable(item, f"{path}[{index}]", depth + 1)
    elif isinstance(value, str) and _is_bad_text(value):
        yield path, _("has a character that cannot be stored")
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, _("is not a finite number")
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        yield path, _("is too large a number")


def _is_bad_text(text: str) -> bool:
    return UNSTORABLE.search(text) is not None


def _normal(value: Any) -> Any:
    """The same letters are the same code points, so that a second import finds nothing to change."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): _normal(item) for key, item in value.items()}
    return value
