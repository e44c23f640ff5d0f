"""The branches of a chat as the rows of a picture.

A chat is mostly a line, and forks where it was edited or retried. A row stands for a run of
messages without a fork in it. The runs that lead on stand in one column, with those that branch off
to its right in between, under the run they go off from:

    ● What causes tides?
    ├─○ And on Mars?
    │ ├─○ It has two moons
    │ ○ It has no seas
    ● And on Earth?
    ├─○ The Moon pulls
    ● The Moon and the Sun pull

Invariant: what leads on is on the path that is on screen; elsewhere it is the branch with most
messages. So the branch on screen is read straight down however often it forked, each step to the
right but the first at least halves what there is below it, and the picture of 10,000 messages is
never more than 15 columns wide. Every walk is a loop: depth costs no stack.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.message import Role
from tui.core.tree import Tree


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A run of messages without a fork.

    Attributes:
        id: of its first message.
        last: id of its last one.
        role: who wrote the first.
        count: messages of the run.
        column: 0 for what leads on from the chat's beginning.
        goes_off: it is the first of its column there: it goes off from the column before.
        has_siblings: there are others in its place; one that has none is all of the chat.
        on_path: the branch on screen leads through it.
        on_screen: the branch on screen ends with it.
    """

    id: str
    last: str
    role: Role
    count: int
    column: int = 0
    goes_off: bool = False
    has_siblings: bool = False
    on_path: bool = False
    on_screen: bool = False


def branch_rows(tree: Tree, leaf: str | None) -> list[BranchRow]:
    """All runs of a chat, top to bottom.

    Args:
        tree: the chat's messages.
        leaf: the end of the branch on screen.
    """
    path = set(tree.path(leaf))
    sizes = _sizes(tree)
    rows: list[BranchRow] = []
    # Runs yet to be drawn, the next one last: first message, column, goes off, has siblings.
    waiting: list[tuple[str, int, bool, bool]] = []

    def fork(children: list[str], column: int) -> None:
        """Draw these next: those that go off from `column`, then what leads on in it."""
        if not children:
            return
        on = next((child for child in children if child in path), None)
        if on is None:  # of two that are as long, the newer
            on = max(reversed(children), key=sizes.__getitem__)
        waiting.append((on, column, False, len(children) > 1))
        waiting.extend(
            (child, column + 1, True, True) for child in reversed(children) if child != on
        )

    fork(tree.children(None), 0)
    while waiting:
        first, column, goes_off, has_siblings = waiting.pop()
        last, count, children = first, 1, tree.children(first)
        while len(children) == 1:
            last, count, children = children[0], count + 1, tree.children(children[0])
        rows.append(
            BranchRow(
                id=first,
                last=last,
                role=tree[first].role,
                count=count,
                column=column,
                goes_off=goes_off,
                has_siblings=has_siblings,
                on_path=first in path,
                on_screen=last == leaf,
            )
        )
        fork(children, column)
    return rows


def drawn(row: BranchRow, *, first: bool = False) -> str:
    """What is drawn before a row: `│ ├─○ `.

    Args:
        row: the row.
        first: nothing is above it, so there is nothing to go off from but what comes below.
    """
    node = "●" if row.on_path else "○"
    if not row.goes_off:
        return "│ " * row.column + f"{node} "
    return "│ " * (row.column - 1) + f"{'┌' if first else '├'}─{node} "


def _sizes(tree: Tree) -> dict[str, int]:
    """How many messages each branch has, by its first message."""
    sizes = dict.fromkeys(tree, 1)
    for node_id in reversed(sizes):  # children come after their parents
        parent = tree[node_id].parent
        if parent is not None:
            sizes[parent] += sizes[node_id]
    return sizes
