"""Lines of a list of which a part is known, against the same list with all of them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tui.ui.grouped_lines import GroupedLines
from tui.ui.row_lines import Heading, RowLines


@dataclass(frozen=True, slots=True)
class Item:
    """A row."""

    id: str


counts = st.lists(st.integers(1, 4), max_size=5)


def both(
    sizes: list[int], last: int, first: int = 0, known: int = 99
) -> tuple[GroupedLines[Item], RowLines[Item]]:
    items = [Item(str(rank)) for rank in range(sum(sizes))]
    tail = [Item(f"last {number}") for number in range(last)]
    lines: list[Item | Heading] = []
    rest = iter(items)
    for number, size in enumerate(sizes):
        lines += [Heading(f"#{number}"), *(next(rest) for _ in range(size))]
    lines += [*([Heading("")] if sizes and tail else []), *tail]
    groups = [(f"#{number}", size) for number, size in enumerate(sizes)]
    part = items[first : first + known]
    return GroupedLines(groups, first, part, {}, tail), RowLines(lines)


@given(counts, st.integers(0, 2), st.integers(-2, 30), st.integers(-9, 9).filter(bool))
def test_it_is_the_same_list(sizes: list[int], last: int, line: int, count: int) -> None:
    some, every = both(sizes, last)
    assert len(some) == len(every)
    assert [some.at(number) for number in range(len(some))] == list(every.lines)
    assert some.row(line) == every.row(line)
    assert some.nearest(max(0, line)) == every.nearest(max(0, line))
    start = every.nearest(max(0, line))
    assert some.stepped(start, count) == every.stepped(start, count)
    if start is not None:
        assert some.with_headings(start) == every.with_headings(start)
        row = every.row(start)
        assert row is not None
        assert some.find(row.id) == start


@given(counts, st.integers(0, 20), st.integers(0, 20))
def test_what_is_not_known_still_has_its_place(sizes: list[int], first: int, known: int) -> None:
    some, every = both(sizes, 0, first, known)
    for line in range(len(every)):
        shown, whole = some.at(line), every.at(line)
        assert shown == whole or shown is None
        assert (some.rank_at(line) is None) == isinstance(whole, Heading)
        rank = some.rank_at(line)
        if rank is not None:
            assert some.line_at(rank) == line
            assert (shown is None) == (not first <= rank < first + known)


def test_a_row_that_is_not_known_may_be_found_by_its_rank() -> None:
    lines = GroupedLines[Item]([("#", 10)], 0, [Item("0")], {"far": 7})
    assert lines.find("far") == 8
    assert lines.row(8) is None
