"""One message as pieces with heights, growing while it streams.

What is settled stays the same piece for ever; only the open end and the lines below it are made
anew. Link definitions are the exception that Markdown demands: one that arrives late makes the
pieces that refer to it stale, which `take_stale` tells.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from tui.core.message import Role
from tui.ui.transcript import code, inline
from tui.ui.transcript import look as looks
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.blocks import Blocks
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.heights import Heights
from tui.ui.transcript.piece import BodyPiece, ChipsPiece, NotePiece, Piece, heading
from tui.ui.transcript.plain import PlainBlocks


class Picture:
    """A message laid out: `pieces` from top to bottom, `heights` beside them."""

    def __init__(self, entry: Entry, width: int, *, unfolded: bool = False) -> None:
        self.entry = entry
        self.unfolded = unfolded
        self.width = width
        self.references: inline.References = {}
        self._fresh_text: list[str] = []
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
        self.pieces: list[Piece] = []
        self.heights = Heights()
        self.exact: list[bool] = []
        self._place(self._head())
        self.above = len(self.pieces)
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
    def settled(self) -> int:
        """Index of the first piece that may still change."""
        return self.above + len(self._settled)

    def body_index(self, character: int) -> int:
        """Index of the piece that shows `character` of the message's text, or the one after it."""
        low, high = self.above, self.below
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
        first = self.settled
        if reasoning:
            first = 0
            self.entry = replace(self.entry, reasoning=self.entry.reasoning + reasoning)
            self._rebuild_head()
        if text:
            began = self._body.started
            self._fresh_text.append(text)
            self._body.feed(text)
            if not began and self._body.started:
                self.entry = replace(self.entry, waiting="")
                self._rebuild_head()
                first = 0
        self._grow()
        return 0 if self._stale else first

    def update(self, entry: Entry) -> None:
        """Take whatever changed; text that goes on where it was is only read from there."""
        had = self.text
        if entry.live and had.startswith(entry.text):
            entry = replace(entry, text=had)  # what was read of it elsewhere is older than this
        before, self.entry = self.entry, entry
        if not entry.text.startswith(had) or (not before.live and entry.text != had):
            self.references.clear()
            self._begin()
            return
        self._body.feed(entry.text[len(had) :])
        if before.live and not entry.live:
            self._body.close()
        self._rebuild_head()
        self._grow()

    def fold(self) -> None:
        """Show the reasoning, or hide it."""
        self.unfolded = not self.unfolded
        self._rebuild_head()
        self._grow()

    def resize(self, width: int) -> None:
        """Every height is a guess again."""
        self.width = width
        self.heights = Heights(piece.estimate(width) for piece in self.pieces)
        self.exact = [False] * len(self.pieces)

    def measured(self, index: int, height: int) -> None:
        """The true height of a piece."""
        self.exact[index] = True
        self.heights.set(index, height)

    # -------------------------------------------------------------- building

    def _rebuild_head(self) -> None:
        """Make the lines above the text anew; the text below keeps its pieces and heights."""
        head = self._head()
        if len(head) == self.above:
            for index, piece in enumerate(head):
                self.pieces[index] = piece
                self.exact[index] = False
                self.heights.set(index, piece.estimate(self.width))
            return
        kept = range(self.above, self.settled)
        heights = [self.heights[index] for index in kept]
        self.exact = [False] * len(head) + self.exact[kept.start : kept.stop]
        self.pieces = [*head, *self._settled]
        self.heights = Heights([*(piece.estimate(self.width) for piece in head), *heights])
        self.above = len(head)

    def _place(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self.pieces.append(piece)
            self.exact.append(False)
            self.heights.append(piece.estimate(self.width))

    def _grow(self) -> None:
        """Put what has settled, the open end and the lines below after what had settled."""
        had = self.settled
        del self.pieces[had:]
        self.heights.truncate(had)
        del self.exact[had:]
        blocks = self._body.settled
        look = self._tint
        fresh = [BodyPiece(block, look) for block in blocks[len(self._settled) :]]
        self._settled += fresh
        self._candidates += [
            index
            for index, piece in enumerate(fresh, len(self._settled) - len(fresh))
            if "[" in piece.block.text
        ]
        self._place([*fresh])
        self._place([BodyPiece(block, look) for block in self._tail()])
        self.below = len(self.pieces)  # index of the first piece under the text
        self._place(self._foot())
        if len(self.references) != self._labels:
            self._refer()

    def _tail(self) -> list[Block]:
        if not self.entry.live:
            return []
        if isinstance(self._body, Blocks):  # an unfinished definition must not count
            return self._body.tail(partial(inline.definitions, references=dict(self.references)))
        return self._body.tail()

    def _refer(self) -> None:
        """Definitions arrived: what refers to them has to be read again."""
        labels = list(self.references)[self._labels :]
        self._labels = len(self.references)
        for index in self._candidates:
            piece = self._settled[index]
            text = piece.block.text.upper()
            if any(label in text for label in labels):
                self._stale.append(piece)
                self.exact[self.above + index] = False

    def _head(self) -> list[Piece]:
        entry, tint = self.entry, self._tint
        name = looks.ACCENT if entry.role is Role.ASSISTANT else looks.QUIET
        head: list[Piece] = [heading(entry.heading, entry.sibling, name, tint)]
        if entry.reasoning:
            head.append(NotePiece(self._thought(), looks.QUIET, hot="toggle_fold"))
            if self.unfolded:
                head += self._reasoning()
        if entry.attachments:
            names = "  ".join(f"▤ {name}" for name in entry.attachments)
            head.append(NotePiece(names, looks.QUIET | tint))
        return head

    def _thought(self) -> str:
        sign = "▾" if self.unfolded else "▸"
        if self.entry.live and not self._body.started and self.entry.reasoning_ms is None:
            return f"{sign} Thinking…"
        if self.entry.reasoning_ms is None:
            return f"{sign} Thoughts"
        return f"{sign} Thought for {self.entry.reasoning_ms / 1000:.1f} s"

    def _reasoning(self) -> list[Piece]:
        blocks = PlainBlocks()
        blocks.feed(self.entry.reasoning)
        blocks.close()
        return [
            NotePiece(block.text, looks.QUIET | looks.EM, sign="│ ") for block in blocks.settled
        ]

    def _foot(self) -> list[Piece]:
        entry, tint = self.entry, self._tint
        foot: list[Piece] = []
        waiting = entry.waiting if entry.live else ""
        if not self._body.started and entry.role is Role.ASSISTANT and not entry.error:
            if not entry.live:
                waiting = "" if entry.status else "(an empty reply)"
            elif not waiting and not entry.reasoning:
                waiting = "…"
        if waiting:
            foot.append(NotePiece(waiting, looks.QUIET))
        foot += [NotePiece(notice, looks.WARNING, sign="! ") for notice in entry.notices]
        if entry.status:
            foot.append(NotePiece(entry.status, looks.WARNING | tint, sign="■ "))
        if entry.error:
            foot.append(NotePiece(entry.error, looks.ERROR, sign="✗ "))
        if entry.actions:
            parts: list[tuple[str, int, str]] = []
            for action, label in entry.actions:
                parts += [(f" {label} ", looks.CHIP, f"action:{action}"), ("  ", looks.PLAIN, "")]
            foot.append(ChipsPiece(tuple(parts[:-1])))
        if entry.numbers:
            foot.append(NotePiece(entry.numbers, looks.QUIET))
        return foot


def is_code(piece: Piece) -> bool:
    """Whether a piece is the beginning of a code block."""
    block = piece.block
    return block is not None and block.kind is Kind.CODE and block.part == 0
