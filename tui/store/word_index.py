"""The full-text index: which words each message has, kept in step with the messages.

Invariant: the index holds the words of exactly those messages whose number is above `unindexed`'s,
that a user or a model wrote, and that no process is writing. Whoever changes such a message says so
here, in the same transaction. What is at or below that number waits: a library from before there
was an index may hold a million messages, and nobody waits for those: `catching_up` takes them in
little by little. Until then a search reads them.

The index keeps no text of its own (FTS5's `content=''`): to take a message out of it, the text that
went in must be given again. How words are cut is `tui.core.words`' to say; a change there needs a
migration that calls `forget_all`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from tui.core.words import words
from tui.store.failures import code_of

PREFIX_MOST = 3  # letters of the longest beginnings of words that the index has by themselves
# The ASCII tokenizer takes every other character for a letter: what is none, `words` leaves out.
SCHEMA = (
    """
    CREATE VIRTUAL TABLE message_words
    USING fts5 (words, content = '', tokenize = 'ascii', prefix = '2 3')
    """,
    """
    CREATE TABLE unindexed (
        id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
        last INTEGER NOT NULL
    )
    """,
    "INSERT INTO unindexed (id, last) SELECT 1, coalesce(max(number), 0) FROM messages",
)
# What belongs into the index.
INDEXED = "role IN ('user', 'assistant') AND owner IS NULL"


def migrate(connection: sqlite3.Connection) -> None:
    """Add the index; the messages that are there already wait to be taken in."""
    for statement in SCHEMA:
        connection.execute(statement)


def unindexed(connection: sqlite3.Connection) -> int:
    """The highest number of the messages that wait; 0 when none does."""
    (last,) = connection.execute("SELECT last FROM unindexed WHERE id = 1").fetchone()
    return int(last)


# Whoever calls these holds the transaction. What is in flight or waits is passed over.


def add(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Messages that were made, or ended, are found from now on."""
    for number, text in _of_ids(connection, ids):
        _insert(connection, number, text)


def remove(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Messages whose texts are about to change or to go are found no more."""
    for number, text in _of_ids(connection, ids):
        _delete(connection, number, text)


def remove_texts(connection: sqlite3.Connection, texts: Iterable[tuple[int, str]]) -> None:
    """Messages that are about to be removed for good, by number and text, are found no more."""
    by_number = dict(texts)
    found = connection.execute(
        f"""
        SELECT number FROM messages
        WHERE number IN (SELECT value FROM json_each(?)) AND number > ? AND {INDEXED}
        ORDER BY number
        """,  # noqa: S608 - a constant
        (json.dumps(list(by_number)), unindexed(connection)),
    )
    # Upwards: FTS5 writes out what it has gathered at each step down.
    for (number,) in found.fetchall():
        _delete(connection, number, by_number[number])


def forget_all(connection: sqlite3.Connection) -> None:
    """Begin anew: all messages wait."""
    connection.execute("INSERT INTO message_words (message_words) VALUES ('delete-all')")
    connection.execute(
        "UPDATE unindexed SET last = (SELECT coalesce(max(number), 0) FROM messages) WHERE id = 1"
    )


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """What is wrong with the index, in sentences. Reads all messages and all of the index.

    FTS5 has a check of its own, but keeps everybody from writing for as long as it takes (ten
    seconds and more for a million messages); what it finds is found by reading here.
    """
    sizes = connection.execute("SELECT id, sz FROM message_words_docsize ORDER BY id")
    messages = connection.execute(
        f"""
        SELECT number, text FROM messages WHERE number > ? AND {INDEXED} ORDER BY number
        """,  # noqa: S608 - a constant
        (unindexed(connection),),
    )
    missing = wrong = extra = total = 0
    there: tuple[int, int] | None = None

    def advance() -> None:
        nonlocal there, total
        row = next(sizes, None)
        there = None if row is None else (row[0], _count(row[1]))
        total += 0 if there is None else there[1]

    advance()
    for number, text in messages:
        while there is not None and there[0] < number:
            extra += 1
            advance()
        if there is None or there[0] > number:
            missing += 1
        else:
            wrong += there[1] != len(words(text))
            advance()
    while there is not None:
        extra += 1
        advance()
    found = {
        "missing from it": missing,
        "in it with another number of words": wrong,
        "in it but not there": extra,
    }
    if parts := [f"{count:,} {what}" for what, count in found.items() if count]:
        yield f"The search index does not fit the messages: {', '.join(parts)}."
    if not _is_whole(connection, total):
        yield "The search index is damaged: not all words of the messages can be found by it."


def _is_whole(connection: sqlite3.Connection, total: int) -> bool:
    """Whether all of the index can be read, and has so many words."""
    connection.execute(
        "CREATE VIRTUAL TABLE temp.words_there USING fts5vocab (main, message_words, row)"
    )
    try:
        beginnings: set[str] = set()
        for word, times in connection.execute("SELECT term, cnt FROM temp.words_there"):
            total -= times
            beginnings.update(word[:letters] for letters in range(2, PREFIX_MOST + 1))
        for beginning in sorted(beginnings):  # they stand in indexes of their own
            connection.execute(
                "SELECT count(*) FROM message_words WHERE message_words MATCH ?",
                (f'"{beginning}"*',),
            )
    except sqlite3.DatabaseError as error:
        if code_of(error) != sqlite3.SQLITE_CORRUPT:
            raise
        return False
    finally:
        connection.execute("DROP TABLE temp.words_there")
    return total == 0


def _of_ids(connection: sqlite3.Connection, ids: Iterable[str]) -> list[tuple[int, str]]:
    found = connection.execute(
        f"""
        SELECT number, text FROM messages
        WHERE id IN (SELECT value FROM json_each(?)) AND number > ? AND {INDEXED}
        ORDER BY number
        """,  # noqa: S608 - a constant
        (json.dumps(list(ids)), unindexed(connection)),
    )
    return [(number, text) for number, text in found]


def _insert(connection: sqlite3.Connection, number: int, text: str) -> None:
    connection.execute(
        "INSERT INTO message_words (rowid, words) VALUES (?, ?)", (number, as_indexed(text))
    )


def _delete(connection: sqlite3.Connection, number: int, text: str) -> None:
    connection.execute(
        "INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', ?, ?)",
        (number, as_indexed(text)),
    )


def as_indexed(text: str) -> str:
    """The words of a text as the ASCII tokenizer reads them; what is all ASCII, it cuts itself."""
    return text if text.isascii() else " ".join(words(text))


def _count(size: bytes) -> int:
    """FTS5's count of a message's words: a varint, seven bits to a byte, the highest first."""
    count = 0
    for byte in size:
        count = count << 7 | byte & 0x7F
    return count
