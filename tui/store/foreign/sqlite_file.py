"""Another program's SQLite database, opened to be read and never written.

Nothing is made beside it either, but for the shared memory of a write-ahead log that lies there.
Which program's it is, its tables say. What it holds may be made to do harm: a schema in it is not
trusted (no function of it runs, views are not read), and no value longer than the limit is loaded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tui.store.failures import BUSY_SECONDS
from tui.store.formats.fields import unreadable

HEADER = b"SQLite format 3\0"
CHAT_LIMIT = 200 * 1024 * 1024  # bytes of the texts of one chat
_WRITE_AHEAD = 2  # the header's bytes 18 and 19 (sqlite.org/fileformat2.html)

Row = Mapping[str, object]
Columns = Mapping[str, frozenset[str]]


class ForeignDatabase:
    """One connection for one thread.

    Attributes:
        columns: the names of its tables, each with those of its columns.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.row_factory = _row
        connection.text_factory = _text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, CHAT_LIMIT)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        self._indexed: set[str] = set()
        tables = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.columns: Columns = {
            str(one["name"]): frozenset(
                str(column["name"])
                for column in self.rows("SELECT name FROM pragma_table_info(?)", one["name"])
            )
            for one in list(tables)
        }

    def has(self, table: str, *columns: str) -> bool:
        """Whether it has a table with these columns."""
        return set(columns) <= self.columns.get(table, frozenset())

    def ids(self, table: str) -> list[object]:
        """The ids of a table's rows, in their order; none that is longer than any program's."""
        return [
            row["id"]
            for row in self.rows(f"SELECT id FROM {table} WHERE length(id) <= 100 ORDER BY id")  # noqa: S608 - a name of our own
        ]

    def one(self, table: str, chat_id: object, *columns: str) -> Row:
        """The row of this id; None in each column that versions of the table do not have.

        Raises:
            ChatError: it has gone meanwhile (kind FILE).
        """
        for row in self.rows(f"{self._select(table, columns)} WHERE id = ?", chat_id):
            return row
        raise unreadable("It is not there any more")

    def of(
        self, table: str, column: str, value: object, *columns: str, order: str = "id"
    ) -> list[Row]:
        """The rows of one chat, or of one message: those with this value in a column.

        None of these programs has an index on the column that says whose a row is, so each chat
        would be a walk through all messages there are. The index made here is a temporary table:
        it is ours, not theirs.
        """
        name = f"{table}_by_{column}"
        if name not in self._indexed:
            for statement in (
                f"CREATE TEMP TABLE {name} (value, row)",
                f"INSERT INTO temp.{name} SELECT {column}, rowid FROM main.{table}",  # noqa: S608 - names of our own
                f"CREATE INDEX temp.{name}_index ON {name} (value, row)",
            ):
                self._connection.execute(statement)
            self._indexed.add(name)
        chosen = f"rowid IN (SELECT row FROM temp.{name} WHERE value = ?)"  # noqa: S608 - names of our own
        return self.chat_rows(
            f'{self._select(table, columns)} WHERE {chosen} ORDER BY "{order}"', value
        )

    def chat_rows(self, statement: str, *values: object) -> list[Row]:
        """What a statement finds, all at once.

        Raises:
            ChatError: it is more than a chat can have (kind FILE).
        """
        size = 0
        found = []
        for row in self.rows(statement, *values):
            size += sum(len(value) for value in row.values() if isinstance(value, str | bytes))
            if size > CHAT_LIMIT:
                raise unreadable(f"It is larger than {CHAT_LIMIT // 2**20} MB")
            found.append(row)
        return found

    def rows(self, statement: str, *values: object) -> Iterator[Row]:
        """What a statement finds, row by row."""
        found: Iterator[Row] = self._connection.execute(statement, values)
        return found

    def _select(self, table: str, columns: Sequence[str]) -> str:
        there = self.columns[table]
        wanted = ", ".join(
            f'"{name}"' if name in there else f'NULL AS "{name}"' for name in columns
        )
        return f"SELECT {wanted} FROM {table}"  # noqa: S608 - names of our own


@contextmanager
def opened(path: Path) -> Iterator[ForeignDatabase]:
    """The database at `path`.

    Raises:
        ChatError: it can't be read (kind FILE).
    """
    with in_plain_words():
        connection = sqlite3.connect(
            _address(path), uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
    try:
        with in_plain_words():
            database = ForeignDatabase(connection)
        yield database
    finally:
        connection.close()


@contextmanager
def in_plain_words() -> Iterator[None]:
    """What fails within is said in plain words.

    Raises:
        ChatError: something did (kind FILE).
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise unreadable(
                "Its program is writing into the file just now. Close that program and try again"
            ) from None
        raise unreadable("The database could not be read") from None
    except sqlite3.DataError:
        raise unreadable(f"It is larger than {CHAT_LIMIT // 2**20} MB") from None
    except (sqlite3.Error, OverflowError):
        raise unreadable("The database is damaged there") from None


def _address(path: Path) -> str:
    """Where the file is, to be read only.

    SQLite makes files beside one that is in write-ahead mode, unless it is told that nobody changes
    it. Nobody has it open where no log lies beside it.
    """
    with path.open("rb") as file:
        header = file.read(20)
    ahead = _WRITE_AHEAD in header[18:20]
    alone = ahead and not path.with_name(f"{path.name}-wal").exists()
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"


def _row(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
