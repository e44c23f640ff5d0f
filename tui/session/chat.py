"""An opened conversation: its tree, the branch one looks at, and the messages read so far.

It holds no text it was not asked for: opening reads the shape of the tree, `OpenChats.load`
fetches messages as they are needed, and those that were not used for longest go again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tui.core.conversation import Conversation
from tui.core.message import Message
from tui.core.tree import Node, Tree
from tui.store.branches import no_such_branch

# What is kept of the messages that were read. All of most chats; of a long one less than a pane
# keeps for itself, which shows nothing from here that it was not given.
KEPT_MESSAGES = 500
KEPT_TEXT = 1_000_000  # characters


class Chat:
    """One conversation in memory.

    Attributes:
        conversation: its values as last known.
        tree: all its messages by place; while not `whole` the end of a branch of it.
        messages: those at hand, by id; the one that was used last is the last one.
        whole: whether the tree has all there is.
        saved: False for a new chat before its first message.
        writing: held while something of it is written or read anew, so that what is in memory and
            what is on disk change in the same order.
    """

    def __init__(
        self, conversation: Conversation, tree: Tree, *, saved: bool, whole: bool = True
    ) -> None:
        self.conversation = conversation
        self.tree = tree
        self.whole = whole
        self.messages: dict[str, Message] = {}
        self.saved = saved
        self.writing = asyncio.Lock()

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.conversation.id

    @property
    def leaf(self) -> str | None:
        """The message at the end of the branch one looks at."""
        leaf = self.conversation.active_leaf
        return leaf if leaf in self.tree else self.tree.newest_leaf()

    @property
    def path(self) -> list[str]:
        """Ids of the branch one looks at, oldest first."""
        return self.tree.path(self.leaf)

    def take(self, nodes: Sequence[Node]) -> bool:
        """Have exactly these messages; True if any came or went.

        When the branch one looks at has gone, it is the newest through what is left of it.
        """
        self.whole = True
        if [node.id for node in nodes] == list(self.tree):
            return False
        before, path = self.tree, self.path
        self.tree = Tree(nodes)
        if path and path[-1] not in self.tree:
            gone = next(message_id for message_id in path if message_id not in self.tree)
            leaf = before.leaf_without(gone)
            if leaf not in self.tree:  # and so has what was beside it
                left = before[gone].parent
                leaf = self.tree.newest_leaf() if left is None else self.tree.leaf_under(left)
            self.conversation = replace(self.conversation, active_leaf=leaf)
        return True

    def keep(self, messages: Iterable[Message]) -> None:
        """Have these at hand; those that were not used for longest go where it gets too much."""
        known = self.messages
        for message in messages:
            known.pop(message.id, None)
            known[message.id] = message
        count, size = len(known), sum(map(_size, known.values()))
        if count <= KEPT_MESSAGES and size <= KEPT_TEXT:
            return
        for message in tuple(known.values()):
            if count <= 1 or (count <= KEPT_MESSAGES and size <= KEPT_TEXT):
                return
            if not message.status.in_flight:  # it is watched until it ends
                del known[message.id]
                count, size = count - 1, size - _size(message)

    def check(self, message_id: str) -> None:
        """Nothing happens while a message is there.

        Raises:
            ChatError: its branch was deleted meanwhile, in another window (kind NO_SUCH_CHAT).
        """
        if message_id not in self.tree:
            raise no_such_branch()

    def add(self, message: Message) -> None:
        """Take in a new message and look at its branch."""
        self.tree.add(Node(message.id, message.parent, message.role, len(message.text)))
        self.messages[message.id] = message
        self.conversation = replace(
            self.conversation,
            active_leaf=message.id,
            updated=max(self.conversation.updated, message.created),
            message_count=len(self.tree),
            deleted_at=None,  # what is written in comes out of the trash
        )


def _size(message: Message) -> int:
    return len(message.text) + len(message.reasoning)
