"""Where among all messages those can be that the filters of a query let through.

Filters that few messages pass would have a search look at a million of them for a handful. What an
index alone can tell is found out first: between which numbers the messages of a time lie, and which
numbers those of some chats have. It only ever leaves too much: every message is still looked at by
`tui.store.search_filters`.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from tui.core.query import Field, Filter
from tui.store.search_filters import midnight

FEW = 50_000  # messages, whose numbers are read in some 20 ms

# To find where a time begins and ends among the numbers, which follow the order in which messages
# were made, or came from elsewhere.
_INDEX = "CREATE INDEX IF NOT EXISTS messages_created ON messages (created)"


def migrate(connection: sqlite3.Connection) -> None:
    """Add the index of times."""
    connection.execute(_INDEX)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Where messages that pass can be.

    Attributes:
        first: the lowest number.
        last: the highest number.
        only: all numbers, where they are few; None: any.
    """

    first: int
    last: int
    only: frozenset[int] | None = None


def narrowed(
    connection: sqlite3.Connection,
    filters: tuple[Filter, ...],
    here: str | None,
    first: int,
    last: int,
) -> Narrowed:
    """Where between `first` and `last` messages are that `filters` may let through."""
    only: frozenset[int] | None = None
    wanted = [one for one in filters if not one.negated]
    for one in wanted:
        if one.field is Field.BEFORE:
            last = min(last, _last_before(connection, midnight(one.value)))
        elif one.field is Field.AFTER:
            first = max(first, _first_after(connection, midnight(one.value), last))
    for numbers in (_of_chats(connection, wanted, here), _with_images(connection, wanted)):
        if numbers is not None:
            only = numbers if only is None else only & numbers
    return Narrowed(first, last, only)


def _last_before(connection: sqlite3.Connection, at: int) -> int:
    (number,) = connection.execute(
        "SELECT max(number) FROM messages INDEXED BY messages_created WHERE created < ?", (at,)
    ).fetchone()
    return 0 if number is None else int(number)


def _first_after(connection: sqlite3.Connection, at: int, last: int) -> int:
    (number,) = connection.execute(
        "SELECT min(number) FROM messages INDEXED BY messages_created WHERE created >= ?", (at,)
    ).fetchone()
    return last + 1 if number is None else int(number)


def _of_chats(
    connection: sqlite3.Connection, wanted: list[Filter], here: str | None
) -> frozenset[int] | None:
    """The numbers of the messages of the only chats that can be; None if they are many."""
    chats: set[str] | None = None
    for one in wanted:
        if one.field is Field.IN:
            found = {here} if here is not None else set()
        elif one.field is Field.TAG:
            found = {
                chat
                for chat, tag in connection.execute("SELECT conversation, tag FROM tags")
                if one.names(tag)
            }
        elif one.field is Field.IS:
            # The column of a chat that has the value's name is one of two.
            column = "pinned" if one.value == "pinned" else "archived"
            found = {
                chat
                for (chat,) in connection.execute(
                    f"SELECT id FROM conversations WHERE {column}"  # noqa: S608 - a constant
                )
            }
        else:
            continue
        chats = found if chats is None else chats & found
    if chats is None:
        return None
    asked = (json.dumps(list(chats)),)
    (count,) = connection.execute(
        """
        SELECT coalesce(sum(message_count), 0) FROM conversations
        WHERE id IN (SELECT value FROM json_each(?))
        """,
        asked,
    ).fetchone()
    if count > FEW:
        return None
    return _numbers(
        connection.execute(
            """
            SELECT number FROM messages
            WHERE conversation IN (SELECT value FROM json_each(?))
            """,
            asked,
        )
    )


def _with_images(connection: sqlite3.Connection, wanted: list[Filter]) -> frozenset[int] | None:
    """The numbers of the messages that have an image; None if they are many."""
    if Filter(Field.HAS, "image") not in wanted:
        return None
    numbers = _numbers(
        connection.execute(
            """
            SELECT m.number FROM attachments AS a CROSS JOIN messages AS m ON m.id = a.message
            WHERE a.media_type LIKE 'image/%' LIMIT ?
            """,
            (FEW + 1,),
        )
    )
    return numbers if len(numbers) <= FEW else None


def _numbers(found: sqlite3.Cursor) -> frozenset[int]:
    return frozenset(number for (number,) in found)
