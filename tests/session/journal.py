"""Each state that each message's row ever had, kept by triggers in the database itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tui.core.message import Status

_KEEP = "INSERT INTO journal SELECT new.id, new.status, new.text"


class Journal:
    """What was written, in order; a transaction that failed has left nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE journal (message TEXT, status TEXT, text TEXT)")
            connection.execute(
                f"CREATE TRIGGER kept_new AFTER INSERT ON messages BEGIN {_KEEP}; END"
            )
            connection.execute(
                f"CREATE TRIGGER kept_changed AFTER UPDATE ON messages BEGIN {_KEEP}; END"
            )

    def of(self, message_id: str) -> list[tuple[Status, str]]:
        """Status and text of a message, each time they were written."""
        with closing(sqlite3.connect(self._path)) as connection:
            rows = connection.execute(
                "SELECT status, text FROM journal WHERE message = ? ORDER BY rowid", (message_id,)
            )
            return [(Status(status), text) for status, text in rows]

    def ends(self, message_id: str) -> list[tuple[Status, str]]:
        """Those of them that are final."""
        return [entry for entry in self.of(message_id) if not entry[0].in_flight]
