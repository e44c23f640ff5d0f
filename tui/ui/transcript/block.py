"""A block: the unit that is laid out, rendered and forgotten on its own.

A message is a sequence of blocks, flat: nesting is the `path` of marks that each block carries.
Long things come in parts (a fence of 10,000 lines is some 300 blocks), so that the cost of
showing a screenful never depends on how long a message, a list, a table or a line is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a block is."""

    TEXT = auto()  # a paragraph: inline Markdown
    HEADING = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()
    PLAIN = auto()  # verbatim text


class ListRun:
    """One list, as an identity: items of the same list stand close together."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A container that blocks stand in; compared by identity.

    Attributes:
        label: what stands before the first block in it ("•", "3.", "[1]"); empty for a quote.
        run: the list it is an item of; None for a quote or a footnote.
    """

    label: str = ""
    run: ListRun | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A piece of a message; compared by identity, never changed.

    Attributes:
        kind: what it is.
        text: its content without the marks of its containers; lines joined by new lines.
        starts: offset into the message's text of each line of `text`; the lines of a block
            with containers are not contiguous there.
        path: the containers it stands in, outermost first.
        fresh: index into `path` of the first container whose label this block shows.
        gap: a blank row stands before it.
        shared: how many containers it has in common with the block before it.
        level: of a heading, 1 to 6.
        info: the language of code.
        part: which part of a long paragraph, code or table it is, from 0.
        leaf: number of the paragraph, code or table that it is a part of, from 0.
        glued: its first line goes on where the last part ended, in the middle of a line.
        flows: the next part goes on in its last line, and shows the row that it does not fill.
        column: of a table: the one that its first row goes on in, if that is glued.
        carry: the opening of a comment or string that the code parts before it left open.
        sample: of a table: its header and first rows, which decide the widths of its columns.
        least: of a table: cells of a column at least; more where later rows are not known yet.
        aligns: of a table: "left", "right", "center" or "" for each column.
    """

    kind: Kind
    text: str
    starts: tuple[int, ...]
    path: tuple[Mark, ...] = ()
    fresh: int = 0
    gap: bool = False
    shared: int = 0
    level: int = 0
    info: str = ""
    part: int = 0
    leaf: int = 0
    glued: bool = False
    flows: bool = False
    column: int = 0
    carry: str = ""
    sample: tuple[str, ...] = ()
    least: int = 1
    aligns: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        """Offset into the message's text of the first character."""
        return self.starts[0]

    def source_at(self, offset: int) -> int:
        """Offset into the message's text of the character at `offset` of `text`."""
        line = self.text.count("\n", 0, offset)
        return self.starts[line] + offset - (self.text.rfind("\n", 0, offset) + 1)
