"""What a search found, as lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.store.chats import NOON
from tui.core.hit import Hit, snippet
from tui.core.message import Role
from tui.core.query import parse_query
from tui.ui.hit_list import HitRow, by_chat, window
from tui.ui.row_lines import Heading


def hit(text: str, typed: str, chat: str = "tides", message: str = "1") -> Hit:
    spans = parse_query(typed).spans(text)
    line, ranges = snippet(text, spans)
    return Hit(chat, message, 1, chat.title(), Role.USER, NOON, line, ranges, spans)


def test_each_chat_stands_where_its_newest_hit_does() -> None:
    hits = [hit("a", "a", chat, str(n)) for n, chat in enumerate(["sea", "tides", "sea"])]
    lines = by_chat(hits)
    assert [line.id if isinstance(line, HitRow) else line for line in lines] == [
        *(Heading("Sea"), "0", "2"),
        *(Heading("Tides"), "1"),
    ]


def test_a_title_can_only_be_text() -> None:
    heading = by_chat([hit("a", "a", "x\x1b[2J\ny")])[0]
    assert heading == Heading("X␛[2J Y")


@pytest.mark.parametrize("room", [12, 20, 30])
def test_what_was_found_is_in_sight_where_room_is_little(room: int) -> None:
    text, ranges = window(hit("long words and more of them before the tide", "tide"), room)
    assert text.startswith("…")
    assert text[slice(*ranges[0])] == "tide"


@given(st.text(st.sampled_from("ab 潮\x1b"), max_size=300), st.integers(1, 100))
def test_it_fits(text: str, room: int) -> None:
    assert cell_len(window(hit(text, "潮"), room)[0]) <= room
