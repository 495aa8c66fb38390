"""Opening hours: over midnight, special days, never closing, and nights on which the clock jumps (scenario 35)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.clock import business_date, local
from apps.stores.opening import WEEKDAYS, Week

EVENINGS = {"fri": [["18:00", "02:00"]], "sat": [["11:00", "15:00"], ["18:00", "02:00"]]}
ALWAYS = {day: [["00:00", "00:00"]] for day in WEEKDAYS}
FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}")


def week(days: dict[str, list[list[str]]], **special: list[list[str]]) -> Week:
    return Week(
        days=days,
        special={date.fromisoformat(day.removeprefix("d").replace("_", "-")): rows for day, rows in special.items()},
    )


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(FRIDAY, "17:59"), False),
        (at(FRIDAY, "18:00"), True),
        (at(SATURDAY, "00:00"), True),
        (at(SATURDAY, "01:59:59"), True),
        (at(SATURDAY, "02:00"), False),
        (at(SATURDAY, "14:59"), True),
        (at(SATURDAY, "15:00"), False),
        (at(SUNDAY, "01:30"), True),
        (at(SUNDAY, "12:00"), False),
    ],
)
def test_an_evening_that_runs_past_midnight_belongs_to_the_day_it_began_on(moment: datetime, is_open: bool) -> None:
    assert week(EVENINGS).at(moment).is_open is is_open


def test_it_says_when_it_opens_next_and_when_it_closes() -> None:
    hours = week(EVENINGS)
    assert hours.at(at(FRIDAY, "12:00")).opens_at == at(FRIDAY, "18:00")
    assert hours.at(at(SATURDAY, "16:00")).opens_at == at(SATURDAY, "18:00")
    assert hours.at(at(SUNDAY, "03:00")).opens_at == at(date(2026, 11, 27), "18:00")
    assert hours.at(at(SATURDAY, "01:00")).closes_at == at(SATURDAY, "02:00")
    assert hours.at(at(SATURDAY, "01:00")).opens_at is None


def test_stretches_that_touch_are_one() -> None:
    hours = week({"fri": [["08:00", "12:00"], ["12:00", "00:00"]], "sat": [["00:00", "03:00"]]})
    assert hours.at(at(FRIDAY, "09:00")).closes_at == at(SATURDAY, "03:00")


def test_a_place_that_never_closes_has_no_closing_time() -> None:
    state = week(ALWAYS).at(at(FRIDAY, "12:34"))
    assert (state.is_open, state.closes_at, state.opens_at) == (True, None, None)


def test_a_place_that_closes_for_one_day_of_the_week_says_when() -> None:
    hours = week({day: rows for day, rows in ALWAYS.items() if day != "mon"})
    assert hours.at(at(FRIDAY, "12:00")).closes_at == at(date(2026, 11, 23), "00:00")


def test_a_place_that_never_opens_has_nothing_to_say() -> None:
    state = week({}).at(at(FRIDAY, "12:00"))
    assert (state.is_open, state.closes_at, state.opens_at) == (False, None, None)


def test_a_special_day_replaces_the_hours_of_its_weekday() -> None:
    hours = week(EVENINGS, d2026_11_20=[["10:00", "12:00"]], d2026_11_21=[])
    assert hours.at(at(FRIDAY, "11:00")).is_open
    assert not hours.at(at(FRIDAY, "19:00")).is_open
    assert not hours.at(at(SATURDAY, "01:00")).is_open
    assert not hours.at(at(SATURDAY, "19:00")).is_open


def test_a_closed_day_does_not_end_the_evening_before() -> None:
    hours = week(EVENINGS, d2026_11_21=[])
    assert hours.at(at(SATURDAY, "01:00")).is_open
    assert hours.at(at(SATURDAY, "01:00")).closes_at == at(SATURDAY, "02:00")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        # 29 March 2026: 02:00 becomes 03:00. The door sign says "until 03:00".
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), True),  # 01:59
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), False),  # 03:00
        # 25 October 2026: 03:00 becomes 02:00. Half past two happens twice, and both times it is before three.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),  # 02:30 summer time
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),  # 02:30 winter time
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), False),  # 03:00
    ],
)
def test_the_door_sign_counts_when_the_clock_jumps_in_berlin(moment: datetime, is_open: bool) -> None:
    hours = week({"sat": [["20:00", "03:00"]]})
    wall = local(moment, "Europe/Berlin").replace(tzinfo=None)
    assert hours.at(wall).is_open is is_open


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        (datetime(2026, 11, 21, 3, 20, tzinfo=UTC), "America/Araguaina", FRIDAY),  # 00:20: still Friday's evening
        (datetime(2026, 11, 21, 7, 59, tzinfo=UTC), "America/Araguaina", FRIDAY),
        (datetime(2026, 11, 21, 8, 0, tzinfo=UTC), "America/Araguaina", SATURDAY),  # 05:00: a new day
        (datetime(2026, 11, 20, 22, 0, tzinfo=UTC), "Asia/Jakarta", SATURDAY),
        (datetime(2026, 3, 29, 2, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 28)),  # 04:30 after the jump
        (datetime(2026, 3, 29, 3, 0, tzinfo=UTC), "Europe/Berlin", date(2026, 3, 29)),
    ],
)
def test_the_business_date_is_the_day_the_evening_began(moment: datetime, zone: str, day: date) -> None:
    assert business_date(moment, zone) == day


CLOCKS = st.integers(0, 24 * 4 - 1).map(lambda quarter: f"{quarter // 4:02d}:{quarter % 4 * 15:02d}")
DAYS = st.dictionaries(st.sampled_from(WEEKDAYS), st.lists(st.tuples(CLOCKS, CLOCKS).map(list), max_size=3))
MOMENTS = st.integers(0, 350 * 24 * 60).map(lambda minutes: at(date(2026, 1, 5), "00:00") + timedelta(minutes=minutes))


@given(days=DAYS, moment=MOMENTS)
def test_whatever_the_hours_the_next_change_is_a_change(days: dict[str, list[list[str]]], moment: datetime) -> None:
    hours = week(days)
    state = hours.at(moment)
    if state.opens_at is not None:
        assert not state.is_open
        assert state.opens_at > moment
        assert hours.at(state.opens_at).is_open
    if state.closes_at is not None:
        assert state.is_open
        assert state.closes_at > moment
        assert not hours.at(state.closes_at).is_open


def test_the_zone_is_the_store_s_not_the_server_s() -> None:
    moment = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    assert local(moment, "America/Araguaina").replace(tzinfo=None) == at(FRIDAY, "18:30")
    assert moment.astimezone(ZoneInfo("Asia/Jakarta")).date() == SATURDAY
