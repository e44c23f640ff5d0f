"""SQLite's failures in the user's words: what happened to which file, and what to do next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind

BUSY_SECONDS = 5

_LOCKED = (
    f"Another program has kept {{path}} locked for {BUSY_SECONDS} seconds. "
    "Close it, or wait until it is done, and try again."
)
_UNREACHABLE = (
    "{path} can't be opened. Check that its folder is yours to read and write, "
    "or set CHINWAG_HOME to another folder."
)
# By primary result code (sqlite.org/rescode.html); an extended code holds it in its low byte.
_TEXTS = {
    sqlite3.SQLITE_FULL: "The disk is full: {path} can't grow. Free some space and try again.",
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_READONLY: (
        "{path} can't be written. Make the file and its folder writable for you, "
        "or set CHINWAG_HOME to another folder."
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a library of chats. Move it away and chinwag starts a new one, "
        "or set CHINWAG_HOME to another folder."
    ),
    sqlite3.SQLITE_CORRUPT: (
        "{path} is damaged. `chinwag doctor` says where, saves what can be read, "
        "or goes back to one of the copies beside it."
    ),
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_PERM: _UNREACHABLE,
    sqlite3.SQLITE_IOERR: (
        "The disk failed while {path} was read or written. "
        "Check the disk, make a copy of the file, and try again."
    ),
    sqlite3.SQLITE_TOOBIG: "The text is too long for {path}. Shorten it and try again.",
}
_SYSTEM = (
    "{file}: {reason}. Make it yours to read and write, or set CHINWAG_HOME to another folder."
)
_OTHER = "{path} could not be used ({reason}). `chinwag doctor` checks it."


def library_error(path: Path, error: sqlite3.Error | OSError) -> ChatError:
    """What `error` means for the library at `path`."""
    if isinstance(error, OSError):
        file, reason = error.filename or path, error.strerror or type(error).__name__
        return ChatError(ErrorKind.LIBRARY, _SYSTEM.format(file=file, reason=reason))
    text = _TEXTS.get(code_of(error), _OTHER)
    return ChatError(ErrorKind.LIBRARY, text.format(path=path, reason=error))


def code_of(error: BaseException | None) -> int:
    """SQLite's primary result code of an error; 0 where it has none."""
    if is_no_text(error):
        return sqlite3.SQLITE_CORRUPT
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def is_damage(error: ChatError) -> bool:
    """Whether it means that the file itself is not as it should be."""
    return code_of(error.__cause__) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_no_database(error: ChatError) -> bool:
    """Whether it means that the file is none of SQLite's, or not as far as can be told."""
    return code_of(error.__cause__) == sqlite3.SQLITE_NOTADB


def is_no_text(error: BaseException | None) -> bool:
    """Whether a text in the file has bytes that are none.

    SQLite hands them out; the binding can't decode them, and has no code for that. Its mistakes of
    calling, which have no code either, are errors of other classes.
    """
    return isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode")


def as_problem(error: ChatError) -> str:
    """What is wrong with the file, for `chinwag doctor`, which says itself what to do."""
    cause = error.__cause__
    if is_no_text(cause):
        return "The file is damaged: a text in it has bytes that are none."
    if code_of(cause) == sqlite3.SQLITE_CORRUPT:
        return f"The file is damaged: {cause}."
    return error.text


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn failures of the disk into `ChatError`, and broken rules into `ValueError`.

    Raises:
        ChatError: the file at `path` could not be read or written (kind LIBRARY).
        ValueError: a rule of the schema would be broken: a caller's mistake, not the disk's.
    """
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise ValueError(f"the library refuses this: {error}") from error
    except sqlite3.Error as error:
        if not code_of(error):
            raise  # the binding itself complains of how it was called: a mistake of ours
        raise library_error(path, error) from error
    except OSError as error:
        raise library_error(path, error) from error
