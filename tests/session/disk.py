"""A disk that is full: the database may not grow. Small changes still fit, as on a real one."""

from __future__ import annotations

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
