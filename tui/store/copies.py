"""Whole chats taken out of a library and put into one.

Invariants: what is taken out is as it was at one moment, though others write meanwhile; what is put
in comes in whole or not at all, under the ids it has; a chat that is there is never changed by it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Message
from tui.core.whole import WholeConversation, whole_conversation
from tui.store import conversations as conversation_rows
from tui.store import messages as message_rows
from tui.store import word_index
from tui.store.database import Database


class Put(StrEnum):
    """What became of a chat that was to be put into a library."""

    ADDED = "added"
    GROWN = "grown"  # it was there, and got what had been said elsewhere since
    PRESENT = "present"  # the very same was there
    REFUSED = "refused"  # one of its messages has the id of another chat's
    DIFFERENT = "different"  # one of the same id was there, and was left as it was


_TakeIn = Callable[[sqlite3.Connection, WholeConversation], tuple[Put, int]]


class Copies:
    """Takes chats out of a database and puts them in.

    All methods may raise `ChatError` of kind LIBRARY when the disk or the file fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, conversation_id: str) -> WholeConversation:
        """A chat with all its messages, in the trash or not.

        Raises:
            ChatError: there is no such chat (kind NO_SUCH_CHAT).
        """
        with self._database.snapshot() as connection:
            found = _whole(connection, conversation_id)
        if found is None:
            raise ChatError(
                ErrorKind.NO_SUCH_CHAT,
                f"Chat {conversation_id} is not there any more. `chinwag chats` lists those "
                "there are.",
            )
        return found

    def put(self, wholes: Iterable[WholeConversation]) -> list[tuple[Put, int]]:
        """Add chats, unless one of the same id is there.

        Returns what became of each, and how many messages came in. They are written together, for
        the disk takes as long to make one of them safe as a hundred; yet each is all or nothing.
        """
        return self._each(_put, wholes)

    def add(self, wholes: Iterable[WholeConversation]) -> list[tuple[Put, int]]:
        """As `put`, of another program's, or what was said in them there since they were added.

        Nothing that is here is changed by that: messages only join it, each behind the one it
        follows. The leaf it was left on moves on only from a message that the new ones follow, so
        that who reads it sees them come after what they saw. What was deleted here stays so: a chat
        in the trash gets nothing, and a branch does not come back, with what followed in it.
        """
        return self._each(_add, wholes)

    def _each(self, take_in: _TakeIn, wholes: Iterable[WholeConversation]) -> list[tuple[Put, int]]:
        became: list[tuple[Put, int]] = []
        with self._database.transaction() as connection:
            for whole in wholes:
                connection.execute("SAVEPOINT chat")
                try:
                    became.append(take_in(connection, whole))
                except sqlite3.IntegrityError:
                    connection.execute("ROLLBACK TO chat")
                    became.append((Put.REFUSED, 0))
                connection.execute("RELEASE chat")
        return became


def _put(connection: sqlite3.Connection, whole: WholeConversation) -> tuple[Put, int]:
    there = _whole(connection, whole.conversation.id)
    if there is not None:
        return Put.PRESENT if there == whole else Put.DIFFERENT, 0
    _insert(connection, whole)
    return Put.ADDED, len(whole.messages)


def _add(connection: sqlite3.Connection, whole: WholeConversation) -> tuple[Put, int]:
    chat_id = whole.conversation.id
    found = conversation_rows.by_ids(connection, [chat_id])
    if not found:
        _insert(connection, whole)
        return Put.ADDED, len(whole.messages)
    there = {node.id for node in message_rows.nodes(connection, chat_id)}
    new = _new(whole.messages, there, message_rows.ids(connection, chat_id) - there)
    if not new or found[0].deleted_at is not None:
        return Put.PRESENT, 0
    _insert_messages(connection, new)
    conversation_rows.touch(connection, chat_id, max(one.created for one in new))
    there.update(one.id for one in new)
    path = [one for one in whole.tree().path(whole.conversation.active_leaf) if one in there]
    if found[0].active_leaf in path:
        conversation_rows.change(connection, chat_id, {"active_leaf": path[-1]})
    return Put.GROWN, len(new)


def _new(messages: Sequence[Message], there: set[str], deleted: set[str]) -> list[Message]:
    """Those that are not there and follow nothing that was deleted."""
    gone = set(deleted)
    new = []
    for message in messages:  # parents come before their children
        if message.parent in gone:
            gone.add(message.id)
        elif message.id not in there and message.id not in gone:
            new.append(message)
    return new


def _insert(connection: sqlite3.Connection, whole: WholeConversation) -> None:
    conversation_rows.insert(connection, whole.conversation)
    _insert_messages(connection, whole.messages)


def _insert_messages(connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
    for message in messages:
        message_rows.insert(connection, message, owner="")  # none of them is in flight
    word_index.add(connection, [message.id for message in messages])


def _whole(connection: sqlite3.Connection, conversation_id: str) -> WholeConversation | None:
    found = conversation_rows.by_ids(connection, [conversation_id])
    if not found:
        return None
    ids = [node.id for node in message_rows.nodes(connection, conversation_id)]
    messages = message_rows.by_ids(connection, ids)
    return whole_conversation(found[0], [messages[message_id] for message_id in ids])
