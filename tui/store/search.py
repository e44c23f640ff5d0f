"""Answering a query: candidates by their words, the newest first, each then looked at.

A word that half of all messages have costs no more than a rare one: candidates are taken from the
index in the order of their numbers, only until there are hits enough. One call looks at
`LOOKED_AT_MOST` messages at most, so that whoever shares the library with a search never waits
long for it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from tui.core.hit import Hit, snippet
from tui.core.message import Role
from tui.core.query import Field, Query
from tui.store import rows
from tui.store.search_filters import Filters
from tui.store.word_index import unindexed

LOOKED_AT_MOST = 2000  # messages: some 20 ms
_FIRST_LOOK, _LARGEST_LOOK = 32, 512  # messages read at once
_NO_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the answer.

    Attributes:
        hits: newest first.
        further: look on below this number for more; None: that was all.
    """

    hits: list[Hit]
    further: int | None


def page(
    connection: sqlite3.Connection, query: Query, *, limit: int, below: int | None, here: str | None
) -> Page:
    """The newest messages that `query` asks for, of those with a number under `below`.

    Args:
        connection: to read from.
        query: what is asked for; an empty one finds nothing.
        limit: hits at most.
        below: None for the first page, `further` of the page before for the next one.
        here: the id of the chat that is `in:this`; None where there is none.
    """
    hits: list[Hit] = []
    if query.empty or limit < 1:
        return Page(hits, None)
    looked_at = 0
    candidates = _candidates(connection, query, _NO_NUMBER if below is None else below, here)
    filters = Filters(connection, query.filters, here)
    size = _FIRST_LOOK
    while numbers := [number for (number,) in islice(candidates, size)]:
        for row in _rows(connection, numbers):
            if filters.pass_(row) and query.matches(row["text"]):
                hits.append(_hit(row, query))
                if len(hits) == limit:
                    return Page(hits, row["number"])
        looked_at += len(numbers)
        if looked_at >= LOOKED_AT_MOST:
            return Page(hits, numbers[-1])
        size = min(2 * size, _LARGEST_LOOK)
    return Page(hits, None)


def _candidates(
    connection: sqlite3.Connection, query: Query, below: int, here: str | None
) -> Iterator[tuple[int]]:
    """Numbers of all messages that may be asked for, and of others."""
    if any(one.field is Field.IN and not one.negated for one in query.filters):
        found: Iterator[tuple[int]] = connection.execute(
            """
            SELECT number FROM messages WHERE conversation = ? AND number < ?
            ORDER BY number DESC
            """,
            (here, below),
        )
    elif match := _match(query):
        waiting = unindexed(connection)
        found = connection.execute(
            """
            SELECT rowid FROM message_words WHERE message_words MATCH ? AND rowid < ?
            ORDER BY rowid DESC
            """,
            (match, below),
        )
        if waiting:
            found = chain(found, _all(connection, min(below, waiting + 1)))
    else:
        found = _all(connection, below)
    return found


def _all(connection: sqlite3.Connection, below: int) -> Iterator[tuple[int]]:
    yield from connection.execute(
        "SELECT number FROM messages WHERE number < ? ORDER BY number DESC", (below,)
    )


def _match(query: Query) -> str:
    """What FTS5 is asked: each term's words side by side; empty where no term has any.

    Words hold letters and digits alone, so that quotes make them text whatever they are.
    """
    return " ".join(
        f'"{" ".join(term.words)}"{"*" if term.open else ""}' for term in query.terms if term.words
    )


def _rows(connection: sqlite3.Connection, numbers: list[int]) -> Iterator[sqlite3.Row]:
    """The messages of these numbers, in their order, each with its chat; none that is deleted."""
    # A cross join is walked from left to right (sqlite.org/lang_select.html).
    return connection.execute(
        """
        SELECT m.number, m.id, m.conversation, m.role, m.status, m.created, m.model, m.endpoint,
            m.text, c.title, c.pinned, c.archived
        FROM json_each(?) AS wanted
        CROSS JOIN messages AS m ON m.number = wanted.value
        CROSS JOIN conversations AS c ON c.id = m.conversation
        WHERE m.role IN ('user', 'assistant') AND m.owner IS NULL AND c.deleted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM deleted_messages WHERE number = m.number)
        """,
        (json.dumps(numbers),),
    )


def _hit(row: sqlite3.Row, query: Query) -> Hit:
    spans = query.spans(row["text"])
    line, ranges = snippet(row["text"], spans)
    return Hit(
        conversation=row["conversation"],
        message=row["id"],
        number=row["number"],
        title=row["title"],
        role=Role(row["role"]),
        created=rows.moment(row["created"]),
        snippet=line,
        ranges=ranges,
        spans=spans,
    )
