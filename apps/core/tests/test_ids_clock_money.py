"""Small things everything stands on: identifiers, the clock and money."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from apps.core import clock, ids, money
from apps.core.http.renderers import dumps
from apps.core.jsonb import PlainEncoder

# -- ids ---------------------------------------------------------------------------------------------------------------


def test_ids_are_uuid_version_7_and_never_repeat() -> None:
    made = [ids.uuid7() for _ in range(20_000)]
    assert len(set(made)) == len(made)
    assert {(value.version, value.variant) for value in made} == {(7, "specified in RFC 4122")}


def test_ids_sort_by_the_millisecond_they_were_made_in() -> None:
    with time_machine.travel(datetime(2026, 11, 21, 12, tzinfo=UTC), tick=False) as traveller:
        made = []
        for _ in range(200):
            made.append(ids.uuid7())
            traveller.shift(timedelta(milliseconds=1))
    assert made == sorted(made)
    assert datetime.fromtimestamp((made[0].int >> 80) / 1000, UTC) == datetime(2026, 11, 21, 12, tzinfo=UTC)


@given(st.text() | st.binary() | st.integers() | st.none() | st.floats())
def test_reading_an_id_never_raises(anything: object) -> None:
    assert ids.parse_uuid(anything) is None or isinstance(ids.parse_uuid(anything), UUID)


def test_codes_for_people_have_no_letters_that_are_mistaken_for_each_other() -> None:
    code = ids.readable_code(4_000)
    assert len(code) == 4_000
    assert not set(code) & set("01OIL")
    assert len({ids.access_token() for _ in range(1_000)}) == 1_000


# -- clock -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-21T23:59:00-03:00", "America/Sao_Paulo", date(2026, 11, 21)),
        ("2026-11-22T00:20:00-03:00", "America/Sao_Paulo", date(2026, 11, 21)),  # past midnight, same evening
        ("2026-11-22T04:59:59-03:00", "America/Sao_Paulo", date(2026, 11, 21)),
        ("2026-11-22T05:00:00-03:00", "America/Sao_Paulo", date(2026, 11, 22)),
        ("2026-11-22T02:59:00+00:00", "America/Sao_Paulo", date(2026, 11, 21)),  # UTC is already the next day
        ("2026-01-01T03:30:00+00:00", "America/Sao_Paulo", date(2025, 12, 31)),
        ("2024-03-01T03:00:00-03:00", "America/Sao_Paulo", date(2024, 2, 29)),
        ("2026-11-21T22:30:00+00:00", "Asia/Jakarta", date(2026, 11, 22)),
        ("2026-11-21T21:30:00+00:00", "Asia/Jakarta", date(2026, 11, 21)),
        ("2026-11-21T15:00:00+00:00", "Pacific/Kiritimati", date(2026, 11, 22)),
        # Berlin, clocks go forward on 29 March 2026 at 02:00 and back on 25 October 2026 at 03:00.
        ("2026-03-29T02:59:59+00:00", "Europe/Berlin", date(2026, 3, 28)),  # 04:59:59 summer time
        ("2026-03-29T03:00:00+00:00", "Europe/Berlin", date(2026, 3, 29)),
        ("2026-10-25T00:30:00+00:00", "Europe/Berlin", date(2026, 10, 24)),  # the first 02:30
        ("2026-10-25T01:30:00+00:00", "Europe/Berlin", date(2026, 10, 24)),  # the second 02:30
        ("2026-10-25T03:59:59+00:00", "Europe/Berlin", date(2026, 10, 24)),  # 04:59:59 winter time
        ("2026-10-25T04:00:00+00:00", "Europe/Berlin", date(2026, 10, 25)),
    ],
)
def test_the_business_date_is_the_day_the_evening_belongs_to(moment: str, zone: str, expected: date) -> None:
    assert clock.business_date(datetime.fromisoformat(moment), zone) == expected


def test_sao_paulo_has_no_summer_time_any_more() -> None:
    """It had one until 2019; an old zone database would move every opening hour by one."""
    january, july = datetime(2026, 1, 10, 12, tzinfo=UTC), datetime(2026, 7, 10, 12, tzinfo=UTC)
    assert clock.local(january, "America/Sao_Paulo").hour == clock.local(july, "America/Sao_Paulo").hour == 9
    assert clock.local(datetime(2018, 12, 10, 12, tzinfo=UTC), "America/Sao_Paulo").hour == 10


def test_a_day_of_business_has_23_24_or_25_hours_and_each_hour_belongs_to_one_day() -> None:
    start = datetime(2026, 10, 24, 3, tzinfo=UTC)
    days = [clock.business_date(start + timedelta(hours=hour), "Europe/Berlin") for hour in range(24 * 3)]
    assert days == sorted(days)
    assert days.count(date(2026, 10, 24)) == 25
    spring = datetime(2026, 3, 27, 4, tzinfo=UTC)
    days = [clock.business_date(spring + timedelta(hours=hour), "Europe/Berlin") for hour in range(24 * 3)]
    assert days.count(date(2026, 3, 28)) == 23


def test_the_clock_is_aware_and_an_unknown_zone_is_an_error() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    with pytest.raises((ZoneInfoNotFoundError, ValueError)):
        clock.zone("Mars/Olympus")


# -- money -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.005", "BRL", "0.01"),
        ("2.675", "BRL", "2.68"),  # as a float it is 2.67499…
        ("1.005", "BRL", "1.01"),
        ("2.665", "BRL", "2.67"),  # half up, not half even
        ("2.6649999", "BRL", "2.66"),
        ("-0.005", "BRL", "-0.01"),
        ("19999.5", "IDR", "20000"),
        ("19999.4999", "IDR", "19999"),
        ("10.5", "JPY", "11"),
        ("12.345", "USD", "12.35"),
        ("12.345", "XXX", "12.35"),
    ],
)
def test_amounts_are_rounded_half_up_to_the_decimals_of_the_currency(amount: str, currency: str, expected: str) -> None:
    assert str(money.round_money(Decimal(amount), currency)) == expected


@given(st.decimals(-(10**9), 10**9, places=6), st.sampled_from(["BRL", "IDR", "USD"]))
def test_rounding_is_done_once_and_moves_an_amount_by_half_a_unit_at_most(amount: Decimal, currency: str) -> None:
    rounded = money.round_money(amount, currency)
    assert money.round_money(rounded, currency) == rounded
    assert abs(rounded - amount) * 2 <= Decimal(1).scaleb(-money.exponent_of(currency))


@given(st.decimals(0, 10**11, places=2))
def test_an_amount_survives_the_way_through_json_to_the_cent(amount: Decimal) -> None:
    import json

    for text in (dumps(amount).decode(), json.dumps(amount, cls=PlainEncoder)):
        assert json.loads(text, parse_float=Decimal) == amount
