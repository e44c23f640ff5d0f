"""What replies took, in words and numbers: the cells, periods and notes of every usage table.

Estimated counts carry a `~`; a cost that is not known is said to be unknown, and never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from tui.core.safe import shown_line
from tui.core.spending import Pace, Tally
from tui.ui.format import ESTIMATED, FREE, money, seconds, speed, tokens

UNKNOWN = "unknown"
MORE = " + ?"  # and what is not known
TALLY_HEADS = ("Replies", "In", "Out", "Cost")
UNNAMED = "(not named)"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Grain(StrEnum):
    """What a bar or a line stands for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def name(text: str) -> str:
    """A model's or an endpoint's name, on one line."""
    return shown_line(text) or UNNAMED


def replies(tally: Tally) -> str:
    """`1,204`."""
    return f"{tally.replies:,}"


def estimated(tally: Tally, text: str) -> str:
    """`text`, marked where some of what it sums up was estimated."""
    return ESTIMATED + text if tally.estimated else text


def cost(tally: Tally) -> str:
    """`$1.24`, `~$1.24`, `free`, `$1.24 + ?` where some is unknown, `unknown`; empty of nothing."""
    if tally.cost_usd is None:
        return UNKNOWN if tally.replies else ""
    written = money(tally.cost_usd)
    if tally.cost_estimated and written != FREE:
        written = ESTIMATED + written
    return written + MORE if tally.cost_unknown else written


def tally_cells(tally: Tally) -> tuple[str, str, str, str]:
    """Replies, tokens in, tokens out, cost; under `TALLY_HEADS`."""
    if not tally.replies:
        return ("0", "", "", cost(tally))
    return (
        replies(tally),
        estimated(tally, tokens(tally.input)),
        estimated(tally, tokens(tally.output)),
        cost(tally),
    )


def pace_cells(pace: Pace, tally: Tally) -> tuple[str, str, str, str]:
    """Median and 90th percentile of the time to the first token, and of tokens a second."""

    def rate(value: float) -> str:
        return estimated(tally, speed(value).removesuffix(" tok/s"))

    first, fast = pace.first_token_ms, pace.tokens_per_second
    return (
        *(("", "") if first is None else (seconds(first.median), seconds(first.p90))),
        *(("", "") if fast is None else (rate(fast.median), rate(fast.p90))),
    )


def notes(tally: Tally) -> list[str]:
    """What must be known to read the numbers right, a sentence each."""
    found = []
    if tally.estimated:
        found.append(
            f"{ESTIMATED} estimated: for {_of(tally.estimated, tally)} the endpoint gave no count."
        )
    if tally.cost_unknown:
        found.append(f"Cost unknown for {_of(tally.cost_unknown, tally)}.")
    if tally.uncounted:
        found.append(
            "1 more reply has no count: it ended before a token, or was imported."
            if tally.uncounted == 1
            else f"{tally.uncounted:,} more replies have no count: they ended before a token, "
            "or were imported."
        )
    return found


def _of(count: int, tally: Tally) -> str:
    return f"{count:,} of {counted(tally.replies)}"


def counted(count: int) -> str:
    """`1 reply`, `1,204 replies`."""
    return f"{count:,} {'reply' if count == 1 else 'replies'}"


def start_of(day: date, grain: Grain) -> date:
    """The first day of the week (a Monday) or month that `day` is in; else the day itself."""
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain is Grain.MONTH else day


def starts(first: date, last: date, grain: Grain) -> list[date]:
    """The first days of all days, weeks or months from the one of `first` to that of `last`."""
    found = [start_of(first, grain)]
    step = timedelta(days={Grain.WEEK: 7, Grain.MONTH: 31}.get(grain, 1))
    while (after := start_of(found[-1] + step, grain)) <= last:
        found.append(after)
    return found


def finest(first: date, last: date, most: int) -> Grain:
    """The finest grain of which no more than `most` lie between two days; else months."""
    return next(
        (grain for grain in (Grain.DAY, Grain.WEEK) if len(starts(first, last, grain)) <= most),
        Grain.MONTH,
    )


def gathered(days: Mapping[date, Tally], grain: Grain) -> dict[date, Tally]:
    """Tallies of days as those of weeks or months, by their first days."""
    found: dict[date, Tally] = {}
    for day, tally in days.items():
        start = start_of(day, grain)
        found[start] = found.get(start, Tally()) + tally
    return found


def written_day(day: date, today: date, grain: Grain = Grain.DAY) -> str:
    """`22 Nov`, `22 Nov 2025` of another year than today's, `Nov 2025` for a month."""
    month = _MONTHS[day.month - 1]
    if grain is Grain.MONTH:
        return f"{month} {day.year}"
    return f"{day.day} {month}" if day.year == today.year else f"{day.day} {month} {day.year}"


def has_cost(tallies: Iterable[Tally]) -> bool:
    """Whether any of it is known to have cost something: else bars stand for tokens."""
    return any(tally.known_cost > 0 for tally in tallies)


def amounts(tallies: Sequence[Tally], *, of_cost: bool) -> list[float]:
    """What bars stand for: US dollars, or tokens."""
    return [tally.known_cost if of_cost else tally.tokens for tally in tallies]
