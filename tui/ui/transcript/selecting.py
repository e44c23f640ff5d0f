"""What is selected, as a value: from one character of the conversation to another.

A point names a message, a piece and an offset into that piece's text, never a row or a column,
so a selection survives streaming, scrolling, resizing and whatever comes above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tui.ui.transcript.block import Kind
from tui.ui.transcript.compose import label_of
from tui.ui.transcript.covering import folded_with
from tui.ui.transcript.folding import AS_IT_COMES
from tui.ui.transcript.layout import Layout
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.piece import NotePiece, Piece

_FENCE = re.compile(r"[ \t>]*(?:[-*+] |\d+[.)] )?[ \t]*(?:```|~~~)")
PAST = 1 << 60  # an offset past the end of any piece
ABOVE = 1 << 40  # what the numbers of pieces above a text are less than their indexes


@dataclass(frozen=True, slots=True)
class Point:
    """A place between two characters.

    Attributes:
        piece: counted from the first piece of the message's text, so that a fold above moves
            nothing. What stands above has numbers below 0, counted from the top of the message:
            no more reasoning moves those.
        offset: into the passage of the piece.
    """

    entry: str
    piece: int
    offset: int


@dataclass(frozen=True, slots=True)
class Selected:
    """From where one began to where one is; in either order."""

    anchor: Point
    head: Point

    @property
    def empty(self) -> bool:
        """Whether nothing is between the two."""
        return self.anchor == self.head


def number_of(picture: Picture, index: int) -> int:
    """What a point calls a piece."""
    return index - (ABOVE if index < picture.above else picture.above)


def index_of(picture: Picture, number: int) -> int:
    """The piece of that number; the nearest there is if it was folded away or is gone."""
    if number < 0:
        return min(number + ABOVE, picture.above - 1)
    return min(number + picture.above, len(picture.pieces) - 1)


def _key(layout: Layout, point: Point) -> tuple[int, int, int]:
    at = layout.index_of(point.entry)
    return (-1 if at is None else at, point.piece, point.offset)


def ordered(layout: Layout, selected: Selected) -> tuple[Point, Point] | None:
    """The two ends from top to bottom; None when a message is not shown any more.

    What is folded away is selected as a whole: nobody sees which part of it would be.
    """
    ends = sorted((selected.anchor, selected.head), key=lambda point: _key(layout, point))
    if layout.index_of(ends[0].entry) is None:
        return None
    return _outside(layout, ends[0], 0), _outside(layout, ends[1], PAST)


def _outside(layout: Layout, point: Point, offset: int) -> Point:
    """A point; if it is inside a fold, that fold's beginning (offset 0) or its end."""
    at = layout.index_of(point.entry)
    folds = AS_IT_COMES if at is None else layout.folds_of(at)
    if at is None or not (folds.message or folds.codes):
        return point
    picture = layout.picture(at)
    fold = None if picture is None else folded_with(picture, index_of(picture, point.piece))
    if picture is None or fold is None:
        return point
    return Point(point.entry, number_of(picture, fold[1 if offset else 0]), offset)


def selected_in(
    layout: Layout, selected: Selected, at: int, index: int, size: int
) -> tuple[int, int] | None:
    """Which offsets of a piece, whose passage has `size` characters, are selected.

    Numbers and the like are selected by themselves only.
    """
    ends = ordered(layout, selected)
    picture = layout.picture(at)
    if ends is None or picture is None:
        return None
    here = (at, number_of(picture, index))
    start, end = (_key(layout, point) for point in ends)
    if not start[:2] <= here <= end[:2]:
        return None
    piece = picture.pieces[index]
    if isinstance(piece, NotePiece) and piece.aside and start[:2] != end[:2]:
        return None
    left = start[2] if start[:2] == here else 0
    right = min(end[2], size) if end[:2] == here else size
    return (left, right) if left < right else None


def covered(layout: Layout, selected: Selected) -> tuple[str, ...]:
    """The messages that a selection covers."""
    ends = ordered(layout, selected)
    if ends is None:
        return ()
    first, last = (layout.index_of(point.entry) or 0 for point in ends)
    return tuple(layout.outline[at].id for at in range(first, last + 1))


def all_here(layout: Layout, selected: Selected) -> bool:
    """Whether all of a selection can be copied at once."""
    places = (layout.index_of(name) for name in covered(layout, selected))
    return all(at is not None and layout.picture(at) is not None for at in places)


def selected_text(layout: Layout, selected: Selected) -> str:
    """The selected text without the breaks that wrapping made; messages a blank line apart."""
    ends = ordered(layout, selected)
    if ends is None:
        return ""
    first, last = (layout.index_of(point.entry) or 0 for point in ends)
    texts: list[str] = []
    for at in range(first, last + 1):
        picture = layout.picture(at)
        if picture is None:
            continue
        low = index_of(picture, ends[0].piece) if at == first else 0
        high = index_of(picture, ends[1].piece) if at == last else len(picture.pieces) - 1
        text = ""
        for index in range(low, high + 1):
            piece = picture.pieces[index]
            passage = layout.renderer.passage(piece, picture.references)
            span = selected_in(layout, selected, at, index, len(passage.text))
            if span is None:
                continue
            if text:
                text += _between(piece)
            if span[0] == 0 and (index > low or first != last):
                text += _label(piece)
            text += passage.text[slice(*span)]
        if text:
            texts.append(text)
    return "\n\n".join(texts)


def _between(piece: Piece) -> str:
    """What stands between a piece and the one before it."""
    block = piece.block
    if block is None:
        return "\n"
    return "" if block.glued else "\n\n" if block.gap else "\n"


def _label(piece: Piece) -> str:
    """The indent and the marker of a list item."""
    block = piece.block
    if block is None or block.kind is Kind.CODE:
        return ""
    marks = [mark.label for mark in block.path if mark.label]
    fresh = [label_of(mark, block) for mark in block.path[block.fresh :] if mark.label]
    if not marks or block.part:
        return ""
    return "  " * (len(marks) - 1) + (f"{fresh[-1]} " if fresh else "  ")


def selected_source(layout: Layout, selected: Selected) -> str:
    """The Markdown that the selected text was made of."""
    ends = ordered(layout, selected)
    if ends is None:
        return ""
    first, last = (layout.index_of(point.entry) or 0 for point in ends)
    texts: list[str] = []
    for at in range(first, last + 1):
        picture = layout.picture(at)
        if picture is None:
            continue
        text = picture.text
        start = _source(layout, picture, ends[0], text) if at == first else 0
        end = _source(layout, picture, ends[1], text, after=True) if at == last else len(text)
        if start < end:
            texts.append(text[start:end])
    return "\n\n".join(texts)


def _source(
    layout: Layout, picture: Picture, point: Point, text: str, *, after: bool = False
) -> int:
    """Offset into the message's text; a block's start and end take its marks with them."""
    index = index_of(picture, point.piece)
    piece = picture.pieces[index]
    if index < picture.above:
        return 0
    if piece.block is None:
        return len(text)
    passage = layout.renderer.passage(piece, picture.references)
    code = piece.block.kind is Kind.CODE
    if point.offset == 0 and not after and not piece.block.glued:
        start = text.rfind("\n", 0, piece.block.start) + 1
        above = text.rfind("\n", 0, max(0, start - 1)) + 1
        return above if code and _FENCE.match(text, above, start) else start
    if after and point.offset >= len(passage.text) and not piece.block.flows:
        end = _line_end(text, piece.block.starts[-1])
        below = _line_end(text, end + 1)
        return below if code and _FENCE.match(text, end + 1, below) else end
    return piece.block.source_at(passage.to_source(point.offset, after=after))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def word_around(layout: Layout, point: Point) -> Selected | None:
    """The word around a point: what a double click takes."""
    at = layout.index_of(point.entry)
    picture = None if at is None else layout.picture(at)
    if picture is None:
        return None
    piece = picture.pieces[index_of(picture, point.piece)]
    start, end = word_at(layout.renderer.passage(piece, picture.references).text, point.offset)
    return Selected(replace(point, offset=start), replace(point, offset=end))


def block_around(layout: Layout, point: Point) -> Selected | None:
    """All parts of the paragraph, code or table around a point: what a triple click takes."""
    at = layout.index_of(point.entry)
    picture = None if at is None else layout.picture(at)
    if picture is None:
        return None
    first = last = index_of(picture, point.piece)
    while (block := picture.pieces[first].block) and block.part:
        first -= 1
    while (
        last + 1 < len(picture.pieces) and (block := picture.pieces[last + 1].block) and block.part
    ):
        last += 1
    end = len(layout.renderer.passage(picture.pieces[last], picture.references).text)
    return Selected(
        replace(point, piece=number_of(picture, first), offset=0),
        replace(point, piece=number_of(picture, last), offset=end),
    )


def word_at(text: str, offset: int) -> tuple[int, int]:
    """(start, end) of the word around an offset."""
    start = end = min(offset, max(0, len(text) - 1))
    while start > 0 and _in_word(text[start - 1]):
        start -= 1
    while end < len(text) and _in_word(text[end]):
        end += 1
    return (start, end) if start < end else (offset, min(len(text), offset + 1))


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_-'"
