"""Usage in words and numbers: never more exact than known."""

from __future__ import annotations

from datetime import date

import pytest

from tui.core.spending import Pace, Spread, Tally
from tui.ui.usage_text import (
    Grain,
    cost,
    finest,
    gathered,
    notes,
    pace_cells,
    starts,
    tally_cells,
    written_day,
)

THURSDAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("tally", "written"),
    [
        (Tally(), ""),
        (Tally(uncounted=3), ""),
        (Tally(replies=2, cost_unknown=2), "unknown"),
        (Tally(replies=2, priced=2), "free"),
        (Tally(replies=2, priced=2, known_cost=1.5), "$1.50"),
        (Tally(replies=2, priced=1, cost_unknown=1, known_cost=1.5), "$1.50 + ?"),
        (Tally(replies=2, estimated=1, priced=2, cost_estimated=1, known_cost=1.5), "~$1.50"),
        (Tally(replies=2, estimated=1, priced=1, cost_unknown=1, known_cost=1.5), "$1.50 + ?"),
        (Tally(replies=1, estimated=1, priced=1, cost_estimated=1), "free"),
    ],
)
def test_a_cost_says_what_is_known_of_it(tally: Tally, written: str) -> None:
    assert cost(tally) == written


def test_cells_mark_what_was_estimated() -> None:
    exact = Tally(replies=1204, input=4_100_000, output=52_000, priced=1204, known_cost=10.0)
    assert tally_cells(exact) == ("1,204", "4.1M", "52k", "$10.00")
    guessed = Tally(replies=2, estimated=1, input=812, output=40, cost_unknown=2)
    assert tally_cells(guessed) == ("2", "~812", "~40", "unknown")
    assert tally_cells(Tally(uncounted=3)) == ("0", "", "", "")
    pace = Pace(Spread(9, 420, 1310), Spread(9, 84.2, 120.0))
    assert pace_cells(pace, exact) == ("0.42 s", "1.3 s", "84", "120")
    assert pace_cells(pace, guessed) == ("0.42 s", "1.3 s", "~84", "~120")
    assert pace_cells(Pace(), exact) == ("", "", "", "")


def test_notes_say_what_the_numbers_leave_out() -> None:
    assert notes(Tally(replies=3, priced=3)) == []
    assert notes(Tally(replies=12, estimated=1, cost_unknown=3, uncounted=2)) == [
        "~ estimated: for 1 of 12 replies the endpoint gave no count.",
        "Cost unknown for 3 of 12 replies.",
        "2 more replies have no count: they ended before a token, or were imported.",
    ]


def test_days_gather_to_weeks_and_months() -> None:
    days = {date(2026, 2, 28): Tally(replies=1), THURSDAY: Tally(replies=2)}
    assert gathered(days, Grain.WEEK) == {
        date(2026, 2, 23): Tally(replies=1),
        date(2026, 3, 9): Tally(replies=2),
    }
    assert list(gathered(days, Grain.MONTH)) == [date(2026, 2, 1), date(2026, 3, 1)]
    assert gathered(days, Grain.DAY) == days


def test_a_chart_has_every_day_between() -> None:
    assert starts(date(2026, 2, 27), date(2026, 3, 2), Grain.DAY) == [
        date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2),
    ]  # fmt: skip
    assert starts(date(2026, 2, 28), THURSDAY, Grain.WEEK) == [
        date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9),
    ]  # fmt: skip
    assert starts(date(2025, 12, 31), THURSDAY, Grain.MONTH) == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "grain"),
    [
        (THURSDAY, Grain.DAY),
        (date(2026, 1, 20), Grain.DAY),
        (date(2026, 1, 1), Grain.WEEK),
        (date(2025, 3, 1), Grain.WEEK),
        (date(2020, 3, 1), Grain.MONTH),
    ],
)
def test_bars_stand_for_days_as_long_as_they_fit(first: date, grain: Grain) -> None:
    assert finest(first, THURSDAY, 60) is grain


def test_days_are_written_short() -> None:
    assert written_day(THURSDAY, THURSDAY) == "12 Mar"
    assert written_day(date(2025, 12, 31), THURSDAY) == "31 Dec 2025"
    assert written_day(date(2026, 3, 1), THURSDAY, Grain.MONTH) == "Mar 2026"
