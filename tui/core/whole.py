"""A conversation with all its messages, as a value: what goes out of a library and into one.

Invariant: the messages are a whole tree (`Tree` takes them as they stand), and nothing in it
depends on the library it came from. So what only a library knows is left out: who is writing in the
chat right now. A reply that is still being written is, in a copy, one that was interrupted there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui.core.conversation import Conversation
from tui.core.message import Message, Status
from tui.core.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class WholeConversation:
    """A conversation and every message of it, made by `whole_conversation`.

    Attributes:
        messages: in the order of their creation, hence parents before their children.
    """

    conversation: Conversation
    messages: tuple[Message, ...]

    def tree(self) -> Tree:
        """The shape of it."""
        return tree_of(self.messages)

    def branch(self, tree: Tree) -> list[Message]:
        """The messages of the branch it was left on, oldest first."""
        leaf = self.conversation.active_leaf
        by_id = {message.id: message for message in self.messages}
        return [by_id[one] for one in tree.path(tree.newest_leaf() if leaf is None else leaf)]


def whole_conversation(
    conversation: Conversation, messages: Sequence[Message]
) -> WholeConversation:
    """The copy of a conversation.

    Raises:
        ValueError: a message's parent, or the leaf it was left on, is not among the messages.
    """
    tree = tree_of(messages)
    if conversation.active_leaf is not None and conversation.active_leaf not in tree:
        raise ValueError(f"there is no message {conversation.active_leaf}")
    settled = [
        replace(message, status=Status.INTERRUPTED) if message.status.in_flight else message
        for message in messages
    ]
    counted = replace(conversation, message_count=len(messages), streaming=False)
    return WholeConversation(counted, tuple(settled))


def tree_of(messages: Sequence[Message]) -> Tree:
    """The tree of all messages of one conversation.

    Raises:
        ValueError: one comes before its parent or has none, or an id is there twice.
    """
    return Tree(
        Node(message.id, message.parent, message.role, len(message.text)) for message in messages
    )
