"""The tree of a conversation: whole after any growth, and its walks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.message import Role
from tui.core.tree import Node, Tree


def node(node_id: str, parent: str | None = None) -> Node:
    return Node(node_id, parent, Role.USER)


@st.composite
def grown(draw: st.DrawFn) -> list[Node]:
    """Nodes in the order of creation, each under none or any that came before."""
    nodes: list[Node] = []
    for n in range(draw(st.integers(0, 30))):
        parent = draw(st.sampled_from([None, *(one.id for one in nodes)]))
        nodes.append(node(str(n), parent))
    return nodes


@pytest.fixture
def tree() -> Tree:
    """A question with two replies, the second talked on; and an edit of the question.

    q - a
      - b - c
    e
    """
    return Tree([node("q"), node("a", "q"), node("b", "q"), node("c", "b"), node("e")])


def test_a_path_leads_from_the_first_message_to_the_leaf(tree: Tree) -> None:
    assert tree.path("c") == ["q", "b", "c"]
    assert tree.path("e") == ["e"]
    assert tree.path(None) == []


def test_siblings_in_the_order_they_were_made(tree: Tree) -> None:
    assert tree.siblings("b") == ["a", "b"]
    assert tree.siblings("q") == ["q", "e"]
    assert (tree.place("a"), tree.place("b"), tree.place("c")) == ((1, 2), (2, 2), (1, 1))


def test_stepping_between_siblings_stops_at_either_end(tree: Tree) -> None:
    assert tree.sibling("a", 1) == "b"
    assert tree.sibling("b", -1) == "a"
    assert tree.sibling("a", -1) is None
    assert tree.sibling("b", 1) is None


def test_the_newest_branch_through_a_message(tree: Tree) -> None:
    assert tree.leaf_under("q") == "c"
    assert tree.leaf_under("a") == "a"
    assert tree.newest_leaf() == "e"
    assert Tree().newest_leaf() is None


def test_what_does_not_fit_is_refused(tree: Tree) -> None:
    with pytest.raises(ValueError, match="has no parent nowhere"):
        tree.add(node("x", "nowhere"))
    with pytest.raises(ValueError, match="has no parent x"):
        tree.add(node("x", "x"))
    with pytest.raises(ValueError, match="already"):
        tree.add(node("a", "e"))
    assert len(tree) == 5
    assert "x" not in tree
    assert tree["a"].parent == "q"


def test_the_list_of_siblings_is_the_callers_own(tree: Tree) -> None:
    tree.siblings("a").clear()
    assert tree.siblings("a") == ["a", "b"]


@given(grown())
def test_every_message_is_reached(nodes: list[Node]) -> None:
    tree = Tree(nodes)
    assert len(tree) == len(nodes)
    for one in nodes:
        path = tree.path(one.id)
        assert path[-1] == one.id
        assert tree[path[0]].parent is None
        assert [tree[after].parent for after in path[1:]] == path[:-1]
        leaf = tree.leaf_under(one.id)
        assert tree.path(leaf)[: len(path)] == path
        assert not any(other.parent == leaf for other in nodes)


@given(grown())
def test_places_count_through_the_siblings(nodes: list[Node]) -> None:
    tree = Tree(nodes)
    for one in nodes:
        siblings = tree.siblings(one.id)
        assert siblings == [other.id for other in nodes if other.parent == one.parent]
        number, of = tree.place(one.id)
        assert (siblings[number - 1], of) == (one.id, len(siblings))
        after = tree.sibling(one.id, 1)
        assert after == (siblings[number] if number < of else None)
        assert after is None or tree.sibling(after, -1) == one.id


@given(grown(), st.data())
def test_growing_changes_nothing_that_was_there(nodes: list[Node], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(nodes)))
    tree = Tree(nodes[:at])
    before = {one.id: (tree.path(one.id), tree.place(one.id)[0]) for one in nodes[:at]}
    for one in nodes[at:]:
        tree.add(one)
    assert {one: (tree.path(one), tree.place(one)[0]) for one in before} == before


def test_a_branch_is_a_message_with_all_that_follows_it(tree: Tree) -> None:
    assert tree.branch("q") == ["q", "a", "b", "c"]
    assert tree.branch("c") == ["c"]
    assert (tree.children("q"), tree.children("c"), tree.children(None)) == (
        ["a", "b"],
        [],
        ["q", "e"],
    )


def test_without_a_branch_one_is_beside_it_else_before_it(tree: Tree) -> None:
    assert tree.leaf_without("a") == "c"  # the one after it, at its end
    assert tree.leaf_without("b") == "a"
    assert tree.leaf_without("c") == "b"
    assert tree.leaf_without("e") == "c"
    assert Tree([node("q")]).leaf_without("q") is None
