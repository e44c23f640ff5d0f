"""What stands for what is folded away, and what is folded away with it."""

from __future__ import annotations

from tui.ui.transcript.block import Kind
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.piece import BodyPiece


def cover(picture: Picture, index: int) -> int:
    """The piece that stands for one that is folded away: the last one that is seen before it."""
    return picture.heights.find(picture.heights.before(index) - 1)[0]


def next_seen(picture: Picture, index: int, by: int) -> int | None:
    """The first piece from `index` on, forwards or backwards, that takes a row; None if none."""
    if not 0 <= index < len(picture.pieces):
        return None
    if not picture.hidden(index):
        return index
    if by < 0:
        return cover(picture, index)
    begin = picture.heights.before(index)
    return picture.heights.find(begin)[0] if begin < picture.heights.total else None


def folded_with(picture: Picture, index: int) -> tuple[int, int] | None:
    """The first and the last piece of the fold that a piece is in; None if it is in none."""
    last = len(picture.pieces) - 1
    if picture.folds.message:
        return 0, last
    first = cover(picture, index) if picture.hidden(index) else index
    piece = picture.pieces[first]
    if not isinstance(piece, BodyPiece) or piece.folded is None:
        return None
    after = next_seen(picture, first + 1, 1)
    return first, last if after is None else after - 1


def header_of(picture: Picture, leaf: int) -> int | None:
    """The piece that a code block begins with."""
    if leaf in picture.headers:
        return picture.above + picture.headers[leaf]
    tail = range(picture.settled, picture.below)
    return next((index for index in tail if leaf_of(picture, index) == leaf), None)


def leaf_of(picture: Picture, index: int) -> int | None:
    """The number of the code block that a piece is a part of; None if it is of none."""
    block = picture.pieces[index].block
    return block.leaf if block is not None and block.kind is Kind.CODE else None
