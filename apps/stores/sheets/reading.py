"""From an uploaded file to a table: XLSX by its first bytes, else CSV in whatever encoding and separator it came.

Both are bounded before they are read: bytes, rows, columns, and for XLSX what the archive unpacks to.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.problems import Invalid, Problem, TooLarge
from apps.stores.sheets.table import MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Row, Table, column_name

MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
SEPARATORS = ";,\t|"
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
BLANKS_IN_A_ROW = 1_000


def read(raw: bytes) -> Table:
    """The table in a file. Raises 400 `invalid_file`, `no_heading`, `duplicate_column`; 413 `file_too_large`, `too_many_rows`."""
    if len(raw) > MOST_BYTES:
        raise TooLarge("file_too_large", _("The file is too large: 4 MB at most."))
    if raw.startswith(OLD_EXCEL):
        raise _invalid(_("Save it as XLSX or CSV: the old Excel format is not read."))
    lines = _xlsx(raw) if raw.startswith(ZIP) else _csv(_decoded(raw))
    return _table(lines)


def _invalid(text: Any) -> Problem:
    return Invalid("invalid_file", text, errors={"file": [text]})


def _table(lines: Iterable[tuple[int, Sequence[Any]]]) -> Table:
    columns: list[str] = []
    rows: list[Row] = []
    for number, cells in lines:
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise _invalid(_("Too many columns."))
        if not columns:
            columns = [column_name(str(cell or "")) for cell in cells]
            continue
        if len(rows) >= MOST_ROWS:
            raise TooLarge("too_many_rows", _("At most %(most)s rows at once.") % {"most": MOST_ROWS}, most=MOST_ROWS)
        rows.append(Row(number=number, cells={name: cell for name, cell in zip(columns, cells, strict=False) if name}))
    if not any(columns):
        raise Invalid("no_heading", _("The first row has to name the columns."), errors={"file": [_("No heading.")]})
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice:
        text = _("The column “%(name)s” is there twice.") % {"name": twice}
        raise Invalid("duplicate_column", text, errors={"file": [text]})
    return Table(columns=columns, rows=rows)


def _decoded(raw: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else Windows Latin, which Brazilian Excel writes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _invalid(_("This is not a table.")) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise _invalid(_("This is not a table."))
    return text


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    shift = 0
    first, _newline, rest = text.lstrip("\r\n").partition("\n")
    named = first.rstrip("\r")
    if named.lower().startswith("sep=") and len(named) == 5:
        separator, text, shift = named[4], rest, 1
    else:
        separator = max(SEPARATORS, key=lambda mark: _outside_quotes(first, mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num + shift, [cell[: MOST_TEXT + 1] for cell in cells]
    except csv.Error as error:
        raise _invalid(_("This is not a table.")) from error


def _outside_quotes(line: str, mark: str) -> int:
    return "".join(line.split('"')[::2]).count(mark)


def _xlsx(raw: bytes) -> Iterator[tuple[int, Sequence[Any]]]:
    # Loaded here: reading spreadsheets is rare, and the library is the heaviest one in the process.
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise TooLarge("file_too_large", _("The file is too large when unpacked."))
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        yield from _sheet(book.worksheets[0])
    except Problem:
        raise
    except Exception as error:  # whatever a hand-made archive makes of the library, it is not a table
        raise _invalid(_("This is not a table.")) from error


def _sheet(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    sheet.reset_dimensions()  # what a file says about its size is not believed
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
        kept = list(cells)
        while kept and kept[-1] is None:
            kept.pop()
        blank = 0 if kept else blank + 1
        if blank > BLANKS_IN_A_ROW:
            return
        yield number, kept
