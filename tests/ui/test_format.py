"""How numbers, money and times are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.core.message import Message, Role
from tui.core.usage import Usage
from tui.ui import format as fmt

NOW = datetime(2026, 11, 22, 15, 44, tzinfo=UTC)  # a Sunday
TOKYO = timezone(timedelta(hours=9))
moments = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@pytest.mark.parametrize(
    ("then", "written"),
    [
        (NOW + timedelta(minutes=5), "now"),
        (NOW - timedelta(seconds=59), "now"),
        (NOW - timedelta(minutes=5), "5 min"),
        (NOW - timedelta(hours=3), "3 h"),
        (NOW - timedelta(hours=23, minutes=59), "23 h"),
        (NOW - timedelta(days=1), "Sat"),
        (NOW - timedelta(days=6), "Mon"),
        (NOW - timedelta(days=7), "15 Nov"),
        (datetime(2026, 3, 12, tzinfo=UTC), "12 Mar"),
        (datetime(2024, 3, 12, tzinfo=UTC), "2024-03-12"),
    ],
)
def test_age(then: datetime, written: str) -> None:
    assert fmt.age(then, NOW, UTC) == written


@given(moments)
def test_an_age_is_short(then: datetime) -> None:
    assert 1 < len(fmt.age(then, NOW, UTC)) <= 10


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0"),
        (812, "812"),
        (4096, "4.1k"),
        (9949, "9.9k"),
        (9950, "10k"),
        (128_000, "128k"),
        (999_499, "999k"),
        (999_500, "1M"),
        (1_048_576, "1M"),
        (1_200_000, "1.2M"),
    ],
)
def test_tokens(count: int, written: str) -> None:
    assert fmt.tokens(count) == written


@given(st.integers(0, 10**9))
def test_tokens_are_written_to_within_a_twentieth(count: int) -> None:
    written = fmt.tokens(count)
    value = float(written.rstrip("kM")) * {"k": 1e3, "M": 1e6}.get(written[-1], 1)
    assert abs(value - count) <= count / 20


@pytest.mark.parametrize(
    ("usd", "written"),
    [
        (0, "free"),
        (0.00009, "<$0.0001"),
        (0.0001, "$0.0001"),
        (0.00123, "$0.0012"),
        (0.0123, "$0.012"),
        (0.0994, "$0.099"),
        (0.0996, "$0.10"),
        (0.999, "$1.00"),
        (1.236, "$1.24"),
        (1234.5, "$1,234.50"),
    ],
)
def test_money(usd: float, written: str) -> None:
    assert fmt.money(usd) == written


@given(st.floats(0.0001, 1e6), st.floats(0.0001, 1e6))
def test_more_money_never_reads_as_less(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert float(fmt.money(less)[1:].replace(",", "")) <= float(
        fmt.money(more)[1:].replace(",", "")
    )


def test_price_is_empty_where_unknown() -> None:
    assert fmt.price(None) == ""
    assert fmt.price(0.075) == "$0.075"
    assert fmt.price(2.5) == "$2.50"


@pytest.mark.parametrize(
    ("milliseconds", "written"),
    [
        (420, "0.42 s"),
        (994, "0.99 s"),
        (996, "1.0 s"),
        (3100, "3.1 s"),
        (9960, "10 s"),
        (59_600, "1 min"),
        (125_000, "2 min 5 s"),
        (3_599_700, "1 h"),
        (3_900_000, "1 h 5 min"),
    ],
)
def test_seconds(milliseconds: int, written: str) -> None:
    assert fmt.seconds(milliseconds) == written


def test_speed() -> None:
    assert fmt.speed(84.3) == "84 tok/s"
    assert fmt.speed(4.21) == "4.2 tok/s"


def reply(
    *,
    model: str = "gpt-4o",
    usage: Usage | None = None,
    cost: float | None = None,
    first: int | None = None,
    total: int | None = None,
) -> Message:
    return Message(
        id="m",
        conversation="c",
        parent=None,
        role=Role.ASSISTANT,
        text="Hello",
        created=NOW,
        model=model,
        usage=usage,
        cost_usd=cost,
        first_token_ms=first,
        total_ms=total,
    )


def test_the_line_under_a_reply() -> None:
    message = reply(usage=Usage(512, 230), cost=0.00358, first=420, total=3146)
    assert (
        fmt.numbers_line(message)
        == "gpt-4o · 0.42 s to first token · 84 tok/s · 512 in, 230 out · $0.0036"
    )


def test_what_was_estimated_is_marked_and_what_is_measured_is_not() -> None:
    message = reply(usage=Usage(512, 230, exact=False), cost=0.00358, first=420, total=3146)
    assert (
        fmt.numbers_line(message)
        == "gpt-4o · 0.42 s to first token · ~84 tok/s · ~512 in, ~230 out · ~$0.0036"
    )


def test_what_is_unknown_is_absent() -> None:
    assert fmt.numbers_line(reply()) == "gpt-4o"
    assert fmt.numbers_line(reply(model="", usage=Usage(1, 2))) == "1 in, 2 out"
    assert fmt.numbers_line(reply(cost=0.0, first=50)) == "gpt-4o · 0.05 s to first token · free"


def test_a_reply_in_one_piece_has_only_its_whole_time() -> None:
    message = reply(usage=Usage(9, 40), first=3100, total=3100)
    assert fmt.numbers_line(message) == "gpt-4o · 3.1 s · 9 in, 40 out"


def test_a_model_name_can_only_be_text() -> None:
    assert fmt.numbers_line(reply(model="evil\x1b[31m\n[b]x")) == "evil␛[31m [b]x"


def test_a_narrow_line_loses_words_then_parts_then_letters() -> None:
    message = reply(usage=Usage(512, 230), cost=0.00358, first=420, total=3146)
    assert fmt.numbers_line(message, 60) == "gpt-4o · 0.42 s · 84 tok/s · 512→230 · $0.0036"
    assert fmt.numbers_line(message, 30) == "0.42 s · 84 tok/s · 512→230"
    assert fmt.numbers_line(message, 4) == "0.4…"
    assert fmt.numbers_line(reply(), 4) == "gpt…"


@given(st.text(max_size=30), st.integers(0, 80))
def test_the_line_fits(model: str, width: int) -> None:
    message = reply(model=model, usage=Usage(512, 230), cost=0.00358, first=420, total=3146)
    assert cell_len(fmt.numbers_line(message, width)) <= width


def test_context_line() -> None:
    assert fmt.context_line(4100, 128_000) == "4.1k of 128k (3%)"
    assert fmt.context_line(4100, 128_000, exact=False) == "~4.1k of 128k (3%)"
    assert fmt.context_line(10, 128_000) == "10 of 128k (<1%)"
    assert fmt.context_line(4100, None) == "4.1k tokens"


@given(st.text(), st.integers(-1, 40))
def test_cut_fits_and_keeps_what_fits(text: str, width: int) -> None:
    short = fmt.cut(text, width)
    assert cell_len(short) <= max(width, 0)
    if cell_len(text) <= width:
        assert short == text
