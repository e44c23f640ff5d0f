"""Keeping the reader's place: what is read stays at its row of the pane.

Every change of content, width or height goes through `_settle`, which measures what is in view
around one place and only then moves the scroll bar. The end is followed while one is there, and
only then. What is near is made ahead while nothing happens, a little at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TypeVar

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.timer import Timer

from tui.ui.painting import QuickScrollView
from tui.ui.transcript import events as told
from tui.ui.transcript.entry import Entry, Position
from tui.ui.transcript.folding import AS_IT_COMES, Folds
from tui.ui.transcript.layout import Layout, Place
from tui.ui.transcript.picture import Picture

T = TypeVar("T")

GUTTER = 2  # cells left of the text: the bar of a user's message, or of what has the focus
MARGIN = 1  # cells right of it
IDLE = 0.05  # seconds until rows are made ahead
SLICE = 0.004  # seconds of that at a time: what a key may have to wait for


class KeptView(QuickScrollView):
    """Scrolls a layout."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._laid = Layout()
        self._following = True
        self._held = False  # what is on screen stays there, also while following
        self._top = Place(0, 0, 0)
        self._column = 0  # cells of text: 0 until the pane has a size
        self._settling = False
        self._wanted: Position | None = None
        self._left: dict[str, Position] = {}  # where what went was read, until one reads on
        self._asked: frozenset[str] = frozenset()
        self._idle: Timer | None = None
        self._reading: set[str] = set()

    @property
    def following(self) -> bool:
        """Whether the view is at the end and stays there when more text comes."""
        return self._following

    @property
    def position(self) -> Position:
        """Where one reads, to come back to by `show(..., at=position)`."""
        if self._goes_to_end or not len(self._laid) or not self._column:
            return Position()
        return self._laid.position(self._laid.place(self.scroll_offset.y), 0)

    @property
    def _goes_to_end(self) -> bool:
        """Whether more text moves what is on screen."""
        return self._following and not self._held

    def follow_end(self) -> None:
        """Go to the end and stay there while more text comes."""
        self._follow(True)
        self._go()

    def _go(self, place: Place | None = None, row: int = 0) -> None:
        """Go where the reader wants to: a text that is waited for does not lead back."""
        self._wanted = None
        self._left.clear()
        self._settle(place, row)

    def _follow(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.post_message(told.FollowChanged(following))

    def _keep(self, change: Callable[[], int | None], *, at: Position | None = None) -> None:
        """Make a change of content; the line that is read stays at its row.

        Args:
            change: returns the first row that may look different; None if any may.
            at: another place to keep than where one is.
        """
        keep = at or self._wanted or self.position
        dirty = change()
        place = self._laid.find(keep) if keep.entry and self._column else None
        # A position in a text that is not here yet is kept until it is.
        there = place is not None and self._laid.picture(place.message) is not None
        self._wanted = None if there or not keep.entry else keep
        self._settle(place, keep.row, dirty=dirty)

    def _settle(
        self, place: Place | None = None, row: int = 0, *, dirty: int | None = None
    ) -> None:
        """Measure what is in view and scroll there: the end if following, else `place` at `row`."""
        if self._settling or not self._column:
            return
        self._settling = True
        before = self.scroll_offset.y
        try:
            height = self.scrollable_content_region.height
            top = self._measure_at(place, row, height) if len(self._laid) else 0
            self._commit()
            self.set_scroll(None, top)
            self.vertical_scrollbar.position = top  # which is told by no watcher then
            self.scroll_target_y = top
            if len(self._laid):
                self._top = self._laid.place(top)
                self._prepare(top, height)
        finally:
            self._settling = False
        if dirty is None or self.scroll_offset.y != before:
            self.refresh()
        else:
            self._refresh_rows(dirty, before + self.size.height)

    def _measure_at(self, place: Place | None, row: int, height: int) -> int:
        layout = self._laid
        if not self._goes_to_end:
            top = layout.settle(place or self._top, row, height)
            if top < 0:
                top = layout.settle(Place(0, 0, 0), 0, height)
            if top < layout.heights.total - height:
                return max(0, top)
        return max(0, layout.settle_end(height) - height)

    def _commit(self) -> None:
        """Tell the scroll bar; a plain assignment would lay out the whole screen again."""
        size = Size(self._column + GUTTER + MARGIN, self._laid.heights.total)
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self._scroll_update(size)

    def _prepare(self, top: int, height: int) -> None:
        """Ask for the texts that are in view or about to be (once), read them, let others go."""
        missing = self._laid.missing(top - 2 * height, top + 3 * height)
        fresh = tuple(name for name in missing if name not in self._asked)
        self._asked = frozenset(missing)
        if fresh:
            self.post_message(told.EntriesNeeded(fresh))
        self._read_long()
        first, _ = self._laid.heights.find(max(0, top - height))
        last, _ = self._laid.heights.find(top + 2 * height)
        self._laid.shrink(range(first, last + 1))
        if self._idle is None:
            self._idle = self.set_timer(IDLE, self._look_ahead)

    def _reveal(self, place: Place, rows: int) -> None:
        """Bring `rows` rows from a place on into view, moving no further than that takes."""
        height = self.scrollable_content_region.height
        top = self._laid.row(place) - self.scroll_offset.y
        if top >= 0 and top + min(rows, height) <= height:
            self._wanted = None
            return
        self._follow(False)
        self._go(place, 0 if top < 0 or rows >= height else height - rows)

    def _look_ahead(self) -> None:
        """While nothing happens, make the rows of the pages above and below, a little at a time."""
        self._idle = None
        if not self._column or not len(self._laid):
            return
        if self._steadily(self._made_ahead):
            self._idle = self.set_timer(IDLE, self._look_ahead)

    def _made_ahead(self) -> bool:
        """Make rows for a slice of time; True if there are more to make."""
        end = perf_counter() + SLICE
        height = self.scrollable_content_region.height
        for piece, references in self._laid.nearby(self._top, height):
            if perf_counter() > end:
                return True
            self._laid.renderer.of(piece, references)
        return False

    def _read_long(self) -> None:
        """Have the long messages that are wanted read."""
        for name, entry in self._laid.unread.items():
            if name not in self._reading:
                self._reading.add(name)
                self.run_worker(self._read(entry))

    async def _read(self, entry: Entry) -> None:
        """Read a long message in a thread, so that no key waits for it; then show it."""
        folds = self._laid.folds.get(entry.id, AS_IT_COMES)
        picture = await asyncio.to_thread(partial(_read_whole, entry, self._column, folds))
        self._reading.discard(entry.id)
        self._keep(lambda: self._laid.adopt(picture))
        self._arrived()

    def _arrived(self) -> None:
        """Texts came, or were read: what waits for them can go on."""

    def _steadily(self, work: Callable[[], T]) -> T:
        """Do what may read messages that were not read yet: their true heights move nothing."""
        before = self._laid.heights.total
        result = work()
        if self._laid.heights.total != before:
            self._settle(self._top, 0, dirty=self._laid.heights.total)
        return result

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Someone scrolled: measure what came into view, without moving what stays in it."""
        super().watch_scroll_y(old_value, new_value)
        old, new = round(old_value), round(new_value)
        if self._settling or old == new or not len(self._laid) or not self._column:
            return
        self._wanted = None
        self._left.clear()
        height = self.scrollable_content_region.height
        # Also when the pane grew and Textual moved what no longer fills it: that is no scrolling.
        self._follow(new >= self._laid.heights.total - height)
        if abs(new - old) <= 2 * height:
            self._settle(self._top, old - new)
        else:
            self._settle(self._laid.place(new), 0)

    def on_resize(self) -> None:
        """Lay out the screen for the new width; the rest when it is seen."""
        column = max(0, self.scrollable_content_region.width - GUTTER - MARGIN)
        if column and column != self._column:
            self._keep(lambda: self._widen(column))
        else:
            self._settle(self._top, 0)

    def _widen(self, column: int) -> None:
        self._column = column
        self._laid.resize(column)
        self.post_message(told.WidthChanged())

    def _refresh_rows(self, start: int, end: int) -> None:
        """Paint the rows from `start` to `end` again, those that are in view."""
        top = self.scroll_offset.y
        first, last = max(start, top), min(end, top + self.size.height)
        if first < last:
            self.refresh(Region(0, first - top, self.size.width, last - first))


def _read_whole(entry: Entry, width: int, folds: Folds) -> Picture:
    picture = Picture(entry, width, folds)
    picture.settle_flows()
    return picture
