"""The focus inside the transcript: on a message, or on a code block of one."""

from __future__ import annotations

from dataclasses import dataclass

from tui.ui.transcript import events as told
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.extending import ExtendingView
from tui.ui.transcript.layout import Place


@dataclass(frozen=True, slots=True)
class Focus:
    """A message, and the number of its code block if that has the focus."""

    entry: str
    leaf: int | None = None


class FocusedView(ExtendingView):
    """A view in which a message or a code block can have the focus."""

    _inner_focus: Focus | None = None

    @property
    def focused_entry(self) -> str | None:
        """Id of the message that has the focus inside the transcript."""
        return self._inner_focus.entry if self._inner_focus else None

    def focus_entry(self, entry_id: str) -> None:
        """Give a message the focus inside the transcript, where it is shown."""
        if self._laid.index_of(entry_id) is not None:
            self._focus_on(Focus(entry_id))

    def _focus_on(self, focus: Focus | None) -> None:
        before, self._inner_focus = self._inner_focus, focus
        if (before and before.entry) != (focus and focus.entry):
            self.post_message(told.EntryFocused(focus.entry if focus else None))
        self.refresh()

    def _focused_at(self, place: Place) -> bool:
        focus = self._inner_focus
        if focus is None or not self.has_focus:
            return False
        if self._laid.outline[place.message].id != focus.entry:
            return False
        if place.piece == 0 and place.row == 0:
            return False  # the blank row above the heading
        if focus.leaf is None:
            return True
        block = self._block_at(place)
        if block is None or block.kind is not Kind.CODE or block.leaf != focus.leaf:
            return False
        return not (block.gap and place.row == 0)

    @property
    def _first_row(self) -> int:
        """Of what has the focus, the first row in view; else of the pane."""
        rows = ((y, self._place_at(y)) for y in range(self.size.height))
        return next((y for y, place in rows if place and self._focused_at(place)), 0)

    def _block_at(self, place: Place) -> Block | None:
        picture = self._laid.picture(place.message)
        return None if picture is None else picture.pieces[place.piece].block

    def _clicked(self, place: Place) -> None:
        block = self._block_at(place)
        leaf = block.leaf if block is not None and block.kind is Kind.CODE else None
        self._focus_on(Focus(self._laid.outline[place.message].id, leaf))

    def _step_message(self, by: int) -> None:
        layout = self._laid
        if not len(layout):
            return
        at = None if self._inner_focus is None else layout.index_of(self._inner_focus.entry)
        if at is None or not self._in_view(Place(at, 0, 0), layout.heights[at]):
            at = self._edge_of_view(by).message - by
        at = max(0, min(at + by, len(layout) - 1))
        self._focus_on(Focus(layout.outline[at].id))
        self._reveal(Place(at, 0, 0), layout.heights[at])

    def _in_view(self, place: Place, rows: int) -> bool:
        """Whether any of so many rows from a place on is in view."""
        top = self._laid.row(place) - self.scroll_offset.y
        return top < self.scrollable_content_region.height and top + rows > 0

    def _edge_of_view(self, by: int) -> Place:
        """Where steps begin while nothing in view has the focus: its first row, or its last."""
        layout, top = self._laid, self.scroll_offset.y
        if by > 0:
            return layout.place(top)
        row = min(top + self.scrollable_content_region.height, layout.heights.total) - 1
        place = layout.place(row)
        above_all = place.piece == 0 and place.row == 0  # the blank row above a heading
        return layout.place(row - 1) if above_all and row > top else place

    def action_next_message(self) -> None:
        """Focus the next message."""
        self._step_message(1)

    def action_previous_message(self) -> None:
        """Focus the previous message."""
        self._step_message(-1)
