"""What a terminal sends, on its way to Textual's parser."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from tui.ui.terminal_input import BEGIN, END, TerminalInput, pasted

PARTS = st.lists(
    st.sampled_from(["a", "é", "\r", "\x1b", "\x1b[A", "[201", "\x1b[2", "\x1b[20", "\x07"])
).map("".join)


def events_of(pieces: Iterable[str]) -> list[Message]:
    """What the app gets."""
    terminal, parser = TerminalInput(), XTermParser()
    fed = filter(None, map(terminal.feed, pieces))  # to Textual's parser nothing means the end
    return [event for piece in fed for event in parser.feed(piece)]


def pastes(pieces: Iterable[str]) -> list[str]:
    return [pasted(event.text) for event in events_of(pieces) if isinstance(event, events.Paste)]


def keys(*pieces: str) -> list[str]:
    return [event.key for event in events_of(pieces) if isinstance(event, events.Key)]


@given(PARTS, st.lists(st.integers(0, 60)))
@example("\x1b", [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_a_paste_is_text_however_it_arrives(text: str, cuts: list[int]) -> None:
    sent = f"{BEGIN}{text}{END}"
    edges = sorted({0, len(sent), *(min(cut, len(sent)) for cut in cuts)})
    pieces = [sent[start:end] for start, end in pairwise(edges)]
    assert "".join(map(pasted, pastes(pieces))) == pasted(text)


def test_what_comes_after_a_paste_are_keys_again() -> None:
    assert keys(f"a{BEGIN}\x1b[A\x03{END}b\x1b[A", "c") == ["a", "b", "up", "c"]
    assert keys(*f"a{BEGIN}\x1b[A\x03{END}b") == ["a", "b"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\r", "enter"),
        ("\x1b\r", "alt+enter"),
        ("\x1b[13;3u", "alt+enter"),
        ("\x1b[27;3;13~", "alt+enter"),
        ("\x1b[13;2u", "shift+enter"),
        ("\x1b[27;2;13~", "shift+enter"),
        ("\n", "ctrl+j"),
    ],
)
def test_enter_and_its_relatives(sent: str, key: str) -> None:
    assert keys(sent) == [key]


def test_line_ends_of_a_paste_are_those_of_a_text() -> None:
    assert pasted("one\rtwo\r\nthree\n") == "one\ntwo\nthree\n"
