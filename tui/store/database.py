"""The database file: opened privately, brought up to date, and written all or nothing.

Invariant: a transaction that has returned survives a power cut (write-ahead log, synchronised at
each commit), and another process never sees half of one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tui.core.errors import ChatError
from tui.files import private_folder, touch_private
from tui.store.failures import BUSY_SECONDS, as_problem, in_plain_words, is_no_text
from tui.store.schema import migrate
from tui.store.word_index import problems as index_problems

# A library that is never on disk and gone when it is closed (sqlite.org/inmemorydb.html).
IN_MEMORY = Path(":memory:")


@dataclass(frozen=True, slots=True)
class LibrarySize:
    """How much the library holds.

    Attributes:
        conversations: chats, those in the trash left out.
        deleted: chats in the trash.
        messages: messages of all of them.
        size: bytes on disk, the write-ahead log included.
    """

    conversations: int
    deleted: int
    messages: int
    size: int


class Database:
    """One connection, for one thread.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, made if it is missing; `IN_MEMORY` opens no file.

        Raises:
            ChatError: it can't be opened, or a newer chinwag wrote it (kind LIBRARY).
        """
        self.path = path
        with in_plain_words(path):
            if path != IN_MEMORY:
                private_folder(path.parent)
                touch_private(path)
                for beside in self._beside():  # SQLite gives new ones the mode of the database
                    if beside.exists():
                        touch_private(beside)
            # Transactions are begun and ended by `transaction` alone, hence isolation_level None.
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                self._connection.row_factory = sqlite3.Row
                migrate(self._connection, path)
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
                self._connection.execute("PRAGMA foreign_keys = ON")
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for single statements that read.

        Raises:
            ChatError: the file could not be read (kind LIBRARY).
        """
        with in_plain_words(self.path):
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements of which all or none take effect.

        It waits for other writers when it begins, never in its middle.

        Raises:
            ChatError: the file could not be written (kind LIBRARY).
            ValueError: a rule of the schema would have been broken.
        """
        with in_plain_words(self.path), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The connection, for several statements that read what was there at one moment.

        It holds up no writer.

        Raises:
            ChatError: the file could not be read (kind LIBRARY).
        """
        with in_plain_words(self.path), self._connection:
            self._connection.execute("BEGIN")
            yield self._connection

    def data_version(self) -> int:
        """A number that moves when another connection has changed the file."""
        with self.reading() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def size(self) -> LibrarySize:
        """How much it holds; reads the chats' rows but no message."""
        with self.reading() as connection:
            row = connection.execute(
                """
                SELECT count(*) AS total, count(deleted_at) AS deleted,
                    coalesce(sum(message_count), 0) AS messages
                FROM conversations
                """
            ).fetchone()
            files = [self.path, *self._beside()]
            size = sum(file.stat().st_size for file in files if file.exists())
        return LibrarySize(row["total"] - row["deleted"], row["deleted"], row["messages"], size)

    def check(self) -> list[str]:
        """What is wrong, in sentences; empty when it is healthy. Reads the whole file."""
        return [*self.check_file(), *self.check_index()]

    def check_file(self) -> list[str]:
        """What is wrong with all but the search index."""
        return self._found(_problems)

    def check_index(self) -> list[str]:
        """Where the search index and the messages disagree."""
        return self._found(index_problems)

    def _found(self, problems: Callable[[sqlite3.Connection], Iterator[str]]) -> list[str]:
        found: list[str] = []
        try:
            with self.snapshot() as connection:
                found.extend(problems(connection))  # keeps those found before a failure
        except ChatError as error:
            found.append(as_problem(error))
        return found

    def _beside(self) -> list[Path]:
        return [self.path.with_name(self.path.name + suffix) for suffix in ("-wal", "-shm")]


def _problems(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"The file is damaged: {found}."
    yield from _no_texts(connection)
    for table, number, referred, _ in connection.execute("PRAGMA foreign_key_check"):
        row = f"A row of {table}" if number is None else f"Row {number} of {table}"
        yield f"{row} refers to one of {referred} that is not there."
    for chat, stored, counted in connection.execute(
        """
        SELECT id, message_count AS stored, (
            SELECT count(*) FROM messages WHERE conversation = c.id
        ) - (
            SELECT count(*) FROM deleted_messages WHERE conversation = c.id
        ) AS counted
        FROM conversations AS c WHERE stored <> counted
        """
    ):
        yield f"Chat {chat} is said to have {stored} messages, but {counted} are there."


def _no_texts(connection: sqlite3.Connection) -> Iterator[str]:
    """Tables with texts that can't be decoded: SQLite's own check does not look at that."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'message_words*'"
    ).fetchall()
    for (table,) in tables:
        try:
            for _ in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - of the schema
                pass
        except sqlite3.OperationalError as error:
            if not is_no_text(error):
                raise
            yield f"The file is damaged: a text of {table} has bytes that are none."
