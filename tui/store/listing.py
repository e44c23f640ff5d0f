"""The list of chats: any part of it, narrowed by a filter, and changes to many chats at once.

Invariants: a part is as the list was at one moment; what is done to several chats is done to all of
them or to none, and touches only the fields in which they change.

All that orders and filters stands in one index (`conversations_listed`), which even 10,000 chats
are looked through in within some milliseconds; only the chats that are wanted are read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import NamedTuple

from tui.core.arranging import Deed, Step
from tui.core.chat_filter import ChatFilter
from tui.core.conversation import Conversation
from tui.core.errors import ChatError, ErrorKind
from tui.core.listing import Part, Seen, Wanted
from tui.store import conversations as conversation_rows
from tui.store import rows
from tui.store.conversations import ConversationChanges
from tui.store.database import Database

_Values = list[str | int]
_ORDER = "ORDER BY pinned DESC, updated DESC, id DESC"
_ENDLESS = 2**62  # milliseconds


class Listing:
    """Reads the list of chats, and changes what is in it.

    Every method may raise `ChatError` of kind LIBRARY when the disk or the file fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def part(self, wanted: Wanted) -> Part:
        """The part of the list that is wanted."""
        with self._database.snapshot() as connection:
            listed = _Listed(connection, wanted.filter)
            starts = [_ENDLESS, *map(rows.milliseconds, wanted.starts), -_ENDLESS]
            away = _Listed(connection, replace(wanted.filter, archived=True))
            archived, pinned, *counts = _counted(
                connection,
                [
                    away.how_many(),
                    listed.how_many(" AND pinned = 1"),
                    *(
                        listed.how_many(
                            " AND pinned = 0 AND updated >= ? AND updated < ?", [start, end]
                        )
                        for end, start in pairwise(starts)
                    ),
                ],
            )
            ranks = {
                chat_id: rank
                for chat_id in (*wanted.ids, wanted.around)
                if chat_id is not None and (rank := listed.rank(chat_id)) is not None
            }
            if wanted.around in ranks:
                first = ranks[wanted.around] - wanted.count // 2
            else:
                first = wanted.first + listed.moved(wanted.seen)
            total = pinned + sum(counts)
            first = max(0, min(first, total - wanted.count))
            # No more than there are: for one more, all that follow would be looked through.
            ids = listed.ids(first, min(wanted.count, total - first))
            return Part(
                pinned=pinned,
                counts=tuple(counts),
                archived=0 if wanted.filter.archived else archived,
                first=first,
                chats=tuple(conversation_rows.listed(connection, ids)),
                ranks=ranks,
                gone=wanted.marked - _there(connection, wanted.marked),
            )

    def ids(self, listed: ChatFilter, first: int, count: int) -> list[str]:
        """Ids of the chats from rank `first` on, in the order of the list."""
        with self._database.reading() as connection:
            return _Listed(connection, listed).ids(first, count)

    def chats(self, ids: Sequence[str]) -> list[Conversation]:
        """Those of `ids` that are there, in that order, in the trash or not."""
        with self._database.reading() as connection:
            return conversation_rows.by_ids(connection, ids)

    def arrange(self, ids: Sequence[str], deed: Deed) -> list[Step]:
        """Do something to chats; returns what it did to those that it changed.

        Args:
            ids: all of them must be there, in the trash or not.
            deed: what fields of theirs shall be; those that `tui.core.arranging` names are heeded.

        Raises:
            ChatError: one of them is not there any more; nothing is changed (kind NO_SUCH_CHAT).
        """
        with self._database.transaction() as connection:
            before = conversation_rows.by_ids(connection, list(dict.fromkeys(ids)))
            if len(before) < len(set(ids)):
                raise ChatError(
                    ErrorKind.NO_SUCH_CHAT,
                    "A chat was removed for good in another window. Nothing was changed.",
                )
            changed = _write(connection, before, deed(before))
            after = conversation_rows.by_ids(connection, [chat.id for chat in changed])
        return [Step(*step) for step in zip(changed, after, strict=True)]

    def take_back(self, ids: Sequence[str], deed: Deed) -> int:
        """As `arrange`, for those that are still there; returns how many it changed."""
        with self._database.transaction() as connection:
            before = conversation_rows.by_ids(connection, ids)
            return len(_write(connection, before, deed(before)))


class _Query(NamedTuple):
    """A statement that gives one number."""

    statement: str
    values: _Values


def _counted(connection: sqlite3.Connection, queries: Sequence[_Query]) -> list[int]:
    """The numbers, in one statement: after each, others may hold up the thread that asks."""
    columns = ", ".join(f"({query.statement})" for query in queries)
    values = chain.from_iterable(query.values for query in queries)
    return list(connection.execute(f"SELECT {columns}", list(values)).fetchone())


class _Listed:
    """The chats that a filter lets through, read from their index alone."""

    def __init__(self, connection: sqlite3.Connection, listed: ChatFilter) -> None:
        self._connection = connection
        conditions = ["deleted_at IS NULL AND archived = ?"]
        self._values: _Values = [listed.archived]
        if listed.pinned is not None:
            conditions.append("pinned = ?")
            self._values.append(listed.pinned)
        conditions += ["instr(listed, ?) > 0"] * len(listed.holds)
        conditions += ["instr(listed, ?) = 0"] * len(listed.lacks)
        self._values += [*listed.holds, *listed.lacks]
        self._from = (
            f"FROM conversations INDEXED BY conversations_listed WHERE {' AND '.join(conditions)}"
        )

    def how_many(self, also: str = "", values: Iterable[str | int] = ()) -> _Query:
        """What counts those of which another condition holds; all its parts are constants here."""
        return _Query(f"SELECT count(*) {self._from}{also}", [*self._values, *values])

    def ids(self, first: int, count: int) -> list[str]:
        """Those from rank `first` on."""
        found = self._connection.execute(
            f"SELECT id {self._from} {_ORDER} LIMIT ? OFFSET ?", [*self._values, count, first]
        )
        return [chat_id for (chat_id,) in found]

    def rank(self, chat_id: str) -> int | None:
        """The place of a chat; None if it is not among them."""
        # Its key is looked up by id, its text in the index by that key.
        key = self._connection.execute(
            "SELECT pinned, updated, id FROM conversations WHERE id = ?", (chat_id,)
        ).fetchone()
        if key is None:
            return None
        there, before = _counted(
            self._connection,
            [
                self.how_many(" AND (pinned, updated, id) = (?, ?, ?)", key),
                self.how_many(" AND (pinned, updated, id) > (?, ?, ?)", key),
            ],
        )
        return before if there else None

    def moved(self, seen: Sequence[Seen]) -> int:
        """By how many places what was on screen has moved.

        One that changed has probably moved to the top of the list: the view must not follow it.
        """
        ids = json.dumps([one.id for one in seen])
        found = self._connection.execute(
            "SELECT id, updated, pinned FROM conversations"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (ids,),
        )
        now = {chat_id: (updated, bool(pinned)) for chat_id, updated, pinned in found}
        for one in seen:
            same = now.get(one.id) == (rows.milliseconds(one.updated), one.pinned)
            if same and (rank := self.rank(one.id)) is not None:
                return rank - one.rank
        return 0


def _there(connection: sqlite3.Connection, ids: frozenset[str]) -> frozenset[str]:
    """Those that are there and not in the trash."""
    if not ids:
        return ids
    found = connection.execute(
        """
        SELECT id FROM conversations
        WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL
        """,
        (json.dumps(list(ids)),),
    )
    return frozenset(chat_id for (chat_id,) in found)


def _write(
    connection: sqlite3.Connection, before: Sequence[Conversation], after: Sequence[Conversation]
) -> list[Conversation]:
    """Write the fields that differ; returns those chats, as they were, of which any did."""
    changed = []
    for old, new in zip(before, after, strict=True):
        changes = _changes(old, new)
        if changes:
            conversation_rows.change(connection, old.id, changes)
        if old.deleted_at != new.deleted_at:
            conversation_rows.mark_deleted(connection, old.id, new.deleted_at)
        if changes or old.deleted_at != new.deleted_at:
            changed.append(old)
    return changed


def _changes(old: Conversation, new: Conversation) -> ConversationChanges:
    changes: ConversationChanges = {}
    if old.title != new.title:
        changes["title"] = new.title
    if old.titled != new.titled:
        changes["titled"] = new.titled
    if old.pinned != new.pinned:
        changes["pinned"] = new.pinned
    if old.archived != new.archived:
        changes["archived"] = new.archived
    if old.tags != new.tags:
        changes["tags"] = new.tags
    return changes
