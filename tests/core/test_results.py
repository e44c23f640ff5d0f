"""Which chat of those found stands above which."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.store.chats import NOON
from tui.core.hit import Hit
from tui.core.message import Role
from tui.core.results import Results

DAY = timedelta(days=1)


def hit(name: str, days: float = 10, *, whole: bool = False, in_title: bool = False) -> Hit:
    """`a1` is message 1 of chat a."""
    one = Hit(name[0], name, int(name[1:]), name[0], Role.USER, NOON - days * DAY, "")
    return replace(one, whole=whole, in_title=((0, 1),) if in_title else ())


def order(*pieces: list[Hit]) -> str:
    results = Results(NOON)
    for piece in pieces:
        results.add(piece)
    return " ".join(one.message for one in results)


def test_the_newest_first() -> None:
    assert order([hit("a1", 9), hit("b2", 8), hit("a3", 7)]) == "a3 a1 b2"


def test_titles_then_whole_words_then_ages_then_how_often() -> None:
    assert order([hit("a1", 0.1), hit("b2", 300, whole=True), hit("c3", 900, in_title=True)]) == (
        "c3 b2 a1"
    )
    # Within a month nothing is newer than the other: what was said more often is first.
    assert order([hit("a1", 8), hit("b2", 20), hit("b3", 21), hit("c4", 40)]) == "b2 b3 a1 c4"
    assert order([hit("a1", 3), hit("b2", 20), hit("b3", 21)]) == "a1 b2 b3"


def test_what_is_shown_stays_whatever_comes_later() -> None:
    first = [hit("a1", 50)]
    assert order(first, [hit("b2", 0.1, whole=True, in_title=True), hit("a3", 1)]) == "a1 a3 b2"


def test_a_message_is_there_once() -> None:
    assert order([hit("a1", in_title=True), hit("a1")]) == "a1"


@given(
    st.lists(
        st.lists(st.builds(hit, st.from_regex(r"[a-c][1-9]", fullmatch=True)), max_size=9),
        max_size=5,
    )
)
def test_no_piece_moves_or_loses_what_was_there(pieces: list[list[Hit]]) -> None:
    results = Results(NOON)
    before: list[tuple[str, list[str]]] = []
    for piece in pieces:
        results.add(piece)
        after = [(chat.title, [one.message for one in chat.hits]) for chat in results.chats]
        for (title, hits), (still, more) in zip(before, after, strict=False):
            assert (title, hits) == (still, more[: len(hits)])
        before = after
    assert {one.message for one in results} == {one.message for piece in pieces for one in piece}
    assert results.count == len(list(results))
