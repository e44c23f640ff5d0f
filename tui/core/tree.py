"""The shape of a conversation: a tree of messages in the order they were made.

Invariant: every node's parent is in the tree and came before it, so there is no cycle and each
walk ends. Editing and retrying add siblings; nothing is ever replaced. The tree knows ids and
lengths only, so that a chat of 10,000 messages opens without reading its texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui.core.message import Role


class Node(NamedTuple):  # which is made in a third of the time of a frozen dataclass, 10,000 times
    """A message's place in the tree; `size` is the length of its text in characters."""

    id: str
    parent: str | None
    role: Role
    size: int = 0


class Tree:
    """Messages by their place. Adding is O(1); a path costs its own length."""

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._nodes: dict[str, Node] = {}
        self._children: dict[str | None, list[str]] = {}
        self._path: list[str] = []
        for node in nodes:
            self.add(node)

    def __len__(self) -> int:
        return len(self._nodes)

    def __iter__(self) -> Iterator[str]:
        """Ids in the order in which they were added."""
        return iter(self._nodes)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._nodes

    def __getitem__(self, node_id: str) -> Node:
        return self._nodes[node_id]

    def add(self, node: Node) -> None:
        """Add a message after its parent.

        Raises:
            ValueError: its parent is not in the tree, or its id is taken.
        """
        if node.id in self._nodes:
            raise ValueError(f"message {node.id} is in the tree already")
        if node.parent is not None and node.parent not in self._nodes:
            raise ValueError(f"message {node.id} has no parent {node.parent} in the tree")
        self._nodes[node.id] = node
        self._children.setdefault(node.parent, []).append(node.id)

    def path(self, leaf: str | None) -> list[str]:
        """Ids from the first message to `leaf`; empty for None."""
        # It is asked for again and again, and what leads to a message never changes.
        if leaf is None or not self._path or self._path[-1] != leaf:
            path: list[str] = []
            while leaf is not None:
                path.append(leaf)
                leaf = self._nodes[leaf].parent
            path.reverse()
            self._path = path
        return self._path.copy()

    def siblings(self, node_id: str) -> list[str]:
        """All messages that share the parent of `node_id`, itself included, oldest first."""
        return list(self._children[self._nodes[node_id].parent])

    def place(self, node_id: str) -> tuple[int, int]:
        """Which of how many siblings it is, from 1: (2, 3) shows as `2/3`."""
        siblings = self._children[self._nodes[node_id].parent]
        return siblings.index(node_id) + 1, len(siblings)

    def sibling(self, node_id: str, step: int) -> str | None:
        """The sibling `step` places on (negative: back), None past either end."""
        siblings = self._children[self._nodes[node_id].parent]
        index = siblings.index(node_id) + step
        return siblings[index] if 0 <= index < len(siblings) else None

    def children(self, node_id: str | None) -> list[str]:
        """The messages that follow it, oldest first; those that begin the chat for None."""
        return list(self._children.get(node_id, ()))

    def branch(self, node_id: str) -> list[str]:
        """A message and all that follows it, on whatever branch, parents before children."""
        found = [node_id]
        for one in found:  # it grows while it is walked
            found += self._children.get(one, ())
        return found

    def leaf_without(self, node_id: str) -> str | None:
        """Where to be when the branch that begins with this message goes.

        Returns:
            The end of the newest branch through the sibling after it, else the one before it; its
            parent where it has none; None for all there is.
        """
        beside = self.sibling(node_id, 1) or self.sibling(node_id, -1)
        return self._nodes[node_id].parent if beside is None else self.leaf_under(beside)

    def leaf_under(self, node_id: str) -> str:
        """The end of the newest branch through `node_id`."""
        while children := self._children.get(node_id):
            node_id = children[-1]
        return node_id

    def newest_leaf(self) -> str | None:
        """The end of the newest branch of all, None in an empty tree."""
        roots = self._children.get(None)
        return self.leaf_under(roots[-1]) if roots else None
