"""Rows that go on from one part of something long to the next.

What is too long for one block settles in parts (see `seams`), and still looks like one: the last
row of a part is not its own. It is left to the next part, whose first row begins with it. So the
rows of each part are settled with it, and only the live end is ever wrapped again. Where a part's
own rows end depends on the parts before it in the same line, at each width; it is found once.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.core.safe import shown
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.passage import Passage
from tui.ui.transcript.rows import measure_of
from tui.ui.transcript.table import column_widths
from tui.ui.transcript.wrap import wrap


@dataclass(slots=True)
class Flow:
    """What a part leaves to the next one.

    Attributes:
        said: the end of its text, from its last line end (or from its last cell's beginning) on.
        base: where that begins in its passage.
        column: of a table: the cell it is in.
        alone: there are rows above those of `said`: what is before can't matter.
        width: the one that `start` and `rest` are for; 0 for none.
        start: offset in the passage where the row begins that is left to the next part.
        rest: that row; None while nobody asked.
    """

    said: str
    base: int
    column: int = 0
    alone: bool = False
    width: int = 0
    start: int = 0
    rest: Passage | None = None

    @property
    def left(self) -> str:
        """The text of the row that is left to the next part."""
        return self.said[self.start - self.base :]


def flow_of(block: Block, passage: Passage) -> Flow:
    """What a part that flows into the next one has to leave, for no width yet."""
    if block.kind is Kind.TABLE:
        held = [column for column, (start, end) in enumerate(passage.cells[-1]) if start < end]
        column = held[-1] if held else 0
        start, end = passage.cells[-1][column]
        alone = len(passage.cells) > 1 or not block.glued or column != block.column
        return Flow(passage.text[start:end], start, column, alone)
    base = passage.text.rfind("\n") + 1
    return Flow(passage.text[base:], base, alone=base > 0)


def settle(flow: Flow, before: str, block: Block, width: int) -> None:
    """Find where the rows of a part end at `width`, when `before` was left to it."""
    flow.width, flow.rest = width, None
    room = measure_of(block, width)
    if block.kind is Kind.TABLE:
        widths = column_widths(block.sample, len(block.aligns), room, block.least)
        room = max(2, widths[flow.column])
    rows = wrap(shown(before + flow.said), room, words=block.kind is not Kind.CODE)
    at = rows[-1][0] - len(before)
    own = flow.alone or len(rows) > 1
    flow.start = flow.base + (at if own and at >= 0 else len(flow.said))
