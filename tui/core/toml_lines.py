"""Where in a TOML text each value stands, which `tomllib` does not tell.

Reads headers and keys line by line, for messages only: a value it can't place (one inside an inline
table, say) is said to stand where the table around it does.
"""

from __future__ import annotations

import re

Place = tuple[str | int, ...]  # ("endpoints", 1, "timeout"): a key of the second [[endpoints]]

_PART = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_NAME = rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*"
_HEADER = re.compile(rf"\s*(\[\[?){_NAME}\]")
_KEY = re.compile(rf"{_NAME}=")


class TomlLines:
    """The lines of a text's tables and keys, counted from 1."""

    def __init__(self, source: str) -> None:
        self._lines: dict[Place, int] = {}
        self._last: dict[Place, int] = {}  # array of tables: the index of its latest one
        here: Place = ()
        quotes = ""  # of the long text that the line is inside of
        for number, line in enumerate(source.split("\n"), 1):
            if quotes:
                quotes = "" if quotes in line else quotes
            elif header := _HEADER.match(line):
                here = self._table(_parts(header[2]), is_array=header[1] == "[[")
                self._note(here, 1, number)
            elif key := _KEY.match(line):
                self._note(here + _parts(key[1]), len(here) + 1, number)
                quotes = next((q for q in ('"""', "'''") if line.count(q) % 2), "")

    def line(self, place: Place) -> int:
        """The line of `place`, else of the closest thing around it, else 0."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 0)

    def _table(self, parts: Place, *, is_array: bool) -> Place:
        """The place of a header: arrays on its way are entered at their latest table."""
        here: Place = ()
        for part in parts[:-1] if is_array else parts:
            here = (*here, part)
            if here in self._last:
                here = (*here, self._last[here])
        if is_array:
            here = (*here, parts[-1])
            self._last[here] = self._last.get(here, -1) + 1
            here = (*here, self._last[here])
        return here

    def _note(self, place: Place, least: int, number: int) -> None:
        for length in range(least, len(place) + 1):
            self._lines.setdefault(place[:length], number)


def _parts(name: str) -> Place:
    return tuple(part.strip("\"'") for part in re.findall(_PART, name))
