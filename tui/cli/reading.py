"""Reading the library from a command: what is not there yet is not made for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tui.core.conversation import Conversation
from tui.core.errors import ChatError
from tui.core.ids import ID_LENGTH
from tui.core.paths import Paths
from tui.store.database import IN_MEMORY
from tui.store.library import Library

SHORTEST_ID = 6  # digits; fewer would be ambiguous by tomorrow
PAGE = 500  # chats read at once


@contextmanager
def library_to_read(paths: Paths) -> Iterator[Library]:
    """The library; an empty one in memory while there is none on disk.

    Raises:
        ChatError: it can't be opened (kind LIBRARY).
    """
    library = Library(paths.database if paths.database.exists() else IN_MEMORY)
    try:
        yield library
    finally:
        library.close()


def newest_first(
    library: Library, limit: int | None = None, *, archived: bool = False
) -> Iterator[Conversation]:
    """Chats by the time of their last message, read a page at a time.

    Args:
        library: where they are.
        limit: how many at most; None: all.
        archived: those in the archive instead of those out of it.
    """
    before: Conversation | None = None
    while limit is None or limit > 0:
        count = PAGE if limit is None else min(PAGE, limit)
        page = library.conversations(limit=count, before=before, archived=archived)
        yield from page
        if len(page) < count:
            return
        before = page[-1]
        limit = None if limit is None else limit - count


def short_id(library: Library, conversation_id: str) -> str:
    """The shortest start of an id that no other chat's id has, `SHORTEST_ID` digits at least."""
    for length in range(SHORTEST_ID, ID_LENGTH):
        if _is_unambiguous(library, conversation_id[:length]):
            return conversation_id[:length]
    return conversation_id


def _is_unambiguous(library: Library, prefix: str) -> bool:
    try:
        library.resolve(prefix)
    except ChatError:
        return False
    return True
