"""Breaking text into rows of a width, measured as terminals show it.

Wide characters take two cells, combining marks none; a grapheme is never divided. Nothing is
ever cut: a word longer than the row goes on in the next one.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

TAB = 4  # cells of a tab
# Text of one-cell characters alone, in which an offset is a column (rich.cells has the ranges).
_SIMPLE = re.compile("[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2500-\u25fc]*")


def is_simple(text: str) -> bool:
    """Whether each character of `text` takes one cell."""
    return (text.isascii() and "\t" not in text) or _SIMPLE.fullmatch(text) is not None


def width_of(text: str) -> int:
    """Cells that `text`, without new lines, takes."""
    if is_simple(text):
        return len(text)
    tabs = text.count("\t")
    return cell_len(text) + TAB * tabs


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """(start, end, cells) of each grapheme; a tab is one of four cells."""
    if "\t" not in text:
        return split_graphemes(text)[0]
    found: list[tuple[int, int, int]] = []
    at = 0
    for part in text.split("\t"):
        found += [(start + at, end + at, size) for start, end, size in split_graphemes(part)[0]]
        at += len(part) + 1
        found.append((at - 1, at, TAB))
    return found[:-1]


def beside(text: str, offset: int, by: int) -> int:
    """The offset one character further (`by` 1) or back (-1), as a reader counts characters.

    It may be one past either end of the text.
    """
    begin = text.rfind("\n", 0, max(0, offset)) + 1
    end = text.find("\n", offset)
    line = text[begin : end if end >= 0 else len(text)]
    edges = [start + begin for start, _, _ in graphemes(line)] + [begin + len(line)]
    if by > 0:
        return next((edge for edge in edges if edge > offset), offset + 1)
    return next((edge for edge in reversed(edges) if edge < offset), offset - 1)


def wrap(text: str, width: int, *, words: bool = True) -> list[tuple[int, int]]:
    """The rows of `text`, as (start, end) offsets.

    Args:
        text: may hold new lines: each ends a row.
        width: cells of a row, at least 2.
        words: break between words; else anywhere (code).
    """
    rows: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        if len(line) <= width // TAB or (is_simple(line) and len(line) <= width):
            rows.append((at, at + len(line)))
        elif is_simple(line):
            _wrap_simple(line, at, width, words, rows)
        else:
            _wrap_wide(line, at, width, words, rows)
        at += len(line) + 1
    return rows


def _wrap_simple(line: str, at: int, width: int, words: bool, rows: list[tuple[int, int]]) -> None:
    start, size = 0, len(line)
    while size - start > width:
        cut = line.rfind(" ", start + 1, start + width + 1) if words else -1
        if cut < 0 or not line[start:cut].strip():
            rows.append((at + start, at + start + width))
            start += width
            continue
        rows.append((at + start, at + start + len(line[start:cut].rstrip(" "))))
        start = size - len(line[cut:].lstrip(" "))  # spaces at the end of a row are not seen
    if start < size or not start:
        rows.append((at + start, at + size))


def _wrap_wide(line: str, at: int, width: int, words: bool, rows: list[tuple[int, int]]) -> None:
    start = used = 0
    chance = since = 0  # where this row may be broken (beside a space or a wide character), and
    for begin, end, cells in graphemes(line):  # the cells from there on
        space = words and line[begin] == " "
        if space and start and begin == start:
            start = chance = end
            continue
        if space and used + cells > width:  # spaces at the end of a row are not seen
            rows.append((at + start, at + start + len(line[start:begin].rstrip(" "))))
            start = chance = end
            used = since = 0
            continue
        while used + cells > width and begin > start:
            if words and line[start:chance].strip(" "):
                rows.append((at + start, at + start + len(line[start:chance].rstrip(" "))))
                start, used = chance, since
            else:
                rows.append((at + start, at + begin))
                start, used = begin, 0
        used += cells
        since += cells
        if space or (words and cells == 2):
            chance, since = end, 0
    if start < len(line):
        rows.append((at + start, at + len(line)))
