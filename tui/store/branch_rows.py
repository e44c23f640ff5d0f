"""Branches that were deleted, and names of branches. Whoever calls these holds the transaction.

A branch is a message with all that follows it. Deleting one is a mark on each of its messages, so
that what is asked of one message (is it found, shown, counted?) needs no walk through the tree.

What the schema keeps true, whatever the code does:
- what follows a deleted message is deleted too, so what is left is a whole tree;
- the leaf a chat was left on is not deleted, and no reply that is being written is;
- `message_count` counts the messages that are not deleted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from tui.store import rows

SCHEMA = (
    # `branch` is the number of the message that it was deleted with: the first of the branch.
    """
    CREATE TABLE deleted_messages (
        number       INTEGER NOT NULL PRIMARY KEY REFERENCES messages (number) ON DELETE CASCADE,
        conversation TEXT    NOT NULL,
        branch       INTEGER NOT NULL,
        deleted_at   INTEGER NOT NULL
    )
    """,
    "CREATE INDEX deleted_messages_of ON deleted_messages (conversation, deleted_at, branch)",
    "CREATE INDEX deleted_messages_old ON deleted_messages (deleted_at)",
    """
    CREATE TABLE branch_names (
        number       INTEGER NOT NULL PRIMARY KEY REFERENCES messages (number) ON DELETE CASCADE,
        conversation TEXT    NOT NULL,
        name         TEXT    NOT NULL CHECK (name <> '')
    )
    """,
    "CREATE INDEX branch_names_of ON branch_names (conversation)",
    """
    CREATE TRIGGER deleted_discounted AFTER INSERT ON deleted_messages BEGIN
        UPDATE conversations SET message_count = message_count - 1 WHERE id = new.conversation;
    END
    """,
    """
    CREATE TRIGGER deleted_counted AFTER DELETE ON deleted_messages BEGIN
        UPDATE conversations SET message_count = message_count + 1 WHERE id = old.conversation;
    END
    """,
    """
    CREATE TRIGGER deleted_with_what_follows BEFORE INSERT ON deleted_messages
    WHEN EXISTS (
        SELECT 1 FROM messages AS one
        JOIN messages AS next ON next.conversation = one.conversation AND next.parent = one.id
        WHERE one.number = new.number
            AND NOT EXISTS (SELECT 1 FROM deleted_messages WHERE number = next.number)
    ) BEGIN
        SELECT RAISE (ABORT, 'what follows a deleted message is deleted before it');
    END
    """,
    """
    CREATE TRIGGER deleted_unused BEFORE INSERT ON deleted_messages
    WHEN EXISTS (
        SELECT 1 FROM messages AS one JOIN conversations AS c ON c.id = one.conversation
        WHERE one.number = new.number AND (one.owner IS NOT NULL OR c.active_leaf = one.id)
    ) BEGIN
        SELECT RAISE (ABORT, 'a message that is written, or that a chat was left on, stays');
    END
    """,
    # When a message is removed for good its mark goes with it, and this has nothing to say.
    """
    CREATE TRIGGER restored_with_what_it_follows BEFORE DELETE ON deleted_messages
    WHEN EXISTS (
        SELECT 1 FROM messages AS one
        JOIN messages AS before ON before.id = one.parent
        JOIN deleted_messages AS mark ON mark.number = before.number
        WHERE one.number = old.number
    ) BEGIN
        SELECT RAISE (ABORT, 'what a message follows is restored before it');
    END
    """,
    """
    CREATE TRIGGER nothing_follows_deleted BEFORE INSERT ON messages
    WHEN new.parent IS NOT NULL AND EXISTS (
        SELECT 1 FROM deleted_messages
        WHERE number = (SELECT number FROM messages WHERE id = new.parent)
    ) BEGIN
        SELECT RAISE (ABORT, 'nothing new follows a deleted message');
    END
    """,
    """
    CREATE TRIGGER no_leaf_is_deleted BEFORE UPDATE OF active_leaf ON conversations
    WHEN new.active_leaf IS NOT NULL AND EXISTS (
        SELECT 1 FROM deleted_messages
        WHERE number = (SELECT number FROM messages WHERE id = new.active_leaf)
    ) BEGIN
        SELECT RAISE (ABORT, 'a chat is not left on a deleted message');
    END
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Add them; nothing is deleted or named yet."""
    for statement in SCHEMA:
        connection.execute(statement)


# Deleting


def any_in_flight(connection: sqlite3.Connection, ids: Sequence[str]) -> bool:
    """Whether some process is writing one of these."""
    found = connection.execute(
        """
        SELECT 1 FROM messages
        WHERE id IN (SELECT value FROM json_each(?)) AND owner IS NOT NULL
        """,
        (json.dumps(list(ids)),),
    )
    return found.fetchone() is not None


def mark_deleted(connection: sqlite3.Connection, ids: Sequence[str], at: datetime) -> None:
    """Put a branch into the trash: its first message, and all after it that are not there yet.

    Of one chat each deletion is later than the one before, whatever the clock says: the last is
    undone first, and what follows a message goes for good no later than the message.
    """
    first, conversation = connection.execute(
        "SELECT number, conversation FROM messages WHERE id = ?", (ids[0],)
    ).fetchone()
    (last,) = connection.execute(
        "SELECT max(deleted_at) FROM deleted_messages WHERE conversation = ?", (conversation,)
    ).fetchone()
    moment = rows.milliseconds(at)
    connection.execute(
        """
        INSERT INTO deleted_messages (number, conversation, branch, deleted_at)
        SELECT number, conversation, :first, :at FROM messages
        WHERE id IN (SELECT value FROM json_each(:ids))
        ORDER BY number DESC
        """,
        {
            "first": first,
            "at": moment if last is None else max(moment, last + 1),
            "ids": json.dumps(list(ids)),
        },
    )


def deleted_last(connection: sqlite3.Connection, conversation_id: str) -> str | None:
    """The first message of the branch of a chat that was deleted last."""
    found = connection.execute(
        """
        SELECT id FROM messages WHERE number = (
            SELECT branch FROM deleted_messages WHERE conversation = ?
            ORDER BY deleted_at DESC LIMIT 1
        )
        """,
        (conversation_id,),
    ).fetchone()
    return None if found is None else str(found["id"])


def restore(connection: sqlite3.Connection, message_id: str) -> int:
    """Take out of the trash what a message was deleted with, and what it follows.

    Returns:
        How many messages are back; 0 when it was not deleted.
    """
    branches: list[int] = []
    at: str | None = message_id
    while at is not None:
        found = connection.execute(
            """
            SELECT d.branch, f.parent
            FROM messages AS m
            JOIN deleted_messages AS d ON d.number = m.number
            JOIN messages AS f ON f.number = d.branch
            WHERE m.id = ?
            """,
            (at,),
        ).fetchone()
        at = None if found is None else found["parent"]
        branches += [] if found is None else [found["branch"]]
    if not branches:
        return 0
    back = connection.execute(
        """
        SELECT number FROM deleted_messages
        WHERE conversation = (SELECT conversation FROM messages WHERE id = ?)
            AND branch IN (SELECT value FROM json_each(?))
        ORDER BY number
        """,
        (message_id, json.dumps(branches)),
    ).fetchall()
    connection.executemany(
        "DELETE FROM deleted_messages WHERE number = ?", [(row["number"],) for row in back]
    )
    return len(back)


def removable(connection: sqlite3.Connection, before: datetime, *, limit: int) -> list[int]:
    """Numbers of messages that were deleted before that time, those that follow others first.

    A chat that a reply is being written in keeps all of it for now.
    """
    found = connection.execute(
        """
        SELECT number FROM deleted_messages AS d INDEXED BY deleted_messages_old
        WHERE deleted_at < ? AND NOT EXISTS (
            SELECT 1 FROM messages WHERE conversation = d.conversation AND owner IS NOT NULL
        )
        ORDER BY number DESC
        LIMIT ?
        """,
        (rows.milliseconds(before), limit),
    )
    return [number for (number,) in found]


# Names


def names(connection: sqlite3.Connection, conversation_id: str) -> dict[str, str]:
    """The names of a chat's branches, by the id of the message that each begins with."""
    found = connection.execute(
        """
        SELECT m.id, n.name
        FROM branch_names AS n CROSS JOIN messages AS m ON m.number = n.number
        WHERE n.conversation = ?
        """,
        (conversation_id,),
    )
    return {row["id"]: row["name"] for row in found}


def set_name(connection: sqlite3.Connection, message_id: str, name: str) -> None:
    """Name the branch that begins with a message; an empty name takes its name away."""
    if name:
        connection.execute(
            """
            INSERT INTO branch_names (number, conversation, name)
            SELECT number, conversation, :name FROM messages WHERE id = :id
            ON CONFLICT (number) DO UPDATE SET name = excluded.name
            """,
            {"id": message_id, "name": name},
        )
    else:
        connection.execute(
            """
            DELETE FROM branch_names
            WHERE number = (SELECT number FROM messages WHERE id = ?)
            """,
            (message_id,),
        )
