"""The picture of a chat's branches: every message in one row, and never much wider than it must."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.branches import branch_rows, drawn
from tui.core.message import Role
from tui.core.tree import Node, Tree


def tree_of(parents: dict[str, str | None]) -> Tree:
    return Tree(Node(one, parent, Role.USER) for one, parent in parents.items())


def picture(tree: Tree, leaf: str | None) -> list[str]:
    return [
        drawn(row, first=not at) + f"{row.id} {row.count}" + (" here" if row.on_screen else "")
        for at, row in enumerate(branch_rows(tree, leaf))
    ]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Any tree; steep ones and flat ones alike."""
    steep = draw(st.integers(1, 40))
    tree = Tree()
    for number in range(draw(st.integers(0, 60))):
        among = [None, *(str(one) for one in range(max(0, number - steep), number))]
        parent = draw(st.sampled_from(among)) if number else None
        tree.add(Node(str(number), parent, Role.USER))
    return tree


@pytest.fixture
def tides() -> Tree:
    """The one in the module's own words."""
    return tree_of(
        {
            "causes": None, "answer": "causes",
            "mars": "answer", "moons": "mars", "seas": "mars", "seas 2": "seas",
            "earth": "answer", "moon": "earth", "sun": "earth",
        }
    )  # fmt: skip


def test_the_branch_on_screen_is_read_straight_down(tides: Tree) -> None:
    assert picture(tides, "sun") == [
        "● causes 2",
        "├─○ mars 1",
        "│ ├─○ moons 1",
        "│ ○ seas 2",
        "● earth 1",
        "├─○ moon 1",
        "● sun 1 here",
    ]
    assert picture(tides, "moons") == [
        "● causes 2",
        "├─○ earth 1",
        "│ ├─○ moon 1",
        "│ ○ sun 1",
        "● mars 1",
        "├─○ seas 2",
        "● moons 1 here",
    ]


def test_a_chat_without_forks_is_one_row() -> None:
    tree = tree_of({"a": None, "b": "a", "c": "b"})
    assert picture(tree, "c") == ["● a 3 here"]
    assert not branch_rows(tree, "c")[0].has_siblings
    assert branch_rows(Tree(), None) == []


def test_one_whose_first_message_was_edited_begins_twice() -> None:
    tree = tree_of({"a": None, "b": "a", "c": None})
    assert picture(tree, "c") == ["┌─○ a 2", "● c 1 here"]


def test_a_branch_left_in_its_middle_has_no_end_on_screen() -> None:
    assert picture(tree_of({"a": None, "b": "a"}), "a") == ["● a 2"]


@given(trees(), st.data())
def test_each_message_is_in_one_row(tree: Tree, data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from([None, *tree]))
    rows = branch_rows(tree, leaf)
    runs: list[str] = []
    for row in rows:
        run = tree.path(row.last)[-row.count :]
        assert run[0] == row.id
        assert all(len(tree.siblings(one)) == 1 for one in run[1:])
        assert len(tree.children(row.last)) != 1
        assert row.has_siblings is (len(tree.siblings(row.id)) > 1)
        assert row.on_path is (row.id in tree.path(leaf))
        runs += run
    assert sorted(runs) == sorted(tree)


@given(trees(), st.data())
def test_each_row_stands_where_the_lines_lead(tree: Tree, data: st.DataObject) -> None:
    """A column is begun by a branch that goes off from the one before, and is read downwards."""
    rows = branch_rows(tree, data.draw(st.sampled_from([None, *tree])))
    ends: list[str | None] = [None]  # what each column has come to
    for row in rows:
        assert tree[row.id].parent == ends[row.column - row.goes_off]
        ends = [*ends[: row.column], row.last]


@given(trees(), st.data())
def test_the_path_is_in_the_first_column(tree: Tree, data: st.DataObject) -> None:
    for row in branch_rows(tree, data.draw(st.sampled_from([None, *tree]))):
        assert not row.on_path or row.column == 0


@given(trees(), st.data())
def test_it_is_never_wide(tree: Tree, data: st.DataObject) -> None:
    rows = branch_rows(tree, data.draw(st.sampled_from([None, *tree])))
    widest = max((row.column for row in rows), default=0)
    assert widest <= 1 + math.log2(max(1, len(tree)))


def test_depth_costs_no_stack_and_no_width() -> None:
    """Ten thousand messages, asked again at each one."""
    tree = Tree()
    last: str | None = None
    for number in range(0, 10_000, 2):
        tree.add(Node(f"{number}", last, Role.USER))
        tree.add(Node(f"{number + 1}", last, Role.USER))
        last = f"{number}"
    rows = branch_rows(tree, last)
    assert len(rows) == 10_000
    assert max(row.column for row in rows) == 1
    assert max(row.column for row in branch_rows(tree, "1")) == 2
