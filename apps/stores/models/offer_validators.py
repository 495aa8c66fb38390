"""Checks of the JSON columns of promotions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.stores.models.order import Channel
from apps.stores.models.validators import WEEKDAYS, texts


def weekdays(value: Any) -> None:
    """Known weekdays, none twice."""
    texts(value)
    if not set(value) <= set(WEEKDAYS) or len(set(value)) < len(value):
        raise ValidationError(_("Weekdays are mon … sun."), code="invalid")


def channels(value: Any) -> None:
    """Known channels."""
    texts(value)
    if not set(value) <= set(Channel.values):
        raise ValidationError(
            _("Choose from: %(known)s"), params={"known": ", ".join(sorted(Channel.values))}, code="invalid"
        )
