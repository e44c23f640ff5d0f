"""Selecting by keys: the end of the selection goes on by a row, or by a character."""

from __future__ import annotations

from tui.core.safe import shown
from tui.ui.transcript import selecting
from tui.ui.transcript.keeping import GUTTER
from tui.ui.transcript.paint import column_of
from tui.ui.transcript.pointing import PointedView
from tui.ui.transcript.selecting import Point, Selected
from tui.ui.transcript.wrap import beside


class ExtendingView(PointedView):
    """A view whose selection can be extended by keys."""

    @property
    def _first_row(self) -> int:
        """The row of the pane that a selection begins in."""
        return 0

    def _move_head(self, rows: int, columns: int) -> None:
        """Take the end of the selection to another row or column, and into view."""
        if self._selected is None:
            point = self._point_at(GUTTER, self._first_row)
            if point is None:
                return
            self._selected = Selected(point, point)
        head = self._selected.head
        at = self._laid.index_of(head.entry)
        picture = None if at is None else self._laid.picture(at)
        if at is None or picture is None:
            return
        index = selecting.index_of(picture, head.piece)
        text = self._laid.renderer.passage(picture.pieces[index], picture.references).text
        size = len(text)
        gone = head.piece != selecting.number_of(picture, index)
        start = size if gone else min(head.offset, size)
        place = self._laid.showing(at, index, start)
        made = self._laid.rendered(at, place.piece)
        if made is None:
            return
        offset = start - (size if place.piece > index else 0)
        column = column_of(made.rows[place.row], made.passage, offset) if made.rows else 0
        row = self._laid.row(place) + rows
        if columns:
            if spot := self._laid.beside(at, index, beside(shown(text), start, columns)):
                point = Point(head.entry, selecting.number_of(picture, spot[0]), spot[1])
                self._select(Selected(self._selected.anchor, point))
                return
            row, column = (row + 1, 0) if columns > 0 else (row - 1, self._column)
        step = 1 if rows + columns > 0 else -1
        while 0 <= row < self._laid.heights.total and self._selected.head == head:
            top, last = self.scroll_offset.y, self.size.height - 1
            y = max(0, min(row - top, last))
            self.scroll_to(y=row - y, animate=False)  # only where it is out of view
            self._extend_to(column + GUTTER, y)
            row = self.scroll_offset.y + y + step  # past the rows that hold no text

    def action_select_down(self) -> None:
        """Select a row further down."""
        self._move_head(1, 0)

    def action_select_up(self) -> None:
        """Select a row further up."""
        self._move_head(-1, 0)

    def action_select_right(self) -> None:
        """Select a character further right."""
        self._move_head(0, 1)

    def action_select_left(self) -> None:
        """Select a character further left."""
        self._move_head(0, -1)
