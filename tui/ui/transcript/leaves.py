"""What is open while Markdown is read, and how it settles into blocks.

The containers that the present line stands in, and the one leaf (paragraph, code, table) that is
not settled yet. A leaf's place (its path, its gap, whose label it shows) is decided when it opens;
long ones settle in parts, at places that depend on what is before the cut alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tui.ui.transcript.block import Block, Kind, ListRun, Mark

LONG = 3_000  # characters of a paragraph or of one line; inline parsing of it takes some 2 ms
CODE_LINES = 32  # lines of code in a part: highlighting them takes some 2 ms
TABLE_ROWS = 24  # rows of a table in a part; the first part decides the widths of the columns

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
    blanks: int = 0  # blank lines at the end of indented code: part of it only if code follows
    sample: tuple[str, ...] = ()
    aligns: tuple[str, ...] = ()

    def add(self, line: str, start: int) -> None:
        """Add a line, which stands at `start` of the message's text."""
        self.lines.append(line)
        self.starts.append(start)
        self.size += len(line) + 1


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
            other.leaf = replace(leaf, lines=leaf.lines[:], starts=leaf.starts[:])
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
        self._last, self.blank = path, False
        leaf = Leaf(kind, path, fresh, gap, shared, self._leaves)
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
            if leaf.blanks:
                del leaf.lines[-leaf.blanks :], leaf.starts[-leaf.blanks :]
            if leaf.lines or not leaf.part:
                self.emit(leaf)
            return True
        if leaf.kind in (Kind.TEXT, Kind.HEADING) and leaf.lines and leaf.lines[0][:1] == "[":
            self._define(leaf)
        if leaf.lines:
            self.emit(leaf)
            return True
        return False

    def _define(self, leaf: Leaf) -> None:
        """Take definitions of links off a paragraph."""
        text = "\n".join(leaf.lines)
        left = self._definitions(text)
        gone = text.count("\n") + 1 - (left.count("\n") + 1 if left else 0)
        del leaf.lines[:gone], leaf.starts[:gone]

    def emit(self, leaf: Leaf) -> None:
        """Settle the lines of `leaf`; it stays open for more."""
        if leaf.kind is Kind.TABLE and not leaf.part:
            leaf.sample = tuple(leaf.lines)
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
                carry=leaf.carry,
                sample=leaf.sample,
                aligns=leaf.aligns,
            )
        )
        if leaf.kind is Kind.CODE:
            leaf.carry = self._carry(leaf.info, leaf.carry, text)
        leaf.part += 1
        leaf.lines, leaf.starts, leaf.size, leaf.blanks = [], [], 0, 0
        leaf.gap, leaf.fresh, leaf.shared, leaf.glued = False, len(leaf.path), len(leaf.path), False

    def text(self, line: str, start: int) -> None:
        """Add a line to the open paragraph, or begin one."""
        leaf = self.leaf
        if leaf is None:
            leaf = self.open(Kind.TEXT)
        leaf.add(line, start)
        if leaf.size > LONG:
            self.emit(leaf)

    def go_on(self, piece: str) -> None:
        """The next piece of a line that was too long to wait for its end."""
        leaf = self.leaf
        if leaf is None or leaf.kind is Kind.TABLE:
            self.close_leaf()
            leaf = self.open(Kind.TEXT)
            leaf.gap, leaf.part = False, 1
        elif leaf.lines:
            self.emit(leaf)
        leaf.glued = True
        leaf.add(piece, self.offset)
        if len(piece) > LONG // 2:
            self.emit(leaf)

    def table(self, leaf: Leaf, aligns: tuple[str, ...]) -> None:
        """The last line of a paragraph turns out to be the header of a table."""
        header, start = leaf.lines.pop(), leaf.starts.pop()
        table = leaf
        if leaf.lines or leaf.part:
            self.close_leaf()
            table = self.open(Kind.TABLE)
        table.kind, table.aligns = Kind.TABLE, aligns
        table.lines, table.starts = [header], [start]
        self.leaf = table

    def row(self, leaf: Leaf, line: str, start: int) -> None:
        """Add a row to a table."""
        leaf.add(line, start)
        if len(leaf.lines) >= TABLE_ROWS + (0 if leaf.part else 1):
            self.emit(leaf)
