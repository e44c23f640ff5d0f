"""Whole chats taken out of a library and put into one.

Invariants: what is taken out is as it was at one moment, though others write meanwhile; what is put
in comes in whole or not at all, under the ids it has; a chat that is there is never changed by it.
"""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from tui.core.errors import ChatError, ErrorKind
from tui.core.whole import WholeConversation, whole_conversation
from tui.store import conversations as conversation_rows
from tui.store import messages as message_rows
from tui.store import word_index
from tui.store.database import Database


class Put(StrEnum):
    """What became of a chat that was to be put into a library."""

    ADDED = "added"
    PRESENT = "present"  # the very same was there
    DIFFERENT = "different"  # one of the same id was there, and was left as it was


class Copies:
    """Takes chats out of a database and puts them in.

    Both methods may raise `ChatError` of kind LIBRARY when the disk or the file fails.
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

    def put(self, whole: WholeConversation) -> Put:
        """Add a chat, unless one of its id is there.

        Raises:
            ValueError: a message's id is taken by one of another chat.
        """
        conversation = whole.conversation
        with self._database.transaction() as connection:
            there = _whole(connection, conversation.id)
            if there is not None:
                return Put.PRESENT if there == whole else Put.DIFFERENT
            conversation_rows.insert(connection, conversation)
            for message in whole.messages:
                message_rows.insert(connection, message, owner="")  # none of them is in flight
            word_index.add(connection, [message.id for message in whole.messages])
        return Put.ADDED


def _whole(connection: sqlite3.Connection, conversation_id: str) -> WholeConversation | None:
    found = conversation_rows.by_ids(connection, [conversation_id])
    if not found:
        return None
    ids = [node.id for node in message_rows.nodes(connection, conversation_id)]
    messages = message_rows.by_ids(connection, ids)
    return whole_conversation(found[0], [messages[message_id] for message_id in ids])
