"""The branches of chats: their names, how they begin, forks, deleting and bringing back.

Invariants: each method that writes is one transaction; something always remains of a chat; what is
being written, by whichever process, is never deleted; a fork shares nothing with what it was made
of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tui.core.conversation import TITLE_MOST, first_words, fork_title
from tui.core.errors import ChatError, ErrorKind
from tui.core.ids import new_id
from tui.core.message import Message, Status
from tui.core.safe import shown_line, storable
from tui.core.tree import Tree
from tui.store import branch_rows, rows, word_index
from tui.store import conversations as conversation_rows
from tui.store import messages as message_rows
from tui.store.database import Database

LOOKED_AT = 2000  # characters of a message, among which its first line with words is looked for


@dataclass(frozen=True, slots=True)
class Glimpse:
    """As much of a message as tells which one it is.

    Attributes:
        text: its first words.
        model: what wrote a reply, empty for others.
        created: UTC.
    """

    text: str
    model: str
    created: datetime
    status: Status


class Branches:
    """What can be done to the branches of chats in a database.

    Every method may raise `ChatError` of kind LIBRARY when the disk or the file fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def names(self, conversation_id: str) -> dict[str, str]:
        """The names of a chat's branches, by the id of the message that each begins with."""
        with self._database.reading() as connection:
            return branch_rows.names(connection, conversation_id)

    def rename(self, message_id: str, name: str) -> None:
        """Name the branch that begins with a message; an empty name takes its name away."""
        cut = storable(shown_line(name))[:TITLE_MOST]
        with self._database.transaction() as connection:
            branch_rows.set_name(connection, message_id, cut)

    def glimpses(self, ids: Sequence[str]) -> dict[str, Glimpse]:
        """How those of `ids` that are there begin; reads a bounded part of each."""
        with self._database.reading() as connection:
            found = connection.execute(
                """
                SELECT id, substr(text, 1, ?) AS text, model, created, status
                FROM messages WHERE id IN (SELECT value FROM json_each(?))
                """,
                (LOOKED_AT, json.dumps(list(ids))),
            )
            return {
                row["id"]: Glimpse(
                    first_words(row["text"]),
                    row["model"],
                    rows.moment(row["created"]),
                    Status(row["status"]),
                )
                for row in found
            }

    def delete(self, conversation_id: str, message_id: str, at: datetime) -> int:
        """Put a branch into the trash: a message and all that follows it.

        A chat that was left on it is from now on left beside it. It is emptied with the trash.

        Returns:
            How many messages it had.

        Raises:
            ChatError: it is all there is of the chat, or a reply in it is being written (BRANCH);
                it is not there any more (NO_SUCH_CHAT).
        """
        with self._database.transaction() as connection:
            tree = Tree(message_rows.nodes(connection, conversation_id))
            if message_id not in tree:
                raise no_such_branch()
            ids = tree.branch(message_id)
            leaf = tree.leaf_without(message_id)
            if leaf is None:
                raise ChatError(
                    ErrorKind.BRANCH,
                    "This is all there is of the chat. /delete throws the whole chat away.",
                )
            if branch_rows.any_in_flight(connection, ids):
                raise ChatError(
                    ErrorKind.BRANCH,
                    "A reply in this branch is being written. Stop it, or wait for its end.",
                )
            (conversation,) = conversation_rows.by_ids(connection, [conversation_id])
            if conversation.active_leaf in ids:
                conversation_rows.change(connection, conversation_id, {"active_leaf": leaf})
            branch_rows.mark_deleted(connection, ids, at)
        return len(ids)

    def restore_last(self, conversation_id: str) -> tuple[str, int] | None:
        """Bring back the branch of a chat that was deleted last, and what it goes off from.

        Returns:
            The id of its first message, and how many messages are back; None: there is none.
        """
        with self._database.transaction() as connection:
            first = branch_rows.deleted_last(connection, conversation_id)
            return None if first is None else (first, branch_rows.restore(connection, first))

    def fork(self, conversation_id: str, leaf: str, at: datetime) -> str:
        """Make a new chat of the branch that ends with a message, from the chat's beginning on.

        Model, settings and tags are the chat's, and of each message all but its id and the name of
        a branch: in the new chat there is one. What is being written is interrupted there.

        Returns:
            The id of the new chat.

        Raises:
            ChatError: the branch is not there any more (kind NO_SUCH_CHAT).
        """
        with self._database.transaction() as connection:
            tree = Tree(message_rows.nodes(connection, conversation_id))
            if leaf not in tree:
                raise no_such_branch()
            path = tree.path(leaf)
            messages = message_rows.by_ids(connection, path)
            copies = _copies([messages[message_id] for message_id in path], new_id())
            (conversation,) = conversation_rows.by_ids(connection, [conversation_id])
            fork = replace(
                conversation,
                id=copies[0].conversation,
                title=fork_title(conversation.title),
                created=at,
                updated=at,
                pinned=False,
                archived=False,
                deleted_at=None,
                draft="",
                active_leaf=copies[-1].id,
                unread=False,
            )
            conversation_rows.insert(connection, fork)
            for message in copies:
                message_rows.insert(connection, message, owner="")  # none of them is in flight
            word_index.add(connection, [message.id for message in copies])
        return fork.id


def no_such_branch() -> ChatError:
    """The error for a branch that went while somebody looked at it."""
    return ChatError(
        ErrorKind.NO_SUCH_CHAT,
        "This branch was deleted meanwhile. Undoing that among the `/branches` brings it back.",
    )


def _copies(messages: Sequence[Message], conversation_id: str) -> list[Message]:
    """The same messages, one after the other, under new ids."""
    copies: list[Message] = []
    for message in messages:
        copies.append(
            replace(
                message,
                id=new_id(),
                conversation=conversation_id,
                parent=copies[-1].id if copies else None,
                status=Status.INTERRUPTED if message.status.in_flight else message.status,
                branch_name="",
            )
        )
    return copies
