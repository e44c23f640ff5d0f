"""Puts exports into files: named after their chats, private, and over nothing that is there.

Titles are anybody's text, so of a title only letters, digits and hyphens get into a file's name;
the start of the chat's id makes it one of its own, the same at each export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.core.conversation import Conversation
from tui.core.errors import ChatError, ErrorKind
from tui.core.safe import shown_line
from tui.files import replacing_private

NAME_BYTES = 120  # of a title; systems take 255 for a whole name, some encrypted folders 143
ID_DIGITS = 8
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def file_name(conversation: Conversation, ending: str) -> str:
    """`tides-and-the-moon-3f2a1122.md`."""
    title = unicodedata.normalize("NFC", conversation.title.lower()[:NAME_BYTES])
    words = _BETWEEN_WORDS.sub("-", title).encode()[:NAME_BYTES].decode(errors="ignore").strip("-")
    return "-".join([*([words] if words else []), f"{conversation.id[:ID_DIGITS]}.{ending}"])


def written_path(written: str) -> Path:
    """The path that a person wrote, `~` in front of it read as a home.

    Raises:
        ChatError: there is no such home (kind FILE).
    """
    with _told(written):
        return Path(written).expanduser()


def is_folder(path: Path) -> bool:
    """Whether there is a folder.

    Raises:
        ChatError: that can't be told (kind FILE).
    """
    with _told(path):
        return path.is_dir()


def is_there(path: Path) -> bool:
    """Whether anything is there: also a link that leads nowhere.

    Raises:
        ChatError: that can't be told, or no file can have such a name (kind FILE).
    """
    with _told(path):
        try:
            path.lstat()  # unlike `exists`, it refuses a name that can't be
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True


def free_path(folder: Path, name: str) -> Path:
    """`name` in `folder`, with a number if there is such a file: `tides-3f2a1122-2.md`.

    Raises:
        ChatError: the folder can't be used (kind FILE).
    """
    path, number = folder / name, 1
    while is_there(path):
        number += 1
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return path


def save(
    path: Path, pieces: Iterable[str], *, replace: bool = False, instead: str = "move it away"
) -> None:
    """Write an export, which is at `path` as a whole or not at all.

    Args:
        path: the file; its folder is made when missing.
        pieces: the document.
        replace: put it in place of a file that is there.
        instead: what else than naming another file helps where one is there.

    Raises:
        ChatError: something is there already, or it can't be written (kind FILE).
    """
    there = is_there(path)
    with _told(path):
        ordinary = there and path.is_file()
    if there and not (replace and ordinary):
        raise ChatError(
            ErrorKind.FILE,
            f"{path} is there already and stays as it is. Name another file, or {instead}."
            if ordinary
            else f"{path} is there already and is no ordinary file. Name another one.",
        )
    try:
        with replacing_private(path) as file:
            for piece in pieces:
                file.write(piece.encode())
    except OSError as error:
        raise _cannot(path, error) from None


@contextmanager
def _told(path: Path | str) -> Iterator[None]:
    """What keeps a path from being used is said in words, whatever it is."""
    try:
        yield
    # ValueError: a name that no file can have; RuntimeError: the home of nobody.
    except (OSError, ValueError, RuntimeError) as error:
        raise _cannot(path, error) from None


def _cannot(path: Path | str, error: Exception) -> ChatError:
    if isinstance(error, OSError):
        why = error.strerror or type(error).__name__
    elif isinstance(error, ValueError):
        why = "no file can have such a name"
    else:
        why = "there is no such home"
    return ChatError(
        ErrorKind.FILE,
        f"{shown_line(str(path))} can't be written: {why}. Name a file in a folder of yours.",
    )
