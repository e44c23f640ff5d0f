"""The conversation from top to bottom: what stands at which row.

Heights are exact for what has been seen and guesses for the rest; a guess that turns out wrong
moves what is off the screen, never what is on it: `settle` keeps a place at its row of the pane.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from tui.ui.transcript.contents import Contents
from tui.ui.transcript.covering import cover, header_of, next_seen
from tui.ui.transcript.entry import Position
from tui.ui.transcript.folding import Foldable
from tui.ui.transcript.inline import References
from tui.ui.transcript.passage import Passage
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.piece import BodyPiece, Piece
from tui.ui.transcript.rendered import Rendered
from tui.ui.transcript.rows import spans_of


class Place(NamedTuple):
    """A row of the conversation by what stands there."""

    message: int
    piece: int
    row: int


class Layout(Contents):
    """Where everything stands."""

    def extend(self, entry_id: str, text: str, reasoning: str) -> int:
        """More streamed text of a live message; returns the first row that may look different."""
        at = self._index.get(entry_id)
        picture = None if at is None else self.picture(at)
        if at is None or picture is None:
            return self.heights.total
        index = picture.settled
        before = self.renderer.kept(picture.pieces[index]) if index < picture.below else None
        self._forget(picture, index)
        first = picture.extend(text, reasoning)
        self._changed(at, picture)
        row = self.row(Place(at, first, 0))
        if before is None or first != index or index >= picture.below or picture.hidden(index):
            return row
        made = self.rendered(at, index)
        return row if made is None else row + made.take_over(before)

    def rendered(self, at: int, index: int) -> Rendered | None:
        """A piece as it is shown; its height is exact from now on. None: its text is not here."""
        picture = self.picture(at)
        if picture is None:
            return None
        made = self.renderer.of(picture.pieces[index], picture.references)
        if not picture.exact[index]:
            picture.measured(index, len(made.rows))
            self.heights.set(at, picture.heights.total)
        return made

    def place(self, row: int) -> Place:
        """What stands at a row."""
        at, start = self.heights.find(max(0, row))
        picture = self.picture(at)
        if picture is None:
            return Place(at, 0, row - start)
        start = self.heights.before(at)  # making the picture may have corrected its height
        index, begin = picture.heights.find(row - start)
        return Place(at, index, row - start - begin)

    def row(self, place: Place) -> int:
        """The row where a place is."""
        picture = self.picture(place.message)
        within = 0 if picture is None else picture.heights.before(place.piece)
        return self.heights.before(place.message) + within + place.row

    def header(self, at: int, what: Foldable) -> Place:
        """The row that stays of something when it is folded."""
        picture = self.picture(at)
        if picture is None:
            return Place(at, 0, 0)
        if what == "message":
            return Place(at, 0, picture.heights[0] - 1)
        if what == "reasoning":
            return Place(at, 1, 0)
        index = header_of(picture, what) or 0
        block = picture.pieces[index].block
        return Place(at, index, int(block is not None and block.gap))

    def _measure(self, at: int, index: int) -> int:
        picture = self.picture(at)
        if picture is not None and picture.hidden(index):
            return 0
        made = self.rendered(at, index)
        return self.heights[at] if made is None else len(made.rows)

    def step(self, at: int, index: int, by: int) -> tuple[int, int] | None:
        """The next piece that is seen after (or before) one; None at the end."""
        picture = self.picture(at)
        index += by
        if picture is not None and (found := next_seen(picture, index, by)) is not None:
            return at, found
        at += by
        if not 0 <= at < len(self.outline):
            return None
        if by > 0:
            return at, 0
        return at, self._last_seen(at)

    def _last_seen(self, at: int) -> int:
        picture = self.picture(at)
        if picture is None:
            return 0
        return next_seen(picture, len(picture.pieces) - 1, -1) or 0

    def settle(self, place: Place, row: int, height: int) -> int:
        """Measure what is in view when `place` stands at `row` of a pane of `height` rows.

        Returns:
            The conversation's row at the top of the pane; negative if there is nothing above.
        """
        at, index, within = place
        size = self._measure(at, index)
        within = max(0, min(within, size - 1))
        above, step = row - within, self.step(at, index, -1)
        while above > 0 and step:
            above -= self._measure(*step)
            step = self.step(*step, -1)
        below, step = height - row + within - size, self.step(at, index, 1)
        while below > 0 and step:
            below -= self._measure(*step)
            step = self.step(*step, 1)
        return self.row(Place(at, index, within)) - row

    def settle_end(self, height: int) -> int:
        """Measure the last screenful; returns the row at the top of the pane."""
        if self.outline:
            at = len(self.outline) - 1
            step: tuple[int, int] | None = (at, self._last_seen(at))
            while height > 0 and step:
                height -= self._measure(*step)
                step = self.step(*step, -1)
        return self.heights.total

    def nearby(self, place: Place, height: int) -> Iterator[tuple[Piece, References]]:
        """The pieces within a page of a pane whose top is `place`, and whose rows are not made."""
        for by, rows in ((-1, height), (1, 2 * height)):
            at, index = place.message, place.piece
            while rows > 0 and (step := self.step(at, index, by)):
                at, index = step
                picture = self.picture(at)
                if picture is None:
                    break
                piece = picture.pieces[index]
                rows -= picture.heights[index]
                if self.renderer.kept(piece) is None:
                    yield piece, picture.references

    def missing(self, top: int, bottom: int) -> tuple[str, ...]:
        """Ids of the messages between two rows whose texts are not here."""
        if not self.outline:
            return ()
        first, _ = self.heights.find(max(0, top))
        last, _ = self.heights.find(max(0, bottom))
        names = (self.outline[at].id for at in range(first, last + 1))
        return tuple(name for name in names if name not in self._entries)

    # -------------------------------------------------------------- characters

    def position(self, place: Place, row: int) -> Position:
        """The character that stands at a place, to come back to it at any width."""
        name = self.outline[place.message].id
        picture = self.picture(place.message)
        made = self.rendered(place.message, place.piece)
        if picture is None or made is None:
            return Position(name, place.row, row, "above")
        block = picture.pieces[place.piece].block
        if block is None:
            below = place.piece >= picture.below
            first = picture.heights.before(picture.below if below else 0)
            rows = picture.heights.before(place.piece) + place.row - first
            return Position(name, rows, row, "below" if below else "above")
        # A row without text (a gap, a rule) is so many rows from where its text will be found.
        later = [span for one in made.rows[place.row :] for span in spans_of(one)]
        offset = later[0].start if later else len(made.passage.text)
        row += row_of(made, offset) - place.row
        index, offset = self.owner(place.message, place.piece, offset)
        owner = picture.pieces[index]
        if owner.block is not None:
            passage = self.renderer.passage(owner, picture.references)
            block, offset = owner.block, passage.to_source(offset)
        of: Literal["text", "reasoning"] = "reasoning" if index < picture.above else "text"
        return Position(name, block.source_at(offset), row, of)

    def find(self, position: Position) -> Place | None:
        """Where a position is now; None if its message is not shown."""
        at = self._index.get(position.entry)
        if at is None:
            return None
        picture = self.picture(at)
        if picture is None:
            return Place(at, 0, position.character if position.of == "above" else 0)
        place = self._found(at, picture, position)
        if not picture.hidden(place.piece):
            return place
        index = cover(picture, place.piece)  # what it was in was folded
        return Place(at, index, picture.heights[index] - 1)

    def _found(self, at: int, picture: Picture, position: Position) -> Place:
        if position.of == "above" or position.of == "below":
            first = picture.heights.before(picture.below) if position.of == "below" else 0
            index, start = picture.heights.find(first + position.character)
            return Place(at, index, first + position.character - start)
        if position.of == "reasoning":
            index = picture.reasoning_index(position.character)
        else:
            index = picture.body_index(position.character)
        made = self.rendered(at, index)
        if made is None or picture.pieces[index].block is None:
            return Place(at, index, 0)
        offset = offset_in(picture.pieces[index], made.passage, position.character)
        return self.showing(at, index, offset)

    def showing(self, at: int, index: int, offset: int) -> Place:
        """The row that shows an offset of a piece: it may be one that the next piece begins with.

        That is the row that a part of something long leaves to the next part.
        """
        picture, made = self.picture(at), self.rendered(at, index)
        if picture is None or made is None:
            return Place(at, index, 0)
        piece = picture.pieces[index]
        if isinstance(piece, BodyPiece) and piece.block.flows and index + 1 < len(picture.pieces):
            start = piece.settled(self.renderer.width, picture.references).start
            seen = offset >= start and not picture.hidden(index + 1)
            later = self.rendered(at, index + 1) if seen else None
            if later is not None:
                return Place(at, index + 1, row_of(later, offset - len(made.passage.text)))
        return Place(at, index, row_of(made, offset))

    def owner(self, at: int, index: int, offset: int) -> tuple[int, int]:
        """The piece whose text stands at an offset of a row, and the offset in its own text."""
        picture = self.picture(at)
        while offset < 0 and index > 0 and picture is not None:
            index -= 1
            offset += len(self.renderer.passage(picture.pieces[index], picture.references).text)
        return index, max(0, offset)

    def beside(self, at: int, index: int, offset: int) -> tuple[int, int] | None:
        """The same for an offset that may be past either end of a piece; None outside its line."""
        picture = self.picture(at)
        piece = None if picture is None else picture.pieces[index]
        if picture is None or piece is None:
            return None
        if offset < 0:
            led = isinstance(piece, BodyPiece) and piece.before is not None
            return self.owner(at, index, offset) if led else None
        size = len(self.renderer.passage(piece, picture.references).text)
        if offset <= size:
            return index, offset
        return (index + 1, offset - size) if piece.block and piece.block.flows else None


def offset_in(piece: Piece, passage: Passage, character: int) -> int:
    """The passage's offset of a character of the message's text, which the piece shows."""
    block = piece.block
    if block is None:
        return 0
    line = max(0, bisect_right(block.starts, character) - 1)
    begin = 0
    for _ in range(line):
        begin = block.text.index("\n", begin) + 1
    return passage.from_source(begin + character - block.starts[line])


def row_of(made: Rendered, offset: int) -> int:
    """The row of a piece where an offset of its passage stands, or the last one before it."""
    found = -1
    for number, row in enumerate(made.rows):
        for span in spans_of(row):
            if span.start <= offset < span.end:
                return number
            if span.start <= offset:
                found = number
    return found if found >= 0 else max(0, len(made.rows) - 1)
