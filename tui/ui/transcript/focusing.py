"""The focus inside the transcript: on a message, or on a code block of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.ui.transcript import events as told
from tui.ui.transcript.block import Block, Kind
from tui.ui.transcript.layout import Place
from tui.ui.transcript.picture import is_code
from tui.ui.transcript.pointing import PointedView


@dataclass(frozen=True, slots=True)
class Focus:
    """A message, and the number of its code block if that has the focus."""

    entry: str
    leaf: int | None = None


class FocusedView(PointedView):
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

    def _block_at(self, place: Place) -> Block | None:
        picture = self._laid.picture(place.message)
        return None if picture is None else picture.pieces[place.piece].block

    def _clicked(self, place: Place) -> None:
        block = self._block_at(place)
        leaf = block.leaf if block is not None and block.kind is Kind.CODE else None
        self._focus_on(Focus(self._laid.outline[place.message].id, leaf))

    def _codes(self, at: int, by: int) -> Iterator[tuple[int, int]]:
        """(message, piece) of the code blocks from message `at` on, forwards or backwards."""
        while 0 <= at < len(self._laid):
            picture = self._laid.picture(at)
            pieces = picture.pieces if picture else []
            for index in range(len(pieces))[::by]:
                if is_code(pieces[index]) and picture is not None and not picture.hidden(index):
                    yield at, index
            at += by

    def _step_message(self, by: int) -> None:
        layout = self._laid
        if not len(layout):
            return
        at = None if self._inner_focus is None else layout.index_of(self._inner_focus.entry)
        if at is None:
            at = self._edge_of_view(by).message - by
        at = max(0, min(at + by, len(layout) - 1))
        self._focus_on(Focus(layout.outline[at].id))
        self._reveal(Place(at, 0, 0), layout.heights[at])

    def _edge_of_view(self, by: int) -> Place:
        """Where steps begin while nothing has the focus: the first row in view, or the last."""
        row = self.scroll_offset.y + (0 if by > 0 else self.size.height - 1)
        return self._laid.place(min(row, self._laid.heights.total - 1))

    def action_next_message(self) -> None:
        """Focus the next message."""
        self._step_message(1)

    def action_previous_message(self) -> None:
        """Focus the previous message."""
        self._step_message(-1)

    def _step_code(self, by: int) -> None:
        spot = self._steadily(lambda: self._code_from_here(by))
        if spot is not None:
            self._focus_on(Focus(self._laid.outline[spot[0]].id, self._leaf(spot)))
            picture = self._laid.picture(spot[0])
            self._reveal(Place(*spot, 0), picture.heights[spot[1]] if picture else 1)

    def _code_from_here(self, by: int) -> tuple[int, int] | None:
        """The next code block (or the one before) from the focus, else in view."""
        layout, focus = self._laid, self._inner_focus
        if not len(layout):
            return None
        at = None if focus is None else layout.index_of(focus.entry)
        edge = self._edge_of_view(by)
        here = (edge.message, edge.piece - by)
        if at is not None and focus is not None:
            own = (spot for spot in self._codes(at, 1) if self._leaf(spot) == focus.leaf)
            outside = (at, -1 if by > 0 else 1 << 60)
            here = outside if focus.leaf is None else next(own, outside)
        spots = self._codes(here[0], by)
        return next((spot for spot in spots if (spot > here) == (by > 0) and spot != here), None)

    def _leaf(self, spot: tuple[int, int]) -> int | None:
        block = self._block_at(Place(*spot, 0))
        return None if block is None else block.leaf

    def action_next_code(self) -> None:
        """Focus the next code block."""
        self._step_code(1)

    def action_previous_code(self) -> None:
        """Focus the previous code block."""
        self._step_code(-1)
