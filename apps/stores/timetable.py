"""When an outlet serves, service by service: hours, pauses, how far ahead, and the slots of a day. Pure, in store time.

A service without hours of its own keeps the outlet's. Slots begin where an opening begins, not at midnight: a kitchen
that opens at 18:15 has a slot at 18:15. Each slot belongs to the day its opening began on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from apps.stores.opening import Week

SHARED = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """No orders until a moment (naive store time). `service` empty: none at all."""

    until: datetime
    reason: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRules:
    """How orders for later are taken. `capacity` 0: as many as come. `pool`: who shares it (empty: every service)."""

    slot_minutes: int
    lead_minutes: int
    max_days: int
    capacity: int
    pool: str = SHARED

    def window(self, at: datetime) -> tuple[datetime, datetime]:
        """The earliest and the latest moment that can be chosen at `at`."""
        return at + timedelta(minutes=self.lead_minutes), at + timedelta(days=self.max_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of time orders can be wanted in; `ends` is exclusive."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """Everything about when, of one outlet."""

    week: Week
    weeks: Mapping[str, Week] = field(default_factory=dict)
    pauses: Sequence[Pause] = ()
    rules: SlotRules | None = None
    service_rules: Mapping[str, SlotRules | None] = field(default_factory=dict)
    prep_minutes: int = 30

    def week_of(self, service: str | None) -> Week:
        """The hours of a service."""
        return self.weeks.get(service or "", self.week)

    def rules_of(self, service: str) -> SlotRules | None:
        """How the service is ordered for later; None: it is not."""
        return self.service_rules.get(service, self.rules)

    def pause_at(self, service: str | None, moment: datetime) -> Pause | None:
        """The pause an order for `moment` would meet: of several the one that ends last. None: no pause."""
        met = [row for row in self.pauses if row.until > moment and row.service in {"", service}]
        return max(met, key=lambda row: row.until, default=None)

    def slots_of(self, service: str, day: date) -> Iterator[Slot]:
        """The slots that belong to a day, in order; the last one of an opening ends with it."""
        rules = self.rules_of(service)
        seen: set[datetime] = set()
        for opens, closes in sorted(self.week_of(service).intervals_of(day)) if rules else ():
            step = timedelta(minutes=rules.slot_minutes) if rules and rules.slot_minutes else closes - opens
            starts = opens
            while starts < closes:
                if starts not in seen:
                    seen.add(starts)
                    yield Slot(starts=starts, ends=min(starts + step, closes))
                starts += step

    def slot_at(self, service: str, moment: datetime) -> Slot | None:
        """The slot a moment lies in; None when it is closed then."""
        for day in (moment.date(), moment.date() - timedelta(days=1)):
            found = next((slot for slot in self.slots_of(service, day) if slot.starts <= moment < slot.ends), None)
            if found is not None:
                return found
        return None
