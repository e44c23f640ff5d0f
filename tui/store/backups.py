"""Copies of the whole database beside it: one before each change of its schema, one each week.

Both kinds are named alike (`chinwag.db.backup-20261122-093000-000000`, in UTC), and of both
together the newest three stay: each is a whole library, so that one rule says how much disk they
take. A copy has its name only when it is whole and was found sound; a damaged library is never
copied over the good copies there are. Two processes never make one at once.

The weekly one is made on a thread of its own, a little at a time: it holds up no writer, for it
reads what was there at one moment (WAL), and it ends at once when the library is closed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.core.message import utc_now
from tui.core.sizes import written_size
from tui.files import open_private, touch_private
from tui.store.failures import BUSY_SECONDS, in_plain_words
from tui.store.liveness import alone
from tui.store.rows import moment

COPIES_KEPT = 3
EVERY = timedelta(days=7)
AFTER_A_FAILURE = timedelta(days=1)
AFTER_NOTHING_TO_DO = timedelta(hours=1)
SETTLING_SECONDS = 10.0  # chinwag has only just been started: the disk is for what one opens
PAGES_AT_ONCE = 256  # of 4 kB: some milliseconds
PAUSE_SECONDS = 0.002  # between two steps: the disk is also for others
SYNCED_EACH = 16  # steps; a gigabyte to be written at once would hold up the saving of a reply
ROOM_LEFT = 100_000_000  # bytes that stay free: a full disk would stop chats from being saved
_STAMP = "%Y%m%d-%H%M%S-%f"


class StoppedError(Exception):
    """The library is being closed: the copy is made another time."""


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A copy; `made` in UTC, `size` in bytes."""

    path: Path
    made: datetime
    size: int


def backup_files(path: Path) -> list[BackupFile]:
    """The copies of the database at `path`, newest first."""
    found = []
    for file in path.parent.glob(f"{path.name}.backup-*"):
        try:
            stamp = file.name.rpartition("backup-")[2]
            made = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
            found.append(BackupFile(file, made, file.stat().st_size))
        except ValueError:
            continue  # unfinished, or none of ours
        except FileNotFoundError:
            continue  # another process lets go of old ones too
    return sorted(found, key=lambda one: one.made, reverse=True)


def back_up(path: Path) -> Path:
    """Copy the database at `path`, as last committed, at once; returns the copy.

    Raises:
        sqlite3.Error, OSError: it could not be made, or the database is damaged; nothing is left
            of the copy then.
    """
    with alone(_lock(path)) as mine:
        return _make(path, tidy=mine)


def is_sound(path: Path, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Whether the file, which nobody writes, is a whole database. Reads all of it."""
    address = f"{path.absolute().as_uri()}?immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.set_progress_handler(stopping, 10_000)
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _lock(path: Path) -> Path:
    return path.parent / "live" / "copying"


def _make(path: Path, stop: threading.Event | None = None, *, tidy: bool) -> Path:
    """Make a copy and let go of old ones; gently, where there is a way to stop it."""
    stamp = datetime.now(UTC).strftime(_STAMP)
    copy = path.with_name(f"{path.name}.backup-{stamp}")
    unfinished = touch_private(copy.with_name(f"{copy.name}.part"))
    try:
        _copy(path, unfinished, stop)
        _check(path, unfinished, stop)
        unfinished.replace(copy)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    for old in backup_files(path)[COPIES_KEPT:]:
        old.path.unlink(missing_ok=True)
    if tidy:  # else one may be in the making
        for left in path.parent.glob(f"{path.name}.backup-*.part"):  # by a process that died
            left.unlink(missing_ok=True)
    return copy


def _check(path: Path, copy: Path, stop: threading.Event | None) -> None:
    sound = is_sound(copy, lambda: stop is not None and stop.is_set())
    if stop is not None and stop.is_set():
        raise StoppedError
    if not sound:
        damage = sqlite3.DatabaseError(f"the copy of {path} is not sound")
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def _copy(path: Path, unfinished: Path, stop: threading.Event | None) -> None:
    """Copy step by step; what is committed meanwhile is not in it."""
    with (
        open_private(unfinished, "r+b") as file,
        closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as source,
        closing(sqlite3.connect(unfinished, isolation_level=None)) as target,
    ):
        steps = 0

        def progress(_status: int, _remaining: int, _total: int) -> None:
            nonlocal steps
            steps += 1
            if steps % SYNCED_EACH == 0:
                os.fsync(file.fileno())
            if stop is not None and stop.wait(PAUSE_SECONDS):
                raise StoppedError

        # It is given up with the process: what makes a commit safe would only cost time.
        target.execute("PRAGMA journal_mode = OFF")
        target.execute("PRAGMA synchronous = OFF")
        if source.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            # Or each commit of others would make it begin anew. Without a log they would wait.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES_AT_ONCE, progress=progress)
        target.close()
        os.fsync(file.fileno())


class Backups:
    """The weekly copy of one library.

    Attributes:
        settling: seconds from when a copy is due until it is begun.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.settling = SETTLING_SECONDS
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._rest_until: datetime | None = None
        self._failure: ChatError | None = None
        self._told = ""

    def tend(self, now: datetime) -> None:
        """Begin a copy if one is due.

        Raises:
            ChatError: the last one could not be made (kind LIBRARY); told once.
        """
        failure, self._failure = self._failure, None
        if failure is not None and failure.text != self._told:
            self._told = failure.text
            raise failure
        if self._thread is not None and self._thread.is_alive():
            return
        if (self._rest_until is None or now >= self._rest_until) and self._is_due(now):
            self._rest_until = now + AFTER_NOTHING_TO_DO
            self._thread = threading.Thread(
                target=self._run, args=(now,), name="backup", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Give up a copy in the making."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def wait(self) -> None:
        """Until the copy that is in the making is there."""
        if self._thread is not None:
            self._thread.join()

    def _is_due(self, now: datetime) -> bool:
        if not self._path.exists():
            return False
        newest = next(iter(backup_files(self._path)), None)
        return newest is None or now - newest.made >= EVERY

    def _run(self, now: datetime) -> None:
        if self._stop.wait(self.settling):
            return
        try:
            with _failing_in_words(self._path), alone(_lock(self._path)) as mine:
                if mine and self._is_due(now) and self._is_old_enough(now):
                    self._check_room()
                    _make(self._path, self._stop, tidy=True)
        except StoppedError:
            pass
        except ChatError as failure:
            self._rest_until = utc_now() + AFTER_A_FAILURE
            self._failure = failure

    def _is_old_enough(self, now: datetime) -> bool:
        """The first copy is made of a library that has something of a week ago."""
        if backup_files(self._path):
            return True
        with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as connection:
            (first,) = connection.execute("SELECT min(created) FROM conversations").fetchone()
        return first is not None and now - moment(first) >= EVERY

    def _check_room(self) -> None:
        size = self._path.stat().st_size
        free = shutil.disk_usage(self._path.parent).free
        if free < size + ROOM_LEFT:
            raise ChatError(
                ErrorKind.LIBRARY,
                f"There is no room for the weekly copy of your chats: it takes "
                f"{written_size(size)}, and {written_size(free)} are free in {self._path.parent}. "
                "Your chats are saved as ever; free some space, and it is made tomorrow.",
            )


@contextmanager
def _failing_in_words(path: Path) -> Iterator[None]:
    """Failures of a weekly copy, which harm nothing, in the user's words."""
    try:
        with in_plain_words(path):
            yield
    except ChatError as error:
        if "weekly copy" in error.text:
            raise
        raise ChatError(
            error.kind, f"The weekly copy of your chats could not be made. {error.text}"
        ) from error
