"""`/export [md|json|toml|html] [path]`: the chat on screen into a file.

Without a path it goes into the folder chinwag was started in, under a name of its own; a folder
does the same there. Nothing is overwritten.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from tui.core.whole import WholeConversation
from tui.store.formats import table
from tui.store.formats.saving import file_name, free_path, save
from tui.store.thread import LibraryThread


@dataclass(frozen=True, slots=True)
class Wish:
    """What the words after `/export` ask for; None where they leave it open."""

    ending: str | None
    path: Path | None


def parse_wish(words: str) -> Wish:
    """A format, a path, both in this order, or nothing."""
    first, _, rest = words.strip().partition(" ")
    ending = first.lower() if first.lower() in table.NAMES else None
    named = words.strip() if ending is None else rest.strip()
    return Wish(ending, Path(named).expanduser() if named else None)


async def export_chat(library: LibraryThread, chat_id: str, words: str) -> Path:
    """Write a chat as `words` ask for; returns where it is.

    Raises:
        ChatError: there is such a file already, or it can't be written (kind FILE); the chat can't
            be read.
    """
    whole = await library.run(lambda library: library.copies.take(chat_id))
    # Elsewhere, for a page with much code takes a second or more.
    return await asyncio.to_thread(_write, whole, parse_wish(words))


def _write(whole: WholeConversation, wish: Wish) -> Path:
    path = wish.path or Path.cwd()
    ending = wish.ending or (None if path.is_dir() else table.format_of(path)) or table.DEFAULT
    if path.is_dir():
        path = free_path(path, file_name(whole.conversation, ending))
    save(path, table.writer(ending)([whole]))
    return path.absolute()
