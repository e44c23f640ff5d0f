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

NO_NUMBER = 2**63 - 1  # above all that messages have; a time above all, too
LATER = 20_000  # messages to be passed over, which takes longer than to look where they end
FEW = 50_000  # messages, whose numbers are read in some 20 ms
LOOKED_THROUGH = 150_000  # messages, of which the highest number is found in as long

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
        unread: messages that were made from this time on are yet to be looked through, in
            milliseconds; None: that is done.
    """

    first: int = 0
    last: int = NO_NUMBER
    only: frozenset[int] | None = None
    unread: int | None = None


def narrowed(
    connection: sqlite3.Connection,
    filters: tuple[Filter, ...],
    here: str | None,
    so_far: Narrowed | None,
) -> Narrowed:
    """Where messages are that `filters` may let through, as far as some 20 ms tell.

    Args:
        connection: to read from.
        filters: those of the query.
        here: the id of the chat that is `in:this`.
        so_far: what the last call returned, if something was left unread then; else None.
    """
    wanted = [one for one in filters if not one.negated]
    times = _Times(connection, wanted)
    if so_far is not None:
        return times.look_through(so_far)
    only: frozenset[int] | None = None
    for numbers in (
        _of_chats(connection, wanted, here), _with_images(connection, wanted), times.few(),
    ):  # fmt: skip
        if numbers is not None:
            only = numbers if only is None else only & numbers
    if only is not None:
        return Narrowed(min(only, default=NO_NUMBER), max(only, default=0), only)
    if times.many_come_later():
        return times.look_through(Narrowed(last=0, unread=times.since))
    return Narrowed()


class _Times:
    """The messages that were made between two times.

    Attributes:
        since: the first of the times; `until`: what comes after the last.
    """

    def __init__(self, connection: sqlite3.Connection, wanted: list[Filter]) -> None:
        self._connection = connection
        days = {
            field: [midnight(one.value) for one in wanted if one.field is field]
            for field in (Field.AFTER, Field.BEFORE)
        }
        self.since = max(days[Field.AFTER], default=-NO_NUMBER)
        self.until = min(days[Field.BEFORE], default=None)
        self._any = not any(days.values())

    def few(self) -> frozenset[int] | None:
        """Their numbers; None where they are many, or can be of any time."""
        until = NO_NUMBER if self.until is None else self.until
        if self._any or self._at(FEW, self.since) < until:
            return None
        return _numbers(
            self._connection.execute(
                """
                SELECT number FROM messages INDEXED BY messages_created
                WHERE created >= ? AND created < ?
                """,
                (self.since, until),
            )
        )

    def many_come_later(self) -> bool:
        """Whether a search, which begins with the newest, would pass over many before them."""
        return self.until is not None and self._at(LATER, self.until) < NO_NUMBER

    def look_through(self, so_far: Narrowed) -> Narrowed:
        """The same, a further part of them looked through for the highest number."""
        since = self.since if so_far.unread is None else so_far.unread
        until = NO_NUMBER if self.until is None else self.until
        # Past all that are of one moment, however many.
        end = min(until, max(since + 1, self._at(LOOKED_THROUGH, since)))
        (highest,) = self._connection.execute(
            """
            SELECT max(number) FROM messages INDEXED BY messages_created
            WHERE created >= ? AND created < ?
            """,
            (since, end),
        ).fetchone()
        return Narrowed(last=max(so_far.last, highest or 0), unread=None if end == until else end)

    def _at(self, place: int, since: int) -> int:
        """The time of the message that comes so many after the first since then; if none, never."""
        found = self._connection.execute(
            """
            SELECT created FROM messages INDEXED BY messages_created
            WHERE created >= ? ORDER BY created LIMIT 1 OFFSET ?
            """,
            (since, place),
        ).fetchone()
        return NO_NUMBER if found is None else int(found[0])


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
