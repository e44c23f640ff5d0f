"""Emptying the trash, a short transaction at a time: replies are saved in between.

Invariants: of a chat that may come back nothing is missing; of a branch that is begun, what is left
is whole, for messages go from its end on. How far it has come is seen by what is still there, so it
goes on where it was, after a crash too.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from tui.store import branch_rows, word_index
from tui.store import conversations as conversation_rows
from tui.store import messages as message_rows
from tui.store.catching_up import BATCH_CHARACTERS, BATCH_MESSAGES
from tui.store.database import Database


def empty_some(database: Database, before: datetime) -> tuple[int, bool]:
    """Remove for good some of what was deleted before that time.

    A chat that a reply is being written in stays for now, and so do its branches.

    Returns:
        How many chats went, and whether there may be more to remove.
    """
    with database.reading() as connection:
        if not (
            conversation_rows.removable(connection, before, limit=1)
            or branch_rows.removable(connection, before, limit=1)
        ):
            return 0, False  # the usual case takes no lock
    with database.transaction() as connection:
        batch = _Batch(connection)
        chats = conversation_rows.removable(connection, before, limit=BATCH_MESSAGES)
        for removed, chat_id in enumerate(chats):
            if not batch.remove(message_rows.numbers(connection, chat_id)):
                conversation_rows.give_up(connection, chat_id)
                return removed, True
            conversation_rows.remove(connection, chat_id)
        if not chats:
            old = branch_rows.removable(connection, before, limit=BATCH_MESSAGES)
            batch.remove(old)
    return len(chats), True


class _Batch:
    """What goes in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._messages = BATCH_MESSAGES
        self._characters = BATCH_CHARACTERS

    def remove(self, numbers: Sequence[int]) -> bool:
        """Remove messages for good, those that follow others first; False: not all went.

        Args:
            numbers: of the messages, the highest first; all that follow any of them are there.
        """
        gone: list[tuple[int, str]] = []
        for number, text in self._connection.execute(
            """
            SELECT m.number, m.text
            FROM json_each(?) AS wanted CROSS JOIN messages AS m ON m.number = wanted.value
            """,
            (json.dumps(numbers[: max(0, self._messages)]),),
        ):
            if self._characters <= 0:
                break
            gone.append((number, text))
            self._characters -= len(text)
        self._messages -= max(1, len(gone))  # a chat without messages is work too
        word_index.remove_texts(self._connection, gone)
        self._connection.execute(
            "DELETE FROM messages WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps([number for number, _ in gone]),),
        )
        return len(gone) == len(numbers)
