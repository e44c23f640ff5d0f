"""Markdown into blocks, as it arrives.

The algorithm is CommonMark's own (appendix "A parsing strategy"): line by line, first the open
containers that the line goes on in, then what it begins, then its text. A line is read once and
what it closes never changes, so a streamed text costs the same for every character, and gives the
same blocks however it was cut: that is the invariant. markdown-it reads only whole documents,
which is why the block grammar is ours; what stands inside a block is markdown-it's.

Long leaves are cut into parts at places that depend on what is before the cut alone. Emphasis or
a link across such a cut (every 3,000 characters of one paragraph) is shown as typed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tui.ui.transcript import grammar
from tui.ui.transcript.block import Block, Kind, ListRun, Mark
from tui.ui.transcript.grammar import expanded, indentation, item_start

LONG = 3_000  # characters of a paragraph or of one line; inline parsing of it takes some 2 ms
CODE_LINES = 32  # lines of code in a part: highlighting them takes some 2 ms
TABLE_ROWS = 24  # rows of a table in a part; the first part decides the widths of the columns
BULLETS = "•◦▪"

# Takes the definitions of links off the beginning of a paragraph; gives what is left of it.
Definitions = Callable[[str], str]


@dataclass(slots=True)
class _Frame:
    """An open container: `width` is the columns its content is indented by, -1 for a quote."""

    mark: Mark | None
    width: int = 0
    drawn: bool = False
    filled: bool = False
    run: ListRun | None = None  # the list that the last item inside belongs to
    sign: str = ""
    number: int = 0


@dataclass(slots=True)
class _Leaf:
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
        self.lines.append(line)
        self.starts.append(start)
        self.size += len(line) + 1


class Blocks:
    """Reads Markdown in pieces. `settled` only grows; `tail` is what the open end looks like."""

    def __init__(
        self,
        definitions: Definitions = lambda text: text,
        carry: Callable[[str, str, str], str] = lambda info, carry, text: "",  # noqa: ARG005 - the default follows no language
    ) -> None:
        """An empty text.

        Args:
            definitions: see `Definitions`.
            carry: from a language, what was left open before and a part of code: what that part
                leaves open at its end.
        """
        self.settled: list[Block] = []
        self.started = False  # whether anything but white space has arrived
        self._definitions = definitions
        self._carry = carry
        self._stack = [_Frame(None)]
        self._leaf: _Leaf | None = None
        self._rest = ""
        self._raw = ""  # the line that is being read
        self._offset = 0  # of the first character of _rest
        self._over = False  # _rest goes on a line whose beginning was too long to wait for its end
        self._blank = False
        self._last: tuple[Mark, ...] | None = None
        self._leaves = 0

    # -------------------------------------------------------------- reading

    def feed(self, text: str) -> None:
        """Take more text."""
        self.started = self.started or bool(text.strip())
        if "\n" not in text:
            self._rest += text
            self._cut_rest()
            return
        lines = (self._rest + text).split("\n")
        for line in lines[:-1]:
            self._rest = line
            self._cut_rest()
            size = len(self._rest) + 1
            self._take(self._rest)
            self._offset += size
            self._over = False
        self._rest = lines[-1]
        self._cut_rest()

    def close(self) -> None:
        """The text has ended: settle what is open."""
        if self._rest:
            self._take(self._rest)
            self._offset += len(self._rest)
            self._rest = ""
        self._close_to(0)

    def tail(self, definitions: Definitions | None = None) -> list[Block]:
        """The blocks that would settle if the text ended here.

        Args:
            definitions: what takes the definitions of links meanwhile: they may be unfinished.
        """
        preview = Blocks(definitions or self._definitions, self._carry)
        preview._stack = [replace(frame) for frame in self._stack]
        if (leaf := self._leaf) is not None:
            preview._leaf = replace(leaf, lines=leaf.lines[:], starts=leaf.starts[:])
        preview._offset, preview._over = self._offset, self._over
        preview._blank, preview._last, preview._leaves = self._blank, self._last, self._leaves
        coding = leaf is not None and leaf.kind is Kind.CODE
        if coding or self._over or not grammar.UNDECIDED.match(self._rest):
            preview._rest = self._rest
        preview.close()
        return preview.settled

    def _cut_rest(self) -> None:
        """Take the beginning of an unfinished line that is already too long."""
        while len(self._rest) > LONG:
            cut = good_cut(self._rest, LONG)
            self._take(self._rest[:cut])
            self._offset += cut
            self._rest = self._rest[cut:]
            self._over = True

    def _take(self, line: str) -> None:
        line = line.removesuffix("\r")
        if self._over:
            self._go_on(line)
        else:
            self._line(line)

    def _line(self, raw: str) -> None:
        stack, leaf, start = self._stack, self._leaf, self._offset
        if len(stack) == 1 and grammar.PLAIN_START.match(raw):
            if leaf is None or leaf.kind is Kind.TEXT:
                self._text(raw, start)
                return
            if leaf.kind is Kind.TABLE:
                self._row(leaf, raw, start)
                return
        text = expanded(raw)
        self._raw = raw
        at, depth = self._matched(text)
        inside = depth == len(stack)
        if inside and leaf is not None and leaf.kind is Kind.CODE:
            if leaf.fence:
                self._fenced(leaf, text, at)
                return
            if self._indented(leaf, text, at):
                return
        self._begin(text, at, depth)

    def _matched(self, text: str) -> tuple[int, int]:
        """Where the content of the open containers begins in `text`, and how many go on."""
        at, depth = 0, 1
        for frame in self._stack[1:]:
            indent = indentation(text, at)
            if frame.width < 0:
                if indent > 3 or text[at + indent : at + indent + 1] != ">":
                    break
                at += indent + 1
                if text[at : at + 1] == " ":
                    at += 1
            elif at + indent == len(text):
                if not frame.filled:
                    break  # an item may begin with one blank line, not with two
                at = len(text)
            elif indent >= frame.width:
                at += frame.width
            else:
                break
            depth += 1
        return at, depth

    def _begin(self, text: str, at: int, depth: int) -> None:
        """What a line begins after its open containers; at last its text."""
        while True:
            leaf = self._leaf
            indent = indentation(text, at)
            first = at + indent
            blank = not text[first:].strip()
            paragraph = leaf is not None and leaf.kind is Kind.TEXT
            inside = depth == len(self._stack)
            if blank:
                self._blank_line(depth)
                return
            if indent >= 4:
                if paragraph:
                    break
                self._close_to(depth)
                code = self._open(Kind.CODE)
                code.add(*self._after(text, at + 4))
                return
            interrupts = paragraph and inside
            if text[first] == ">":
                self._close_to(depth)
                self._push(_Frame(Mark(), -1))
                at = first + 1
                if text[at : at + 1] == " ":
                    at += 1
            elif self._single(text, at, indent, depth):
                return
            elif (found := item_start(text, first)) and not (
                interrupts
                and (found.number not in (None, 1) or not text[first + found.width :].strip())
            ):
                at = self._item(text, first, depth, indent, found)
            elif note := grammar.NOTE.match(text, first):
                self._close_to(depth)
                self._push(_Frame(Mark(f"[{note[1]}]"), 4))
                at = note.end()
            else:
                break
            depth = len(self._stack)
        leaf = self._leaf
        if leaf is None or leaf.kind is not Kind.TEXT:
            if leaf is not None and leaf.kind is Kind.TABLE and depth == len(self._stack):
                self._row(leaf, *self._after(text, first))
                return
            self._close_to(depth)
        self._text(*self._after(text, first))

    def _blank_line(self, depth: int) -> None:
        """A blank line ends a paragraph or a table, and any quote it does not go on in."""
        leaf = self._leaf
        if depth < len(self._stack) or (leaf is not None and leaf.kind is not Kind.CODE):
            self._close_to(depth)
        self._blank = True

    def _single(self, text: str, at: int, indent: int, depth: int) -> bool:
        """Headings, fences, rules and the second line of a table; True if it was one."""
        first = at + indent
        leaf = self._leaf
        if leaf is not None and leaf.kind is Kind.TEXT and depth == len(self._stack) and leaf.lines:
            line = text[first:]
            aligns = grammar.table_aligns(leaf.lines[-1], line) if "|" in leaf.lines[-1] else None
            if aligns:
                self._table(leaf, aligns)
                return True
            if line[0] in "=-" and (underline := grammar.UNDERLINE.match(line)):
                leaf.kind = Kind.HEADING
                leaf.level = 1 if underline[1][0] == "=" else 2
                if self._close_leaf():
                    return True
        sign = text[first]
        if sign == "#" and (heading := grammar.HEADING.match(text, first)):
            self._close_to(depth)
            made = self._open(Kind.HEADING)
            made.level = len(heading[1] or heading[3])
            title, start = self._after(text, heading.start(2) if heading[2] else len(text))
            made.add(title[: len(heading[2] or "")], start)
            self._close_leaf()
            return True
        if sign in "`~" and (fence := grammar.FENCE.match(text, first)):
            self._close_to(depth)
            made = self._open(Kind.CODE)
            made.fence = fence[1] or fence[3]
            made.indent = indent
            info = (fence[2] or fence[4] or "").split()
            made.info = info[0] if info else ""
            return True
        if sign in "*_-" and grammar.RULE.match(text, first):
            self._close_to(depth)
            self._open(Kind.RULE).add("", self._offset)
            self._close_leaf()
            return True
        return False

    def _item(
        self, text: str, first: int, depth: int, indent: int, found: grammar.ItemStart
    ) -> int:
        """Open a list item; returns where its content begins in `text`."""
        self._close_to(depth)
        parent = self._stack[-1]
        if parent.run is None or parent.sign != found.sign:
            parent.run, parent.sign = ListRun(), found.sign
            parent.number = 0 if found.number is None else found.number
        else:
            parent.number += 1
        if found.number is None:
            lists = sum(frame.mark is not None and frame.width > 0 for frame in self._stack)
            label = BULLETS[min(lists, len(BULLETS) - 1)]
        else:
            label = f"{parent.number}{found.sign}"
        after = first + found.width
        spaces = indentation(text, after)
        if after + spaces == len(text):
            padding, at = 1, len(text)
        elif spaces >= 5:
            padding, at = 1, after + 1
        else:
            padding, at = spaces, after + spaces
        self._push(_Frame(Mark(label, parent.run), indent + found.width + padding))
        return at

    # -------------------------------------------------------------- leaves

    def _after(self, text: str, at: int) -> tuple[str, int]:
        """What stands from `at` of the current line on, and its offset in the message's text."""
        rest, start = grammar.after(self._raw, text, min(at, len(text)))
        return rest, self._offset + start

    def _text(self, line: str, start: int) -> None:
        leaf = self._leaf
        if leaf is None:
            leaf = self._open(Kind.TEXT)
        leaf.add(line, start)
        if leaf.size > LONG:
            self._emit(leaf)

    def _go_on(self, piece: str) -> None:
        """The next piece of a line that was too long to wait for its end."""
        leaf = self._leaf
        if leaf is None or leaf.kind is Kind.TABLE:
            self._close_leaf()
            leaf = self._open(Kind.TEXT)
            leaf.gap, leaf.part = False, 1
        elif leaf.lines:
            self._emit(leaf)
        leaf.glued = True
        leaf.add(piece, self._offset)
        if len(piece) > LONG // 2:
            self._emit(leaf)

    def _fenced(self, leaf: _Leaf, text: str, at: int) -> None:
        indent = indentation(text, at)
        bare = text[at + indent :].rstrip(" \t")
        if (
            indent <= 3
            and len(bare) >= len(leaf.fence)
            and bare[:1] == leaf.fence[0]
            and not bare.strip(leaf.fence[0])
        ):
            self._close_leaf()
            return
        at += min(indent, leaf.indent)
        leaf.add(*self._after(text, at))
        if len(leaf.lines) >= CODE_LINES:
            self._emit(leaf)

    def _indented(self, leaf: _Leaf, text: str, at: int) -> bool:
        blank = not text[at:].strip()
        if blank:
            leaf.blanks += 1
        elif indentation(text, at) < 4:
            return False
        else:
            leaf.blanks = 0
            if len(leaf.lines) >= CODE_LINES:
                self._emit(leaf)
        leaf.add(*self._after(text, at + 4))
        return True

    def _table(self, leaf: _Leaf, aligns: tuple[str, ...]) -> None:
        """The last line of a paragraph turns out to be the header of a table."""
        header, start = leaf.lines.pop(), leaf.starts.pop()
        table = leaf
        if leaf.lines or leaf.part:
            self._close_leaf()
            table = self._open(Kind.TABLE)
        table.kind, table.aligns = Kind.TABLE, aligns
        table.lines, table.starts = [header], [start]
        self._leaf = table

    def _row(self, leaf: _Leaf, line: str, start: int) -> None:
        leaf.add(line, start)
        if len(leaf.lines) >= TABLE_ROWS + (0 if leaf.part else 1):
            self._emit(leaf)

    # -------------------------------------------------------------- containers and emission

    def _push(self, frame: _Frame) -> None:
        parent = self._stack[-1]
        parent.filled = True
        if frame.mark is None or frame.mark.run is None:
            parent.run = None
        self._stack.append(frame)

    def _open(self, kind: Kind) -> _Leaf:
        """Begin a leaf in the innermost container: its place is decided here."""
        frames = self._stack[1:]
        path = tuple(frame.mark for frame in frames if frame.mark is not None)
        fresh = next((i for i, frame in enumerate(frames) if not frame.drawn), len(frames))
        for frame in frames:
            frame.drawn = True
        self._stack[-1].filled = True
        self._stack[-1].run = None
        gap, shared = self._gap(path)
        self._last, self._blank = path, False
        leaf = _Leaf(kind, path, fresh, gap, shared, self._leaves)
        self._leaves += 1
        self._leaf = leaf
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
        return self._blank or not listed, shared

    def _close_to(self, depth: int) -> None:
        """Close the leaf and the containers past `depth`; an item without content still shows."""
        self._close_leaf()
        while len(self._stack) > max(depth, 1):
            frame = self._stack[-1]
            if not frame.drawn and frame.mark is not None and frame.width > 0:
                self._open(Kind.TEXT).add("", self._offset)
                self._close_leaf()
            self._stack.pop()

    def _close_leaf(self) -> bool:
        """Settle the open leaf; False if nothing of it was left to show."""
        leaf, self._leaf = self._leaf, None
        if leaf is None:
            return False
        if leaf.kind is Kind.CODE:
            if leaf.blanks:
                del leaf.lines[-leaf.blanks :], leaf.starts[-leaf.blanks :]
            if leaf.lines or not leaf.part:
                self._emit(leaf)
            return True
        if leaf.kind in (Kind.TEXT, Kind.HEADING) and leaf.lines and leaf.lines[0][:1] == "[":
            self._define(leaf)
        if leaf.lines:
            self._emit(leaf)
            return True
        return False

    def _define(self, leaf: _Leaf) -> None:
        """Take definitions of links off a paragraph."""
        text = "\n".join(leaf.lines)
        left = self._definitions(text)
        gone = text.count("\n") + 1 - (left.count("\n") + 1 if left else 0)
        del leaf.lines[:gone], leaf.starts[:gone]

    def _emit(self, leaf: _Leaf) -> None:
        """Settle the lines of `leaf`; it stays open for more."""
        if leaf.kind is Kind.TABLE and not leaf.part:
            leaf.sample = tuple(leaf.lines)
        text = "\n".join(leaf.lines)
        self.settled.append(
            Block(
                leaf.kind,
                text,
                tuple(leaf.starts) or (self._offset,),
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


def good_cut(text: str, limit: int) -> int:
    """Where to cut the first `limit` characters: after a sentence, else a word, else anywhere."""
    for mark in (". ", " "):
        found = text.rfind(mark, limit // 2, limit)
        if found > 0:
            return found + len(mark)
    return limit
