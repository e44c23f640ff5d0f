"""Answering a query: candidates by their words, those made last first, each then looked at.

A word that half of all messages have costs no more than a rare one: candidates are taken from the
index in the order of their numbers, only until there are hits enough, and only from where the
filters leave any (`tui.store.narrowing`). One call does work for some 20 ms, or looks at a single
message of a megabyte, so that whoever shares the library with a search never waits long for it.

Chats whose titles have what is looked for are found as well (`tui.store.titles`), ahead of the
messages of the same page. What is excluded is in no hit: not in the title, nor in the message that
stands for the chat.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from tui.core.hit import Hit, snippet
from tui.core.message import Role
from tui.core.query import Looked, Query
from tui.store import rows
from tui.store.narrowing import NO_NUMBER, Narrowed, narrowed
from tui.store.search_filters import COLUMNS, Filters
from tui.store.titles import titled
from tui.store.word_index import PREFIX_MOST, unindexed

# What one call does at most, some 20 ms: in messages of usual length whose text is looked at.
# Reading the other columns takes an eighth of that, passing over a number a fiftieth.
EFFORT = 2000
_PER_ROW, _PER_NUMBER = 1 / 8, 1 / 50
# Characters that take as long as that. Other ones are looked up one by one, up to 0.1 µs each.
_AS_LONG, _AS_LONG_NOT_ASCII = 500, 200
_FIRST_LOOK, _LARGEST_LOOK = 32, 512  # messages read at once
_READ_OUTRIGHT = EFFORT  # messages of some chats, which are not worth asking the index for
TITLES_AT_ONCE = 50
PIECE = 100  # hits to ask for at once, in some 10 ms: those that `Results` puts in order


@dataclass(frozen=True, slots=True)
class Place:
    """Where a search goes on.

    Attributes:
        below: messages with a lower number are left; None: none is.
        titles: chats found by their titles so far; None: that was all.
        where: what is known of where the messages are; None: nothing yet.
        match: what FTS5 is asked, once that is settled.
    """

    below: int | None = NO_NUMBER
    titles: int | None = 0
    where: Narrowed | None = None
    match: str | None = None


BEGINNING = Place()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the answer.

    Attributes:
        hits: chats by their titles, the latest first, then messages, those made last first.
        further: where to look for more; None: that was all.
    """

    hits: list[Hit]
    further: Place | None


def page(
    connection: sqlite3.Connection, query: Query, *, limit: int, place: Place, here: str | None
) -> Page:
    """Some of what `query` asks for.

    Args:
        connection: to read from.
        query: what is asked for; an empty one finds nothing.
        limit: hits at most.
        place: `BEGINNING`, then `further` of the page before.
        here: the id of the chat that is `in:this`; None where there is none.
    """
    if query.empty or limit < 1:
        return Page([], None)
    filters = Filters(connection, query.filters, here)
    effort = _Effort()
    hits: list[Hit] = []
    if place.titles is not None:
        hits, more = _by_title(connection, query, filters, place.titles, limit, effort)
        place = replace(place, titles=more)
    if place.below is not None and len(hits) < limit and not effort.enough:
        where = place.where
        if where is None or where.unread is not None:
            where = narrowed(connection, query.filters, here, where)
            place = replace(place, where=where)
        if where.unread is None:
            if place.match is None:
                place = replace(place, match=_settled(connection, query, where, effort))
            found, below = _by_text(connection, query, filters, place, limit - len(hits), effort)
            hits += found
            place = replace(place, below=below)
    ended = place.below is None and place.titles is None
    return Page(hits, None if ended else place)


@dataclass(slots=True)
class _Effort:
    """What a call has done so far."""

    done: float = 0.0

    @property
    def enough(self) -> bool:
        return self.done >= EFFORT

    def look_at(self, text: str) -> None:
        """A text is looked at."""
        self.done += max(1, len(text) / (_AS_LONG if text.isascii() else _AS_LONG_NOT_ASCII))


def _by_title(
    connection: sqlite3.Connection,
    query: Query,
    filters: Filters,
    after: int,
    limit: int,
    effort: _Effort,
) -> tuple[list[Hit], int | None]:
    """Chats by their titles, and how many those are with those before; None: there are no more."""
    most = min(limit, TITLES_AT_ONCE)
    anything_else = Query(excluded=query.excluded)
    hits: list[Hit] = []
    for seen, row in enumerate(islice(titled(connection, query, after), most), 1):
        effort.look_at(row["text"])
        if filters.pass_(row) and (title := query.look(row["title"])):
            found = query.look(row["text"])
            if found or anything_else.matches(row["text"]):
                hits.append(_hit(row, found, in_title=title))
        if seen == most or effort.enough:
            return hits, after + seen
    return hits, None


def _by_text(
    connection: sqlite3.Connection,
    query: Query,
    filters: Filters,
    place: Place,
    limit: int,
    effort: _Effort,
) -> tuple[list[Hit], int | None]:
    """Messages, those made last first, and below which number to go on; None: that was all."""
    hits: list[Hit] = []
    where = place.where or Narrowed()
    where = replace(where, last=min(where.last, (place.below or 0) - 1))
    candidates = _candidates(connection, place.match or "", where)
    size = _FIRST_LOOK
    while passed := list(islice(candidates, size)):
        numbers = [number for number in passed if where.only is None or number in where.only]
        for row in _rows(connection, numbers, filters):
            effort.look_at(row["text"])
            if filters.pass_(row) and (found := query.look(row["text"])) is not None:
                hits.append(_hit(row, found))
            if len(hits) == limit or effort.enough:
                return hits, row["number"]
        effort.done += len(numbers) * _PER_ROW + len(passed) * _PER_NUMBER
        if effort.enough:
            return hits, passed[-1]
        # Many may be passed over for one that is looked at.
        size = min(2 * size, _LARGEST_LOOK * (1 if len(numbers) > len(passed) // 8 else 16))
    return hits, None


def _candidates(connection: sqlite3.Connection, match: str, where: Narrowed) -> Iterator[int]:
    """Numbers of all messages that may be asked for, and of others, the highest first."""
    if where.only is not None and (not match or len(where.only) <= _READ_OUTRIGHT):
        return iter(sorted((n for n in where.only if n <= where.last), reverse=True))
    if not match:
        return _all(connection, where.first, where.last)
    indexed = _indexed(connection, match, where)
    waiting = unindexed(connection)
    if not waiting:
        return indexed
    return chain(indexed, _all(connection, where.first, min(where.last, waiting)))


def _settled(connection: sqlite3.Connection, query: Query, where: Narrowed, effort: _Effort) -> str:
    """What FTS5 is to be asked: all of the words, or the first letters of those that may go on.

    The index has the messages of the first letters in a row; those of more it gathers from all
    words that begin with them before it gives the first, which for many words takes 100 ms. So the
    first letters are asked for where what has them mostly has those that follow as well.
    """
    match, shorter = _match(query), _match(query, PREFIX_MOST)
    if shorter == match:
        return match
    some = list(islice(_indexed(connection, shorter, where), _FIRST_LOOK))
    seen = good = 0
    for row in _rows(connection, some, Filters(connection, (), None)):
        effort.look_at(row["text"])
        seen, good = seen + 1, good + (query.look(row["text"]) is not None)
        if effort.enough:
            break
    return shorter if seen <= 2 * good else match


def _indexed(connection: sqlite3.Connection, match: str, where: Narrowed) -> Iterator[int]:
    found: Iterable[tuple[int]] = connection.execute(
        """
        SELECT rowid FROM message_words WHERE message_words MATCH ? AND rowid BETWEEN ? AND ?
        ORDER BY rowid DESC
        """,
        (match, where.first, where.last),
    )
    return (number for (number,) in found)


def _all(connection: sqlite3.Connection, first: int, last: int) -> Iterator[int]:
    found = connection.execute(
        "SELECT number FROM messages WHERE number BETWEEN ? AND ? ORDER BY number DESC",
        (first, last),
    )
    return (number for (number,) in found)


def _match(query: Query, letters: int | None = None) -> str:
    """What FTS5 is asked: each term's words side by side; empty where no term has any.

    Words hold letters and digits alone, so that quotes make them text whatever they are.

    Args:
        query: what is looked for.
        letters: how many of a word are asked for that may go on; None: all.
    """
    asked: list[str] = []
    for term in query.terms:
        if term.words:
            *first, last = term.words
            words = " ".join([*first, last[:letters] if term.open else last])
            asked.append(f'"{words}"{"*" if term.open else ""}')
    return " ".join(asked)


def _rows(
    connection: sqlite3.Connection, numbers: list[int], filters: Filters
) -> Iterator[sqlite3.Row]:
    """The messages of these numbers, in their order, each with its chat; none that is deleted."""
    # A cross join is walked from left to right (sqlite.org/lang_select.html).
    return connection.execute(
        f"""
        SELECT {COLUMNS}
        FROM json_each(?) AS wanted
        CROSS JOIN messages AS m ON m.number = wanted.value
        CROSS JOIN conversations AS c ON c.id = m.conversation
        WHERE m.role IN ('user', 'assistant') AND m.owner IS NULL AND c.deleted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM deleted_messages WHERE number = m.number)
            {filters.conditions}
        """,  # noqa: S608 - constants
        (json.dumps(numbers), *filters.values),
    )


def _hit(row: sqlite3.Row, found: Looked | None, in_title: Looked | None = None) -> Hit:
    spans = found.spans if found else ()
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
        whole=any(one is not None and one.whole for one in (found, in_title)),
        in_title=in_title.spans if in_title else (),
    )
