"""`chinwag usage`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.store.chats import NOON, chat, reply, said
from tui.cli.main import main
from tui.cli.usage import Report, readable
from tui.core.message import Status, utc_now
from tui.core.spending import DayOfModel, Pace, Spread, Tally
from tui.core.usage import Usage
from tui.store.library import Library

TODAY = date(2026, 3, 12)
DAYS = [
    DayOfModel(
        TODAY - timedelta(days=2),
        "openai",
        "gpt-4o",
        Tally(replies=1200, input=4_100_000, output=52_000, priced=1200, known_cost=10.77),
    ),
    DayOfModel(
        TODAY,
        "openai",
        "gpt-4o",
        Tally(replies=3, uncounted=1, input=812, output=90, priced=3, known_cost=0.36),
    ),
    DayOfModel(
        TODAY,
        "ollama",
        "llama3.2",
        Tally(replies=9, estimated=9, input=9000, output=1800, cost_unknown=9),
    ),
]
PACES = {("openai", "gpt-4o"): Pace(Spread(1200, 420, 1310), Spread(1100, 84.2, 120.0))}


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    library = Library(home / "chinwag.db")
    yield library
    library.close()


def test_tables_by_day_model_and_endpoint() -> None:
    lines = [line for line, _ in readable(Report(None, TODAY, DAYS, PACES), None)]
    assert (
        "\n".join(lines)
        == """\
Day         Replies     In    Out        Cost
2026-03-10    1,200   4.1M    52k      $10.77
2026-03-12       12  ~9.8k  ~1.9k   $0.36 + ?
Total         1,212  ~4.1M   ~54k  $11.13 + ?

Model     Endpoint  Replies    In    Out     Cost
gpt-4o    openai      1,203  4.1M    52k   $11.13
llama3.2  ollama          9   ~9k  ~1.8k  unknown

Model   Endpoint  First token: median    90%  Tokens/s: median  90%
gpt-4o  openai                 0.42 s  1.3 s                84  120

Endpoint  Replies    In    Out     Cost
openai      1,203  4.1M    52k   $11.13
ollama          9   ~9k  ~1.8k  unknown

~ estimated: for 9 of 1,212 replies the endpoint gave no count.
Cost unknown for 9 of 1,212 replies.
1 more reply has no count: it ended before a token, or was imported."""
    )


def test_a_terminal_shows_bars_as_long_as_it_has_room() -> None:
    lines = [line for line, _ in readable(Report(None, TODAY, DAYS, PACES), 80)]
    assert lines[0].endswith("Cost  cost")
    assert lines[1].endswith("$10.77  " + "█" * 30)
    assert lines[2].endswith("$0.36 + ?  █")
    for width in (40, 60, 80):
        lines = [line for line, _ in readable(Report(None, TODAY, DAYS), width)]
        days = lines[: lines.index("")]
        assert max(map(cell_len, days)) < max(width, 46)


def test_long_names_are_cut_to_the_terminal() -> None:
    long = [replace(one, model="a-model-of-a-very-long-name-indeed-20260312") for one in DAYS]
    paces = {(one.endpoint, one.model): PACES["openai", "gpt-4o"] for one in long}
    lines = [line for line, _ in readable(Report(None, TODAY, long, paces), 80)]
    assert max(map(cell_len, lines)) < 80
    assert any(line.startswith("a-model-of") and "…" in line for line in lines)


def test_many_days_are_told_by_the_month() -> None:
    many = [
        DayOfModel(TODAY - timedelta(days=back), "openai", "gpt-4o", Tally(replies=1, input=9))
        for back in range(100)
    ]
    lines = [line for line, _ in readable(Report(None, TODAY, many), None)]
    assert [line.split()[:2] for line in lines[: lines.index("")]] == [
        ["Month", "Replies"],
        ["2025-12", "29"],
        ["2026-01", "31"],
        ["2026-02", "28"],
        ["2026-03", "12"],
        ["Total", "100"],
    ]


def test_json_is_the_contract(capsys: pytest.CaptureFixture[str], library: Library) -> None:
    now = utc_now()
    tides = chat()
    question = said(tides, "Why two tides?")
    library.begin_turn([question], tides)
    for cost, at in ((0.25, now), (None, now), (1.0, NOON - timedelta(days=400))):
        answer = replace(
            reply(question, "The moon.", Status.COMPLETE, at),
            endpoint="openai",
            usage=Usage(100, 21, 60, 5),
            cost_usd=cost,
            first_token_ms=400,
            total_ms=2400,
        )
        library.begin_turn([answer])
    assert main(["usage", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    today = now.astimezone().date()
    tally = {
        "replies": 2,
        "estimated": 0,
        "uncounted": 0,
        "input": 200,
        "cached_input": 120,
        "output": 42,
        "reasoning": 10,
        "cost_usd": 0.25,
        "cost_estimated": 0,
        "cost_unknown": 1,
    }
    assert value == {
        "since": (today - timedelta(days=29)).isoformat(),
        "until": today.isoformat(),
        "total": tally,
        "days": [{"date": today.isoformat(), **tally}],
        "models": [
            {
                "model": "gpt-4o",
                "endpoint": "openai",
                **tally,
                "first_token_ms": {"replies": 2, "median": 400, "p90": 400},
                "tokens_per_second": {"replies": 2, "median": 10.0, "p90": 10.0},
            }
        ],
        "endpoints": [{"endpoint": "openai", **tally}],
    }
    assert main(["usage", "--json", "--all"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["since"], value["total"]["cost_usd"]) == (None, 1.25)
    assert main(["usage", "--json", "--since", "2020-01-01"]) == 0
    assert json.loads(capsys.readouterr().out)["total"] == value["total"]


def test_nothing_yet(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["usage", "--all"]) == 0
    assert capsys.readouterr().out == "No replies.\n"
    assert main(["usage", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["cost_usd"] is None
    assert not home.exists()


@pytest.mark.parametrize(
    "words", [["--days", "0"], ["--days", "x"], ["--since", "soon"], ["--all", "--days", "3"]]
)
def test_what_is_no_period_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["usage", *words])
    assert caught.value.code == 2
    assert "chinwag usage: error: argument" in capsys.readouterr().err
