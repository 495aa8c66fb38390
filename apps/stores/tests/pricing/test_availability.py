"""When, where and for which service things are sold."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from apps.stores.pricing.availability import in_windows
from apps.stores.pricing.checking import check_line
from apps.stores.pricing.context import PricingContext
from apps.stores.pricing.model import Window

from .cantina import catalog, context, line

WEDNESDAY = frozenset({2})
LATE = Window(weekdays=WEDNESDAY, since=time(22), until=time(2))
ALL_DAY = Window(weekdays=WEDNESDAY)


@pytest.mark.parametrize(
    ("moment", "service", "sold"),
    [
        ("2026-11-18T10:59", "pickup", False),
        ("2026-11-18T11:00", "pickup", True),
        ("2026-11-18T13:59:59", "pickup", True),
        ("2026-11-18T14:00", "pickup", False),
        ("2026-11-19T12:00", "pickup", False),
        ("2026-11-18T12:00", "delivery", False),
        ("2026-11-18T12:00", None, True),
    ],
)
def test_it_is_sold_inside_its_window_only(moment: str, service: str | None, sold: bool) -> None:
    around = context(at=datetime.fromisoformat(moment), service=service)

    problems = check_line(catalog(), line("lunch"), around).problems

    assert [row.code.value for row in problems] == ([] if sold else ["outside_hours"])


@pytest.mark.parametrize(
    ("window", "moment", "inside"),
    [
        (LATE, "2026-11-18T21:59", False),
        (LATE, "2026-11-18T23:00", True),
        (LATE, "2026-11-19T01:59", True),
        (LATE, "2026-11-19T02:00", False),
        (LATE, "2026-11-18T01:00", False),
        (LATE, "2026-11-19T23:00", False),
        (ALL_DAY, "2026-11-18T00:00", True),
        (ALL_DAY, "2026-11-19T00:00", False),
        (Window(since=time(18)), "2026-11-19T23:59", True),
        (Window(until=time(18)), "2026-11-19T18:00", False),
    ],
)
def test_a_window_past_midnight_belongs_to_the_day_it_began(window: Window, moment: str, inside: bool) -> None:
    assert in_windows([window], datetime.fromisoformat(moment), "pickup") is inside


def test_any_of_several_windows_is_enough_and_none_means_always() -> None:
    early = Window(since=time(6), until=time(7))
    noon = datetime.fromisoformat("2026-11-18T12:00")

    assert in_windows([early, ALL_DAY], noon, "pickup")
    assert not in_windows([early], noon, "pickup")
    assert in_windows([], noon, "pickup")


def test_a_scheduled_order_is_judged_by_when_it_is_wanted() -> None:
    evening = context(
        at=datetime.fromisoformat("2026-11-17T20:00"), serve_at=datetime.fromisoformat("2026-11-18T12:30")
    )

    assert check_line(catalog(), line("lunch"), evening).is_sellable


def test_moments_with_an_offset_are_refused() -> None:
    with pytest.raises(ValueError, match="local time"):
        PricingContext(at=datetime(2026, 11, 18, 12, 0, tzinfo=UTC))
