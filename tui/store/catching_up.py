"""Taking into the full-text index what was there before it, a short transaction at a time.

The newest first, by whichever process has time; how far it has come is saved with each step, so
it goes on where it was, after a crash too.
"""

from __future__ import annotations

import sqlite3

from tui.store.database import Database
from tui.store.word_index import INDEXED, as_indexed, forget_all, unindexed

# Characters and messages taken in at once: some 20 ms, for which other writers wait.
BATCH_CHARACTERS = 100_000
BATCH_MESSAGES = 500


def catch_up(database: Database) -> bool:
    """Take in some of the messages that wait; True while there are more."""
    with database.reading() as connection:
        last = unindexed(connection)
        if not last:
            return False
        # Read and cut into words before any lock is taken.
        batch, further = _batch(connection, last)
    cut = [(number, as_indexed(text)) for number, text in batch]
    with database.transaction() as connection:
        if unindexed(connection) != last or _batch(connection, last) != (batch, further):
            return True  # another process was faster, or one of them changed: the next time
        # Upwards: FTS5 writes out what it has gathered at each step down.
        connection.executemany(
            "INSERT INTO message_words (rowid, words) VALUES (?, ?)", sorted(cut)
        )
        connection.execute("UPDATE unindexed SET last = ? WHERE id = 1", (further,))
    return further > 0


def rebuild(database: Database) -> None:
    """Make the index anew from the messages, whatever was wrong with it."""
    with database.transaction() as connection:
        forget_all(connection)
    while catch_up(database):
        pass


def _batch(connection: sqlite3.Connection, last: int) -> tuple[list[tuple[int, str]], int]:
    """The next messages to take in, and the highest number that waits after them."""
    batch: list[tuple[int, str]] = []
    size = looked_at = 0
    number = 0
    for number, indexed, text in connection.execute(
        f"""
        SELECT number, {INDEXED}, text FROM messages
        WHERE number <= ? ORDER BY number DESC LIMIT ?
        """,  # noqa: S608 - a constant
        (last, BATCH_MESSAGES),
    ):
        looked_at += 1
        if indexed:
            batch.append((number, text))
            size += len(text)
            if size >= BATCH_CHARACTERS:
                return batch, number - 1
    return batch, number - 1 if looked_at == BATCH_MESSAGES else 0
