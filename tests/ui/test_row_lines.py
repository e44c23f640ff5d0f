"""Lines of rows and headings."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.row_lines import Heading, RowLines, moved


@dataclass(frozen=True, slots=True)
class Item:
    """A row."""

    id: str
    version: int = 0


def lines(pattern: str) -> RowLines[Item]:
    """`#` is a heading, any other character a row of that name."""
    return RowLines([Heading("#") if name == "#" else Item(name) for name in pattern])


patterns = st.lists(st.sampled_from("#abcdefgh"), max_size=12).map(
    lambda names: "".join(
        name for index, name in enumerate(names) if name == "#" or name not in names[:index]
    )
)


def test_steps_pass_over_headings_and_stop_at_the_ends() -> None:
    rows = lines("#ab#c")
    assert rows.stepped(None, 1) == 1
    assert rows.stepped(2, 1) == 4
    assert rows.stepped(4, -2) == 1
    assert rows.stepped(4, 9) == 4
    assert lines("##").stepped(None, 1) is None


def test_nearest_is_the_next_row_else_the_one_before() -> None:
    assert lines("#a#b").nearest(2) == 3
    assert lines("#a##").nearest(2) == 1
    assert lines("##").nearest(0) is None


def test_headings_right_above_go_with_a_row() -> None:
    assert lines("a##b").with_headings(3) == 1
    assert lines("ab").with_headings(1) == 1


def test_what_moved_is_told_by_rows_that_did_not_change() -> None:
    old = lines("#abcd")
    assert moved(old, lines("#xyabcd"), range(2, 5)) == 2
    assert moved(old, lines("#abcd"), range(2, 5)) == 0
    assert moved(old, lines("#xyz"), range(2, 5)) is None
    bumped = RowLines([Item("b", 1), Item("a"), Item("c"), Item("d")])
    assert moved(old, bumped, range(2, 5)) == -1  # b went to the top; c and d say how far


@given(patterns, st.integers(-3, 15), st.integers(-15, 15).filter(bool))
def test_a_step_lands_on_a_row(pattern: str, start: int, count: int) -> None:
    rows = lines(pattern)
    at = rows.nearest(max(0, start))
    landed = rows.stepped(at, count)
    assert landed == at or rows.row(landed) is not None
    if at is not None and landed is not None:
        assert (landed - at) * count >= 0


@given(patterns, st.integers(0, 15))
def test_nearest_finds_a_row_where_there_is_one(pattern: str, line: int) -> None:
    rows = lines(pattern)
    found = rows.nearest(line)
    assert (found is None) == (set(pattern) <= {"#"})
    assert found is None or rows.row(found) is not None
