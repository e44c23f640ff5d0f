"""Cuts an array of JSON, of any length, into the texts of its elements.

`json` reads only whole documents. This one walks over the bytes with an expression that knows texts
and brackets and nothing else, so it holds one element at a time, and one that is broken within does
not hide those after it. Whatever else is wrong with an element, `json` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tui.core.errors import ChatError
from tui.store.formats.fields import unreadable

ELEMENT_LIMIT = 200 * 1024 * 1024  # bytes; the longest chats that people export have some 50 MB
VALUES_LIMIT = 12_000_000  # values in an element: each takes up to 100 bytes when it is read
CHUNK = 1024 * 1024
_SPACE = re.compile(rb"[\s,]*+")
_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rb'[^"\[\]{}]*+(?:' + _TEXT + rb'[^"\[\]{}]*+)*+'  # texts and what is no bracket
# Everything up to the next bracket that stands outside of texts, and that bracket, if it is there
# yet; tables and lists that have no other within them are passed over, for most have none.
_TO_BRACKET = re.compile(
    _FLAT + rb"(?:(?:\[" + _FLAT + rb"\]|\{" + _FLAT + rb"\})" + _FLAT + rb")*+([\[\]{}])?",
    re.DOTALL,
)
# What stands in an array and is no table or list: a text, or a word up to the next comma.
_PLAIN = re.compile(rb"(?:" + _TEXT + rb"|[^\s,\[\]{}\"]++)(?=[\s,\]])", re.DOTALL)


def elements(read: Callable[[int], bytes]) -> Iterator[bytes | ChatError]:
    """The elements of the array that begins with the next byte that is no space.

    What comes in place of one that is too large to be held is why. Something else than an array
    is one element.

    Args:
        read: gives up to so many further bytes, and none at the end.

    Raises:
        ChatError: it breaks off in the middle (kind FILE).
    """
    source = _Bytes(read)
    if source.peek() != b"[":
        yield source.element()
        return
    source.at += 1
    while (found := source.peek()) != b"]":
        if not found:
            raise unreadable("The file breaks off in the middle")
        yield source.element()


class _Bytes:
    """Bytes that come in chunks, of which no more is held than one element."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._held = b""
        self.at = 0

    def peek(self) -> bytes:
        """The next byte that is no space and no comma; none at the end."""
        while True:
            found = _SPACE.match(self._held, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self._held) or not self._more():
                return self._held[self.at : self.at + 1]

    def element(self) -> bytes | ChatError:
        """Take the next element."""
        if self.peek() in (b"[", b"{"):
            return self._table()
        while (found := _PLAIN.match(self._held, self.at)) is None:
            self._limited()
            if not self._more():
                rest, self.at = self._held[self.at :], len(self._held)
                return rest
        self.at = found.end()
        return found[0]

    def _table(self) -> bytes | ChatError:
        """Take a table or a list, whose first byte is the next."""
        depth = 1
        place = self.at + 1  # up to where it is known
        too_large = False
        while True:
            while found := _TO_BRACKET.match(self._held, place):
                place = found.end()
                if not found[1]:
                    break
                depth += 1 if found[1] in b"[{" else -1
                if not depth:
                    whole, self.at = self._held[self.at : place], place
                    if too_large or sum(map(whole.count, (b",", b"[", b"{"))) > VALUES_LIMIT:
                        return _too_large()
                    return whole
            if place - self.at > ELEMENT_LIMIT or too_large:
                too_large = True
                self.at = place  # what is known of it is not wanted any more
            elif len(self._held) - self.at > ELEMENT_LIMIT:
                raise unreadable(f"A text in the file is longer than {ELEMENT_LIMIT // 2**20} MB")
            place -= self.at
            if not self._more():
                raise unreadable("The file breaks off in the middle")

    def _limited(self) -> None:
        if len(self._held) - self.at > ELEMENT_LIMIT:
            raise unreadable(f"A text in the file is longer than {ELEMENT_LIMIT // 2**20} MB")

    def _more(self) -> bool:
        """Hold more, if there is more; what was held before `at` goes."""
        # As much again as is held: a text that is long is not begun anew with each chunk of it.
        wanted = max(CHUNK, len(self._held) - self.at)
        more = self._read(wanted)
        self._held = self._held[self.at :] + more
        self.at = 0
        return bool(more)


def _too_large() -> ChatError:
    return unreadable(
        f"It is larger than {ELEMENT_LIMIT // 2**20} MB or has more than {VALUES_LIMIT:,} values"
    )
