"""What a sheet is once it was read: named cells by row, and what is wrong with them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.stores.pricing.geo import fold

MOST_ROWS = 2_000
MOST_COLUMNS = 60
MOST_TEXT = 5_000
LARGEST = Decimal(10) ** 10
MOST_ERRORS = 200
NUMBER = re.compile(r"-?\d+(\.\d+)?")
# As people head their columns, folded → ours.
ALIASES = {
    "nome": "name", "produto": "name", "cliente": "name", "codigo": "sku", "categoria": "category", "preco": "price",
    "preco de venda": "price", "preco promocional": "compare_at_price", "preco de": "compare_at_price", "custo": "cost_price",
    "preco de custo": "cost_price", "descricao": "description", "situacao": "status", "codigo de barras": "barcode", "ean": "barcode",
    "estoque": "on_hand", "quantidade": "on_hand", "minimo": "low_threshold", "estoque minimo": "low_threshold",
    "unidade": "outlet", "filial": "outlet", "loja": "outlet", "telefone": "phone", "celular": "phone", "whatsapp": "phone",
    "e-mail": "email", "e mail": "email",
}  # fmt: skip


def column_name(text: str) -> str:
    """Our name of a column, from its heading."""
    words = " ".join(fold(text).replace("_", " ").split())
    return ALIASES.get(words, words.replace(" ", "_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with its number in the spreadsheet (the heading is row 1)."""

    number: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A heading and its rows; blank rows are left out."""

    columns: Sequence[str]
    rows: Sequence[Row]


@dataclass(slots=True, kw_only=True)
class Errors:
    """What is wrong, row by row: `[{row, column, code, message}]`. `count` also counts what is no longer listed."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def add(self, row: int, column: str, code: str, message: object) -> None:
        """One more."""
        self.count += 1
        if len(self.rows) < MOST_ERRORS:
            self.rows.append({"row": row, "column": column, "code": code, "message": str(message)})


@dataclass(slots=True, kw_only=True)
class Cells:
    """The cells of a row, read as what they should be. A wrong one is an error and reads as None."""

    row: Row
    errors: Errors
    decimals: int
    failed: bool = False

    def wrong(self, column: str, code: str, message: object) -> None:
        """Note an error of this row."""
        self.failed = True
        self.errors.add(self.row.number, column, code, message)

    def text(self, column: str, *, required: bool = False, most: int = 200) -> str | None:
        """A text; None when the sheet has no such column, or nothing in it."""
        value = self.row.cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # spreadsheets make numbers of codes
        text = "" if value is None else str(value).strip()
        if text[:1] == "'" and text[1:2] in ESCAPED:
            text = text[1:]
        if not text:
            if required:
                self.wrong(column, "required", _("This is missing."))
            return None
        if len(text) > most or "\x00" in text:
            self.wrong(column, "too_long", _("This is too long."))
            return None
        return text

    def amount(self, column: str, *, required: bool = False) -> Decimal | None:
        """An amount of money, not negative."""
        value = self.row.cells.get(column)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.wrong(column, "required", _("This is missing."))
            return None
        number, code = read_number(value, self.decimals)
        if number is None:
            text = _("Is this a thousand or a fraction? Write it without separators of thousands.")
            self.wrong(column, code, text if code == "ambiguous_number" else _("This is not a number."))
            return None
        if number < 0 or number >= LARGEST or number != round(number, self.decimals):
            self.wrong(column, "out_of_range", _("This is not an amount of this currency."))
            return None
        return number

    def whole(self, column: str, *, required: bool = False, most: int = 10_000_000) -> int | None:
        """A whole number, not negative."""
        value = self.row.cells.get(column)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.wrong(column, "required", _("This is missing."))
            return None
        number, code = read_number(value, 0)
        if number is None or number != int(number):
            self.wrong(column, code if number is None else "invalid_number", _("This is not a whole number."))
            return None
        if not 0 <= number <= most:
            self.wrong(column, "out_of_range", _("From 0 to %(most)s.") % {"most": most})
            return None
        return int(number)


ESCAPED = tuple("=+-@\t\r＝＋－＠")


def read_number(value: Any, decimals: int) -> tuple[Decimal | None, str]:
    """(the number, "") or (None, code): `invalid_number`, or `ambiguous_number` where a separator could be either.

    Understands 1234.5 · 1234,50 · 1.234,50 · 1,234.50 · R$ 12,50. With no decimals a separator is one of thousands.
    """
    if isinstance(value, bool):
        return None, "invalid_number"
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return (number, "") if number.is_finite() else (None, "invalid_number")
    text = re.sub(r"^[^\d\-.,]{1,4}", "", str(value).strip().lstrip("'").replace("\u00a0", " ")).replace(" ", "")
    plain, code = _without_separators(text, decimals)
    if code or not NUMBER.fullmatch(plain) or len(plain) > 20:
        return None, code or "invalid_number"
    try:
        return Decimal(plain), ""
    except InvalidOperation:
        return None, "invalid_number"


def _without_separators(text: str, decimals: int) -> tuple[str, str]:
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        last, other = (",", ".") if text.rindex(",") > text.rindex(".") else (".", ",")
        head, _mark, tail = text.rpartition(last)
        sound = re.fullmatch(rf"-?\d{{1,3}}(\{other}\d{{3}})+", head)
        return (f"{head.replace(other, '')}.{tail}", "") if sound else ("", "invalid_number")
    mark = "." if dots else ","
    if not dots and not commas:
        return text, ""
    if re.fullmatch(rf"-?\d{{1,3}}(\{mark}\d{{3}})+", text):
        if decimals == 0 or dots + commas > 1:
            return text.replace(mark, ""), ""
        return "", "ambiguous_number"
    return text.replace(",", "."), ""


def rows_of(table: Table, errors: Errors, decimals: int) -> Iterator[Cells]:
    """The rows, ready to be read."""
    for row in table.rows:
        yield Cells(row=row, errors=errors, decimals=decimals)
