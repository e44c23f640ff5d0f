"""`chinwag usage`: what replies took, by day, model and endpoint, and how quick they came."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rich.cells import cell_len

from tui.cli.output import add_json_option, faint, is_terminal, print_json
from tui.cli.reading import library_to_read
from tui.cli.surroundings import surroundings
from tui.core.json_values import usage_report_value
from tui.core.spending import (
    DayOfModel,
    ModelUsage,
    Pace,
    Tally,
    by_day,
    by_endpoint,
    by_model,
    total,
)
from tui.ui import usage_text as text
from tui.ui.charts import GAP, columns, lying_bar
from tui.ui.format import cut

DAYS = 30
MOST_LINES = 62  # days; more of them are told by the month
WIDEST_BAR, NARROWEST_BAR = 30, 4
SHORTEST_NAME = 12
_PACE_HEADS = ("First token: median", "90%", "Tokens/s: median", "90%")


@dataclass(frozen=True, slots=True)
class Report:
    """What is told.

    Attributes:
        since: the first day; None: since the first reply.
        until: the last day: today.
    """

    since: date | None
    until: date
    days: Sequence[DayOfModel] = ()
    paces: Mapping[tuple[str, str], Pace] | None = None

    @property
    def models(self) -> list[ModelUsage]:
        """Each model, the dearest first."""
        return by_model(self.days, self.paces)

    @property
    def total(self) -> Tally:
        """All of it."""
        return total(one.tally for one in self.days)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.epilog = (
        "In and Out are tokens. 90%: so many replies are at or below it. A ~ marks what was\n"
        "estimated, + ? a cost of which a part is unknown. Every branch counts, deleted ones and\n"
        "chats in the trash too: they were paid for. Days are those of this machine's time zone."
    )
    since = parser.add_mutually_exclusive_group()
    since.add_argument(
        "--days", type=_days, default=DAYS, metavar="N", help=f"the last N days ({DAYS})"
    )
    since.add_argument(
        "--since", type=_date, metavar="DATE", help="from this day on, as in 2026-01-31"
    )
    since.add_argument("--all", action="store_true", help="since the first reply")
    add_json_option(parser)


def _days(typed: str) -> int:
    if not typed.isdecimal() or not 1 <= int(typed) <= 36_500:
        raise argparse.ArgumentTypeError(f"{typed!r} is no number of days: say 7, or use --all")
    return int(typed)


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day: write 2026-01-31") from error


def run(arguments: argparse.Namespace) -> int:
    """Print the report."""
    today = date.today()  # noqa: DTZ011 - the user's own day is meant
    since: date | None = arguments.since or today - timedelta(days=arguments.days - 1)
    report = _read(None if arguments.all else since, today)
    if arguments.json:
        print_json(usage_report_value(report.since, report.until, report.days, report.models))
        return 0
    width = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
    for line, is_head in readable(report, width):
        print(faint(line, sys.stdout) if is_head else line)
    return 0


def _read(since: date | None, today: date) -> Report:
    paths = surroundings().paths
    if not paths.database.exists():
        return Report(since, today)
    with library_to_read(paths) as library:
        days = [one for one in library.spending.days(since) if one.day <= today]
        return Report(since, today, days, library.spending.paces(since))


def readable(report: Report, width: int | None) -> list[tuple[str, bool]]:
    """Lines, and of each whether it is a heading.

    Args:
        report: what is told.
        width: cells of a line on a terminal, which has bars; None: no bars, as long as it takes.
    """
    if not report.days:
        since = "" if report.since is None else f" since {report.since}"
        return [(f"No replies{since}.", False)]
    lines = _by_day(report, width)
    models = [(text.name(one.model), text.name(one.endpoint), one) for one in report.models]
    tallies = [(*names, *text.tally_cells(one.tally)) for *names, one in models]
    lines += _of_models([("Model", "Endpoint", *text.TALLY_HEADS), *tallies], width)
    paces = [(*names, *text.pace_cells(one.pace, one.tally)) for *names, one in models]
    if measured := [row for row in paces if any(row[2:])]:
        lines += _of_models([("Model", "Endpoint", *_PACE_HEADS), *measured], width)
    endpoints = [
        (text.name(endpoint), *text.tally_cells(tally))
        for endpoint, tally in by_endpoint(report.days).items()
    ]
    if len(endpoints) > 1:
        lines += _table([("Endpoint", *text.TALLY_HEADS), *endpoints])
    return [*lines[1:], *((note, False) for note in ["", *text.notes(report.total)])]


def _table(rows: list[tuple[str, ...]], left: int = 1) -> list[tuple[str, bool]]:
    """An empty line, the heading, the rows."""
    head, *body = columns(rows, left)
    return [("", False), (head, True), *((line, False) for line in body)]


def _of_models(rows: list[tuple[str, ...]], width: int | None) -> list[tuple[str, bool]]:
    """A table whose names, in its first column, are as short as the width asks for."""
    if width is not None:
        excess = max(map(cell_len, columns(rows, 2))) - (width - 1)
        room = max(cell_len(row[0]) for row in rows) - max(0, excess)
        rows = [(cut(first, max(SHORTEST_NAME, room)), *others) for first, *others in rows]
    return _table(rows, left=2)


def _by_day(report: Report, width: int | None) -> list[tuple[str, bool]]:
    """The table by day, or by month when it is long, with its sum, and bars on a terminal."""
    days = by_day(report.days)
    grain = text.Grain.DAY if len(days) <= MOST_LINES else text.Grain.MONTH
    tallies = text.gathered(days, grain)
    length = len("2026-11") if grain is text.Grain.MONTH else len("2026-11-22")
    rows = [(day.isoformat()[:length], *text.tally_cells(one)) for day, one in tallies.items()]
    head = (grain.value.capitalize(), *text.TALLY_HEADS)
    lines = _table([head, *rows, ("Total", *text.tally_cells(report.total))])
    if width is None:
        return lines
    of_cost = text.has_cost(tallies.values())
    widest = max(cell_len(line) for line, _ in lines)
    room = min(WIDEST_BAR, width - widest - len(GAP) - 1)
    if room < NARROWEST_BAR:
        return lines
    values = text.amounts(list(tallies.values()), of_cost=of_cost)
    bars = ["", "cost" if of_cost else "tokens"]
    bars += [lying_bar(value, max(values), room) for value in values]
    return [
        ((line + " " * (widest - cell_len(line)) + GAP + bar).rstrip(), is_head)
        for (line, is_head), bar in zip(lines, [*bars, ""], strict=True)
    ]
