"""The promo price of a product: on some dates, some weekdays, some hours of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Sale:
    """A promo price from ``starts`` to ``ends``, both included, and from ``since`` until before ``until``; None: open.

    ``weekdays`` are ``date.weekday()`` numbers, empty for all. Hours that end at or before they start run past midnight,
    each day judged by itself.
    """

    price: Decimal
    starts: date | None = None
    ends: date | None = None
    weekdays: frozenset[int] = frozenset()
    since: time | None = None
    until: time | None = None

    def at(self, moment: datetime) -> bool:
        """Whether the sale holds at that moment of the store's clock."""
        day = moment.date()
        if (self.starts is not None and day < self.starts) or (self.ends is not None and day > self.ends):
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return within(self.since, self.until, moment.time())


def within(since: time | None, until: time | None, now: time) -> bool:
    """``until`` is exclusive; at or before ``since`` the hours run past midnight (each day judged by itself)."""
    after, before = since is None or since <= now, until is None or now < until
    if since is not None and until is not None and until <= since:
        return after or before
    return after and before
