"""JSON columns that hold money, ids and moments: numbers stay numbers, the rest becomes text."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


class PlainEncoder(json.JSONEncoder):
    """Decimal → number, UUID and translated text → string, moments → ISO 8601."""

    def default(self, o: Any) -> Any:
        """The JSON form of `o`."""
        if isinstance(o, Decimal):
            return int(o) if o == o.to_integral_value() else float(o)
        if isinstance(o, UUID | Promise):
            return str(o)
        if isinstance(o, datetime | date | time):
            return o.isoformat()
        return super().default(o)
