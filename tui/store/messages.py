"""Statements on the rows of messages. Whoever calls them holds the transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from tui.core.message import Attachment, Message, Role, Status
from tui.core.safe import storable
from tui.core.tree import Node
from tui.store import branch_rows, rows

_ROLES = {role.value: role for role in Role}  # twice as fast as asking the enum, 10,000 times


def insert(connection: sqlite3.Connection, message: Message, owner: str) -> None:
    """Add a message with its attachments; `owner` writes it while it is in flight."""
    connection.execute(
        """
        INSERT INTO messages (
            id, conversation, parent, role, status, owner, created, size, model, endpoint,
            finish_reason, tokens_input, tokens_cached, tokens_output, tokens_reasoning,
            tokens_exact, cost_usd, first_token_ms, reasoning_ms, total_ms, request_id,
            error_kind, error_text, notices, reasoning, text
        ) VALUES (
            :id, :conversation, :parent, :role, :status, :owner, :created, :size, :model,
            :endpoint, :finish_reason, :tokens_input, :tokens_cached, :tokens_output,
            :tokens_reasoning, :tokens_exact, :cost_usd, :first_token_ms, :reasoning_ms,
            :total_ms, :request_id, :error_kind, :error_text, :notices, :reasoning, :text
        )
        """,
        {**rows.message_values(message), "owner": owner if message.status.in_flight else None},
    )
    if message.branch_name:
        branch_rows.set_name(connection, message.id, storable(message.branch_name))
    connection.executemany(
        """
        INSERT INTO attachments (message, position, name, media_type, size, text)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
            (message.id, position, *rows.attachment_values(attachment))
            for position, attachment in enumerate(message.attachments)
        ],
    )


def nodes(connection: sqlite3.Connection, conversation_id: str) -> list[Node]:
    """A chat's messages but the deleted, in the order of their creation, without their texts."""
    cursor = connection.cursor()
    cursor.row_factory = None  # tuples are twice as fast, for 10,000 of them
    found = cursor.execute(
        """
        SELECT id, parent, role, size FROM messages
        WHERE conversation = :chat AND number NOT IN (
            SELECT number FROM deleted_messages WHERE conversation = :chat
        )
        ORDER BY number
        """,
        {"chat": conversation_id},
    )
    return [Node(node_id, parent, _ROLES[role], size) for node_id, parent, role, size in found]


def end_nodes(
    connection: sqlite3.Connection, conversation_id: str, leaf: str, count: int
) -> list[Node]:
    """The last `count` messages of the branch that ends with `leaf`, with all that stand beside.

    In the order of their creation, the deleted left out. Where the branch goes on above, the first
    of them have no parent. None where there is no such leaf.
    """
    found = connection.execute(
        """
        WITH RECURSIVE branch (id, parent, place) AS (
            SELECT id, parent, 1 FROM messages
            WHERE id = :leaf AND conversation = :chat
                AND number NOT IN (SELECT number FROM deleted_messages WHERE conversation = :chat)
            UNION ALL
            SELECT above.id, above.parent, place + 1
            FROM branch JOIN messages AS above ON above.id = branch.parent
            WHERE place < :count
        )
        SELECT beside.id, beside.parent, beside.role, beside.size
        FROM branch CROSS JOIN messages AS beside
            ON beside.conversation = :chat AND beside.parent IS branch.parent
        WHERE beside.number NOT IN (
            SELECT number FROM deleted_messages WHERE conversation = :chat
        )
        ORDER BY beside.number
        """,
        {"chat": conversation_id, "leaf": leaf, "count": count},
    ).fetchall()
    there = {row["id"] for row in found}
    return [
        Node(
            row["id"],
            row["parent"] if row["parent"] in there else None,
            _ROLES[row["role"]],
            row["size"],
        )
        for row in found
    ]


def numbers(connection: sqlite3.Connection, conversation_id: str) -> list[int]:
    """The numbers of a chat's messages, the deleted too, those that follow others first."""
    found = connection.execute(
        "SELECT number FROM messages WHERE conversation = ? ORDER BY number DESC",
        (conversation_id,),
    )
    return [number for (number,) in found]


def ids(connection: sqlite3.Connection, conversation_id: str) -> set[str]:
    """The ids of a chat's messages, the deleted too."""
    found = connection.execute("SELECT id FROM messages WHERE conversation = ?", (conversation_id,))
    return {row["id"] for row in found}


def spent(connection: sqlite3.Connection, conversation_id: str) -> float | None:
    """US dollars that a chat's replies have cost, deleted ones too; None where none is known."""
    row = connection.execute(
        "SELECT SUM(cost_usd) AS spent FROM messages WHERE conversation = ?", (conversation_id,)
    ).fetchone()
    return None if row["spent"] is None else float(row["spent"])


def by_ids(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Message]:
    """Those of `ids` that are there, deleted or not, by their id."""
    wanted = (json.dumps(list(ids)),)
    attachments: dict[str, list[Attachment]] = {}
    for row in connection.execute(
        """
        SELECT * FROM attachments WHERE message IN (SELECT value FROM json_each(?))
        ORDER BY message, position
        """,
        wanted,
    ):
        attachment = Attachment(row["name"], row["media_type"], row["size"], row["text"])
        attachments.setdefault(row["message"], []).append(attachment)
    found = connection.execute(
        """
        SELECT m.*, n.name AS branch_name
        FROM messages AS m LEFT JOIN branch_names AS n ON n.number = m.number
        WHERE m.id IN (SELECT value FROM json_each(?))
        """,
        wanted,
    )
    return {row["id"]: rows.message_from(row, attachments.get(row["id"], ())) for row in found}


# A reply can be written on while it is in flight, and while it is interrupted: a file system that
# loses locks (a network that was gone) may have let another process declare it so though this one
# lives, and then no word of it may be lost.


def flush(
    connection: sqlite3.Connection, message_id: str, text: str, reasoning: str, owner: str
) -> bool:
    """Save what a reply says so far; False when there is no such reply to be written on."""
    flushed = connection.execute(
        """
        UPDATE messages
        SET status = 'streaming', owner = :owner, text = :text, reasoning = :reasoning,
            size = :size
        WHERE id = :id AND status IN ('pending', 'streaming', 'interrupted')
        """,
        {**rows.text_values(text, reasoning), "id": message_id, "owner": owner},
    )
    return flushed.rowcount == 1


def finish(connection: sqlite3.Connection, message: Message) -> bool:
    """Save the end of a reply; False when there is no such reply to be written on."""
    finished = connection.execute(
        """
        UPDATE messages
        SET status = :status, owner = NULL, text = :text, reasoning = :reasoning, size = :size,
            model = :model, endpoint = :endpoint, finish_reason = :finish_reason,
            tokens_input = :tokens_input, tokens_cached = :tokens_cached,
            tokens_output = :tokens_output, tokens_reasoning = :tokens_reasoning,
            tokens_exact = :tokens_exact, cost_usd = :cost_usd, first_token_ms = :first_token_ms,
            reasoning_ms = :reasoning_ms, total_ms = :total_ms, request_id = :request_id,
            error_kind = :error_kind, error_text = :error_text, notices = :notices
        WHERE id = :id AND status IN ('pending', 'streaming', 'interrupted')
        """,
        {**rows.outcome_values(message), "id": message.id},
    )
    return finished.rowcount == 1


def owners(connection: sqlite3.Connection) -> list[str]:
    """Whose replies are in flight."""
    found = connection.execute("SELECT DISTINCT owner FROM messages WHERE owner IS NOT NULL")
    return [row["owner"] for row in found]


def in_flight_of(connection: sqlite3.Connection, of_owners: Sequence[str]) -> list[str]:
    """Ids of the replies that these owners have in flight."""
    found = connection.execute(
        """
        SELECT id FROM messages
        WHERE owner IS NOT NULL AND owner IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(list(of_owners)),),
    )
    return [row["id"] for row in found]


def interrupt(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Declare replies in flight interrupted, text kept."""
    connection.execute(
        """
        UPDATE messages SET status = ?, owner = NULL
        WHERE id IN (SELECT value FROM json_each(?))
        """,
        (Status.INTERRUPTED.value, json.dumps(list(ids))),
    )
