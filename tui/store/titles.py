"""Chats whose titles have what is looked for.

The message that stands for such a chat is the one it was left at, where it will open.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from tui.core.query import Field, Query
from tui.store.search_filters import COLUMNS

# These say what a message must be; a chat is none.
_OF_MESSAGES = frozenset({Field.ROLE, Field.STATUS, Field.MODEL, Field.HAS, Field.IN})


def titled(connection: sqlite3.Connection, query: Query, after: int) -> Iterator[sqlite3.Row]:
    """Messages at which chats were left whose titles have all terms, the latest chats first.

    Args:
        connection: to read from.
        query: what is looked for.
        after: how many such chats to leave out.

    Yields:
        Rows of `COLUMNS`.
    """
    if not query.terms or any(one.field in _OF_MESSAGES for one in query.filters):
        return
    found = [chat for chat, title in _perhaps_titled(connection, query) if query.matches(title)]
    yield from connection.execute(
        f"""
        SELECT {COLUMNS}
        FROM json_each(?) AS wanted
        CROSS JOIN conversations AS c ON c.id = wanted.value
        CROSS JOIN messages AS m ON m.id = c.active_leaf
        """,  # noqa: S608 - constants
        (json.dumps(found[after:]),),
    )


def _perhaps_titled(connection: sqlite3.Connection, query: Query) -> Iterator[tuple[str, str]]:
    """Ids and titles of all chats that may be asked for, and of others, the latest first.

    They are told by what the list of chats is filtered by, which stands in an index of its own.
    """
    parts = [part for term in query.terms for part in term.parts]
    return connection.execute(
        f"""
        SELECT id, title FROM conversations INDEXED BY conversations_listed
        WHERE deleted_at IS NULL {" AND instr(listed, ?)" * len(parts)}
        ORDER BY updated DESC, id
        """,  # noqa: S608 - constants
        parts,
    )
