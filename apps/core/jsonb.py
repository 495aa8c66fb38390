"""JSON columns that hold money, ids and moments: numbers stay numbers, the rest becomes text."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


def plain(value: Any) -> Any:
    """The JSON form of what JSON has no word for: Decimal → number, UUID and translated text → string, moments → ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, UUID | Promise):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")


class PlainEncoder(json.JSONEncoder):
    """`plain`, for Django's JSON columns."""

    def default(self, o: Any) -> Any:
        """The JSON form of `o`."""
        return plain(o)
