"""Repairing a library, or going back to a copy of it; nothing is thrown away for it.

What replaces the database is made beside it and takes its place by a change of names once it is
whole; what was there is kept beside it under a name that is told. Only the search index is made
anew in place, for it holds nothing that is not in the messages.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.files import replacing_private, touch_private
from tui.store.backups import BackupFile, backup_files, is_sound
from tui.store.catching_up import rebuild
from tui.store.database import Database
from tui.store.failures import in_plain_words
from tui.store.liveness import anyone_alive
from tui.store.salvage import Salvaged, salvage

_LOG_SUFFIXES = ("-shm", "-wal")  # sqlite.org/wal.html: parts of the database while it is open


def repair_index(path: Path) -> list[str]:
    """Make the search index anew; returns what is wrong with the library then."""
    database = Database(path)
    try:
        rebuild(database)
        return database.check()
    finally:
        database.close()


def save_readable(path: Path) -> tuple[Salvaged, Path | None]:
    """Put what can be read of the damaged database at `path` in its place, as a new one.

    Returns:
        What was saved and lost, and where the damaged one is now.

    Raises:
        ChatError: nothing of it can be read, another chinwag is open, or the disk fails (LIBRARY).
    """
    _check_alone(path)
    fresh = path.with_name(f"{path.name}.repaired")
    _remove(fresh)  # of a repair that was cut short
    try:
        try:
            salvaged = salvage(path, fresh)
        except sqlite3.Error as error:
            raise ChatError(
                ErrorKind.LIBRARY,
                f"Nothing of {path} can be read ({error}). "
                "`chinwag doctor --restore` goes back to the newest copy.",
            ) from error
        return salvaged, _put_in_place(path, fresh)
    except BaseException:
        _remove(fresh)
        raise


def newest_sound(path: Path) -> BackupFile | None:
    """The newest copy of the database at `path` that is whole and has chats. Reads all of it."""
    return next(
        (
            copy
            for copy in backup_files(path)
            if is_sound(copy.path) and _is_library(copy.path) and chats_in(copy.path)
        ),
        None,
    )


def restore(path: Path, copy: Path) -> Path | None:
    """Put a copy of the database in its place; the copy stays.

    Returns:
        Where what was there is now; None where nothing was.

    Raises:
        ChatError: the copy is no whole database, another chinwag is open, or the disk fails.
    """
    _check_alone(path)
    if not (is_sound(copy) and _is_library(copy)):
        raise ChatError(
            ErrorKind.LIBRARY, f"{copy} is no whole library. `chinwag doctor` lists the copies."
        )
    fresh = path.with_name(f"{path.name}.repaired")
    with in_plain_words(fresh):
        _remove(fresh)
        with copy.open("rb") as source, replacing_private(fresh) as file:
            shutil.copyfileobj(source, file)
        return _put_in_place(path, fresh)


def chats_in(copy: Path) -> int:
    """How many chats a copy has, those in the trash left out."""
    address = f"{copy.absolute().as_uri()}?immutable=1"
    with in_plain_words(copy), closing(sqlite3.connect(address, uri=True)) as connection:
        found = connection.execute("SELECT count(*) FROM conversations WHERE deleted_at IS NULL")
        return int(found.fetchone()[0])


def _is_library(file: Path) -> bool:
    """Whether a sound database is one of ours; many programs keep theirs in such files."""
    try:
        chats_in(file)
    except ChatError:
        return False
    return True


def _check_alone(path: Path) -> None:
    if anyone_alive(path.parent / "live"):
        raise ChatError(
            ErrorKind.LIBRARY,
            "chinwag is open in another window. Close it everywhere, and try again.",
        )


def _put_in_place(path: Path, fresh: Path) -> Path | None:
    """Give `fresh` the name of the database.

    Logs may be there though their database is gone; SQLite would take them for the new one's.

    Returns:
        The name that what was there has now; None where nothing was.
    """
    _check_alone(path)  # it took a while
    aside = path.with_name(f"{path.name}.aside-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}")
    kept = None
    with in_plain_words(path):
        for suffix in (*_LOG_SUFFIXES, ""):  # the database last: it is what is told
            there = path.with_name(path.name + suffix)
            if there.exists():
                kept = there.replace(aside.with_name(aside.name + suffix))
        touch_private(fresh).replace(path)
    return kept


def _remove(path: Path) -> None:
    for suffix in ("", *_LOG_SUFFIXES):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
