"""A block into its passage: what it says and how it looks, for any width and any theme."""

from __future__ import annotations

import re

from tui.ui.transcript import look as looks
from tui.ui.transcript.block import Block, Kind, Mark
from tui.ui.transcript.code import write_code
from tui.ui.transcript.grammar import cells
from tui.ui.transcript.inline import References, write_inline
from tui.ui.transcript.passage import Passage, PassageWriter

BETWEEN_CELLS = " │ "  # in what is copied as well
_HEADINGS = {1: looks.HEADING | looks.TITLE | looks.STRONG, 2: looks.HEADING | looks.STRONG}
_MAY_LINK = re.compile(r"\]\(|<|://|www\.|@", re.IGNORECASE)
_TASKS = {"[ ] ": "☐", "[x] ": "☑", "[X] ": "☑"}


def task_of(block: Block) -> str:
    """The box that a task list's item begins with, as it is written; empty for other blocks."""
    listed = block.path and block.path[-1].run is not None and block.fresh < len(block.path)
    head = block.text[:4]
    return head if listed and block.kind is Kind.TEXT and head in _TASKS else ""


def label_of(mark: Mark, block: Block) -> str:
    """What stands before the first block of a container: of a task, whether it is done."""
    box = task_of(block) if mark is block.path[-1] else ""
    return _TASKS[box] if box else mark.label


def may_link(block: Block | None, references: References) -> bool:
    """Whether a block may hold a link, as far as can be told without reading it."""
    if block is None or block.kind not in (Kind.TEXT, Kind.HEADING, Kind.TABLE):
        return False
    return _MAY_LINK.search(block.text) is not None or bool(references and "[" in block.text)


def compose(block: Block, references: References, look: int = looks.PLAIN) -> Passage:
    """The passage of `block`.

    Args:
        block: what is to be read.
        references: the message's link definitions so far.
        look: added to every stretch (what a user wrote is tinted, reasoning is quiet).
    """
    writer = PassageWriter()
    if block.kind is Kind.TEXT:
        skip = len(task_of(block))
        text = block.text[skip:] if block.flows else block.text[skip:].rstrip()
        write_inline(writer, text, references, look, skip)
    elif block.kind is Kind.HEADING:
        text = block.text if block.flows else block.text.rstrip()
        look |= _HEADINGS.get(block.level, looks.STRONG)
        write_inline(writer, text if block.glued else text.lstrip(), references, look)
    elif block.kind is Kind.CODE:
        write_code(writer, block.text, block.info, block.carry)
    elif block.kind is Kind.TABLE:
        return _table(writer, block, references, look)
    elif block.kind is Kind.PLAIN:
        writer.add(block.text, look, 0)
    return writer.passage()


def _table(writer: PassageWriter, block: Block, references: References, look: int) -> Passage:
    """A table: the text of a row is its cells with bars between them."""
    grid: list[tuple[tuple[int, int], ...]] = []
    at = 0
    rows = block.text.split("\n")
    for number, row in enumerate(rows):
        if number:
            writer.add("\n", looks.DIM, at - 1)
        base = look | looks.STRONG if number == 0 and block.part == 0 else look
        goes_on = block.glued and number == 0
        first = block.column if goes_on else 0
        texts = [""] * first + cells(f"|{row}" if goes_on else row)
        goes_on_below = block.flows and number == len(rows) - 1
        if goes_on_below:
            texts[-1] += row[len(row.rstrip()) :]
        spans: list[tuple[int, int]] = []
        cursor = at
        for column in range(len(block.aligns)):
            if column > first and not (goes_on_below and column >= len(texts)):
                writer.add(BETWEEN_CELLS, looks.DIM)
            text = texts[column] if column < len(texts) else ""
            found = block.text.find(text, cursor, at + len(row))
            cursor = found + len(text) if found >= 0 else cursor
            start = writer.size
            write_inline(writer, text, references, base, found if found >= 0 else cursor)
            spans.append((start, writer.size))
        grid.append(tuple(spans))
        at += len(row) + 1
    return writer.passage(tuple(grid))
