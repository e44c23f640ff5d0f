"""Server-sent events out of bytes, to the letter of the standard.

The events do not depend on how the bytes were cut into pieces: a piece may end within a character,
a line end or an event. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
(9.2.5 Parsing, 9.2.6 Interpreting an event stream); `id` and `retry` serve reconnecting, which no
one does with a chat.
"""

from __future__ import annotations

from typing import NamedTuple

_BOM = b"\xef\xbb\xbf"


class ServerEvent(NamedTuple):
    """One event; `name` is empty where the stream gives none."""

    name: str
    data: str


class EventDecoder:
    """Collects bytes and gives out each event that they complete."""

    def __init__(self) -> None:
        self._line: list[bytes] = []  # pieces of a line whose end has not come
        self._after_cr = False
        self._first = True
        self._name = ""
        self._data: list[bytes] = []

    def feed(self, data: bytes) -> list[ServerEvent]:
        """The events that `data` completes; one still incomplete when the stream ends is void."""
        if self._after_cr and data:
            data = data.removeprefix(b"\n")  # the second half of a CRLF
            self._after_cr = False
        lines = data.splitlines(keepends=True)  # of bytes: at CR, LF and CRLF only
        if not lines:
            return []
        unfinished = b"" if lines[-1].endswith((b"\n", b"\r")) else lines.pop()
        if self._line and lines:
            lines[0] = b"".join([*self._line, lines[0]])
            self._line.clear()
        if unfinished:
            self._line.append(unfinished)
        self._after_cr = data.endswith(b"\r")
        return self._interpret(lines)

    def _interpret(self, lines: list[bytes]) -> list[ServerEvent]:
        events = []
        for line in lines:
            line = line.rstrip(b"\r\n")
            if self._first:
                line = line.removeprefix(_BOM)
                self._first = False
            if not line:
                if self._data:
                    text = b"\n".join(self._data).decode("utf-8", "replace")
                    events.append(ServerEvent(self._name, text))
                    self._data.clear()
                self._name = ""
                continue
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
            elif name == b"event":
                self._name = value.removeprefix(b" ").decode("utf-8", "replace")
        return events
