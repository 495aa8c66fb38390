"""Opening hours in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from apps.storefront import hours

# Friday evening in Palmas (UTC-3).
NOW = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


def store(**values: Any) -> dict[str, Any]:
    return {"timezone": "America/Araguaina", "is_open": False} | values


@pytest.mark.parametrize(
    ("opens", "words"),
    [
        ("2026-11-20T21:30", "Closed, opens at 21:30"),
        ("2026-11-21T10:30", "Closed, opens tomorrow at 10:30"),
        ("2026-11-23T11:00", "Closed, opens Monday at 11:00"),
        ("2026-11-21T13:30:00+00:00", "Closed, opens tomorrow at 10:30"),
        (None, "Closed"),
    ],
)
def test_a_closed_store_says_when_it_opens(opens: str | None, words: str) -> None:
    with translation.override("en"):
        assert hours.status_line(store(opens_at=opens), NOW) == words


def test_portuguese_writes_weekdays_small() -> None:
    with translation.override("pt-br"):
        assert hours.status_line(store(opens_at="2026-11-23T11:00"), NOW) == "Fechado, abre segunda-feira às 11:00"


def test_an_open_store_says_until_when() -> None:
    with translation.override("en"):
        assert hours.status_line(store(is_open=True, closes_at="2026-11-20T22:00"), NOW) == "Open until 22:00"
        assert hours.status_line(store(is_open=True, closes_at=None), NOW) == "Open now"


def test_a_pause_says_when_it_ends() -> None:
    with translation.override("en"):
        line = hours.status_line(store(paused_until=datetime(2026, 11, 20, 23, 40, tzinfo=UTC)), NOW)
    assert line == "Orders are paused until 20:40"


def test_the_week_names_every_day() -> None:
    with translation.override("en"):
        rows = dict(
            hours.week(store(hours={"mon": [["11:00", "14:00"], ["18:00", "22:00"]], "tue": [["00:00", "00:00"]]}))
        )
    assert rows["Monday"] == "11:00–14:00 · 18:00–22:00"
    assert rows["Tuesday"] == "all day"
    assert rows["Sunday"] == "closed"
    assert len(rows) == 7
