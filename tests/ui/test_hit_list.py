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
from tui.core.results import Found
from tui.ui.hit_list import ChatHeading, HitRow, MoreRow, lines_of, window


def hit(text: str, typed: str, chat: str = "tides", message: str = "1") -> Hit:
    found = parse_query(typed).look(text)
    spans = found.spans if found else ()
    line, ranges = snippet(text, spans)
    return Hit(chat, message, 1, chat.title(), Role.USER, NOON, line, ranges, spans)


def chat(title: str, count: int) -> Found:
    hits = [hit("a", "a", title, f"{title}{n}") for n in range(count)]
    return Found(title, title, hits=hits)


def test_messages_stand_under_their_chats_and_many_are_folded_away() -> None:
    chats = [chat("sea", 4), chat("tides", 9)]
    assert lines_of(chats) == [
        ChatHeading("sea"),
        *(HitRow(one.message, one) for one in chats[0].hits),
        ChatHeading("tides"),
        *(HitRow(one.message, one) for one in chats[1].hits[:3]),
        MoreRow("tides", 6),
    ]
    assert lines_of(chats, frozenset(["tides"]))[6:] == [
        HitRow(one.message, one) for one in chats[1].hits
    ]


def test_a_title_can_only_be_text() -> None:
    assert lines_of([chat("X\x1b[2J\nY", 1)])[0] == ChatHeading("X␛[2J Y")


@pytest.mark.parametrize("room", [12, 20, 30])
def test_what_was_found_is_in_sight_where_room_is_little(room: int) -> None:
    text, ranges = window(hit("long words and more of them before the tide", "tide"), room)
    assert text.startswith("…")
    assert text[slice(*ranges[0])] == "tide"


@given(st.text(st.sampled_from("ab 潮\x1b"), max_size=300), st.integers(1, 100))
def test_it_fits(text: str, room: int) -> None:
    assert cell_len(window(hit(text, "潮"), room)[0]) <= room
