"""Reads the chats of a file, of whichever of our formats it is: by its content, not its name.

Each chat is all or nothing: one that can't be read is given as its error, and the others go on.
What breaks the file itself (it is cut off, say) ends it, after the chats before that place.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import Protocol

from tui.core.errors import ChatError
from tui.core.whole import WholeConversation
from tui.store.formats import json_text, toml_text
from tui.store.formats.fields import unreadable
from tui.store.formats.values import whole_from

CHUNK = 1024 * 1024  # bytes read at once


class Readable(Protocol):
    """What bytes come out of: a file, or something before one."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""


def read_chats(file: Readable) -> Iterator[WholeConversation | ChatError]:
    """The chats of an open file; in place of one that can't be read, why."""
    chunks = _decoded(file)
    number = 0
    try:
        first = next((chunk for chunk in chunks if chunk.strip()), "")
        source = json_text if first.lstrip()[:1] in ("{", "[") else toml_text
        for value in source.read(_joined(first, chunks)):
            number += 1
            try:
                yield whole_from(value)
            except ChatError as error:
                yield ChatError(error.kind, f"Chat {number}: {error.text}")
    except ChatError as error:
        yield error


def _joined(first: str, chunks: Iterable[str]) -> Iterator[str]:
    yield first
    yield from chunks


def _decoded(file: Readable) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := file.read(CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise unreadable("The file is not text (UTF-8)") from None
