"""The tables of the usage page: endpoints with their models, what they took, how quick they were.

Tokens, cost and speed stand in one table where there is room, else in two. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.content import Content

from tui.core.spending import ModelUsage, Pace, total
from tui.ui import usage_text as text
from tui.ui.charts import GAP
from tui.ui.format import cut

SHORTEST_NAME = 20  # cells; with less than that for names, one table becomes two
_HEAD, _ENDPOINT = "$foreground-muted", "bold"
_TALLY_HEADS = [("", head) for head in text.TALLY_HEADS]
_PACE_HEADS = [
    ("First token", "median"),
    ("First token", "90%"),
    ("Tokens/s", "median"),
    ("Tokens/s", "90%"),
]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line: an endpoint, or a model of the endpoint above it."""

    name: str
    cells: tuple[str, ...]
    is_endpoint: bool

    @property
    def label(self) -> str:
        return self.name if self.is_endpoint else f"  {self.name}"


def usage_tables(models: Sequence[ModelUsage], width: int) -> list[Content]:
    """The lines, in `width` cells; endpoints and models in the order in which they come."""
    tallies: list[_Row] = []
    paces: list[_Row] = []
    for endpoint in dict.fromkeys(one.endpoint for one in models):
        of_it = [one for one in models if one.endpoint == endpoint]
        rows = [(endpoint, total(one.tally for one in of_it), Pace(), True)]
        rows += [(one.model, one.tally, one.pace, False) for one in of_it]
        for name, tally, pace, is_endpoint in rows:
            tallies.append(_Row(text.name(name), text.tally_cells(tally), is_endpoint))
            paces.append(_Row(text.name(name), text.pace_cells(pace, tally), is_endpoint))
    if not any(any(row.cells) for row in paces):
        return _table(_TALLY_HEADS, tallies, width)
    heads = [*_TALLY_HEADS, *_PACE_HEADS]
    both = [
        replace(one, cells=one.cells + other.cells)
        for one, other in zip(tallies, paces, strict=True)
    ]
    if width - _numbers(heads, both) >= SHORTEST_NAME:
        return _table(heads, both, width)
    quick = [row for row in paces if row.is_endpoint or any(row.cells)]
    return [
        *_table(_TALLY_HEADS, tallies, width),
        Content(""),
        *_table(_PACE_HEADS, quick, width),
    ]


def _widths(heads: Sequence[tuple[str, str]], rows: Sequence[_Row]) -> list[int]:
    """Cells of each column of numbers."""
    cells = [[head for _, head in heads], *(row.cells for row in rows)]
    return [max(map(cell_len, column)) for column in zip(*cells, strict=True)]


def _numbers(heads: Sequence[tuple[str, str]], rows: Sequence[_Row]) -> int:
    return sum(len(GAP) + width for width in _widths(heads, rows))


def _table(heads: Sequence[tuple[str, str]], rows: Sequence[_Row], width: int) -> list[Content]:
    """One table: what stands over pairs of columns, the heads, the rows."""
    widths = _widths(heads, rows)
    room = max(1, width - _numbers(heads, rows))
    first = min(room, max(cell_len(name) for name in ("Model", *(row.label for row in rows))))

    def line(label: str, cells: Sequence[str]) -> str:
        name = cut(label, first)
        numbers = (
            GAP + " " * (width - cell_len(cell)) + cell
            for cell, width in zip(cells, widths, strict=True)
        )
        return name + " " * (first - cell_len(name)) + "".join(numbers)

    lines = [Content.styled(line("Model", [head for _, head in heads]), _HEAD)]
    if any(over for over, _ in heads):
        lines.insert(0, Content.styled(_over(heads, widths, first), _HEAD))
    return lines + [
        Content.styled(line(row.label, row.cells), _ENDPOINT if row.is_endpoint else "")
        for row in rows
    ]


def _over(heads: Sequence[tuple[str, str]], widths: Sequence[int], first: int) -> str:
    """What stands over neighbours that share it, ending where the last of them ends."""
    line, end = "", first
    for place, ((over, _), width) in enumerate(zip(heads, widths, strict=True)):
        end += len(GAP) + width
        following = heads[place + 1][0] if place + 1 < len(heads) else ""
        if over and over != following:
            line = line.ljust(end - len(over)) + over
    return line
