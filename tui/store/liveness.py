"""Which processes that have the library open are alive.

Each holds an exclusive lock of the operating system on a file of its own, named by a random token
that also marks the replies it is writing. The system lets go of a lock the moment its process ends,
however it ends, so a token is dead exactly when its lock can be taken or its file is gone. A dead
token never comes back: tokens are not used twice.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tui.files import open_private, private_folder

if sys.platform == "win32":
    import msvcrt

    def _hold(file: IO[bytes]) -> bool:
        """Take the lock, if nobody has it."""
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    _probe = _hold  # Windows knows no shared lock of this kind

    def _remove(path: Path, file: IO[bytes]) -> None:
        """Remove an open file. Here it must be closed first, and fails if another has it open."""
        file.close()
        with suppress(OSError):
            path.unlink(missing_ok=True)

else:
    import fcntl

    def _hold(file: IO[bytes]) -> bool:
        """Take the lock, if nobody has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _probe(file: IO[bytes]) -> bool:
        """Take the lock along with other probes, if its owner does not hold it."""
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _remove(path: Path, file: IO[bytes]) -> None:
        """Remove a file while its lock is held, so that nobody takes it in between."""
        path.unlink(missing_ok=True)
        file.close()


def _still_named(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Hold the lock file `path`, if no other process does; yields whether that worked."""
    private_folder(path.parent)
    with open_private(path) as file:
        yield _hold(file)


def anyone_alive(folder: Path) -> bool:
    """Whether any process has the library open whose locks are in `folder`, this one included."""
    for path in folder.glob("*.lock"):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            if not _probe(file):
                return True
    return False


class Liveness:
    """This process's own lock, and the judgement of others'.

    Attributes:
        token: what marks the replies that this process is writing.
    """

    def __init__(self, folder: Path) -> None:
        """Take a lock in `folder`, which is made if it is missing."""
        self._folder = private_folder(folder)
        while True:
            self.token = secrets.token_hex(8)
            path = self._path(self.token)
            self._file = open_private(path)
            # Another process may sweep the file away between its making and its locking: a lock on
            # a file without a name would count for nothing.
            if _hold(self._file) and _still_named(path, self._file):
                return
            self._file.close()

    def alive(self, token: str) -> bool:
        """Whether the process that `token` stands for still has the library open."""
        if token == self.token:
            return True
        try:
            file = self._path(token).open("rb")
        except FileNotFoundError:
            return False
        with file:
            return not _probe(file)

    def sweep(self) -> None:
        """Remove the files that dead processes left."""
        for path in self._folder.glob("*.lock"):
            if path.stem == self.token:
                continue
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # another process sweeps too
            with file:
                if _probe(file):
                    _remove(path, file)

    def close(self) -> None:
        """Let go of the lock: from here on the token is dead."""
        _remove(self._path(self.token), self._file)

    def _path(self, token: str) -> Path:
        return self._folder / f"{token}.lock"


class Unshared:
    """Stands in for `Liveness` where no other process can have the library open."""

    token = "unshared"  # noqa: S105 - nothing secret: it marks replies

    def alive(self, token: str) -> bool:
        """Only its own holder lives."""
        return token == self.token

    def sweep(self) -> None:
        """Nobody leaves files."""

    def close(self) -> None:
        """Nothing is held."""
