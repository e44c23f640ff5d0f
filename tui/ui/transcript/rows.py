"""A block's rows at a width: where each stretch of its passage stands, and what stands around it.

Rows hold offsets, not text: what is painted, selected or clicked is always found in the passage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tui.core.safe import shown
from tui.ui.transcript import look as looks
from tui.ui.transcript.block import Block, Kind, Mark
from tui.ui.transcript.compose import label_of
from tui.ui.transcript.folding import lines_of
from tui.ui.transcript.passage import Passage
from tui.ui.transcript.table import table_rows
from tui.ui.transcript.wrap import width_of, wrap

MEASURE = 100  # cells of prose: longer lines are hard to read; code and tables take all there is
QUOTE_BAR = "▎ "
_NARROWEST = 8  # cells of text that deep nesting leaves at least


class Literal(NamedTuple):
    """Something that is drawn and can't be selected."""

    text: str
    look: int = looks.PLAIN


class Span(NamedTuple):
    """Characters of the passage; those below 0 are what the part before left to it."""

    start: int
    end: int


class Hot(NamedTuple):
    """Columns that do something when clicked."""

    left: int
    right: int
    action: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its items from left to right; `fill` is the look of what is left of it."""

    items: tuple[Literal | Span, ...] = ()
    fill: int = looks.PLAIN
    hot: tuple[Hot, ...] = ()


def spans_of(row: Row) -> list[Span]:
    """The stretches of text that a row shows."""
    return [item for item in row.items if isinstance(item, Span) and item.start < item.end]


def measure_of(block: Block, width: int) -> int:
    """Cells of a row of the block's text in a pane whose text has `width` cells."""
    _, rest = _lead(block, looks.PLAIN)
    room = max(_NARROWEST, width - sum(width_of(item.text) for item in rest))
    if block.kind is Kind.CODE:
        return max(2, room - 2)
    return room if block.kind is Kind.TABLE else min(room, MEASURE)


def block_rows(
    block: Block,
    passage: Passage,
    width: int,
    *,
    fill: int = looks.PLAIN,
    folded: int | None = None,
    until: int | None = None,
) -> list[Row]:
    """The rows of a block of Markdown or of plain text.

    Args:
        block: what is laid out.
        passage: its text.
        width: cells of the pane's text column.
        fill: the look behind the whole row.
        folded: how many lines of a code block are folded away under its header; None: it is open.
        until: offset of the row that is left to the next part.
    """
    until = len(passage.text) + 1 if until is None else until
    rows = [Row(_prefix(block.path[: block.shared], fill), fill)] if block.gap else []
    first, rest = _lead(block, fill)
    room = max(_NARROWEST, width - sum(width_of(item.text) for item in rest))
    if block.kind is Kind.CODE:
        if block.part == 0:
            rows.append(_code_header(block, first, room, folded))
        if folded is None and (passage.text or block.part or len(block.starts) > 1):
            _code(rows, passage, rest, room, until)
    elif block.kind is Kind.RULE:
        rows.append(Row((*first, Literal("─" * min(room, MEASURE), looks.DIM | fill)), fill))
    elif block.kind is Kind.TABLE:
        for number, parts in enumerate(table_rows(block, passage, room, until)):
            items = [Literal(*part) if isinstance(part[0], str) else Span(*part) for part in parts]
            rows.append(Row((*(rest if number else first), *items), fill))
    else:
        measure = min(room, MEASURE)
        for number, span in enumerate(_spans(passage, measure, until)):
            rows.append(Row((*(rest if number else first), span), fill))
    return rows


def _spans(passage: Passage, width: int, until: int, *, words: bool = True) -> list[Span]:
    """The rows of a text, from what was left to it up to what it leaves."""
    lead = passage.lead.text if passage.lead is not None else ""
    back = len(lead)
    spans = [
        Span(start - back, end - back)
        for start, end in wrap(shown(lead + passage.text), width, words=words)
    ]
    if spans[-1].start >= until:
        spans.pop()
    return spans


def estimate(block: Block, width: int) -> int:
    """About how many rows a block will take: for what has not been seen yet."""
    room = max(_NARROWEST, width - 2 * len(block.path))
    rows = (
        1 + len(block.text) // min(room, MEASURE) if block.kind in (Kind.TEXT, Kind.HEADING) else 0
    )
    if block.kind is Kind.CODE:
        rows = len(block.starts) + (block.part == 0)
    elif block.kind in (Kind.TABLE, Kind.PLAIN, Kind.RULE):
        rows = max(len(block.starts), len(block.text) // room) + (block.kind is Kind.TABLE)
    return rows + block.gap


def _code_header(block: Block, first: tuple[Literal, ...], room: int, folded: int | None) -> Row:
    """Above code: its language, and what can be done with it."""
    sign, size = ("▾", "") if folded is None else ("▸", f" · {lines_of(folded)}")
    label, copy = f"{sign} {shown(block.info) or 'text'}{size}", " copy "
    space = max(1, min(room, MEASURE) - width_of(label) - len(copy))
    left = sum(width_of(item.text) for item in first)
    right = left + width_of(label) + space
    head = (
        Literal(label + " " * space, looks.QUIET | looks.SURFACE),
        Literal(copy, looks.CHIP | looks.SURFACE),
    )
    fold = Hot(left, left + width_of(label), "fold_code")
    return Row((*first, *head), looks.SURFACE, (fold, Hot(right, right + len(copy), "copy_code")))


def _code(
    rows: list[Row], passage: Passage, rest: tuple[Literal, ...], room: int, until: int
) -> None:
    """The lines of a part of code."""
    rows.extend(
        Row((*rest, Literal(" ", looks.SURFACE), span), looks.SURFACE)
        for span in _spans(passage, max(2, room - 2), until, words=False)
    )


def _lead(block: Block, fill: int) -> tuple[tuple[Literal, ...], tuple[Literal, ...]]:
    """What stands before a block's first row, and before the others."""
    first: list[Literal] = []
    rest: list[Literal] = []
    for index, mark in enumerate(block.path):
        bar = Literal(QUOTE_BAR, looks.DIM | fill)
        if not mark.label:
            first.append(bar)
            rest.append(bar)
            continue
        label = shown(label_of(mark, block)) + " "
        space = Literal(" " * width_of(label), fill)
        first.append(Literal(label, looks.ACCENT | fill) if index >= block.fresh else space)
        rest.append(space)
    return tuple(first), tuple(rest)


def _prefix(path: tuple[Mark, ...], fill: int) -> tuple[Literal, ...]:
    """What a gap between two blocks shows of the containers around both."""
    return tuple(
        Literal(" " * (len(mark.label) + 1), fill)
        if mark.label
        else Literal(QUOTE_BAR, looks.DIM | fill)
        for mark in path
    )
