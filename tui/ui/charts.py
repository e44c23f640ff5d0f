"""Small charts out of text: bars of eighths of a cell, and columns that line up. Pure functions.

A value that is not nothing always shows at least an eighth: nothing and little never look the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

LYING = " ▏▎▍▌▋▊▉█"
STANDING = " ▁▂▃▄▅▆▇█"
EIGHTHS = 8
GAP = "  "


def eighths(value: float, most: float, cells: int) -> int:
    """How many eighths of `cells` cells stand for `value`, when `most` fills them all."""
    if value <= 0 or most <= 0 or cells <= 0:
        return 0
    return max(1, min(cells * EIGHTHS, round(value / most * cells * EIGHTHS)))


def lying_bar(value: float, most: float, cells: int) -> str:
    """A bar that grows to the right; without spaces behind it."""
    full, rest = divmod(eighths(value, most, cells), EIGHTHS)
    return LYING[EIGHTHS] * full + (LYING[rest] if rest else "")


def standing_bars(
    values: Sequence[float], most: float, height: int, bar: int = 1, between: int = 0
) -> list[str]:
    """Bars side by side that grow upwards, as lines from the top down.

    Args:
        values: one for each bar.
        most: the value that fills the height.
        height: lines.
        bar: cells that a bar is wide.
        between: cells between two bars.
    """
    filled = [eighths(value, most, height) for value in values]
    lines = []
    for line in range(height):
        under = (height - 1 - line) * EIGHTHS
        parts = [STANDING[max(0, min(EIGHTHS, one - under))] * bar for one in filled]
        lines.append((" " * between).join(parts))
    return lines


def bar_widths(count: int, cells: int, widest: int = 8) -> tuple[int, int]:
    """How wide `count` bars and the gaps between them may be, to stand in so many cells.

    Returns:
        Cells of a bar, and between two of them; (0, 0) when not even bars of one cell fit.
    """
    if count < 1 or count > cells:
        return 0, 0
    between = 1 if 2 * count + count - 1 <= cells else 0
    bar = min(widest, (cells - between * (count - 1)) // count)
    return bar, between


def columns(rows: Sequence[Sequence[str]], left: int = 1) -> list[str]:
    """Rows of cells as lines: the first `left` columns begin together, the others end together.

    Every row has as many cells; no spaces end a line.
    """
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    return [
        GAP.join(
            cell + " " * (width - cell_len(cell))
            if place < left
            else " " * (width - cell_len(cell)) + cell
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
