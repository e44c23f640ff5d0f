# ruff: noqa: T201 - a command prints
"""A large library to measure on, the same each time: three years of a busy person's chats.

python -m tests.bench.library FOLDER [MESSAGES]

makes FOLDER/chinwag.db, of a million messages in 10,000 chats if no number is given, with one chat
of 10,000. FOLDER is then a CHINWAG_HOME. What makes the rows and the index is the program's own.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from tests.bench.chats import MESSAGES_PER_CHAT, SEED, Chat, plan
from tests.bench.words import Vocabulary
from tui.core.ids import ID_LENGTH
from tui.files import private_folder, touch_private
from tui.store import conversations, messages, word_index
from tui.store.library import Library
from tui.store.schema import migrate

MESSAGES = 1_000_000
AT_ONCE = 10_000  # messages in one transaction


def make(path: Path, count: int = MESSAGES) -> None:
    """Write a library of `count` messages to `path`, where none is."""
    unfinished = touch_private(path.with_name(f"{path.name}.unfinished"))
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = OFF")  # a half one is of no use to anybody
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")  # KB
        migrate(connection, unfinished)
        _fill(connection, count)
    unfinished.replace(path)


def _fill(connection: sqlite3.Connection, count: int) -> None:
    rng = random.Random(SEED)
    vocabulary = Vocabulary(rng)
    chats: dict[int, Chat] = {}
    written: list[str] = []
    connection.execute("BEGIN")
    for burst in plan(count, rng):
        chat = chats.get(burst.chat)
        if chat is None:
            chat = chats[burst.chat] = Chat(burst.at, rng, vocabulary)
            conversations.insert(connection, chat.conversation)
        said = list(chat.burst(burst))
        for message in said:
            messages.insert(connection, message, owner="")  # none of them is in flight
        written += [message.id for message in said]
        last = said[-1]
        conversations.move_on(connection, last.conversation, last.id, last.created, sent=True)
        if len(written) >= AT_ONCE:
            word_index.add(connection, written)
            connection.execute("COMMIT")
            connection.execute("BEGIN")
            written.clear()
    word_index.add(connection, written)
    for chat in chats.values():  # writing in a chat takes it out of the trash
        if (at := chat.conversation.deleted_at) is not None:
            conversations.mark_deleted(connection, chat.conversation.id, at)
    connection.execute("COMMIT")


def longest(path: Path) -> str:
    """The id of the chat with the most messages."""
    return _chat(path, "ORDER BY message_count DESC")


def of_ten(path: Path) -> str:
    """The id of a chat of ten messages."""
    return _chat(path, "WHERE message_count = 10 AND archived = 0 AND deleted_at IS NULL")


def _chat(path: Path, which: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute(f"SELECT id FROM conversations {which} LIMIT 1").fetchone()
    assert len(found) == ID_LENGTH
    return str(found)


def main() -> None:
    """Make one, and say what it is."""
    path = private_folder(Path(sys.argv[1])) / "chinwag.db"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else MESSAGES
    if path.exists():
        sys.exit(f"{path} is there already")
    with suppress(FileNotFoundError):
        path.with_name(f"{path.name}.unfinished").unlink()
    started = time.perf_counter()
    make(path, max(count, MESSAGES_PER_CHAT))
    library = Library(path)
    size = library.size()
    library.close()
    print(
        f"{size.conversations + size.deleted:,} chats, {size.messages:,} messages, "
        f"{size.size / 1e6:.0f} MB, made in {time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
