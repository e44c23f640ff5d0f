"""What replies took, read from the library: every reply once, on the day it was for the user."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.store.chats import NOON, chat, reply, said
from tui.core.message import Message, Status
from tui.core.spending import DayOfModel, Pace, Spread, Tally, total
from tui.core.usage import Usage
from tui.store.library import Library
from tui.store.schema import MIGRATIONS, migrate
from tui.store.spending import Spending, _models, _pace, _tally

DAY, MILLISECOND = timedelta(days=1), timedelta(milliseconds=1)
ONE_AFTER_THE_OTHER = itertools.count()
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def spending(path: Path, library: Library) -> Spending:
    return Spending(path, UTC)


@pytest.fixture
def asked(library: Library) -> Message:
    """A question that replies may answer."""
    tides = chat()
    question = said(tides, "Why two tides a day?")
    library.begin_turn([question], tides)
    return question


def answered(
    library: Library,
    question: Message,
    usage: Usage | None = None,
    cost: float | None = None,
    *,
    at: datetime = NOON,
    model: str = "gpt-4o",
    endpoint: str = "openai",
    times: tuple[int | None, int | None] = (None, None),
) -> Message:
    answer = replace(
        reply(question, "The moon.", Status.COMPLETE, at + next(ONE_AFTER_THE_OTHER) * MILLISECOND),
        model=model,
        endpoint=endpoint,
        usage=usage,
        cost_usd=cost,
        first_token_ms=times[0],
        total_ms=times[1],
    )
    library.begin_turn([answer])
    return answer


def test_each_reply_counts_once_on_every_branch(
    library: Library, asked: Message, spending: Spending
) -> None:
    answered(library, asked, Usage(100, 20, 60, 5), 0.25)
    answered(library, asked, Usage(50, 10, exact=False), 0.5)
    answered(library, asked, Usage(7, 3, exact=False))
    answered(library, asked)  # it failed before a token
    answered(library, asked, Usage(1, 1), 0.0, model="SmolLM2", endpoint="local", at=NOON + DAY)
    day = NOON.date()
    assert spending.days() == [
        DayOfModel(day + DAY, "local", "SmolLM2", Tally(replies=1, input=1, output=1, priced=1)),
        DayOfModel(
            day,
            "openai",
            "gpt-4o",
            Tally(
                replies=3,
                estimated=2,
                uncounted=1,
                input=157,
                cached_input=60,
                output=33,
                reasoning=5,
                priced=2,
                cost_estimated=1,
                cost_unknown=1,
                known_cost=0.75,
            ),
        ),
    ]
    assert [one.day for one in spending.days(day + DAY)] == [day + DAY]


def test_what_is_in_the_trash_was_paid_for_and_what_is_in_flight_not_yet(
    library: Library, asked: Message, spending: Spending
) -> None:
    answered(library, asked, Usage(1, 1), 0.5)
    pending = replace(reply(asked), endpoint="openai")
    library.begin_turn([pending])
    library.delete(asked.conversation, NOON)
    (one,) = spending.days()
    assert one.tally.replies == 1
    library.finish(
        replace(pending, status=Status.STOPPED, text="The", usage=Usage(2, 1), cost_usd=0.5)
    )
    assert total(one.tally for one in spending.days()).cost_usd == 1.0
    library.empty_trash(NOON + DAY)
    assert spending.days() == []


def test_copies_of_a_reply_were_paid_for_once(
    library: Library, asked: Message, spending: Spending
) -> None:
    first = answered(library, asked, Usage(9, 9), 0.5, times=(100, 1100))
    answered(library, asked, Usage(9, 9), 0.5, times=(100, 1100))
    library.branches.fork(asked.conversation, first.id, NOON + DAY)
    (day,) = spending.days()
    assert (day.tally.replies, day.tally.cost_usd) == (2, 1.0)
    assert spending.paces()["openai", "gpt-4o"].first_token_ms == Spread(2, 100, 100)


def test_days_and_hours_are_the_user_s_own(
    path: Path, library: Library, asked: Message, spending: Spending
) -> None:
    answered(library, asked, Usage(1, 1), at=datetime(2026, 3, 28, 22, 30, tzinfo=UTC))
    answered(library, asked, Usage(1, 1), at=datetime(2026, 3, 28, 23, 30, tzinfo=UTC))
    answered(library, asked, Usage(1, 1), at=datetime(2026, 3, 29, 21, 59, tzinfo=UTC))
    answered(library, asked, Usage(1, 1), at=datetime(2026, 3, 29, 22, 0, tzinfo=UTC))
    there = Spending(path, BERLIN)
    sunday = date(2026, 3, 29)  # when the clock went on by an hour
    assert [(one.day, one.tally.replies) for one in there.days()] == [
        (sunday - DAY, 1),
        (sunday, 2),
        (sunday + DAY, 1),
    ]
    assert [(one.day, one.tally.replies) for one in spending.days()] == [
        (sunday - DAY, 2),
        (sunday, 2),
    ]
    hours = [tally.replies for tally in there.hours(sunday)]
    assert (len(hours), hours[0], hours[-1], sum(hours)) == (23, 1, 1, 2)


def test_how_quick_models_were(library: Library, asked: Message, spending: Spending) -> None:
    for number in range(1, 11):
        first = 100 * number
        answered(library, asked, Usage(1, 11), times=(first, first + 1000 * number))
    answered(library, asked, Usage(1, 500), times=(90, 90))  # in one piece
    answered(library, asked, times=(None, 300))  # failed
    old = NOON - 40 * DAY
    answered(library, asked, Usage(1, 1), times=(5, 10), at=old, model="old")
    assert spending.paces((NOON - DAY).date()) == {
        ("openai", "gpt-4o"): Pace(Spread(10, 500, 900), Spread(10, 1.7, 5.0)),
        ("openai", "old"): Pace(),
    }
    assert spending.paces()["openai", "old"] == Pace(Spread(1, 5, 5), None)


def test_a_message_s_own_speed_is_the_one_that_counts(
    library: Library, asked: Message, spending: Spending
) -> None:
    one = answered(library, asked, Usage(1, 101), times=(500, 2500))
    speed = spending.paces()["openai", "gpt-4o"].tokens_per_second
    assert speed is not None
    assert speed.median == one.tokens_per_second


def test_an_older_library_gets_the_index(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        migrate(connection, path, MIGRATIONS[:2])
    library = Library(path)
    question = said(tides := chat(), "Why?")
    library.begin_turn([question], tides)
    answered(library, question, Usage(3, 4), 0.5)
    assert total(one.tally for one in library.spending.days()).tokens == 7
    library.close()


def test_no_message_s_row_is_looked_at(
    path: Path, library: Library, asked: Message, spending: Spending
) -> None:
    answered(library, asked, Usage(1, 1), 0.5)
    asked_for: list[str] = []
    with spending._reading() as connection:
        connection.set_trace_callback(asked_for.append)
        _models(connection)
        _tally(connection, "openai", "gpt-4o", 0, 2**50)
        _pace(connection, "openai", "gpt-4o", 0)
        connection.set_trace_callback(None)
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in asked_for]
    assert len(plans) >= 5
    for plan in plans:
        steps = [detail for *_, detail in plan if "messages" in detail]
        assert len(steps) == 1
        assert steps[0].startswith("SEARCH messages USING COVERING INDEX messages_spent (endpoint")
