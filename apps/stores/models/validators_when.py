"""Checks of the JSON columns about when: hours per service, and how an outlet takes orders for later."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.stores.models import validators


def outlet_scheduling(value: Any) -> None:
    """Any of the keys of `scheduling`, and `services`: service → the same keys, or null: not for later."""
    validators.is_object(value)
    rows = value.get("services", {})
    validators.is_object(rows)
    validators.services(list(rows))
    for row in [value, *(row for row in rows.values() if row is not None)]:
        validators.is_object(row)
        for name in row.keys() - {"services"}:
            if name not in validators.SCHEDULING:
                raise ValidationError(_("Unknown: %(name)s"), params={"name": str(name)[:40]}, code="invalid")
            if not validators.is_whole(row[name], at_most=validators.SCHEDULING[name]):
                raise ValidationError(_("%(name)s must be a whole number."), params={"name": name}, code="invalid")


def service_weeks(value: Any) -> None:
    """Service → weekday → intervals."""
    validators.is_object(value)
    validators.services(list(value))
    for hours in value.values():
        validators.week(hours)


def service_intervals(value: Any) -> None:
    """Service → intervals of one date."""
    validators.is_object(value)
    validators.services(list(value))
    for hours in value.values():
        validators.intervals(hours)
