"""What stands above a message's text, and how a model reasoned: it stays the same piece.

Reasoning is text that streams in as the text below it does, so it is made as that is: what has
settled stays, only the open end is made anew. It is not even read while it is folded away.
"""

from __future__ import annotations

from tui.ui.transcript import around
from tui.ui.transcript import look as looks
from tui.ui.transcript.block import Block
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.folding import Folds
from tui.ui.transcript.piece import BodyPiece, Piece, alike
from tui.ui.transcript.plain import PlainBlocks

REASONING = 2  # index of its first piece: it follows who speaks, and the line that it folds to


class Above:
    """The lines above the text of a message."""

    def __init__(self, tint: int) -> None:
        self._tint = tint
        self._lines: list[Piece] = []  # those that are no reasoning
        self._thoughts: _Thoughts | None = None

    def feed(self, reasoning: str) -> int | None:
        """Take more reasoning; returns the first piece that is another now, None if none is."""
        if self._thoughts is None:
            return None
        return REASONING + self._thoughts.feed(reasoning)

    def forget(self) -> None:
        """The reasoning is another."""
        self._thoughts = None

    def pieces(self, entry: Entry, folds: Folds, *, started: bool) -> list[Piece]:
        """The lines as they are now; `started`: some of the text has arrived."""
        thoughts: list[BodyPiece] = []
        if entry.reasoning and not folds.reasoning:
            if self._thoughts is None:
                self._thoughts = _Thoughts()
                self._thoughts.feed(entry.reasoning)
            thoughts = [*self._thoughts.settled, *self._thoughts.tail]
        before, self._lines = self._lines, []
        for line in around.head(entry, self._tint, folds, started=started):
            self._lines.append(next((old for old in before if alike(old, line)), line))
        return [*self._lines[:REASONING], *thoughts, *self._lines[REASONING:]]


class _Thoughts:
    """Reasoning in pieces: `settled` only grows, `tail` is the open end."""

    def __init__(self) -> None:
        self.settled: list[BodyPiece] = []
        self.tail: list[BodyPiece] = []
        self._blocks = PlainBlocks()

    def feed(self, text: str) -> int:
        """Take more; returns how many pieces are what they were."""
        same = len(self.settled)
        self._blocks.feed(text)
        for block in self._blocks.settled[same:]:
            self.settled.append(self._piece(block))
        self.tail = [self._piece(block) for block in self._blocks.tail()]
        return same

    def _piece(self, block: Block) -> BodyPiece:
        before = self.settled[-1] if block.glued else None
        return BodyPiece(block, looks.QUIET | looks.EM, before=before, sign="│ ")
