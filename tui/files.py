"""The one place that opens, makes and replaces files: 0600 and 0700 whatever the umask.

It stands below every layer (it imports nothing of ours), so that no layer has a reason to call
`open` for writing itself: a test fails on one that does.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

FILE_MODE = 0o600
FOLDER_MODE = 0o700
LONG_LOG = 1_000_000  # bytes


def expanded(name: str) -> Path:
    """The path that a person named; as in a shell, `~nobody` is a file called so."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def private_folder(path: Path) -> Path:
    """Make `path` and its missing parents, each 0700; returns `path`.

    Parents that exist keep their mode. `path` itself is ours: if something opened it to others, it
    is closed again; but for one that is everybody's by its sticky bit, as /tmp is.
    """
    _make_missing(path)
    mode = path.stat().st_mode
    if mode & 0o077 and not mode & stat.S_ISVTX:
        path.chmod(FOLDER_MODE)
    return path


def _make_missing(path: Path) -> None:
    """Make `path` and its missing parents, each 0700.

    A folder that is there may be anybody's (an export may go to /tmp): it keeps its mode.
    """
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
            folder.chmod(FOLDER_MODE)  # mkdir's mode goes through the umask


def open_private(path: Path, mode: str = "ab") -> IO[bytes]:
    """Open `path` for binary writing, made 0600 if it is new and closed to others if it is not.

    Args:
        path: the file; its folder is made when missing.
        mode: `ab` to append, `wb` to begin anew, `r+b` to write into what is there.
    """
    _make_missing(path.parent)
    flags = {"ab": os.O_APPEND, "wb": os.O_TRUNC, "r+b": 0}[mode]
    handle = os.open(path, os.O_RDWR | os.O_CREAT | flags, FILE_MODE)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, FILE_MODE)
    return os.fdopen(handle, mode)


def open_log(path: Path) -> IO[bytes]:
    """A log, open at its end; a long one is put aside first, in the place of an older one."""
    with suppress(OSError):  # not there; or Windows keeps the name while somebody writes in it
        if path.stat().st_size > LONG_LOG:
            path.replace(path.with_name(f"{path.name}.old"))
    return open_private(path)


def touch_private(path: Path) -> Path:
    """Make sure `path` exists and is 0600, before a library (SQLite, say) opens it by name.

    A file that is there is not opened: closing it again would drop every POSIX lock that this
    process holds on it (close(2), fcntl(2)), SQLite's among them.
    """
    _make_missing(path.parent)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
    if path.stat().st_mode & 0o777 != FILE_MODE:
        path.chmod(FILE_MODE)
    return path


def replace_private(path: Path, content: bytes) -> None:
    """Write `content` as the whole of `path`, so that a reader sees the old file or the new one."""
    with replacing_private(path) as file:
        file.write(content)


@contextmanager
def replacing_private(path: Path) -> Iterator[IO[bytes]]:
    """A file to write what will be the whole of `path`, once all of it is written and safe on disk.

    Until then, and if anything goes wrong, what is at `path` stays as it is.
    """
    _make_missing(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:20]}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            temporary.chmod(FILE_MODE)  # mkstemp's 0600 goes through the umask
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
