"""Rows into strips: the only place where looks become colours and text becomes segments.

Text is made safe here (`shown`), segment by segment, and never goes through a markup parser.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.core.safe import shown
from tui.ui.transcript.passage import Passage
from tui.ui.transcript.rows import Literal, Row
from tui.ui.transcript.wrap import TAB, graphemes, is_simple, width_of


class Mark(NamedTuple):
    """Characters of a passage that are painted in another style: selected, or found."""

    start: int
    end: int
    style: Style


class Palette:
    """The style of every look in the present theme."""

    def __init__(self, base: Style, styles: Sequence[Style]) -> None:
        """A palette; `styles[n]` is that of look bit n."""
        self.base = base
        self._styles = styles
        self._made: dict[int, Style] = {0: base}

    def __getitem__(self, look: int) -> Style:
        made = self._made.get(look)
        if made is None:
            made = self.base
            for bit, style in enumerate(self._styles):
                if look >> bit & 1:
                    made += style
            self._made[look] = made
        return made


def paint(
    row: Row, passage: Passage, width: int, palette: Palette, marks: Sequence[Mark] = ()
) -> Strip:
    """A row as a strip at least `width` cells long."""
    segments: list[Segment] = []
    used = 0
    for item in row.items:
        if isinstance(item, Literal):
            if item.text:
                segments.append(Segment(item.text, palette[item.look]))
                used += width_of(item.text)
            continue
        for start, end, look in passage.stretches(*item):
            text = shown(passage.between(start, end))
            used += width_of(text)
            style = palette[look]
            if marks:
                _marked(segments, text, start, style, marks)
            else:
                segments.append(Segment(text.replace("\t", " " * TAB), style))
    if used < width:
        segments.append(Segment(" " * (width - used), palette[row.fill]))
        used = width
    return Strip(segments, used)


def _marked(
    segments: list[Segment], text: str, start: int, style: Style, marks: Sequence[Mark]
) -> None:
    """Paint a stretch of one look that may be marked in places."""
    edges = {0, len(text)}
    for mark in marks:
        edges.update(edge - start for edge in mark[:2] if 0 < edge - start < len(text))
    ordered = sorted(edges)
    for begin, end in pairwise(ordered):
        made = style
        for mark in marks:
            if mark.start <= start + begin and start + end <= mark.end:
                made += mark.style
        segments.append(Segment(text[begin:end].replace("\t", " " * TAB), made))


def offset_at(row: Row, passage: Passage, column: int) -> int | None:
    """The passage's offset at a column of a row; the nearest one beside its text.

    None where the row has no text at all. Before a span is its beginning, after it its end.
    """
    at = 0
    nearest: int | None = None
    for item in row.items:
        if isinstance(item, Literal):
            at += width_of(item.text)
            continue
        text = shown(passage.between(*item))
        width = width_of(text)
        if nearest is None or item.start < item.end:
            if column < at:
                return item.start if nearest is None else nearest
            if column < at + width:
                return item.start + _offset_in(text, column - at)
            nearest = item.end
        at += width
    return nearest


def column_of(row: Row, passage: Passage, offset: int) -> int:
    """The column where an offset stands in a row that shows it."""
    at = found = 0
    for item in row.items:
        if isinstance(item, Literal):
            at += width_of(item.text)
            continue
        end = min(item.end, offset)
        if item.start <= offset:
            found = at + width_of(shown(passage.between(item.start, max(item.start, end))))
        at += width_of(shown(passage.between(*item)))
    return found


def _offset_in(text: str, column: int) -> int:
    if is_simple(text):
        return column
    at = 0
    for start, _, cells in graphemes(text):
        if at + cells > column:
            return start
        at += cells
    return len(text)
