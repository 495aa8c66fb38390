"""One object of the file, read key by key: typed values come back, problems go to `Errors` with their path.

Every reader returns a usable value after an error, so that one wrong price does not hide the next. Keys nobody asked
for are reported at the end as warnings: a misspelt key must not pass in silence.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.core.money import ZERO
from apps.stores.importing import values
from apps.stores.importing.errors import Errors

SLUG = re.compile(r"[a-zA-Z0-9_-]+")
MAX_ITEMS = 20_000


@dataclass(slots=True)
class Reader:
    """What all rows of one file share: where problems go, the decimals and the clock of the store."""

    errors: Errors
    decimals: int = 2
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    rows: list["Row"] = field(default_factory=list)

    def row(self, value: Any, path: str) -> "Row":
        """`value` as a row; a value of another kind is an error and reads as an empty object."""
        if not isinstance(value, Mapping):
            self.errors.add(path, _("must be an object"))
        row = Row(self, value if isinstance(value, Mapping) else {}, path)
        self.rows.append(row)
        return row

    def warn_of_unread_keys(self) -> None:
        """Name every key that no reader asked for."""
        for row in self.rows:
            for key in row.value.keys() - row.asked:
                hint = values.suggestion(key, row.asked)
                self.errors.warn(row.at(key), _("unknown key, ignored") + hint)


class Row:
    """See the module. `path` is empty for the whole file."""

    def __init__(self, reader: Reader, value: Mapping[str, Any], path: str) -> None:
        self.reader = reader
        self.value = value
        self.path = path
        self.asked: set[str] = set()

    def at(self, key: str) -> str:
        """The path of `key`."""
        return f"{self.path}.{key}" if self.path else key

    def error(self, key: str, message: object) -> None:
        """Report a problem with `key`; without a key, with the row."""
        self.reader.errors.add(self.at(key) if key else self.path, message)

    def raw(self, key: str) -> Any:
        """The value as it stands; None when absent."""
        self.asked.add(key)
        return self.value.get(key)

    def has(self, key: str) -> bool:
        """Whether the key is there with a value."""
        return self.raw(key) is not None

    # -- single values --------------------------------------------------------------------------------------

    def text(self, key: str, *, required: bool = False) -> str:
        """A text without blanks around it; empty when absent."""
        value = self.raw(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.error(key, _("is missing"))
            return ""
        if not isinstance(value, str):
            self.error(key, _("must be a text"))
            return ""
        return value.strip()

    def slug(self, key: str = "slug") -> str:
        """A required slug; empty after an error."""
        value = self.text(key, required=True)
        if value and not SLUG.fullmatch(value):
            known = slugify(value)
            hint = _(", such as “%(slug)s”") % {"slug": known} if known else ""
            self.error(key, _("“%(value)s” is not a slug: use a–z, 0–9 and hyphens") % {"value": value[:60]} + hint)
            return ""
        return value

    def integer(self, key: str, default: int = 0, *, low: int = 0) -> int:
        """A whole number of at least `low`."""
        value = self.optional_integer(key, low=low)
        return default if value is None else value

    def optional_integer(self, key: str, *, low: int = 0) -> int | None:
        """The same; None when absent or wrong."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.error(key, _("must be a whole number"))
        elif value < low:
            self.error(key, _("must be at least %(low)s") % {"low": low})
        else:
            return value
        return None

    def number(self, key: str) -> float | None:
        """A number such as a latitude; None when absent or wrong."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.error(key, _("must be a number"))
            return None
        return float(value)

    def amount(self, key: str, *, decimals: int | None = None) -> Decimal:
        """A required amount in the store's currency (or with `decimals`)."""
        if not self.has(key):
            self.error(key, _("is missing"))
        return self.optional_amount(key, decimals=decimals) or ZERO

    def optional_amount(self, key: str, *, decimals: int | None = None) -> Decimal | None:
        """The same; None when absent or wrong."""
        value = self.raw(key)
        if value is None:
            return None
        places = self.reader.decimals if decimals is None else decimals
        return self._amount(key, value, places)

    def _amount(self, key: str, value: Any, places: int) -> Decimal | None:
        amount = values.amount(value)
        if amount is None:
            hint = _(", with a point and without signs, such as “%(right)s”") % {
                "right": values.amount_hint(value, places)
            }
            self.error(key, _("“%(value)s” is not an amount: write digits") % {"value": str(value)[:40]} + hint)
            return None
        exact = amount.quantize(Decimal(1).scaleb(-places))
        if exact != amount:
            self.error(key, _("has more than %(places)s decimals") % {"places": places})
            return None
        return exact

    def written_amount(self, key: str, *, decimals: int | None = None) -> str | None:
        """An amount the way it is kept inside JSON columns: as text with all decimals."""
        amount = self.optional_amount(key, decimals=decimals)
        return None if amount is None else str(amount)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.error(key, _("must be true or false"))
            return default
        return default if value is None else value

    def choice(self, key: str, known: Collection[str], *, default: str | None = None) -> str:
        """One of `known`; required when there is no default."""
        value = self.text(key, required=default is None)
        if not value:
            return default or ""
        if value not in known:
            self.error(
                key, _("“%(value)s” is not one of: %(known)s") % {"value": value[:40], "known": ", ".join(known)}
            )
            return default or ""
        return value

    def reference(self, key: str, known: Collection[str], noun: str, *, required: bool = True) -> str:
        """The slug of another row of the file; empty after an error."""
        value = self.text(key, required=required)
        if value and value not in known:
            self.error(key, self._unknown(noun, value, known))
            return ""
        return value

    @staticmethod
    def _unknown(noun: str, value: str, known: Collection[str]) -> str:
        return _("there is no “%(value)s” in %(noun)s") % {"value": value[:60], "noun": noun} + values.suggestion(
            value, known
        )

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A date as YYYY-MM-DD."""
        text = self.text(key, required=required)
        found = values.day(text)
        if text and found is None:
            self.error(key, _("“%(value)s” is not a date: write YYYY-MM-DD") % {"value": text[:40]})
        return found

    def moment(self, key: str) -> datetime | None:
        """A moment as YYYY-MM-DDTHH:MM on the store's clock."""
        text = self.text(key)
        found = values.moment(text, self.reader.zone)
        if text and found is None:
            self.error(key, _("“%(value)s” is not a moment: write YYYY-MM-DDTHH:MM") % {"value": text[:40]})
        return found

    # -- lists and objects ----------------------------------------------------------------------------------

    def items(self, key: str) -> list[tuple[Any, str]]:
        """The items of a list with their paths; an absent list is empty."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.error(key, _("must be a list"))
            return []
        if len(value) > MAX_ITEMS:
            self.error(key, _("has more than %(limit)s rows") % {"limit": MAX_ITEMS})
            return []
        return [(item, f"{self.at(key)}[{index}]") for index, item in enumerate(value)]

    def texts(self, key: str, *, known: Collection[str] | None = None, noun: str = "") -> list[str]:
        """A list of different texts; with `known`, each must be one of them."""
        found: list[str] = []
        for item, path in self.items(key):
            if not isinstance(item, str) or not item.strip():
                self.reader.errors.add(path, _("must be a text"))
            elif known is not None and item not in known:
                self.reader.errors.add(path, self._unknown(noun or ", ".join(known), item, known))
            elif item in found:
                self.reader.errors.add(path, _("“%(value)s” is there twice") % {"value": item[:60]})
            else:
                found.append(item.strip())
        return found

    def rows(self, key: str) -> list["Row"]:
        """A list of objects."""
        return [self.reader.row(item, path) for item, path in self.items(key)]

    def child(self, key: str) -> "Row | None":
        """An object; None when absent."""
        value = self.raw(key)
        return None if value is None else self.reader.row(value, self.at(key))

    def plain(self, key: str) -> dict[str, Any]:
        """An object that is kept as it stands; empty when absent."""
        value = self.raw(key)
        if value is not None and not isinstance(value, dict):
            self.error(key, _("must be an object"))
        return dict(value) if isinstance(value, dict) else {}

    # -- what the table says --------------------------------------------------------------------------------

    def check(self, model: type[models.Model], fields: Mapping[str, Any], **keys: str) -> dict[str, Any]:
        """Hold `fields` against the columns of `model` (length, range, choices, validators) and give them back.

        `keys` names the key in the file where it differs from the column.
        """
        for name, value in fields.items():
            column = model._meta.get_field(name)
            if isinstance(column, models.Field) and not column.is_relation:
                self._check_column(column, value, keys.get(name, name))
        return dict(fields)

    def _check_column(self, column: models.Field[Any, Any], value: Any, key: str) -> None:
        if value is None and column.null:
            return
        try:
            column.clean(value, None)
        except ValidationError as problem:
            if not self.reader.errors.is_at_or_below(self.at(key)):
                self.error(key, " ".join(problem.messages))
        except (TypeError, ValueError, AttributeError):
            self.error(key, _("does not have the expected shape"))
