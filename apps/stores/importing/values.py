"""Single values as people write them in a file: amounts, days, moments. Pure; None for what cannot be read."""

import difflib
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

AMOUNT = re.compile(r"\d{1,10}(\.\d+)?", re.ASCII)
# Outside of these a moment in a zone may not exist in UTC.
YEARS = range(1970, 2200)


def amount(value: Any) -> Decimal | None:
    """A non-negative number with a decimal point, as text or JSON number."""
    text = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    return Decimal(text) if AMOUNT.fullmatch(text) else None


def amount_hint(value: Any, places: int) -> str:
    """How the amount was probably meant: `1.234,50` is `1234.50` to us."""
    meant = str(value).replace(".", "").replace(",", ".") if "," in str(value) else ""
    return meant if AMOUNT.fullmatch(meant) else f"{39.9:.{places}f}"


def day(text: str) -> date | None:
    """A date as YYYY-MM-DD."""
    found = moment(f"{text}T00:00", ZoneInfo("UTC"))
    return found.date() if found else None


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A moment as YYYY-MM-DDTHH:MM on a wall clock."""
    try:
        found = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """“ – did you mean …?” when a known word is close, else nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return _(" – did you mean “%(key)s”?") % {"key": close[0]} if close else ""
