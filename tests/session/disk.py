"""A disk that is full (small changes still fit, as on a real one), and one that is slow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui.session.sessions import Sessions
from tui.store.library import Library

_SQLITE_MOST_PAGES = 0xFFFFFFFE  # sqlite.org/pragma.html#pragma_max_page_count


async def fill_disk(sessions: Sessions) -> None:
    def fill(library: Library) -> None:
        with library._database.reading() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")

    await sessions.library.run(fill)


async def free_disk(sessions: Sessions) -> None:
    def free(library: Library) -> None:
        with library._database.reading() as connection:
            connection.execute(f"PRAGMA max_page_count = {_SQLITE_MOST_PAGES}")

    await sessions.library.run(free)


@contextmanager
def slow_disk(sessions: Sessions) -> Iterator[Callable[[], int]]:
    """A disk that is busy with something else; yields how much work waits for it."""
    begun, free = threading.Event(), threading.Event()

    def occupy(_library: Library) -> None:
        begun.set()
        free.wait()

    occupied = sessions.library._submit(occupy)
    begun.wait()
    try:
        yield sessions.library._jobs.qsize
    finally:
        free.set()
        occupied.result()
