"""One message as pieces with heights, growing while it streams.

What is settled stays the same piece for ever; only the open end and the lines below it are made
anew. Link definitions are the exception that Markdown demands: one that arrives late makes the
pieces that refer to it stale, which `take_stale` tells.

What is folded away keeps its pieces and takes no rows: whatever names a piece goes on to hold.
Only what stands for it is another piece: a code block's header, or a message's heading.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import takewhile

from tui.core.message import Role
from tui.ui.transcript import around, code, inline
from tui.ui.transcript import look as looks
from tui.ui.transcript.above import REASONING, Above
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.blocks import Blocks
from tui.ui.transcript.column import Column
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.folding import AS_IT_COMES, Folds
from tui.ui.transcript.piece import BodyPiece, Piece
from tui.ui.transcript.plain import PlainBlocks

FIRST_PIECES = 4  # of a message's text, that its first words are looked for in
MOST_WORDS = 300  # characters of its first words: more than a line shows


class Picture(Column):
    """A message laid out."""

    def __init__(self, entry: Entry, width: int, folds: Folds = AS_IT_COMES) -> None:
        super().__init__(width)
        self.entry = entry
        self.folds = folds
        self.references: inline.References = {}
        self._fresh_text: list[str] = []
        self._fresh_reasoning: list[str] = []
        self._tint = looks.USER if entry.role is Role.USER else looks.PLAIN
        self._begin()

    def _begin(self) -> None:
        self._body: Blocks | PlainBlocks
        if self.entry.role is Role.ASSISTANT:
            self._body = Blocks(partial(inline.definitions, references=self.references), code.carry)
        else:
            self._body = PlainBlocks()
        self._body.feed(self.entry.text)
        if not self.entry.live:
            self._body.close()
        self._stale: list[Piece] = []
        self._labels = len(self.references)
        self._settled: list[BodyPiece] = []
        self._candidates: list[int] = []  # settled pieces that may refer to a definition
        self.headers: dict[int, int] = {}  # of settled code blocks: number to settled piece
        self._coded: dict[int, int] = {}  # and how many of their lines have settled
        self._lines = self.entry.text.count("\n")
        self._words = ""
        self._changed = 0  # the first piece that may look different from before
        self._head = Above(self._tint)
        self._cut(0)
        self.above = 0
        self._rebuild_head()
        self._grow()

    # -------------------------------------------------------------- reading

    @property
    def text(self) -> str:
        """The message's text so far."""
        if self._fresh_text:
            self.entry = replace(self.entry, text="".join((self.entry.text, *self._fresh_text)))
            self._fresh_text = []
        return self.entry.text

    @property
    def reasoning(self) -> str:
        """The message's reasoning so far."""
        if self._fresh_reasoning:
            whole = "".join((self.entry.reasoning, *self._fresh_reasoning))
            self.entry = replace(self.entry, reasoning=whole)
            self._fresh_reasoning = []
        return self.entry.reasoning

    @property
    def settled(self) -> int:
        """Index of the first piece that may still change."""
        return self.above + len(self._settled)

    def body_index(self, character: int) -> int:
        """Index of the piece that shows `character` of the message's text, or the one after it."""
        return self._index_in(self.above, self.below, character)

    def reasoning_index(self, character: int) -> int:
        """The same for a character of the reasoning: if that is folded, what stands for it."""
        return self._index_in(REASONING - 1, self.above, character)

    def _index_in(self, low: int, high: int, character: int) -> int:
        best = min(low, len(self.pieces) - 1)
        while low < high:
            middle = (low + high) // 2
            block = self.pieces[middle].block
            if block is not None and block.start <= character:
                best, low = middle, middle + 1
            else:
                high = middle
        return best

    def take_stale(self) -> list[Piece]:
        """The pieces whose passages have to be made again; each is told once."""
        stale, self._stale = self._stale, []
        return stale

    # -------------------------------------------------------------- changing

    def extend(self, text: str, reasoning: str) -> int:
        """Take more streamed text; returns the first piece that may look different now."""
        self._changed = self.settled
        if reasoning:
            self._reason(reasoning)
        if text:
            began = self._body.started
            self._fresh_text.append(text)
            self._lines += text.count("\n")
            self._body.feed(text)
            if not began and self._body.started:
                self.entry = replace(self.entry, waiting="")
                self._rebuild_head()
        self._grow()
        return self._changed

    def _reason(self, more: str) -> None:
        """Take more streamed reasoning."""
        if not self.entry.reasoning:
            self.entry = replace(self.entry, reasoning=more)
            self._rebuild_head()
            return
        self._fresh_reasoning.append(more)
        start = self._head.feed(more)
        if start is not None and not self.folds.reasoning:
            self._rebuild_head(start)

    def update(self, entry: Entry) -> None:
        """Take whatever changed; text that goes on where it was is only read from there."""
        had, thought = self.text, self.reasoning
        if entry.live and had.startswith(entry.text):
            entry = replace(entry, text=had)  # what was read of it elsewhere is older than this
        if entry.live and thought.startswith(entry.reasoning):
            entry = replace(entry, reasoning=thought)
        before, self.entry = self.entry, entry
        if not entry.text.startswith(had) or (not before.live and entry.text != had):
            self.references.clear()
            self._begin()
            return
        if entry.reasoning.startswith(thought):
            self._head.feed(entry.reasoning[len(thought) :])
        else:
            self._head.forget()
        more = entry.text[len(had) :]
        self._lines += more.count("\n")
        self._body.feed(more)
        if before.live and not entry.live:
            self._body.close()
        self._rebuild_head()
        self._grow()

    def fold(self, folds: Folds) -> None:
        """Fold and unfold."""
        changed = self.folds.codes ^ folds.codes
        self.folds = folds
        _ = self.reasoning  # all of it: it may be opened now
        for leaf in changed & self.headers.keys():
            self._head_code(leaf, self._coded[leaf])
        self._rebuild_head()
        for index in range(self.above, self.settled):
            hidden = self._hides(self.pieces[index])
            if hidden != self.hidden(index):
                self.exact[index] = hidden
                self.heights.set(index, 0 if hidden else self.pieces[index].estimate(self.width))
        self._grow()

    def settle_flows(self) -> None:
        """Find where the rows of what is too long for one part end: it takes a line's whole text.

        For a line of 1 MB that is most of a second, so long messages are read in a thread.
        """
        for piece in self._settled:
            if piece.block.flows:
                piece.settled(self.width, self.references)

    # -------------------------------------------------------------- building

    def _rebuild_head(self, start: int = 0) -> None:
        """Make the lines above the text anew, from one on; what is the same keeps its height."""
        made = self._head.pieces(self.entry, self.folds, started=self._body.started)[start:]
        before = self.pieces[start : self.above]
        self._stale += set(before).difference(made)
        same = sum(1 for _ in takewhile(is_same, zip(made, before, strict=False)))
        if same < max(len(made), len(before)):
            self._changed = min(self._changed, start + same)
        known = {piece: index for index, piece in enumerate(before, start)}
        laid = [
            (piece, *self._height_above(piece, at, known)) for at, piece in enumerate(made, start)
        ]
        if len(made) != len(before):
            kept = range(self.above, self.settled)
            laid += [(self.pieces[at], self.exact[at], self.heights[at]) for at in kept]
            self._cut(start)
            self.above = start + len(made)
        for index, (piece, exact, height) in enumerate(laid, start):
            if index == len(self.pieces):
                self._put(piece, exact, height)
            else:
                self._swap(index, piece, exact, height)

    def _height_above(self, piece: Piece, index: int, known: dict[Piece, int]) -> tuple[bool, int]:
        """Whether the height of a line above the text is known, and that height."""
        hidden = index > 0 if self.folds.message else not index and not self.entry.heading
        if hidden:
            return True, 0
        at = known.get(piece)
        if at is None or self.hidden(at):
            return False, piece.estimate(self.width)
        return self.exact[at], self.heights[at]

    def _hides(self, piece: Piece) -> bool:
        """Whether a piece is to be folded away."""
        if self.folds.message:
            return True
        block = piece.block
        folded = block is not None and block.kind is Kind.CODE and block.leaf in self.folds.codes
        return folded and not is_code(piece)

    def _place(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            hidden = self._hides(piece)
            self._put(piece, hidden, 0 if hidden else piece.estimate(self.width))

    def _grow(self) -> None:
        """Put what has settled, the open end and the lines below after what had settled."""
        self._cut(self.settled)
        fresh = self._bodied(self._body.settled[len(self._settled) :])
        for index, piece in enumerate(fresh, len(self._settled)):
            self._count(index, piece.block)
        self._settled += fresh
        self._candidates += [
            index
            for index, piece in enumerate(fresh, len(self._settled) - len(fresh))
            if "[" in piece.block.text
        ]
        self._place([*fresh])
        tail = self._tail()
        self._place([*self._bodied(tail)])
        self.below = len(self.pieces)  # index of the first piece under the text
        self._place(around.foot(self.entry, self._tint, started=self._body.started))
        if self.folds.codes:
            self._head_codes([*(piece.block for piece in fresh), *tail], tail)
        if len(self.references) != self._labels:
            self._refer()
        if self.folds.message:
            self._head_message()

    def _count(self, index: int, block: Block) -> None:
        """Take note of where a code block begins and how long it is, if that is one."""
        if block.kind is Kind.CODE:
            self.headers.setdefault(block.leaf, index)
            self._coded[block.leaf] = self._coded.get(block.leaf, 0) + _line_count(block)

    def _head_codes(self, blocks: list[Block], tail: list[Block]) -> None:
        """The headers of folded code blocks that grew say how long these are now."""
        for leaf in {block.leaf for block in blocks if block.kind is Kind.CODE and block.part}:
            if leaf in self.folds.codes and leaf in self.headers:
                self._head_code(leaf, self._coded[leaf] + _lines_in(tail, leaf))

    def _head_code(self, leaf: int, lines: int) -> None:
        """Make the header of a settled code block anew."""
        at = self.headers[leaf]
        before = self._settled[at]
        folded = lines if leaf in self.folds.codes else None
        if before.folded != folded:
            self._stale.append(before)
            self._changed = min(self._changed, self.above + at)
            piece = self._settled[at] = self.pieces[self.above + at] = replace(
                before, folded=folded
            )
            self.exact[self.above + at] = False
            if not self.hidden(self.above + at):
                self.heights.set(self.above + at, piece.estimate(self.width))

    def _head_message(self) -> None:
        """The one line of a folded message says how it begins and how long it is."""
        words = self._words
        if not words:
            for index in range(self.above, min(self.below, self.above + FIRST_PIECES)):
                words = self.pieces[index].passage(self.references).text[:MOST_WORDS].strip()
                if words:
                    self._words = words if index < self.settled else ""
                    break
        lines = self._lines + 1 if self._body.started else 0
        self._stale.append(self.pieces[0])
        self._changed = 0
        self.pieces[0] = around.folded(self.entry, self._tint, words, lines)
        self.exact[0] = False

    def _bodied(self, blocks: list[Block]) -> list[BodyPiece]:
        """The pieces of blocks that follow what has settled."""
        made: list[BodyPiece] = []
        before = self._settled[-1] if self._settled else None
        for block in blocks:
            flows = before is not None and before.block.flows and block.glued
            header = block.kind is Kind.CODE and block.part == 0 and block.leaf in self.folds.codes
            folded = _lines_in(blocks, block.leaf) if header else None
            before = BodyPiece(block, self._tint, folded, before if flows else None)
            made.append(before)
        return made

    def _tail(self) -> list[Block]:
        if not self.entry.live:
            return []
        if isinstance(self._body, Blocks):  # an unfinished definition must not count
            return self._body.tail(partial(inline.definitions, references=dict(self.references)))
        return self._body.tail()

    def _refer(self) -> None:
        """Definitions arrived: what refers to them has to be read again."""
        self._words = ""
        labels = list(self.references)[self._labels :]
        self._labels = len(self.references)
        for index in self._candidates:
            piece = self._settled[index]
            text = inline.normalised(piece.block.text)
            if any(label in text for label in labels):
                self._make_stale(index)

    def _make_stale(self, index: int) -> None:
        """A settled piece has to be read again; its rows may end elsewhere, and so on."""
        self._changed = min(self._changed, self.above + index)
        for piece in self._settled[index:]:
            piece.forget()
            self._stale.append(piece)
            self.exact[self.above + index] = False
            index += 1
            if not piece.block.flows:
                break


def is_same(pair: tuple[Piece, Piece]) -> bool:
    """Whether the two are one piece."""
    return pair[0] is pair[1]


def is_code(piece: Piece) -> bool:
    """Whether a piece is the beginning of a code block."""
    block = piece.block
    return block is not None and block.kind is Kind.CODE and block.part == 0


def _lines_in(blocks: list[Block], leaf: int) -> int:
    """Lines of code in those blocks that are parts of a leaf."""
    return sum(_line_count(block) for block in blocks if block.leaf == leaf)


def _line_count(block: Block) -> int:
    """Lines of code in a part; one that begins in the middle of a line was counted before."""
    return len(block.starts) - block.glued if block.text or len(block.starts) > 1 else 0
