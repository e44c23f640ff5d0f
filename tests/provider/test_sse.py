"""Server-sent events: what the standard says, however the bytes are cut."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.provider.sse import EventDecoder, ServerEvent


def decoded(*pieces: bytes) -> list[tuple[str, str]]:
    decoder = EventDecoder()
    return [event for piece in pieces for event in decoder.feed(piece)]


def by_the_book(stream: bytes) -> list[tuple[str, str]]:
    """The standard's algorithm, word for word, on the whole stream at once."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    *lines, _unfinished = re.split(r"\r\n|\n|\r", text)
    events = []
    name, buffer = "", ""
    for line in lines:
        if line == "":
            if buffer != "":
                events.append((name, buffer.removesuffix("\n")))
            name, buffer = "", ""
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                buffer += value + "\n"
    return events


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_each_kind_of_line_end(end: str) -> None:
    stream = end.join(["event: error", "data: {", "data: }", "", "data: x", "", ""]).encode()
    assert decoded(stream) == [("error", "{\n}"), ("", "x")]


def test_comments_and_fields_that_do_not_concern_us_are_skipped() -> None:
    stream = b": still working\n\nid: 7\nretry: 10\nother\ndata: x\n\n"
    assert decoded(stream) == [("", "x")]


def test_only_one_space_after_the_colon_is_taken_away() -> None:
    assert decoded(b"data:x\n\ndata:  y\n\n") == [("", "x"), ("", " y")]


def test_a_field_without_a_colon_is_an_empty_one() -> None:
    assert decoded(b"data\n\ndata\ndata\n\n") == [("", ""), ("", "\n")]


def test_a_byte_order_mark_counts_only_at_the_start() -> None:
    assert decoded(b"\xef\xbb\xbfdata: x\n\n\xef\xbb\xbfdata: y\n\n") == [("", "x")]


def test_an_event_without_its_empty_line_is_dropped() -> None:
    assert decoded(b"data: x\n\ndata: y\n") == [("", "x")]


def test_an_events_name_does_not_outlive_it() -> None:
    assert decoded(b"event: ping\n\ndata: x\n\n") == [("", "x")]


def test_a_character_cut_in_two_is_whole() -> None:
    assert decoded(b"data: \xc3", b"\xa9\n\n") == [("", "é")]


def test_bytes_that_are_no_utf8_become_replacement_signs() -> None:
    assert decoded(b"data: a\xffb\n\n") == [("", "a\ufffdb")]


def test_a_carriage_return_ends_the_line_at_once_and_its_line_feed_adds_none() -> None:
    assert decoded(b"data: x\r\r") == [("", "x")]
    assert decoded(b"data: x\r", b"\ndata: y\r", b"\n\r", b"", b"\n") == [("", "x\ny")]


def test_an_event_is_a_pair() -> None:
    (event,) = EventDecoder().feed(b"event: a\ndata: b\n\n")
    assert event == ServerEvent(name="a", data="b")


# Bytes out of which lines, fields and broken characters often come about.
PIECES = st.lists(
    st.sampled_from(
        [
            *(b"data", b":", b" ", b"event", b"\n", b"\r", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"x"),
            *("é".encode(), "😀".encode(), b"\xc3", b"\xff", "\u2028\x85\x0b".encode(), b"\0"),
        ]
    )
    | st.binary(max_size=3),
    max_size=40,
)


@given(PIECES, st.lists(st.integers(0, 120)))
def test_the_pieces_do_not_matter_and_the_standard_agrees(
    parts: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(parts)
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[start:end] for start, end in pairwise(places)]
    assert decoded(*pieces) == decoded(stream) == by_the_book(stream)
