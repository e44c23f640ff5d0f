"""What is open while Markdown is read, and how it settles into blocks.

The containers that the present line stands in, and the one leaf (paragraph, code, table) that is
not settled yet. A leaf's place (its path, its gap, whose label it shows) is decided when it opens;
long ones settle in parts, at places that depend on what is before them alone (see `seams`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tui.ui.transcript import seams
from tui.ui.transcript.block import Block, Kind, ListRun, Mark
from tui.ui.transcript.grammar import CLOSING, cells, closer

LONG = 3_000  # characters of a paragraph or of one line; inline parsing of it takes some 2 ms
CODE_LINES = 32  # lines of code in a part: highlighting them takes some 2 ms
TABLE_ROWS = 24  # rows of a table in a part; the first part decides the widths of the columns
LEAST = 6  # cells of a column of a table with more rows than that: cells to come may be wider

# Takes the definitions of links off the beginning of a paragraph; gives what is left of it.
Definitions = Callable[[str], str]
# From a language, what was left open before and a part of code: what that part leaves open.
Carry = Callable[[str, str, str], str]


@dataclass(slots=True)
class Frame:
    """An open container: `width` is the columns its content is indented by, -1 for a quote."""

    mark: Mark | None
    width: int = 0
    drawn: bool = False
    filled: bool = False
    run: ListRun | None = None  # the list that the last item inside belongs to
    sign: str = ""
    number: int = 0


@dataclass(slots=True)
class Leaf:
    """An open paragraph, code or table, as far as it has not been emitted."""

    kind: Kind
    path: tuple[Mark, ...]
    fresh: int
    gap: bool
    shared: int
    number: int
    lines: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    size: int = 0
    level: int = 0
    part: int = 0
    glued: bool = False
    fence: str = ""  # the opening fence; empty for indented code
    indent: int = 0
    info: str = ""
    carry: str = ""
    # Blank lines after indented code, and where they stand: part of it only if code follows.
    blanks: list[tuple[str, int]] = field(default_factory=list)
    sample: tuple[str, ...] = ()
    aligns: tuple[str, ...] = ()
    column: int = 0
    least: int = 1
    before: tuple[tuple[Mark, ...] | None, bool] = (None, False)  # what it is placed after
    until: str = ""  # what closes the display mathematics that a paragraph begins with

    def add(self, line: str, start: int) -> None:
        """Add a line, which stands at `start` of the message's text."""
        self.lines.append(line)
        self.starts.append(start)
        self.size += len(line) + 1

    def take_first(self, line: int, column: int) -> Leaf:
        """Take the lines before `line`, and so many characters of it; the rest goes on in it."""
        first = replace(self, lines=self.lines[:line], starts=self.starts[:line])
        del self.lines[:line], self.starts[:line]
        if column:
            first.add(self.lines[0][:column], self.starts[0])
            self.lines[0] = self.lines[0][column:]
            self.starts[0] += column
        self.size = sum(map(len, self.lines)) + len(self.lines)
        return first


class BlockWriter:
    """Holds what is open; `settled` is what has closed, and only grows.

    Attributes:
        offset: of the present line in the message's text.
        blank: a blank line stands before whatever comes next.
    """

    def __init__(self, definitions: Definitions, carry: Carry) -> None:
        self.settled: list[Block] = []
        self.stack = [Frame(None)]
        self.leaf: Leaf | None = None
        self.offset = 0
        self.blank = False
        self._definitions = definitions
        self._carry = carry
        self._last: tuple[Mark, ...] | None = None
        self._leaves = 0

    def copy(self, definitions: Definitions | None) -> BlockWriter:
        """A writer with the same things open and nothing settled, for looking ahead."""
        other = BlockWriter(definitions or self._definitions, self._carry)
        other.stack = [replace(frame) for frame in self.stack]
        if self.leaf is not None:
            leaf = self.leaf
            copied = leaf.lines[:], leaf.starts[:], leaf.blanks[:]
            other.leaf = replace(leaf, lines=copied[0], starts=copied[1], blanks=copied[2])
        other.offset, other.blank = self.offset, self.blank
        other._last, other._leaves = self._last, self._leaves
        return other

    def push(self, frame: Frame) -> None:
        """Open a container inside the innermost one."""
        parent = self.stack[-1]
        parent.filled = True
        if frame.mark is None or frame.mark.run is None:
            parent.run = None
        self.stack.append(frame)

    def open(self, kind: Kind) -> Leaf:
        """Begin a leaf in the innermost container: its place is decided here."""
        frames = self.stack[1:]
        path = tuple(frame.mark for frame in frames if frame.mark is not None)
        fresh = next((i for i, frame in enumerate(frames) if not frame.drawn), len(frames))
        for frame in frames:
            frame.drawn = True
        self.stack[-1].filled = True
        self.stack[-1].run = None
        gap, shared = self._gap(path)
        leaf = Leaf(kind, path, fresh, gap, shared, self._leaves)
        leaf.before = self._last, self.blank
        self._last, self.blank = path, False
        self._leaves += 1
        self.leaf = leaf
        return leaf

    def _gap(self, path: tuple[Mark, ...]) -> tuple[bool, int]:
        """Whether a blank row stands before a block at `path`, and how many marks it shares."""
        if self._last is None:
            return False, 0
        shared, listed = 0, False
        for mine, before in zip(path, self._last, strict=False):
            listed = listed or (mine.run is not None and mine.run is before.run)
            if mine is not before:
                break
            shared += 1
        return self.blank or not listed, shared

    def close_to(self, depth: int) -> None:
        """Close the leaf and the containers past `depth`; an item without content still shows."""
        self.close_leaf()
        while len(self.stack) > max(depth, 1):
            frame = self.stack[-1]
            if not frame.drawn and frame.mark is not None and frame.width > 0:
                self.open(Kind.TEXT).add("", self.offset)
                self.close_leaf()
            self.stack.pop()

    def close_leaf(self) -> bool:
        """Settle the open leaf; False if nothing of it was left to show."""
        leaf, self.leaf = self.leaf, None
        if leaf is None:
            return False
        if leaf.kind is Kind.CODE:
            if leaf.lines or not leaf.part:
                self.emit(leaf)
            return True
        if leaf.kind in (Kind.TEXT, Kind.HEADING):
            self._define(leaf, len(leaf.lines))
        if leaf.lines:
            self.emit(leaf)
            return True
        if not leaf.part:  # nothing is shown of it: what follows stands in its place
            self._last, self.blank = leaf.before
            for frame in self.stack[1 + leaf.fresh :]:
                frame.drawn = False
        return False

    def _define(self, leaf: Leaf, count: int) -> None:
        """Take definitions of links off the first `count` lines of a paragraph."""
        if leaf.part or not count or leaf.lines[0][:1] != "[":
            return
        left = self._definitions("\n".join(leaf.lines[:count]))
        leaf.take_first(count - (left.count("\n") + 1 if left else 0), 0)

    def _divide(self, leaf: Leaf) -> None:
        """Settle as much of a leaf that is too long as can be told to look like the whole."""
        while leaf.size > LONG + 1:
            if leaf.kind is Kind.CODE or leaf.kind is Kind.TABLE:
                line, row = len(leaf.lines) - 1, leaf.lines[-1]
                if len(row) <= LONG:
                    return
                at = seams.in_code if leaf.kind is Kind.CODE else seams.in_row
                column = at(row[:LONG])
            else:
                self._define(leaf, len(leaf.lines) - 1)  # the last one may go on
                text = "\n".join(leaf.lines)
                if len(text) <= LONG:
                    return
                seam = seams.in_markdown(text[:LONG])
                line = text.count("\n", 0, seam)
                column = seam - (text.rfind("\n", 0, seam) + 1)
            self._settle_first(leaf, line, column)

    def _settle_first(self, leaf: Leaf, line: int, column: int) -> None:
        goes_on = leaf.glued and not line
        first = leaf.take_first(line, column)
        rest = leaf.lines, leaf.starts, leaf.size
        leaf.lines, leaf.starts = first.lines, first.starts
        row = leaf.lines[-1]
        within = leaf.kind is not Kind.TABLE or row[-1:] != "|"
        self.emit(leaf, goes_on=True, flows=column > 0 and within)
        leaf.lines, leaf.starts, leaf.size = rest
        leaf.glued = column > 0
        if leaf.kind is Kind.TABLE:
            done = len(cells(f"|{row}" if goes_on else row)) - within
            leaf.column = done + (leaf.column if goes_on else 0)

    def emit(self, leaf: Leaf, *, goes_on: bool = False, flows: bool = False) -> None:
        """Settle the lines of `leaf`; it stays open for more.

        Args:
            leaf: what they are of.
            goes_on: whether more is known to come.
            flows: whether that comes in the last line.
        """
        if leaf.kind is Kind.TABLE and not leaf.part:
            leaf.sample = tuple(leaf.lines)
            leaf.least = LEAST if goes_on else 1
        text = "\n".join(leaf.lines)
        self.settled.append(
            Block(
                leaf.kind,
                text,
                tuple(leaf.starts) or (self.offset,),
                leaf.path,
                leaf.fresh,
                leaf.gap,
                leaf.shared,
                level=leaf.level,
                info=leaf.info,
                part=leaf.part,
                leaf=leaf.number,
                glued=leaf.glued,
                flows=flows,
                column=leaf.column if leaf.glued else 0,
                carry=leaf.carry,
                sample=leaf.sample,
                least=leaf.least,
                aligns=leaf.aligns,
            )
        )
        if leaf.kind is Kind.CODE:
            leaf.carry = self._carry(leaf.info, leaf.carry, text)
        leaf.part += 1
        leaf.lines, leaf.starts, leaf.size = [], [], 0
        leaf.gap, leaf.fresh, leaf.shared, leaf.glued = False, len(leaf.path), len(leaf.path), False

    def text(self, line: str, start: int) -> None:
        """Add a line to the open paragraph, or begin one."""
        leaf = self.leaf
        if leaf is None:
            leaf = self.open(Kind.TEXT)
            leaf.until = closer(line)
        elif leaf.until and leaf.until in line:
            leaf.until = ""
        leaf.add(line, start)
        self._divide(leaf)

    def go_on(self, piece: str) -> None:
        """The next piece of a line that was too long to wait for its end."""
        leaf = self.leaf
        if leaf is None:
            leaf = self.open(Kind.TEXT)
            leaf.gap, leaf.part, leaf.glued = False, 1, True
        if leaf.lines:
            if leaf.until and leaf.until in leaf.lines[-1][-1:] + piece:
                leaf.until = ""
            leaf.lines[-1] += piece
            leaf.size += len(piece)
        elif piece:
            leaf.add(piece, self.offset)
        self._divide(leaf)

    def end_line(self) -> None:
        """The end of a line that was too long to wait for: a heading is over."""
        leaf = self.leaf
        if leaf is not None and leaf.kind is Kind.HEADING:
            leaf.lines[-1] = CLOSING.sub("", leaf.lines[-1])
            self.close_leaf()

    def table(self, leaf: Leaf, aligns: tuple[str, ...]) -> None:
        """The last line of a paragraph turns out to be the header of a table."""
        header, start = leaf.lines.pop(), leaf.starts.pop()
        table = leaf
        if leaf.lines or leaf.part:
            self.close_leaf()
            table = self.open(Kind.TABLE)
        table.kind, table.aligns = Kind.TABLE, aligns
        table.lines, table.starts, table.size = [header], [start], len(header) + 1
        self.leaf = table

    def row(self, leaf: Leaf, line: str, start: int) -> None:
        """Add a row to a table."""
        if len(leaf.lines) >= TABLE_ROWS + (0 if leaf.part else 1):
            self.emit(leaf, goes_on=True)
        leaf.add(line, start)
        self._divide(leaf)

    def code(self, leaf: Leaf, line: str, start: int) -> None:
        """Add a line of code."""
        if len(leaf.lines) >= CODE_LINES:
            self.emit(leaf)
        leaf.add(line, start)
        self._divide(leaf)
