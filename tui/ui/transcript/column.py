"""Pieces from top to bottom, with a height for each: a guess until it was seen."""

from __future__ import annotations

from tui.ui.transcript.heights import Heights
from tui.ui.transcript.piece import Piece


class Column:
    """What is stacked.

    Attributes:
        pieces: from top to bottom.
        heights: their rows.
        exact: whether that is known of each.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.pieces: list[Piece] = []
        self.heights = Heights()
        self.exact: list[bool] = []

    def hidden(self, index: int) -> bool:
        """Whether a piece is folded away; all others take a row at least."""
        return not self.heights[index]

    def measured(self, index: int, height: int) -> None:
        """The true height of a piece."""
        self.exact[index] = True
        self.heights.set(index, height)

    def resize(self, width: int) -> None:
        """Every height is a guess again, but of what is folded away."""
        self.width = width
        shown = [not self.hidden(index) for index in range(len(self.pieces))]
        self.heights = Heights(
            piece.estimate(width) if one else 0
            for piece, one in zip(self.pieces, shown, strict=True)
        )
        self.exact = [not one for one in shown]

    def _cut(self, index: int) -> None:
        """Drop the pieces from one on."""
        del self.pieces[index:], self.exact[index:]
        self.heights.truncate(index)

    def _put(self, piece: Piece, exact: bool, height: int) -> None:
        """Add a piece at the end."""
        self.pieces.append(piece)
        self.exact.append(exact)
        self.heights.append(height)

    def _swap(self, index: int, piece: Piece, exact: bool, height: int) -> None:
        """Put a piece in the place of another."""
        self.pieces[index], self.exact[index] = piece, exact
        self.heights.set(index, height)
