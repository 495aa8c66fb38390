"""Opening hours in words: open until when, or when the store opens again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# 1 January 2024 was a Monday: any date will do to ask the locale for a weekday's name.
A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


def status_line(store: Mapping[str, Any], now: datetime) -> str:
    """`Open until 22:00`, `Closed, opens tomorrow at 10:30` or just `Closed`."""
    if store.get("is_open"):
        until = _moment(store.get("closes_at"), store)
        return _("Open until %(time)s") % {"time": _clock(until)} if until else _("Open now")
    paused = _moment(store.get("paused_until"), store)
    if paused is not None:
        return _("Orders are paused until %(time)s") % {"time": _clock(paused)}
    opens = _moment(store.get("opens_at"), store)
    if opens is None:
        return _("Closed")
    return _("Closed, opens %(when)s") % {"when": when(opens, now.astimezone(opens.tzinfo))}


def when(moment: datetime, now: datetime) -> str:
    """`at 18:00`, `tomorrow at 10:30` or `Monday at 11:00` for a moment to come."""
    time = _clock(moment)
    if moment.date() == now.date():
        return _("at %(time)s") % {"time": time}
    if moment.date() == now.date() + timedelta(days=1):
        return _("tomorrow at %(time)s") % {"time": time}
    return _("%(weekday)s at %(time)s") % {"weekday": _weekday(moment), "time": time}


def week(store: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Weekday names with their hours, for the footer; empty if the store publishes none."""
    hours = store.get("hours") or {}
    if not hours:
        return []
    rows = []
    for offset, day in enumerate(WEEKDAYS):
        spans = " · ".join(_("all day") if start == end else f"{start}–{end}" for start, end in hours.get(day) or [])
        rows.append((formats.date_format(A_MONDAY + timedelta(days=offset), "l"), spans or _("closed")))
    return rows


def _moment(value: object, store: Mapping[str, Any]) -> datetime | None:
    if not value:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    zone = ZoneInfo(str(store.get("timezone") or "UTC"))
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _weekday(moment: datetime) -> str:
    """The weekday inside a sentence: Portuguese and Spanish write it small."""
    name = formats.date_format(moment, "l")
    return name.lower() if (get_language() or "")[:2] in ("pt", "es") else name


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M")
