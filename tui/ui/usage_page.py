"""The page that tells what replies took: four periods, a chart of one of them, its models.

Pure functions: a value that holds all there is to tell, and from it the page for a width and a
height. Numbers end together, and each says its unit or stands under one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from rich.cells import cell_len
from textual.content import Content

from tui.core.spending import DayOfModel, Pace, Tally, by_day, by_model, total, within
from tui.ui import usage_text as text
from tui.ui.charts import bar_widths, standing_bars
from tui.ui.clickable import clickable
from tui.ui.format import cut, money, tokens
from tui.ui.usage_tables import usage_tables
from tui.ui.usage_text import Grain

_MUTED, _STRONG = "$foreground-muted", "bold"
_CHOSEN = "bold $text-primary on $primary 20%"
_BAR = "$primary"
LOWEST_CHART, HIGHEST_CHART = 4, 12  # lines
COUNTING, MEASURING = "Counting…", "Measuring speed…"


class Period(Enum):
    """What the page tells of; the value is its days, today included, 0 for all."""

    TODAY = 1
    WEEK = 7
    MONTH = 30
    ALL = 0

    @property
    def title(self) -> str:
        """As it stands on the page."""
        return _TITLES[self]

    def since(self, today: date) -> date | None:
        """Its first day; None: the first there is."""
        return today - timedelta(days=self.value - 1) if self.value else None


_TITLES = {
    Period.TODAY: "Today",
    Period.WEEK: "7 days",
    Period.MONTH: "30 days",
    Period.ALL: "All time",
}


@dataclass(frozen=True, slots=True)
class UsageView:
    """All that a page tells.

    Attributes:
        today: the user's day.
        period: what chart and tables are of.
        of_tokens: the chart is of tokens, not of cost.
        days: what is known so far; None: nothing yet.
        complete: `days` go back to the first reply, and not only through the last 30 days.
        hours: today's; None: not known yet.
        paces: by endpoint and model, of the period; None: not known yet.
    """

    today: date
    period: Period = Period.MONTH
    of_tokens: bool = False
    days: Sequence[DayOfModel] | None = None
    complete: bool = False
    hours: Sequence[Tally] | None = None
    paces: Mapping[tuple[str, str], Pace] | None = None

    def known(self, period: Period) -> bool:
        """Whether what a period took is known yet."""
        return self.days is not None and (self.complete or period is not Period.ALL)

    def of(self, period: Period) -> list[DayOfModel]:
        """The days of a period."""
        return within(self.days or (), period.since(self.today), self.today)


def usage_page(view: UsageView, width: int, height: int) -> Content:
    """The page, `width` cells wide; its chart is as high as leaves all in sight in `height`."""
    lines = _periods(view, width)
    if not view.known(view.period):
        return _joined([*lines, Content(""), _muted(COUNTING)])
    days = view.of(view.period)
    if not days:
        return _joined([*lines, Content(""), _muted(_nothing(view))])
    tables = usage_tables(by_model(days, view.paces), width)
    told = [] if view.paces is not None else [MEASURING]
    told += text.notes(total(one.tally for one in days))
    notes = [_muted(line) for note in told for line in _wrapped(note, width)]
    below = [Content(""), *tables, *([Content(""), *notes] if notes else [])]
    room = height - len(lines) - len(below) - 3  # an empty line, the chart's title and its foot
    chart = _chart(view, days, width, max(LOWEST_CHART, min(HIGHEST_CHART, room)))
    return _joined([*lines, Content(""), *chart, *below])


def _joined(lines: Sequence[Content]) -> Content:
    return Content("\n").join(lines)


def _muted(line: str) -> Content:
    return Content.styled(line, _MUTED)


def _wrapped(line: str, width: int) -> list[str]:
    return [part.plain for part in Content(line).wrap(max(10, width))]


def _nothing(view: UsageView) -> str:
    if view.period is Period.ALL:
        return "No replies yet. What they take will stand here."
    return "No replies today." if view.period is Period.TODAY else "No replies in these days."


# The periods


def _periods(view: UsageView, width: int) -> list[Content]:
    """Four columns: what each period took; that of the page stands out, a click chooses another."""
    room = width // len(Period)
    found: list[list[Content]] = []
    for number, period in enumerate(Period):
        chosen = period is view.period
        look = _CHOSEN if chosen else _MUTED
        cells = ["…", "", ""]
        if view.known(period):
            cells = _of_period(total(one.tally for one in view.of(period)))
        cost, *others = (cut(cell, room - 2) for cell in cells)
        found.append(
            [
                clickable(f" {period.title} ", f"screen.period({number})", look),
                Content.styled(f" {cost}", _STRONG if chosen else ""),
                *(_muted(f" {other}") for other in others),
            ]
        )
    return [
        Content("").join(one.pad_right(max(0, room - one.cell_length)) for one in line)
        for line in zip(*found, strict=True)
    ]


def _of_period(tally: Tally) -> list[str]:
    return [
        text.cost(tally) or "–",
        text.counted(tally.replies),
        text.estimated(tally, f"{tokens(tally.tokens)} tokens"),
    ]


# The chart


def _chart(view: UsageView, days: Sequence[DayOfModel], width: int, height: int) -> list[Content]:
    """Bars, the highest one's value beside them, and when they begin and end."""
    widest = width - 10  # a value of up to nine cells stands before the bars
    grain, tallies, first, last = _bars(view, days, widest)
    of_cost = not view.of_tokens and text.has_cost(tallies)
    values = text.amounts(tallies, of_cost=of_cost)
    most = max(values)
    top = "" if not most else money(most) if of_cost else tokens(round(most))
    gutter = cell_len(top) + 1
    bar, between = bar_widths(len(values), width - gutter)
    title = f"{'Cost' if of_cost else 'Tokens'} by {grain.value}"
    lines = [_muted(title)]
    for number, line in enumerate(standing_bars(values, most, height, bar, between)):
        label = top if not number else "0" if number == height - 1 else ""
        lines.append(_muted(label.rjust(gutter - 1) + " ") + Content.styled(line, _BAR))
    long = len(values) * bar + (len(values) - 1) * between
    foot = first + last.rjust(max(0, long - cell_len(first))) if first != last else first
    if cell_len(first) + cell_len(last) + 1 > long:
        foot = last.rjust(long)
    return [*lines, _muted(" " * gutter + foot)]


def _bars(
    view: UsageView, days: Sequence[DayOfModel], most: int
) -> tuple[Grain, list[Tally], str, str]:
    """What the bars stand for, what each is of, and the names of the first and the last one."""
    if view.period is Period.TODAY:
        return Grain.HOUR, list(view.hours or [Tally()]), "0:00", "24:00"
    of_days = by_day(days)
    first = view.period.since(view.today) or min(of_days)
    grain = text.finest(first, view.today, most)
    begun = text.starts(first, view.today, grain)[-most:]
    gathered = text.gathered(of_days, grain)
    names = [text.written_day(one, view.today, grain) for one in (begun[0], begun[-1])]
    return grain, [gathered.get(one, Tally()) for one in begun], names[0], names[1]
