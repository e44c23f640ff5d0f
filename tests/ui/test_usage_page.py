"""The usage page, as text of a width and a height."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tui.core.spending import DayOfModel, Pace, Spread, Tally
from tui.ui.usage_page import COUNTING, MEASURING, Period, UsageView, usage_page

TODAY = date(2026, 3, 12)
DEAR = Tally(replies=3, input=4000, output=100, priced=3, known_cost=1.0)
GUESSED = Tally(replies=1, estimated=1, input=90, output=10, cost_unknown=1)
DAYS = [
    DayOfModel(TODAY, "openai", "gpt-4o", DEAR),
    DayOfModel(TODAY - timedelta(days=2), "openai", "gpt-4o", DEAR + DEAR),
    DayOfModel(TODAY - timedelta(days=2), "ollama", "llama3.2", GUESSED),
    DayOfModel(TODAY - timedelta(days=400), "openai", "gpt-4o-mini", DEAR),
]
PACES = {
    ("openai", "gpt-4o"): Pace(Spread(9, 420, 1310), Spread(9, 84.2, 120.0)),
    ("ollama", "llama3.2"): Pace(Spread(1, 90, 90), Spread(1, 40.0, 40.0)),
}
WEEK = UsageView(
    TODAY, Period.WEEK, days=DAYS, complete=True, hours=[DEAR] + [Tally()] * 23, paces=PACES
)


A_WEEK = """\
 Today                7 days               30 days              All time
 $1.00                $3.00 + ?            $3.00 + ?            $4.00 + ?
 3 replies            10 replies           10 replies           13 replies
 4.1k tokens          ~12k tokens          ~12k tokens          ~16k tokens

Cost by day
$2.00                                     ████████
                                          ████████
                                          ████████          ████████
    0                                     ████████          ████████
      6 Mar                                                   12 Mar

                                           First token     Tokens/s
Model       Replies   In  Out     Cost  median     90%  median  90%
openai            9  12k  300    $3.00
  gpt-4o          9  12k  300    $3.00  0.42 s   1.3 s      84  120
ollama            1  ~90  ~10  unknown
  llama3.2        1  ~90  ~10  unknown  0.09 s  0.09 s     ~40  ~40

~ estimated: for 1 of 10 replies the endpoint gave no count.
Cost unknown for 1 of 10 replies."""


def seen(view: UsageView, width: int = 72, height: int = 26) -> str:
    lines = usage_page(view, width, height).plain.split("\n")
    return "\n".join(line.rstrip() for line in lines)


def test_a_week() -> None:
    assert seen(WEEK, 86, 21) == A_WEEK


def test_where_there_is_no_room_speed_has_a_table_of_its_own() -> None:
    text = seen(WEEK, 50)
    assert text.count("Model") == 2
    assert all(len(line) <= 50 for line in text.split("\n"))


@pytest.mark.parametrize("width", [48, 56, 72, 108])
@pytest.mark.parametrize("period", list(Period))
def test_no_line_is_wider_than_the_page(width: int, period: Period) -> None:
    for days in (DAYS, [replace(one, model="a-very-long-name-" * 9) for one in DAYS], []):
        for of_tokens in (False, True):
            view = replace(WEEK, period=period, days=days, of_tokens=of_tokens)
            assert all(len(line) <= width for line in seen(view, width).split("\n"))


def test_the_chart_takes_the_height_that_is_left() -> None:
    for height in (24, 26, 28):
        assert len(seen(WEEK, 86, height).split("\n")) == height
    assert len(seen(WEEK, 86, 10).split("\n")) == len(seen(WEEK, 86, 21).split("\n")), "it scrolls"
    assert len(seen(WEEK, 86, 99).split("\n")) == 29


def test_of_tokens_or_where_nothing_has_a_cost() -> None:
    assert "Tokens by day\n8.3k " in seen(replace(WEEK, of_tokens=True))
    free = [replace(one, tally=GUESSED) for one in DAYS]
    assert "Tokens by day\n200 " in seen(replace(WEEK, days=free))


def test_today_by_hour_and_all_by_what_fits() -> None:
    assert "Cost by hour\n$1.00 ██" in seen(replace(WEEK, period=Period.TODAY))
    long = seen(replace(WEEK, period=Period.ALL))
    assert "Cost by week" in long
    assert "3 Feb 2025" in long
    assert "Cost by month" in seen(replace(WEEK, period=Period.ALL), 50)


def test_what_is_not_known_yet_is_said_to_be_on_its_way() -> None:
    nothing = UsageView(TODAY)
    assert COUNTING in seen(nothing)
    recent = UsageView(TODAY, days=DAYS[:3])
    assert MEASURING in seen(recent)
    assert "…" in seen(recent).split("\n")[1]
    assert COUNTING in seen(replace(recent, period=Period.ALL))


def test_nothing_yet() -> None:
    empty = replace(WEEK, days=[])
    assert "No replies in these days." in seen(empty)
    assert "No replies today." in seen(replace(empty, period=Period.TODAY))
    assert "No replies yet." in seen(replace(empty, period=Period.ALL))
