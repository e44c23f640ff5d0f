"""Chats as JSON: written one after the other, and read so, whatever the size of the whole.

The document is the one of `tui.store.formats.values`, indented by two. It is read a chat at a time
with `json`'s own scanner, so a large file takes no more memory than its largest chat; `format` and
`version` must therefore stand before `conversations`, as they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from tui.core.json_values import to_json
from tui.core.whole import WholeConversation
from tui.store.formats.fields import too_long, unreadable
from tui.store.formats.values import FORMAT, VERSION, check_head, whole_value

CHAT_LIMIT = 64 * 1024 * 1024  # characters of one chat: 60 replies of 1 MB
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_MEMBER = "conversations"


def write(chats: Iterable[WholeConversation]) -> Iterator[str]:
    """The document, in pieces."""
    yield f'{{\n  "format": "{FORMAT}",\n  "version": {VERSION},\n  "{_MEMBER}": ['
    separator = "\n    "
    for whole in chats:
        # Within a text line ends are escaped, so each one here is the layout's.
        yield separator + to_json(whole_value(whole)).replace("\n", "\n    ")
        separator = ",\n    "
    yield "]\n}\n" if separator == "\n    " else "\n  ]\n}\n"


def read(chunks: Iterable[str]) -> Iterator[object]:
    """The values of the chats in a document that comes in chunks.

    Raises:
        ChatError: it is no such document, or breaks off (kind FILE). Chats before that place have
            been given by then.
    """
    source = _Source(chunks)
    if source.peek() != "{":
        raise unreadable("This is no export of chinwag's: it is not a JSON object")
    source.expect("{")
    head: dict[str, object] = {}
    while True:
        name = source.value()
        source.expect(":")
        if name == _MEMBER:
            check_head(head)
            break
        value = source.value()
        if name in ("format", "version"):  # whatever else stands there is not held
            head[str(name)] = value
        if source.expect(",}") == "}":
            check_head(head)
            return
    source.expect("[")
    if source.peek() == "]":
        return
    while True:
        yield source.value()
        if source.expect(",]") == "]":
            return


class _Source:
    """A text that comes in chunks, of which no more is held than the value that is read."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self._chunks = iter(chunks)
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(1):
                return ""

    def expect(self, among: str) -> str:
        """Take the next character, which must be one of these."""
        found = self.peek()
        if not found:
            raise unreadable("The file breaks off in the middle")
        if found not in among:
            raise unreadable("The file is no JSON from some place on")
        self._at += 1
        return found

    def value(self) -> object:
        """Take the next value."""
        if not self.peek():
            raise unreadable("The file breaks off in the middle")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise unreadable("The file is nested too deeply") from None
            except ValueError:
                # Broken, or not all there yet. Twice as much each time, so that a long value is
                # not begun anew for every chunk of it.
                held = len(self._text) - self._at
                if held > CHAT_LIMIT:
                    raise too_long("A chat in the file is broken, or", CHAT_LIMIT) from None
                if not self._more(held):
                    raise unreadable("The file breaks off in the middle, or is broken") from None
            else:
                length = end - self._at
                if end < len(self._text) or not self._more(1):  # a number might go on
                    self._at += length
                    return value

    def _more(self, least: int) -> bool:
        """Hold more of the text, if there is more."""
        parts = [self._text[self._at :]]
        self._at = 0
        got = 0
        for chunk in self._chunks:
            parts.append(chunk)
            got += len(chunk)
            if got >= least:
                break
        self._text = "".join(parts)
        return got > 0
