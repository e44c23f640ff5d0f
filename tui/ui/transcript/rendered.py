"""What was made of pieces lately: their passages and rows, kept while they are likely needed.

Bounded by rows, not by messages: memory is what some screenfuls take, whatever the chat's length.
A new width drops the rows and keeps the passages; a new theme drops only what was painted.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from tui.ui.transcript.inline import References
from tui.ui.transcript.passage import Passage
from tui.ui.transcript.piece import Piece
from tui.ui.transcript.rows import Row, spans_of

ROWS = 2_000  # kept: some 40 screenfuls; a painted row takes some kilobytes


class Line(NamedTuple):
    """A row of the pane as it goes to the screen, and what it was made of."""

    gutter: Segment
    body: Strip
    cells: tuple[int, int]
    strip: Strip


@dataclass(slots=True)
class Rendered:
    """A piece's text and, at the present width, its rows and what is painted of them."""

    passage: Passage
    rows: list[Row] = field(default_factory=list)
    laid: bool = False  # whether `rows` are those of the present width
    strips: dict[int, Strip] = field(default_factory=dict)
    lines: dict[int, Line] = field(default_factory=dict)

    def take_over(self, before: Rendered) -> int:
        """Keep what was painted of the rows that look as they did `before`, when there was less.

        Returns:
            How many rows, from the top, those are.
        """
        until = self.passage.alike(before.passage)
        same = 0
        for row, old in zip(self.rows, before.rows, strict=False):
            if row != old or any(span.end > until for span in spans_of(row)):
                break
            if same in before.strips:
                self.strips[same] = before.strips[same]
                if same in before.lines:
                    self.lines[same] = before.lines[same]
            same += 1
        return same


class Renderer:
    """Makes the rows of pieces, once while they are kept."""

    def __init__(self) -> None:
        self.width = 80
        self.made = 0  # how many pieces were read: what tests and benchmarks count
        self._kept: OrderedDict[Piece, Rendered] = OrderedDict()
        self._rows = 0

    def of(self, piece: Piece, references: References) -> Rendered:
        """What `piece` looks like at the present width."""
        kept = self._kept.get(piece)
        if kept is None:
            self.made += 1
            kept = self._kept[piece] = Rendered(piece.passage(references))
        else:
            self._kept.move_to_end(piece)
        if not kept.laid:
            kept.passage, kept.rows = piece.laid(kept.passage, self.width, references)
            kept.laid = True
            self._rows += len(kept.rows)
            self._shrink()
        return kept

    def kept(self, piece: Piece) -> Rendered | None:
        """What was made of `piece` for the present width, if that is at hand."""
        kept = self._kept.get(piece)
        return kept if kept is not None and kept.laid else None

    def passage(self, piece: Piece, references: References) -> Passage:
        """The text of a piece; not kept if it is not shown (copying a whole chat, say)."""
        kept = self._kept.get(piece)
        return piece.passage(references) if kept is None else kept.passage

    def _shrink(self) -> None:
        while self._rows > ROWS and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._rows -= len(oldest.rows)

    def forget(self, piece: Piece) -> None:
        """Drop what was made of a piece that is gone or stale."""
        kept = self._kept.pop(piece, None)
        if kept is not None:
            self._rows -= len(kept.rows)

    def resize(self, width: int) -> None:
        """Lay out for another width from now on."""
        self.width = width
        self._rows = 0
        for kept in self._kept.values():
            kept.laid, kept.rows, kept.strips, kept.lines = False, [], {}, {}

    def repaint(self) -> None:
        """Drop what was painted: the theme has changed."""
        for kept in self._kept.values():
            kept.strips, kept.lines = {}, {}

    def clear(self) -> None:
        """Drop everything."""
        self._kept.clear()
        self._rows = 0
