"""How long a pause lasts, from the body that asks for it."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.core.clock import now
from apps.core.problems import Invalid
from apps.stores.api.serializers.store import PauseSerializer
from apps.stores.api.validation import validated


def until_of(values: dict[str, Any]) -> datetime | None:
    """The moment from checked `minutes` or `until`; None: until somebody resumes it. Raises for a moment gone by."""
    if values.get("minutes"):
        return now() + timedelta(minutes=values["minutes"])
    until: datetime | None = values.get("until")
    if until is not None and until <= now():
        message = _("This moment has passed.")
        raise Invalid("in_the_past", message, errors={"until": [message]}, codes={"until": ["in_the_past"]})
    return until


def pause_until(request: Request) -> datetime | None:
    """The moment a pause request asks for."""
    return until_of(validated(PauseSerializer(data=request.data)))
