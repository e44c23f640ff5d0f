"""A lock between processes that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.files import open_private

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Try to hold the lock file `path` inside the `with`; yields whether that worked."""
    with open_private(path) as file:
        try:
            _take(file.fileno())
        except OSError:
            yield False
        else:
            yield True
