"""Statements on the rows of conversations. Whoever calls them holds the transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from tui.core.chat_filter import listed_text
from tui.core.conversation import Conversation, Parameters
from tui.core.listing import ListedChat
from tui.core.safe import storable
from tui.store import rows


class ConversationChanges(TypedDict, total=False):
    """What may be changed of a chat: the fields of `Conversation` of the same names."""

    title: str
    titled: bool
    model: str
    endpoint: str
    system_prompt: str | None
    parameters: Parameters
    pinned: bool
    archived: bool
    tags: tuple[str, ...]
    draft: str
    active_leaf: str | None
    unread: bool


# One statement for each field, so that a change touches no other: two processes that change
# different things of one chat do not undo each other.
_SET = {
    "title": "UPDATE conversations SET title = :title WHERE id = :id",
    "titled": "UPDATE conversations SET titled = :titled WHERE id = :id",
    "model": "UPDATE conversations SET model = :model WHERE id = :id",
    "endpoint": "UPDATE conversations SET endpoint = :endpoint WHERE id = :id",
    "system_prompt": "UPDATE conversations SET system_prompt = :system_prompt WHERE id = :id",
    "pinned": "UPDATE conversations SET pinned = :pinned WHERE id = :id",
    "archived": "UPDATE conversations SET archived = :archived WHERE id = :id",
    "draft": "UPDATE conversations SET draft = :draft WHERE id = :id",
    # Another process may have deleted that branch meanwhile: then it stays on the one it is on.
    "active_leaf": """
        UPDATE conversations SET active_leaf = :active_leaf
        WHERE id = :id AND NOT EXISTS (
            SELECT 1 FROM deleted_messages
            WHERE number = (SELECT number FROM messages WHERE id = :active_leaf)
        )
        """,
    "unread": "UPDATE conversations SET unread = :unread WHERE id = :id",
}

# When a chat was deleted of which not all is there any more: before 1970, as no other was.
_GIVEN_UP = -1


def insert(connection: sqlite3.Connection, conversation: Conversation) -> None:
    """Add a chat without messages."""
    connection.execute(
        """
        INSERT INTO conversations (
            id, title, titled, created, updated, model, endpoint, temperature, max_tokens, stream,
            pinned, archived, deleted_at, active_leaf, unread, system_prompt, draft, listed
        ) VALUES (
            :id, :title, :titled, :created, :updated, :model, :endpoint, :temperature, :max_tokens,
            :stream, :pinned, :archived, :deleted_at, :active_leaf, :unread, :system_prompt, :draft,
            :listed
        )
        """,
        {
            **rows.conversation_values(conversation),
            "listed": listed_text(conversation.title, conversation.tags),
        },
    )
    _insert_tags(connection, conversation.id, conversation.tags)


def by_ids(connection: sqlite3.Connection, ids: Sequence[str]) -> list[Conversation]:
    """Those of `ids` that are there, in that order."""
    found = connection.execute(
        """
        SELECT c.*,
            (
                SELECT json_group_array(tag)
                FROM (SELECT tag FROM tags WHERE conversation = c.id ORDER BY position)
            ) AS tags,
            EXISTS (
                SELECT 1 FROM messages WHERE conversation = c.id AND owner IS NOT NULL
            ) AS streaming
        FROM conversations AS c
        WHERE c.id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(ids)),),
    )
    values = {row["id"]: rows.conversation_from(row) for row in found}
    return [values[conversation_id] for conversation_id in ids if conversation_id in values]


def listed(connection: sqlite3.Connection, ids: Sequence[str]) -> list[ListedChat]:
    """As `by_ids`, of each only what the list of chats shows."""
    found = connection.execute(
        """
        SELECT id, title, updated, pinned, unread,
            EXISTS (SELECT 1 FROM messages WHERE conversation = c.id AND owner IS NOT NULL),
            (
                SELECT json_group_array(tag)
                FROM (SELECT tag FROM tags WHERE conversation = c.id ORDER BY position)
            )
        FROM conversations AS c
        WHERE id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(ids)),),
    )
    chats = {
        chat_id: ListedChat(
            chat_id,
            title,
            rows.moment(updated),
            bool(pinned),
            bool(unread),
            bool(streaming),
            () if tags == "[]" else tuple(json.loads(tags)),
        )
        for chat_id, title, updated, pinned, unread, streaming, tags in found
    }
    return [chats[chat_id] for chat_id in ids if chat_id in chats]


def newest_ids(
    connection: sqlite3.Connection, *, archived: bool, before: Conversation | None, limit: int
) -> list[str]:
    """Ids by the time of the last message, newest first, from after `before` on."""
    if before is None:
        found = connection.execute(
            """
            SELECT id FROM conversations
            WHERE deleted_at IS NULL AND archived = ?
            ORDER BY updated DESC, id DESC
            LIMIT ?
            """,
            (archived, limit),
        )
    else:
        found = connection.execute(
            """
            SELECT id FROM conversations
            WHERE deleted_at IS NULL AND archived = ? AND (updated, id) < (?, ?)
            ORDER BY updated DESC, id DESC
            LIMIT ?
            """,
            (archived, rows.milliseconds(before.updated), before.id, limit),
        )
    return [row["id"] for row in found]


def by_prefix(
    connection: sqlite3.Connection, prefix: str, *, deleted: bool, limit: int
) -> list[tuple[str, str]]:
    """Ids that begin with `prefix`, with their titles, in the order of the ids."""
    found = connection.execute(
        """
        SELECT id, title FROM conversations
        WHERE id >= ? AND id < ? AND (deleted_at IS NOT NULL) = ?
        ORDER BY id
        LIMIT ?
        """,
        (prefix, prefix + "\U0010ffff", deleted, limit),
    )
    return [(row["id"], row["title"]) for row in found]


def change(
    connection: sqlite3.Connection, conversation_id: str, changes: ConversationChanges
) -> bool:
    """Set the named fields; False when there is no such chat."""
    if not connection.execute(
        "SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)
    ).fetchone():
        return False
    for name, value in changes.items():
        if name in _SET:
            stored = storable(value) if isinstance(value, str) else value
            connection.execute(_SET[name], {name: stored, "id": conversation_id})
    if "parameters" in changes:
        connection.execute(
            """
            UPDATE conversations
            SET temperature = :temperature, max_tokens = :max_tokens, stream = :stream
            WHERE id = :id
            """,
            {**rows.parameter_values(changes["parameters"]), "id": conversation_id},
        )
    if "tags" in changes:
        connection.execute("DELETE FROM tags WHERE conversation = ?", (conversation_id,))
        _insert_tags(connection, conversation_id, changes["tags"])
    if changes.keys() & {"title", "tags"}:
        _list_anew(connection, conversation_id)
    return True


def move_on(
    connection: sqlite3.Connection, conversation_id: str, leaf: str, at: datetime, *, sent: bool
) -> bool:
    """A message was added at the end; `sent` by the user. False when there is no such chat.

    A chat that is written in comes out of the trash: what is said now must not go with it.
    """
    moved = connection.execute(
        """
        UPDATE conversations
        SET active_leaf = :leaf, updated = max(updated, :at), deleted_at = NULL,
            draft = CASE WHEN :sent THEN '' ELSE draft END
        WHERE id = :id AND deleted_at IS NOT :given_up
        """,
        {
            "id": conversation_id,
            "leaf": leaf,
            "sent": sent,
            "at": rows.milliseconds(at),
            "given_up": _GIVEN_UP,
        },
    )
    return moved.rowcount == 1


def touch(connection: sqlite3.Connection, conversation_id: str, at: datetime) -> None:
    """Its last message changed; `updated` never goes back."""
    connection.execute(
        "UPDATE conversations SET updated = max(updated, ?) WHERE id = ?",
        (rows.milliseconds(at), conversation_id),
    )


def mark_deleted(connection: sqlite3.Connection, conversation_id: str, at: datetime | None) -> bool:
    """Put a chat into the trash, or (None) take it out; False when there is no such chat."""
    marked = connection.execute(
        "UPDATE conversations SET deleted_at = ? WHERE id = ? AND deleted_at IS NOT ?",
        (None if at is None else rows.milliseconds(at), conversation_id, _GIVEN_UP),
    )
    return marked.rowcount == 1


def removable(connection: sqlite3.Connection, before: datetime, *, limit: int) -> list[str]:
    """Ids of chats that were deleted before that time and that nobody writes in, oldest first."""
    found = connection.execute(
        """
        SELECT id FROM conversations
        WHERE deleted_at < :before AND (deleted_at = :given_up OR NOT EXISTS (
            SELECT 1 FROM messages WHERE conversation = conversations.id AND owner IS NOT NULL
        ))
        ORDER BY deleted_at
        LIMIT :limit
        """,
        {"before": rows.milliseconds(before), "given_up": _GIVEN_UP, "limit": limit},
    )
    return [row["id"] for row in found]


def give_up(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Some messages of a chat in the trash were removed for good: it can't come back any more."""
    connection.execute(
        "UPDATE conversations SET deleted_at = ?, active_leaf = NULL WHERE id = ?",
        (_GIVEN_UP, conversation_id),
    )


def remove(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Remove a chat for good."""
    connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))


def add_listed(connection: sqlite3.Connection) -> None:
    """Migration: what the list of chats is filtered by, beside what it is sorted by.

    The index has all that a filter looks at, so that none reads the chats' rows.
    """
    connection.execute("ALTER TABLE conversations ADD COLUMN listed TEXT NOT NULL DEFAULT ''")
    list_all_anew(connection)
    connection.execute(
        """
        CREATE INDEX conversations_listed
            ON conversations (archived, pinned, updated, id, deleted_at, listed)
            WHERE deleted_at IS NULL
        """
    )


def list_all_anew(connection: sqlite3.Connection) -> None:
    """Say of each chat by what the list is filtered; for chats that were not made by `insert`."""
    for (conversation_id,) in connection.execute("SELECT id FROM conversations").fetchall():
        _list_anew(connection, conversation_id)


def _list_anew(connection: sqlite3.Connection, conversation_id: str) -> None:
    (title,) = connection.execute(
        "SELECT title FROM conversations WHERE id = ?", (conversation_id,)
    ).fetchone()
    tags = connection.execute(
        "SELECT tag FROM tags WHERE conversation = ? ORDER BY position", (conversation_id,)
    )
    connection.execute(
        "UPDATE conversations SET listed = ? WHERE id = ?",
        (listed_text(title, [tag for (tag,) in tags]), conversation_id),
    )


def _insert_tags(connection: sqlite3.Connection, conversation_id: str, tags: Iterable[str]) -> None:
    unique = dict.fromkeys(storable(tag) for tag in tags)
    connection.executemany(
        "INSERT INTO tags (conversation, position, tag) VALUES (?, ?, ?)",
        [(conversation_id, position, tag) for position, tag in enumerate(unique)],
    )
