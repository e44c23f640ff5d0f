"""The headings of a list that runs back in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.day_groups import EARLIER, day_groups

NOW = datetime(2026, 11, 22, 15, 44, tzinfo=UTC)  # a Sunday
TOKYO = ZoneInfo("Asia/Tokyo")
moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def group(moment: datetime, now: datetime = NOW) -> str:
    return next((one.name for one in day_groups(now, UTC) if moment >= one.start), EARLIER)


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        (NOW + timedelta(days=2), "Today"),
        (datetime(2026, 11, 22, 0, 0, tzinfo=UTC), "Today"),
        (datetime(2026, 11, 21, 23, 59, tzinfo=UTC), "Yesterday"),
        (datetime(2026, 11, 20, tzinfo=UTC), "Friday"),
        (datetime(2026, 11, 16, tzinfo=UTC), "Monday"),
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), "Last week"),
        (datetime(2026, 11, 8, tzinfo=UTC), "2 weeks ago"),
        (datetime(2026, 10, 26, tzinfo=UTC), "3 weeks ago"),
        (datetime(2026, 10, 25, tzinfo=UTC), "October"),
        (datetime(2026, 1, 1, tzinfo=UTC), "January"),
        (datetime(2025, 12, 31, tzinfo=UTC), "December 2025"),
        (datetime(2025, 11, 30, tzinfo=UTC), "2025"),
        (datetime(2017, 5, 1, tzinfo=UTC), "2017"),
        (datetime(2001, 5, 1, tzinfo=UTC), "Earlier"),
    ],
)
def test_headings(moment: datetime, name: str) -> None:
    assert group(moment) == name


def test_what_is_left_of_a_month_that_ends() -> None:
    last_day = datetime(2026, 8, 31, 12, tzinfo=UTC)  # a Monday
    assert group(datetime(2026, 8, 30, tzinfo=UTC), last_day) == "Yesterday"
    assert group(datetime(2026, 8, 29, tzinfo=UTC), last_day) == "Last week"
    assert group(datetime(2026, 8, 9, tzinfo=UTC), last_day) == "Earlier this month"
    assert group(datetime(2026, 7, 31, tzinfo=UTC), last_day) == "July"


def test_days_begin_where_the_reader_is() -> None:
    (today, *_), (there, *_) = day_groups(NOW, UTC), day_groups(NOW, TOKYO)
    assert today.start == datetime(2026, 11, 22, tzinfo=UTC)
    assert there.start == datetime(2026, 11, 22, 15, tzinfo=UTC)  # Monday already


@given(moments)
def test_groups_run_back_in_time_each_name_once(now: datetime) -> None:
    groups = day_groups(now, TOKYO)
    assert all(newer.start > older.start for newer, older in pairwise(groups))
    assert len({one.name for one in groups}) == len(groups)
    assert groups[0].start <= now
