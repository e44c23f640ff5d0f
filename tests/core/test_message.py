"""Messages: status and speed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from tui.core.message import Message, Role, Status, utc_now
from tui.core.usage import Usage

REPLY = Message(
    "b", "c", "a", Role.ASSISTANT, "The moon.", utc_now(), usage=Usage(10, 21), first_token_ms=500
)


def test_times_are_utc_in_whole_milliseconds() -> None:
    now = utc_now()
    assert now.tzinfo is UTC
    assert now.microsecond % 1000 == 0


def test_only_two_statuses_are_in_flight() -> None:
    assert [status for status in Status if status.in_flight] == [Status.PENDING, Status.STREAMING]


def test_speed_counts_from_the_first_token() -> None:
    assert replace(REPLY, total_ms=2500).tokens_per_second == 10.0


@pytest.mark.parametrize(
    "message",
    [
        REPLY,
        replace(REPLY, total_ms=599),
        replace(REPLY, total_ms=2500, usage=None),
        replace(REPLY, total_ms=2500, usage=Usage(10, 1)),
        replace(REPLY, total_ms=2500, first_token_ms=None),
    ],
    ids=["unfinished", "in one piece", "uncounted", "one token", "no first token"],
)
def test_no_speed_where_it_would_say_nothing(message: Message) -> None:
    assert message.tokens_per_second is None
