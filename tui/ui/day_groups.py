"""The headings of a list that runs back in time, and when what stands under each begins: pure.

Today, Yesterday, the days of this week (from Monday), the three weeks before, months, years. Names
of days and months are our own, because `strftime` takes the locale's, in a language that the rest
of the screen does not speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from tui.ui.format import MONTHS, WEEKDAYS

MONTHS_NAMED = 12  # before there are only years
YEARS_NAMED = 10
EARLIER = "Earlier"
_WEEKS = ("Last week", "2 weeks ago", "3 weeks ago")


@dataclass(frozen=True, slots=True)
class DayGroup:
    """A heading and the first moment that stands under it."""

    name: str
    start: datetime


def day_groups(now: datetime, tz: tzinfo | None = None) -> Sequence[DayGroup]:
    """All headings there can be, the newest first; what is older is `EARLIER`.

    Args:
        now: an aware time; what lies after it is of today.
        tz: the zone that days begin in; None for the system's own.
    """
    return _groups_on(now.astimezone(tz).date(), tz)


@lru_cache(maxsize=2)
def _groups_on(today: date, tz: tzinfo | None) -> Sequence[DayGroup]:
    monday = today - timedelta(days=today.weekday())
    groups = [("Today", today), ("Yesterday", today - timedelta(days=1))]
    day = today - timedelta(days=2)
    while day >= monday:
        groups.append((WEEKDAYS[day.weekday()], day))
        day -= timedelta(days=1)
    groups += [(name, monday - timedelta(weeks=back)) for back, name in enumerate(_WEEKS, 1)]
    month = today.replace(day=1)
    for _ in range(MONTHS_NAMED):
        groups.append((_month(month, today), month))
        month = (month - timedelta(days=1)).replace(day=1)
    years = range(month.year, month.year - YEARS_NAMED, -1)
    groups += [(str(year), date(year, 1, 1)) for year in years]
    return [
        DayGroup(name, _midnight(first, tz))
        for place, (name, first) in enumerate(groups)
        # A month that has begun since the weeks above has nothing left to stand under it.
        if first < min((before for _, before in groups[:place]), default=date.max)
    ]


def _month(first: date, today: date) -> str:
    if (first.year, first.month) == (today.year, today.month):
        return "Earlier this month"
    name = MONTHS[first.month - 1]
    return name if first.year == today.year else f"{name} {first.year}"


def _midnight(day: date, tz: tzinfo | None) -> datetime:
    midnight = datetime.combine(day, time(), tz)
    return midnight if tz else midnight.astimezone()
