"""From rows to a file. No cell of ours is ever a formula: what begins like one is marked as text (CSV injection)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from apps.stores.sheets.table import ESCAPED

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, separator: str) -> bytes:
    """UTF-8 with a mark, so that Excel knows it. With `;` numbers have a decimal comma, as where `;` is usual."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_csv_cell(cell, separator) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _csv_cell(value: Any, separator: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal | int | float):
        return str(value).replace(".", ",") if separator == ";" else str(value)
    text = CONTROL.sub(" ", str(value))
    return f"'{text}" if text.startswith(ESCAPED) else text


def to_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet; texts are written as texts, whatever they begin with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])

    def cell(value: Any) -> Any:
        if value is None or isinstance(value, Decimal | int | float):
            return value
        made = WriteOnlyCell(sheet, value="")
        made.value, made.data_type = CONTROL.sub(" ", str(value)), "s"
        return made

    sheet.append(list(columns))
    for row in rows:
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
