"""A block's text, read and styled but not yet laid out for a width.

`text` is what copying gives; its offsets are what selections and highlights speak of. `origins`
lead from it back to the Markdown it was made of. What a part before it left to its first row has
offsets below 0 (see `flow`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.ui.transcript.look import PLAIN


class Origin(NamedTuple):
    """`size` characters from `start` of a passage stand as they are at `source` of its block."""

    start: int
    source: int
    size: int


class Link(NamedTuple):
    """The characters from `start` to `end` lead to `href`."""

    start: int
    end: int
    href: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Text with looks.

    Attributes:
        edges: where each stretch of one look begins; the first is 0.
        looks: the look of each stretch.
        cells: of a table: rows of (start, end) of each cell in `text`.
        lead: what stands before it in its first row: the end of the part before.
    """

    text: str
    edges: tuple[int, ...] = (0,)
    looks: tuple[int, ...] = (PLAIN,)
    origins: tuple[Origin, ...] = ()
    links: tuple[Link, ...] = ()
    cells: tuple[tuple[tuple[int, int], ...], ...] = ()
    lead: Passage | None = None

    def between(self, start: int, end: int) -> str:
        """The text between two offsets."""
        if start >= 0 or self.lead is None:
            return self.text[start:end]
        size = len(self.lead.text)
        return self.lead.text[start + size : end + size] + self.text[: max(0, end)]

    def tail(self, start: int) -> Passage:
        """The text from an offset on with its looks, and nothing else."""
        stretches = self.stretches(start, len(self.text))
        edges = tuple(begin - start for begin, _, _ in stretches)
        return Passage(self.text[start:], edges or (0,), tuple(one[2] for one in stretches))

    def stretches(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """(start, end, look) of each stretch between two offsets."""
        found: list[tuple[int, int, int]] = []
        if start < 0 and self.lead is not None:
            size = len(self.lead.text)
            found = [
                (begin - size, stop - size, look)
                for begin, stop, look in self.lead.stretches(start + size, min(end, 0) + size)
            ]
            start = 0
        index = bisect_right(self.edges, start) - 1
        count = len(self.edges)
        while start < end:
            index += 1
            stop = self.edges[index] if index < count else end
            if stop > end:
                stop = end
            if stop > start:
                found.append((start, stop, self.looks[index - 1]))
                start = stop
        return found

    def alike(self, other: Passage) -> int:
        """Up to which offset this text reads and looks as another one does."""
        if self.lead is not other.lead:
            return -1 << 30
        low, high = 0, min(len(self.text), len(other.text))
        if self.text[:high] == other.text[:high]:
            low = high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if self.text[low:middle] == other.text[low:middle] else (low, middle)
            )
        for edge, its, look, theirs in zip(
            self.edges, other.edges, self.looks, other.looks, strict=False
        ):
            if edge != its or look != theirs:
                return min(low, edge, its)
        count = min(len(self.edges), len(other.edges))
        return min([low, *self.edges[count : count + 1], *other.edges[count : count + 1]])

    def to_source(self, offset: int, *, after: bool = False) -> int:
        """Offset into the block's text of what is at `offset`, or just after what is before it."""
        best = 0
        for start, source, size in self.origins:
            if start > offset or (after and start >= offset):
                break
            best = source + min(offset - start, size)
        return best

    def from_source(self, source: int) -> int:
        """Offset into this text of what came from `source` of the block's text, or follows it."""
        for start, begin, size in self.origins:
            if source < begin + size:
                return start + max(0, source - begin)
        return len(self.text)


@dataclass(slots=True)
class PassageWriter:
    """Collects text with looks into a passage."""

    parts: list[str] = field(default_factory=list)
    size: int = 0
    edges: list[int] = field(default_factory=list)
    looks: list[int] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def add(self, text: str, look: int = PLAIN, source: int | None = None) -> None:
        """Append `text`; `source` is where it stands in the block, if it stands there as it is."""
        if not text:
            return
        if not self.looks or self.looks[-1] != look:
            self.edges.append(self.size)
            self.looks.append(look)
        if source is not None:
            self.origins.append(Origin(self.size, source, len(text)))
        self.parts.append(text)
        self.size += len(text)

    def passage(self, cells: tuple[tuple[tuple[int, int], ...], ...] = ()) -> Passage:
        """What was written."""
        return Passage(
            "".join(self.parts),
            tuple(self.edges) or (0,),
            tuple(self.looks) or (PLAIN,),
            tuple(self.origins),
            tuple(self.links),
            cells,
        )
