"""The database's shape, as numbered migrations.

`PRAGMA user_version` says how many of `MIGRATIONS` a file has had. One that has had more than this
program knows is refused untouched. Before one that holds chats is changed, it is copied.

What the schema itself keeps true, whatever the code does:
- a message's parent, and the leaf a chat was left on, are messages of the same chat;
- a message has an owner exactly while some process writes it;
- `message_count` counts;
- of what is deleted of a chat, see `tui.store.branch_rows`.

Times are milliseconds since 1970, UTC. Columns that may be long come last in a row, so that reading
the others does not walk through them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.store import branch_rows, conversations, narrowing, spending, word_index
from tui.store.backups import back_up

Migration = Callable[[sqlite3.Connection], None]

_VERSION_1 = (
    """
    CREATE TABLE conversations (
        id            TEXT    NOT NULL PRIMARY KEY,
        title         TEXT    NOT NULL,
        titled        INTEGER NOT NULL,
        created       INTEGER NOT NULL,
        updated       INTEGER NOT NULL,
        model         TEXT    NOT NULL,
        endpoint      TEXT    NOT NULL,
        temperature   REAL,
        max_tokens    INTEGER,
        stream        INTEGER,
        pinned        INTEGER NOT NULL,
        archived      INTEGER NOT NULL,
        deleted_at    INTEGER,
        active_leaf   TEXT,
        unread        INTEGER NOT NULL,
        message_count INTEGER NOT NULL DEFAULT 0,
        system_prompt TEXT,
        draft         TEXT    NOT NULL,
        FOREIGN KEY (id, active_leaf) REFERENCES messages (conversation, id)
            DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TABLE tags (
        conversation TEXT    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        tag          TEXT    NOT NULL,
        position     INTEGER NOT NULL,
        PRIMARY KEY (conversation, tag)
    ) WITHOUT ROWID
    """,
    # `number` is the order of creation. `size` is the length of `text` in characters.
    """
    CREATE TABLE messages (
        number         INTEGER PRIMARY KEY,
        id             TEXT    NOT NULL UNIQUE,
        conversation   TEXT    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent         TEXT,
        role           TEXT    NOT NULL,
        status         TEXT    NOT NULL,
        owner          TEXT,
        created        INTEGER NOT NULL,
        size           INTEGER NOT NULL,
        model          TEXT    NOT NULL,
        endpoint       TEXT    NOT NULL,
        finish_reason  TEXT,
        tokens_input     INTEGER,
        tokens_cached    INTEGER,
        tokens_output    INTEGER,
        tokens_reasoning INTEGER,
        tokens_exact     INTEGER,
        cost_usd       REAL,
        first_token_ms INTEGER,
        reasoning_ms   INTEGER,
        total_ms       INTEGER,
        request_id     TEXT,
        error_kind     TEXT,
        error_text     TEXT,
        notices        TEXT    NOT NULL,
        reasoning      TEXT    NOT NULL,
        text           TEXT    NOT NULL,
        UNIQUE (conversation, id),
        FOREIGN KEY (conversation, parent) REFERENCES messages (conversation, id),
        CHECK (parent <> id),
        CHECK ((owner IS NOT NULL) = (status IN ('pending', 'streaming')))
    )
    """,
    """
    CREATE TABLE attachments (
        message    TEXT    NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        position   INTEGER NOT NULL,
        name       TEXT    NOT NULL,
        media_type TEXT    NOT NULL,
        size       INTEGER NOT NULL,
        text       TEXT,
        PRIMARY KEY (message, position)
    )
    """,
    """
    CREATE INDEX conversations_newest ON conversations (archived, updated, id)
        WHERE deleted_at IS NULL
    """,
    """
    CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL
    """,
    # All that a tree needs, so that a chat opens without a look at its messages' rows; it begins
    # with the columns of the parent's foreign key, which needs such an index too.
    """
    CREATE INDEX messages_tree ON messages (conversation, parent, number, id, role, size)
    """,
    """
    CREATE INDEX messages_in_flight ON messages (conversation, owner) WHERE owner IS NOT NULL
    """,
    """
    CREATE TRIGGER messages_counted AFTER INSERT ON messages BEGIN
        UPDATE conversations SET message_count = message_count + 1 WHERE id = new.conversation;
    END
    """,
    """
    CREATE TRIGGER messages_discounted AFTER DELETE ON messages BEGIN
        UPDATE conversations SET message_count = message_count - 1 WHERE id = old.conversation;
    END
    """,
)


def _first(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1:
        connection.execute(statement)


# Appended to, never edited: files out there have had them.
MIGRATIONS: tuple[Migration, ...] = (
    _first,
    word_index.migrate,
    branch_rows.migrate,
    spending.migrate,
    narrowing.migrate,
    conversations.add_listed,
)


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations the file has had."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def migrate(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring the database at `path` up to date, in one transaction.

    Leaves foreign keys switched off: a migration may rebuild a table that others refer to.

    Raises:
        ChatError: a newer chinwag has written the file, or references in it break (kind LIBRARY).
        sqlite3.Error: the disk or the file failed; nothing is changed then.
    """
    if _up_to_date(connection, path, migrations):
        return
    connection.execute("PRAGMA foreign_keys = OFF")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _up_to_date(connection, path, migrations):
            return  # another process did it while this one waited for the lock
        version = version_of(connection)
        if version:
            back_up(path)
        for migration in migrations[version:]:
            migration(connection)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise ChatError(
                ErrorKind.LIBRARY,
                f"{path} could not be brought up to date, for a message in it is missing. It was "
                "left as it was: use the chinwag that wrote it, and report this.",
            )
        connection.execute(f"PRAGMA user_version = {len(migrations):d}")


def _up_to_date(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]
) -> bool:
    version = version_of(connection)
    if version > len(migrations):
        raise ChatError(
            ErrorKind.LIBRARY,
            f"{path} is of a newer chinwag (library version {version}, this one knows "
            f"{len(migrations)}). Get the newer one, or set CHINWAG_HOME to another folder.",
        )
    return version == len(migrations)
