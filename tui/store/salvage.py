"""Saving what can be read of a damaged database, into a new one.

Rows are copied table by table; where a page can't be read, reading goes on behind it. A message
whose row is lost but that the index of the tree still knows keeps its place, so that what was said
before and after it stays one chat. Invariants: the damaged file is only read; what comes out holds
every rule of the schema; what was lost is counted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tui.core.errors import ErrorKind
from tui.core.message import Role, Status
from tui.store import conversations, word_index
from tui.store.database import Database

LOST = "(This message was lost: the library was damaged here.)"
RECOVERED = "Recovered chat"
_LAST = 2**63 - 1
# In this order, each refers to those before it; then whatever else the schema has.
_FIRST_TABLES = ("conversations", "tags", "messages", "attachments")
_MADE_ANEW = {"unindexed"}  # with the search index
# When a lost message was made, as near as can be told: as the one before it, or the one behind.
_MADE_ABOUT = """
    SELECT coalesce(
        (SELECT created FROM messages WHERE conversation = :chat AND number < :number
            ORDER BY number DESC LIMIT 1),
        (SELECT created FROM messages WHERE conversation = :chat AND number > :number
            ORDER BY number LIMIT 1),
        (SELECT created FROM conversations WHERE id = :chat),
        0
    )
"""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What became of a damaged library.

    Attributes:
        conversations: chats that were saved, those in the trash included.
        messages: messages that were saved.
        placeholders: messages besides, of which only the place in their chat is left.
        gone: messages, at least, of which nothing is left.
        rebuilt: chats of which only messages were left: their titles and settings are lost.
    """

    conversations: int
    messages: int
    placeholders: int
    gone: int
    rebuilt: int


def salvage(damaged: Path, fresh: Path) -> Salvaged:
    """Copy what can be read of the database `damaged` into a new one at `fresh`.

    Raises:
        ChatError: the new one can't be written (kind LIBRARY).
        sqlite3.Error: nothing at all of the damaged one can be read.
    """
    database = Database(fresh)
    try:
        with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
            source.row_factory = sqlite3.Row
            source.text_factory = lambda text: text.decode("utf-8", "replace")
            # With it SQLite reads a file that is shorter than it says, too; nothing is written.
            source.execute("PRAGMA writable_schema = ON")
            known = _columns(source)  # where not even this can be read, nothing can
            with database.reading() as target:
                target.execute("PRAGMA foreign_keys = OFF")  # until all is there
            with database.transaction() as target:
                return _copy_all(source, known, target)
    finally:
        database.close()


def _copy_all(
    source: sqlite3.Connection, known: Mapping[str, list[str]], target: sqlite3.Connection
) -> Salvaged:
    columns = _columns(target)
    others = [table for table in columns if table not in _FIRST_TABLES]
    expected = 0
    for table in (*_FIRST_TABLES, *others):
        shared = [column for column in columns[table] if column in known.get(table, ())]
        rows = _readable(source, table) if shared else ()
        # What was deleted is marked from the end of a branch on, or its rules would not hold.
        for row in rows if table in _FIRST_TABLES else reversed(list(rows)):
            values = {column: row[column] for column in shared}
            if table == "conversations":
                expected += _count(values.pop("message_count", 0))
            if table != "messages" or _settle(values):
                _insert(target, table, values)
    messages = _one(target, "SELECT count(*) FROM messages")
    placeholders = _place_lost(source, target)
    rebuilt = _mend(target)
    word_index.forget_all(target)
    conversations.list_all_anew(target)
    total = _one(target, "SELECT total(message_count) FROM conversations")
    return Salvaged(
        conversations=_one(target, "SELECT count(*) FROM conversations"),
        messages=messages,
        placeholders=placeholders,
        gone=max(0, expected - total),
        rebuilt=rebuilt,
    )


def _columns(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The tables that hold what people said and did, with their columns."""
    tables = dict(
        connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    )
    virtual = [name for name, sql in tables.items() if "VIRTUAL" in (sql or "")[:15].upper()]
    return {
        name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
        for name in tables
        if name not in _MADE_ANEW
        and not name.startswith("sqlite_")
        and not any(name == one or name.startswith(f"{one}_") for one in virtual)
    }


def _readable(connection: sqlite3.Connection, table: str) -> Iterator[sqlite3.Row]:
    """Rows of a table that can be read, in their order, the unreadable ones passed over."""
    try:
        connection.execute(f"SELECT rowid FROM {table} LIMIT 0")  # noqa: S608 - of the schema
    except sqlite3.OperationalError:  # a table without: read as far as it goes
        with suppress(sqlite3.Error):
            yield from connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - of the schema
        return
    from_here = (
        f"SELECT rowid AS place_of_row, * FROM {table} "  # noqa: S608 - of the schema
        "WHERE rowid > ? ORDER BY rowid"
    )
    one = f"{from_here} LIMIT 1"
    after = -1
    while after < _LAST:
        try:
            for row in connection.execute(from_here, (after,)):
                after = row["place_of_row"]
                yield row
        except sqlite3.Error:
            # The module reads a row ahead: the one it had may be well.
            after = _behind(connection, one, after)
            if after < _LAST:
                yield connection.execute(one, (after - 1,)).fetchone()
        else:
            return


def _behind(connection: sqlite3.Connection, first_after: str, after: int) -> int:
    """The key of the first row that can be read again behind `after`; `_LAST` if there is none."""

    def readable_from(key: int) -> int | None:
        try:
            row = connection.execute(first_after, (key - 1,)).fetchone()
        except sqlite3.Error:
            return None
        return _LAST if row is None else int(row["place_of_row"])

    step = 1
    low, high = after, after + 1
    while (found := readable_from(high)) is None:
        low, high, step = high, high + step, 2 * step
        if high >= _LAST:
            return _LAST
    while high - low > 1:  # nothing readable at `low`, something at `high`
        middle = (low + high) // 2
        if (nearer := readable_from(middle)) is None:
            low = middle
        else:
            high, found = middle, nearer
    return found


def _settle(values: dict[str, object]) -> bool:
    """Whether a message's row makes sense; one that was in flight is interrupted."""
    try:
        Role(str(values["role"]))
        status = Status(str(values["status"]))
        if values["error_kind"] is not None:
            ErrorKind(str(values["error_kind"]))
        notices = json.loads(str(values["notices"]))
    except ValueError:
        return False
    if status.in_flight:
        values |= {"status": Status.INTERRUPTED.value, "owner": None}
    return (
        isinstance(notices, list)
        and isinstance(values["created"], int)
        and all(isinstance(values[name], str) for name in ("id", "conversation", "text"))
    )


def _insert(target: sqlite3.Connection, table: str, values: Mapping[str, object]) -> None:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    with suppress(sqlite3.IntegrityError):  # a row that breaks a rule is no row of ours
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - of the schema
        target.execute(statement, values)


def _place_lost(source: sqlite3.Connection, target: sqlite3.Connection) -> int:
    """Put something in the place of each message that only the tree's index knows; how many."""
    count = 0
    with suppress(sqlite3.Error):
        for number, message, chat, parent, role in source.execute(
            """
            SELECT number, id, conversation, parent, role
            FROM messages INDEXED BY messages_tree
            """
        ):
            if target.execute("SELECT 1 FROM messages WHERE id = ?", (message,)).fetchone():
                continue
            (created,) = target.execute(_MADE_ABOUT, {"chat": chat, "number": number}).fetchone()
            failed = role == Role.ASSISTANT
            with suppress(sqlite3.IntegrityError):
                target.execute(
                    """
                    INSERT INTO messages (
                        number, id, conversation, parent, role, status, created, size, model,
                        endpoint, error_kind, error_text, notices, reasoning, text
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, '[]', '', ?)
                    """,
                    (
                        *(number, message, chat, parent, role),
                        Status.FAILED if failed else Status.COMPLETE,
                        created,
                        0 if failed else len(LOST),
                        ErrorKind.LIBRARY if failed else None,
                        LOST if failed else None,
                        "" if failed else LOST,
                    ),
                )
                count += 1
    return count


def _mend(target: sqlite3.Connection) -> int:
    """Make rows fit together again that refer to others which are lost; returns rebuilt chats."""
    rebuilt = target.execute(
        """
        INSERT INTO conversations (
            id, title, titled, created, updated, model, endpoint, pinned, archived, unread, draft
        )
        SELECT conversation, ?, 0, min(created), max(created), max(model), max(endpoint),
            0, 0, 0, ''
        FROM messages WHERE conversation NOT IN (SELECT id FROM conversations)
        GROUP BY conversation
        """,
        (RECOVERED,),
    ).rowcount
    # A message that comes before what it follows would make a circle.
    target.execute(
        """
        UPDATE messages SET parent = NULL WHERE parent IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM messages AS one WHERE one.id = messages.parent
                AND one.conversation = messages.conversation AND one.number < messages.number
        )
        """
    )
    for table in _columns(target):
        _without_orphans(target, table)
    target.execute(
        """
        UPDATE conversations SET message_count = (
            SELECT count(*) FROM messages WHERE conversation = conversations.id
                AND number NOT IN (SELECT number FROM deleted_messages)
        )
        """
    )
    target.execute(
        """
        UPDATE conversations SET active_leaf = (
            SELECT id FROM messages WHERE conversation = conversations.id
                AND number NOT IN (SELECT number FROM deleted_messages)
            ORDER BY number DESC LIMIT 1
        )
        WHERE NOT EXISTS (
            SELECT 1 FROM messages WHERE id = active_leaf
                AND conversation = conversations.id
                AND number NOT IN (SELECT number FROM deleted_messages)
        )
        """
    )
    return rebuilt


def _without_orphans(target: sqlite3.Connection, table: str) -> None:
    """Remove rows that refer to one that is lost; chats and messages were seen to before."""
    if table in ("conversations", "messages"):
        return
    for _, _, referred, column, key, *_ in target.execute(f"PRAGMA foreign_key_list({table})"):
        with suppress(sqlite3.IntegrityError):
            there = f"SELECT {key} FROM {referred}"  # noqa: S608 - of the schema
            target.execute(f"DELETE FROM {table} WHERE {column} NOT IN ({there})")  # noqa: S608


def _one(connection: sqlite3.Connection, statement: str) -> int:
    return int(connection.execute(statement).fetchone()[0])


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < _LAST else 0
