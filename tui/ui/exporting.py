"""`/export [md|json|toml|html] [path]`: one chat into a file, or several.

Without a path a chat goes into the folder chinwag was started in, under a name of its own; a folder
does the same there. Several go into a folder, each into a file of its own, or together into one
file. Nothing is overwritten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from tui.core.chat_filter import ChatFilter
from tui.core.errors import ChatError, ErrorKind
from tui.core.whole import WholeConversation
from tui.store.formats import table
from tui.store.formats.saving import file_name, free_path, is_folder, save, written_path
from tui.store.library import Library
from tui.store.thread import LibraryThread

EXPORT_HELP = (
    "md, json, toml or html; then a folder, which gets a file for each chat, or a file for all of "
    "them. Nothing is overwritten."
)
# Who says one of these alone wants no file of that name.
_OTHER_FORMATS = frozenset(
    ("csv", "doc", "docx", "epub", "htm", "odt", "pdf", "rtf", "tex", "txt", "xml", "yaml", "yml")
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the words after `/export` ask for; None where they leave it open."""

    ending: str | None
    path: Path | None
    folder: bool = False  # the path was written as one


def parse_wish(words: str) -> Wish:
    """A format, a path, both in this order, or nothing.

    Without a format, a path of several words must be a folder or end as a format does: else its
    first word was meant as one.

    Raises:
        ChatError: there is no such format; the path is in a home that there is not (kind FILE).
    """
    first, _, rest = words.strip().partition(" ")
    ending = table.ENDINGS.get(first.lower())
    named = words.strip() if ending is None else rest.strip()
    path = written_path(named) if named else None
    if ending is None and path is not None:
        is_path = not rest or path.suffix[1:].lower() in table.ENDINGS or is_folder(path)
        if first.lower() in _OTHER_FORMATS or not is_path:
            raise table.no_format(first)
    return Wish(ending, path, named.endswith(("/", "\\")))


def suggested_words(today: date, count: int) -> str:
    """What so many chats may be exported as."""
    return table.DEFAULT + (" ./" if count == 1 else f" chats-{today.isoformat()}/")


async def all_ids(library: LibraryThread) -> list[str]:
    """All chats in the order of the list, those in the archive last; none of the trash."""
    wanted = (ChatFilter(), ChatFilter(archived=True))
    return await library.run(
        lambda library: [
            chat_id
            for listed in wanted
            for chat_id in library.listing.ids(listed, 0, library.size().conversations)
        ]
    )


def _take(chat_id: str, library: Library) -> WholeConversation:
    return library.copies.take(chat_id)


async def export_chats(
    library: LibraryThread, ids: Sequence[str], words: str, today: date
) -> tuple[int, Path]:
    """Write chats as `words` ask for; returns how many, and the file, or the folder of several.

    One chat at a time is read, so that any number takes the memory of one.

    Raises:
        ChatError: there is no such format or such a file already, or one can't be written (kind
            FILE); a chat can't be read.
    """
    wish = parse_wish(words if words.strip() else suggested_words(today, len(ids)))

    def taken() -> Iterator[WholeConversation]:
        for chat_id in ids:
            try:
                yield library.run_sync(partial(_take, chat_id))
            except ChatError as error:
                if error.kind is not ErrorKind.NO_SUCH_CHAT:  # removed for good meanwhile
                    raise

    # Elsewhere, for a page with much code takes a second or more.
    return await asyncio.to_thread(_write_all, taken(), wish)


def _write_all(chats: Iterator[WholeConversation], wish: Wish) -> tuple[int, Path]:
    path = wish.path or Path()
    count = 0
    if wish.folder or is_folder(path):
        ending = wish.ending or table.DEFAULT
        name = path
        for whole in chats:
            count += 1
            name = free_path(path, file_name(whole.conversation, ending))
            save(name, table.writer(ending)([whole]))
        return count, (name if count == 1 else path).absolute()

    def counted() -> Iterator[WholeConversation]:
        nonlocal count
        for whole in chats:
            count += 1
            yield whole

    ending = wish.ending or table.format_of(path)
    save(path, table.writer(ending)(counted()))
    return count, path.absolute()
