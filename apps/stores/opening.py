"""When a store is open: pure functions over an outlet's week and its special days, in store time.

An interval whose end is not after its start runs past midnight and belongs to the day it began on. Arithmetic is
on the wall clock: on the night a clock jumps, "open until 02:00" still means what the door sign says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 14

Pairs = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whether it is open at a moment, and the next change. Moments are naive store time; None: not within two weeks."""

    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """An outlet's hours: weekday → pairs of HH:MM, and dates whose pairs replace the weekday's."""

    days: Mapping[str, Pairs]
    special: Mapping[date, Pairs]

    def intervals_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The intervals that begin on `day`, as naive moments."""
        pairs = self.special[day] if day in self.special else self.days.get(WEEKDAYS[day.weekday()], [])
        return [_interval(day, start, end) for start, end in pairs]

    def intervals(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Intervals that begin on one of `days` days from `first`, in order."""
        for offset in range(days):
            yield from sorted(self.intervals_of(first + timedelta(days=offset)))

    def at(self, moment: datetime) -> Opening:
        """The state at a naive moment of store time."""
        since = moment.date() - timedelta(days=1)
        coming = [pair for pair in self.intervals(since, LOOK_AHEAD_DAYS + 1) if pair[1] > moment]
        current = next((pair for pair in coming if pair[0] <= moment), None)
        following = next((pair[0] for pair in coming if pair[0] > moment), None)
        if current is None:
            return Opening(is_open=False, opens_at=following, closes_at=None)
        return Opening(is_open=True, opens_at=None, closes_at=self._end_of_run(current[1], coming))

    @staticmethod
    def _end_of_run(end: datetime, coming: Sequence[tuple[datetime, datetime]]) -> datetime | None:
        """Intervals that touch are one stretch; a place that never closes has no closing time."""
        for start, finish in coming:
            if start <= end < finish:
                end = finish
        last = max(finish for _start, finish in coming)
        return None if end == last and end - coming[0][0] >= timedelta(days=LOOK_AHEAD_DAYS - 2) else end


def _interval(day: date, start: str, end: str) -> tuple[datetime, datetime]:
    opens = datetime.combine(day, time.fromisoformat(start))
    closes = datetime.combine(day, time.fromisoformat(end))
    return opens, closes if closes > opens else closes + timedelta(days=1)
