"""The pane that shows a layout: scrolling, painting, and keeping the reader's line where it is.

What is read stays at its row: every change of content, width or height goes through `_settle`,
which measures what is in view around one place and only then moves the scroll bar. The end is
followed while one is there, and only then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import ClassVar, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from tui.core.message import Role
from tui.ui.transcript import events as told
from tui.ui.transcript import look as looks
from tui.ui.transcript.entry import Entry, Position
from tui.ui.transcript.layout import Layout, Place
from tui.ui.transcript.paint import Mark, Palette, paint
from tui.ui.transcript.picture import Picture
from tui.ui.transcript.rendered import Rendered

T = TypeVar("T")

GUTTER = 2  # cells left of the text: the bar of a user's message, or of what has the focus
MARGIN = 1  # cells right of it
IDLE = 0.05  # seconds until rows are made ahead
SLICE = 0.004  # seconds of that at a time: what a key may have to wait for
STEP = 8  # columns that a wide table is moved by


class TranscriptView(ScrollView):
    """Paints a conversation and follows its end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"transcript--{name}" for name in looks.NAMES),
        "transcript--focus",
        "transcript--selection",
        "transcript--highlight",
    }
    DEFAULT_CSS = """
    TranscriptView {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        & .transcript--user { background: $panel; }
        & .transcript--surface { background: $surface; }
        & .transcript--dim { color: $foreground 30%; }
        & .transcript--quiet { color: $foreground 60%; }
        & .transcript--accent { color: $primary; }
        & .transcript--heading { color: $primary; }
        & .transcript--title { text-style: underline; }
        & .transcript--strong { text-style: bold; }
        & .transcript--em { text-style: italic; }
        & .transcript--strike { text-style: strike; }
        & .transcript--code { color: $text-accent; background: $surface; }
        & .transcript--link { color: $text-primary; text-style: underline; }
        & .transcript--math { color: $text-accent; text-style: italic; }
        & .transcript--error { color: $text-error; }
        & .transcript--warning { color: $text-warning; }
        & .transcript--success { color: $text-success; }
        & .transcript--keyword { color: $primary; }
        & .transcript--function { color: $text-accent; }
        & .transcript--string { color: $text-success; }
        & .transcript--number { color: $text-warning; }
        & .transcript--comment { color: $foreground 50%; text-style: italic; }
        & .transcript--operator { color: $foreground 80%; }
        & .transcript--builtin { color: $secondary; }
        & .transcript--chip { color: $primary; background: $primary 15%; }
        & .transcript--focus { color: $accent; }
        & .transcript--selection { background: $primary 40%; }
        & .transcript--highlight { background: $warning 40%; }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._layout_ = Layout()
        self._following = True
        self._top = Place(0, 0, 0)
        self._column = 0  # cells of text: 0 until the pane has a size
        self._settling = False
        self._palette_: Palette | None = None
        self._wanted: Position | None = None
        self._asked: frozenset[str] = frozenset()
        self._shift = 0  # columns that rows wider than the pane are moved to the left by
        self._idle: Timer | None = None
        self._reading: set[str] = set()

    # -------------------------------------------------------------- where one is

    @property
    def following(self) -> bool:
        """Whether the view is at the end and stays there when more text comes."""
        return self._following

    @property
    def position(self) -> Position:
        """Where one reads, to come back to by `show(..., at=position)`."""
        if self._following or not len(self._layout_) or not self._column:
            return Position()
        return self._layout_.position(self._layout_.place(self.scroll_offset.y), 0)

    @property
    def text_width(self) -> int | None:
        """Cells in a line of text; None until the pane has a size."""
        return self._column or None

    def follow_end(self) -> None:
        """Go to the end and stay there while more text comes."""
        self._follow(True)
        self._settle()

    def _follow(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.post_message(told.FollowChanged(following))

    # -------------------------------------------------------------- keeping the place

    def _keep(self, change: Callable[[], int | None], *, at: Position | None = None) -> None:
        """Make a change of content; the line that is read stays at its row.

        Args:
            change: returns the first row that may look different; None if any may.
            at: another place to keep than where one is.
        """
        keep = at or self._wanted or self.position
        dirty = change()
        place = self._layout_.find(keep) if keep.entry and self._column else None
        # A position in a text that is not here yet is kept until it is.
        there = place is not None and self._layout_.picture(place.message) is not None
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
            top = self._measure_at(place, row, height) if len(self._layout_) else 0
            self._commit()
            self.set_scroll(None, top)
            self.scroll_target_y = top
            if len(self._layout_):
                self._top = self._layout_.place(top)
            self._ask(top, height)
            for name, entry in self._layout_.unread.items():
                if name not in self._reading:
                    self._reading.add(name)
                    self.run_worker(self._read(entry))
            if self._idle is None:
                self._idle = self.set_timer(IDLE, self._look_ahead)
        finally:
            self._settling = False
        if dirty is None or self.scroll_offset.y != before:
            self.refresh()
        else:
            self._refresh_rows(dirty, before + self.size.height)

    def _measure_at(self, place: Place | None, row: int, height: int) -> int:
        layout = self._layout_
        if not self._following:
            last = len(layout) - 1
            top = layout.settle(place or self._top, row, height)
            if top < 0:
                top = layout.settle(Place(0, 0, 0), 0, height)
            if top < layout.heights.total - height or last < 0:
                return max(0, top)
        return max(0, layout.settle_end(height) - height)

    def _commit(self) -> None:
        """Tell the scroll bar; a plain assignment would lay out the whole screen again."""
        size = Size(self._column + GUTTER + MARGIN, self._layout_.heights.total)
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self._scroll_update(size)

    def _ask(self, top: int, height: int) -> None:
        """Ask for the texts that are in view or about to be; each once until it is dropped."""
        missing = self._layout_.missing(top - 2 * height, top + 3 * height)
        fresh = tuple(name for name in missing if name not in self._asked)
        self._asked = frozenset(missing)
        if fresh:
            self.post_message(told.EntriesNeeded(fresh))
        first, _ = (
            self._layout_.heights.find(max(0, top - height)) if len(self._layout_) else (0, 0)
        )
        last, _ = self._layout_.heights.find(top + 2 * height) if len(self._layout_) else (0, 0)
        self._layout_.shrink(range(first, last + 1))

    def _reveal(self, place: Place, rows: int) -> None:
        """Bring `rows` rows from a place on into view, moving no further than that takes."""
        height = self.scrollable_content_region.height
        top = self._layout_.row(place) - self.scroll_offset.y
        if top >= 0 and top + min(rows, height) <= height:
            return
        self._follow(False)
        self._settle(place, 0 if top < 0 or rows >= height else height - rows)

    def _look_ahead(self) -> None:
        """While nothing happens, make the rows of the pages above and below, a little at a time."""
        self._idle = None
        if not self._column or not len(self._layout_):
            return
        if self._steadily(self._made_ahead):
            self._idle = self.set_timer(IDLE, self._look_ahead)

    def _made_ahead(self) -> bool:
        """Make rows for a slice of time; True if there are more to make."""
        end = perf_counter() + SLICE
        height = self.scrollable_content_region.height
        for piece, references in self._layout_.nearby(self._top, height):
            if perf_counter() > end:
                return True
            self._layout_.renderer.of(piece, references)
        return False

    async def _read(self, entry: Entry) -> None:
        """Read a long message in a thread, so that no key waits for it; then show it."""
        unfolded = entry.id in self._layout_.unfolded
        read = partial(Picture, entry, self._column, unfolded=unfolded)
        picture = await asyncio.to_thread(read)
        self._reading.discard(entry.id)
        self._keep(lambda: self._layout_.adopt(picture))

    def _steadily(self, work: Callable[[], T]) -> T:
        """Do what may read messages that were not read yet: their true heights move nothing."""
        before = self._layout_.heights.total
        result = work()
        if self._layout_.heights.total != before:
            self._settle(self._top, 0, dirty=self._layout_.heights.total)
        return result

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Someone scrolled: measure what came into view, without moving what stays in it."""
        super().watch_scroll_y(old_value, new_value)
        old, new = round(old_value), round(new_value)
        if self._settling or old == new or not len(self._layout_) or not self._column:
            return
        self._wanted = None
        height = self.scrollable_content_region.height
        # Also when the pane grew and Textual moved what no longer fills it: that is no scrolling.
        self._follow(new >= self._layout_.heights.total - height)
        if abs(new - old) <= 2 * height:
            self._settle(self._top, old - new)
        else:
            self._settle(self._layout_.place(new), 0)

    def on_resize(self) -> None:
        """Lay out the screen for the new width; the rest when it is seen."""
        column = max(0, self.scrollable_content_region.width - GUTTER - MARGIN)
        if column and column != self._column:
            keep = self.position
            self._column = column
            self._layout_.resize(column)
            place = self._layout_.find(keep) if keep.entry else None
            self._settle(place, keep.row)
        else:
            self._settle(self._top, 0)

    # -------------------------------------------------------------- painting

    def notify_style_update(self) -> None:
        """The theme may have changed: paint again, parse nothing."""
        super().notify_style_update()
        self._palette_ = None
        self._layout_.renderer.repaint()

    @property
    def _palette(self) -> Palette:
        if self._palette_ is None:
            self._palette_ = Palette(self.rich_style, [self._component(one) for one in looks.NAMES])
        return self._palette_

    def _component(self, name: str) -> Style:
        """What a component class sets, and no more: colours that let others through are mixed."""
        styles = self.get_component_styles(f"transcript--{name}")
        behind = self.background_colors[1]
        color = back = None
        if styles.has_rule("background"):
            behind += styles.background
            back = behind.rich_color
        if styles.has_rule("color"):
            color = (behind + styles.color).rich_color
        return Style(color=color, bgcolor=back) + styles.text_style

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        width = self._column + GUTTER + MARGIN if self._column else self.size.width
        palette = self._palette
        row = self.scroll_offset.y + y
        layout = self._layout_
        if not self._column or not len(layout) or row >= layout.heights.total:
            return Strip.blank(width, palette.base)
        place = layout.place(row)
        made = layout.rendered(place.message, place.piece)
        if made is None or place.row >= len(made.rows):
            return Strip.blank(width, palette.base)
        strip = self._body(place, made)
        segments = [self._gutter(place, made.rows[place.row].fill), *strip]
        total = strip.cell_length + GUTTER
        if total > width and self._shift:
            moved = strip.crop(self._shift, self._shift + width - GUTTER)
            return Strip([segments[0], *moved]).adjust_cell_length(width, palette.base)
        return Strip(segments, total).adjust_cell_length(width, palette.base)

    def _shifted(self, place: Place, made: Rendered) -> int:
        """Columns that a row is moved to the left by: those wider than the pane are."""
        wide = self._shift and self._body(place, made).cell_length > self._column + MARGIN
        return self._shift if wide else 0

    def _move_sideways(self, columns: int) -> None:
        """Move the rows that are wider than the pane, no further than the widest in view needs."""
        layout, top = self._layout_, self.scroll_offset.y
        widest = 0
        for row in range(top, min(top + self.size.height, layout.heights.total)):
            place = layout.place(row)
            made = layout.rendered(place.message, place.piece)
            if made is not None and place.row < len(made.rows):
                widest = max(widest, self._body(place, made).cell_length)
        self._shift = max(0, min(self._shift + columns, widest - self._column - MARGIN))
        self.refresh()

    def action_column_right(self) -> None:
        """Show what is right of a table that is wider than the pane."""
        self._move_sideways(STEP)

    def action_column_left(self) -> None:
        """Back to its left."""
        self._move_sideways(-STEP)

    def _body(self, place: Place, made: Rendered) -> Strip:
        """A row without its gutter: from the cache, unless something in it is marked."""
        row = made.rows[place.row]
        width = self._column + MARGIN
        marks = self._marks(place, made)
        if marks:
            return paint(row, made.passage, width, self._palette, marks)
        strip = made.strips.get(place.row)
        if strip is None:
            strip = made.strips[place.row] = paint(row, made.passage, width, self._palette)
        return strip

    def _marks(self, place: Place, made: Rendered) -> list[Mark]:  # noqa: ARG002 - for subclasses
        """What is selected or highlighted in a piece."""
        return []

    def _gutter(self, place: Place, fill: int) -> Segment:
        """The bar left of a row: of the focus, else of a user's message."""
        user = self._layout_.outline[place.message].role is Role.USER
        if self._focused_at(place):
            return Segment("▌ ", self._palette[fill] + self._component("focus"))
        if user and fill:
            return Segment("▌ ", self._palette[fill | looks.ACCENT])
        return Segment("  ", self._palette[fill if user else looks.PLAIN])

    def _focused_at(self, place: Place) -> bool:  # noqa: ARG002 - for subclasses
        """Whether a row belongs to what has the focus inside the transcript."""
        return False

    def _refresh_rows(self, start: int, end: int) -> None:
        """Paint the rows from `start` to `end` again, those that are in view."""
        top = self.scroll_offset.y
        first, last = max(start, top), min(end, top + self.size.height)
        if first < last:
            self.refresh(Region(0, first - top, self.size.width, last - first))
