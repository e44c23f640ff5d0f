"""What a person types to narrow the list of chats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.chat_filter import PARTS_MOST, ChatFilter, listed_text, parse_filter

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
PIECES = st.lists(
    st.sampled_from(['"', "-", ":", "#", "tag", "is", "pinned", "archived", " ", "a", "é"])
).map("".join)


def lets_through(typed: str, title: str, *tags: str) -> bool:
    wanted, text = parse_filter(typed), listed_text(title, tags)
    return all(one in text for one in wanted.holds) and not any(one in text for one in wanted.lacks)


@pytest.mark.parametrize(
    ("typed", "title", "tags"),
    [
        ("", "Anything", ()),
        ("tide", "High tides", ()),
        ("TIDES high", "High tides", ()),
        ("uber cafe", "Über das Café", ()),
        ("café", "Cafe\u0301", ()),
        ('"gh ti"', "High tides", ()),
        ("work", "Tides", ("work",)),
        ("tag:work", "Tides", ("ideas", "Work")),
        ("tag:wo", "Tides", ("work",)),
        ('tag:"two words"', "Tides", ("two words",)),
        ("tag:", "Tides", ()),
        ("#work", "Tides", ("work",)),
        ("-sun", "Tides", ()),
        ("-", "Tides", ()),
        ("-tag:old", "Tides", ("work",)),
        ("潮", "潮汐", ()),
        ("100%", "100% sure", ()),
    ],
)
def test_it_lets_through(typed: str, title: str, tags: tuple[str, ...]) -> None:
    assert lets_through(typed, title, *tags)


@pytest.mark.parametrize(
    ("typed", "title", "tags"),
    [
        ("moon", "Tides", ()),
        ("tide moon", "Tides", ()),
        ("tag:work", "work", ()),
        ("tag:wo tide", "Tides", ("work",)),  # it is typed to its end
        ('tag:"wo"', "Tides", ("work",)),
        ("-tide", "Tides", ()),
        ("is:nonsense", "Tides", ()),
    ],
)
def test_it_leaves_out(typed: str, title: str, tags: tuple[str, ...]) -> None:
    assert not lets_through(typed, title, *tags)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("is:pinned", ChatFilter(pinned=True)),
        ("-is:pinned", ChatFilter(pinned=False)),
        ("is:archived", ChatFilter(archived=True)),
        ("IS:arch tide", ChatFilter(holds=("tide",), archived=True)),
        ("is:", ChatFilter()),
    ],
)
def test_what_a_chat_is(typed: str, expected: ChatFilter) -> None:
    assert parse_filter(typed) == expected


@given(ANYTHING | PIECES)
def test_every_text_is_a_filter(typed: str) -> None:
    wanted = parse_filter(typed)
    assert len(wanted.holds) + len(wanted.lacks) <= 2 * PARTS_MOST
    for text in (*wanted.holds, *wanted.lacks):
        assert text
        text.encode()


@given(ANYTHING, st.lists(ANYTHING, max_size=3))
def test_a_chat_s_own_title_finds_it(title: str, tags: list[str]) -> None:
    quoted = title.replace('"', " ")
    assert lets_through(f'"{quoted}"', quoted, *tags)
