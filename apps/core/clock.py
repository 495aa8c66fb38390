"""Time: always aware, always passed in where a rule depends on it.

The *business date* of a store is the calendar day its evening belongs to: an order placed at
00:20 in a place that closes at 02:00 still counts for the day before. The cut is at 05:00 local.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone

DAY_STARTS_AT = time(5, 0)


def now() -> datetime:
    """The current moment, aware, in UTC. The only clock of the project."""
    return timezone.now()


@lru_cache(maxsize=256)
def zone(name: str) -> ZoneInfo:
    """The IANA zone called `name`."""
    return ZoneInfo(name)


def local(moment: datetime, zone_name: str) -> datetime:
    """`moment` as the wall clock of `zone_name` shows it."""
    return moment.astimezone(zone(zone_name))


def business_date(moment: datetime, zone_name: str) -> date:
    """The day `moment` counts for in the books of a store in `zone_name`."""
    wall = local(moment, zone_name)
    if wall.time() < DAY_STARTS_AT:
        return wall.date() - timedelta(days=1)
    return wall.date()
