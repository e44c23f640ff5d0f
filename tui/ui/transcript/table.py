"""The layout of a table: columns that fit the width, cells that wrap and are never cut.

The header and the first rows decide the widths, so that rows may come for ever without moving
those above them. A table with more columns than there is room for is wider than the pane, which
then scrolls sideways.
"""

from __future__ import annotations

from functools import lru_cache

from tui.core.safe import shown
from tui.ui.transcript import look as looks
from tui.ui.transcript.block import Block
from tui.ui.transcript.compose import BETWEEN_CELLS
from tui.ui.transcript.grammar import cells
from tui.ui.transcript.inline import write_inline
from tui.ui.transcript.passage import Passage, PassageWriter
from tui.ui.transcript.wrap import width_of, wrap

# (text, look) of something drawn, or (start, end) of the passage.
Part = tuple[str, int] | tuple[int, int]

NARROWEST = 6  # cells of a column in a table that does not fit


def column_widths(sample: tuple[str, ...], columns: int, room: int, least: int = 1) -> list[int]:
    """Cells of each column: as wide as its text where that fits, else a fair share of the room."""
    natural = [max(least, one) for one in _widest(sample, columns)]
    room -= len(BETWEEN_CELLS) * (columns - 1)
    if sum(natural) <= room:
        return natural
    widths = list(natural)
    open_columns = set(range(columns))
    left = room
    while open_columns:
        share = left // len(open_columns)
        small = [column for column in open_columns if natural[column] <= share]
        if not small:
            for column in open_columns:
                widths[column] = max(share, min(NARROWEST, natural[column]))
            break
        for column in small:
            left -= natural[column]
            open_columns.remove(column)
    return widths


@lru_cache(maxsize=64)
def _widest(sample: tuple[str, ...], columns: int) -> tuple[int, ...]:
    """Cells that the widest cell of each column takes: every part of a table asks for them."""
    widest = [0] * columns
    for row in sample:
        for column, text in enumerate(cells(row)[:columns]):
            widest[column] = max(widest[column], _cells_of(text))
    return tuple(widest)


@lru_cache(maxsize=2_048)
def _cells_of(text: str) -> int:
    """Cells that a table's cell takes as it is shown, however its links are defined later on."""
    writer = PassageWriter()
    write_inline(writer, text, {})
    return width_of(shown(writer.passage().text))


def table_rows(block: Block, passage: Passage, room: int, until: int) -> list[list[Part]]:
    """The rows of a part of a table, each as the parts it is drawn of.

    Args:
        block: the part.
        passage: its text.
        room: cells of the pane that it may take.
        until: offset of the line of its last cell that is left to the next part.
    """
    widths = column_widths(block.sample, len(block.aligns), room, block.least)
    lead = "" if passage.lead is None else passage.lead.text
    text, back = shown(lead + passage.text), len(lead)
    rows: list[list[Part]] = []
    for number, spans in enumerate(passage.cells):
        wrapped: list[list[tuple[int, int]]] = []
        for column, ((start, stop), width) in enumerate(zip(spans, widths, strict=True)):
            goes_on = block.glued and number == 0 and column == block.column
            begin = start if goes_on else start + back
            cell = [
                (begin + left - back, begin + right - back)
                for left, right in wrap(text[begin : stop + back], max(2, width))
            ]
            wrapped.append([line for line in cell if line[0] < until])
        for line in range(max(1, *map(len, wrapped))):
            parts: list[Part] = []
            for column, width in enumerate(widths):
                if column:
                    parts.append((BETWEEN_CELLS, looks.DIM))
                cell = wrapped[column]
                start, end = cell[line] if line < len(cell) else (0, 0)
                blank = max(0, width - width_of(text[start + back : end + back]))
                before = {"right": blank, "center": blank // 2}.get(block.aligns[column], 0)
                parts += [(" " * before, 0), (start, end), (" " * (blank - before), 0)]
            rows.append(parts)
        if number == 0 and block.part == 0:
            rule = "─┼─".join("─" * width for width in widths)
            rows.append([(rule, looks.DIM)])
    return rows
