"""Puts exports into files: named after their chats, private, and over nothing that is there.

Titles are anybody's text, so of a title only letters, digits and hyphens get into a file's name;
the start of the chat's id makes it one of its own, the same at each export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from tui.core.conversation import Conversation
from tui.core.errors import ChatError, ErrorKind
from tui.files import replacing_private

NAME_BYTES = 120  # of a title; systems take 255 for a whole name, some encrypted folders 143
ID_DIGITS = 8
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def file_name(conversation: Conversation, ending: str) -> str:
    """`tides-and-the-moon-3f2a1122.md`."""
    title = unicodedata.normalize("NFC", conversation.title.lower()[:NAME_BYTES])
    words = _BETWEEN_WORDS.sub("-", title).encode()[:NAME_BYTES].decode(errors="ignore").strip("-")
    return "-".join([*([words] if words else []), f"{conversation.id[:ID_DIGITS]}.{ending}"])


def free_path(folder: Path, name: str) -> Path:
    """`name` in `folder`, with a number if there is such a file: `tides-3f2a1122-2.md`."""
    path, number = folder / name, 1
    while _is_there(path):
        number += 1
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return path


def save(path: Path, pieces: Iterable[str], *, replace: bool = False) -> None:
    """Write an export, which is at `path` as a whole or not at all.

    Args:
        path: the file; its folder is made when missing.
        pieces: the document.
        replace: put it in place of a file that is there.

    Raises:
        ChatError: something is there already, or it can't be written (kind FILE).
    """
    if _is_there(path) and not (replace and path.is_file()):
        raise ChatError(
            ErrorKind.FILE,
            f"{path} is there already and stays as it is. Name another file, or move it away."
            if path.is_file()
            else f"{path} is there already and is no ordinary file. Name another one.",
        )
    try:
        with replacing_private(path) as file:
            for piece in pieces:
                file.write(piece.encode())
    except OSError as error:
        raise ChatError(
            ErrorKind.FILE,
            f"{path} can't be written: {error.strerror or type(error).__name__}. "
            "Name a file in a folder of yours.",
        ) from None


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()  # one that leads nowhere, too
