"""A list of one-line rows under headings that costs the same for ten rows and for ten thousand.

Textual's own lists make a widget or a laid-out option of each row; here only the lines that are
on screen are ever painted, from plain values. The invariant: highlight and scroll position belong
to rows, not to places. When rows come, go or move, the reader goes on looking at the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypedDict, Unpack

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.strip import Strip

from tui.ui.format import cut
from tui.ui.painting import PlainLines, QuickScrollView
from tui.ui.row_lines import Heading, Lines, RowLines, RowT, moved
from tui.ui.scrollbar import QUIET_SCROLLBAR


class WidgetOptions(TypedDict, total=False):
    """What any widget can be made with."""

    id: str | None
    classes: str | None


class RowList(QuickScrollView, Generic[RowT], can_focus=True):
    """The list; a subclass says how a row looks and what choosing one means.

    Attributes:
        EMPTY: what is shown in place of no rows.
    """

    ALLOW_SELECT = False
    EMPTY: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor(-1)", "Up", show=False),
        Binding("down,j", "cursor(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home,g", "end(-1)", "First", show=False),
        Binding("end,G", "end(1)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--row",
        "row-list--hover",
        "row-list--cursor",
        "row-list--muted",
    }
    DEFAULT_CSS = (
        f"RowList {{{QUIET_SCROLLBAR}}}"
        """
    RowList {
        overflow-x: hidden;
        overflow-y: auto;
        & > .row-list--row { color: $text; }
        & > .row-list--hover { background: $boost; }
        & > .row-list--muted { color: $text-muted; }
        &:focus > .row-list--cursor { background: $primary 35%; }
    }
    """
    )

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._styles_cache = PlainLines()
        self.rows: Lines[RowT] = RowLines()
        self._cursor: int | None = None
        self._cursor_unseen = False
        self._hover: int | None = None
        self._room = 0  # cells of a line
        self._looks: dict[tuple[str, tuple[str, ...]], Style] = {}

    # What a subclass fills in.

    def render_row(self, row: RowT, width: int, look: tuple[str, ...]) -> Strip:
        """The line of `row`, `width` cells wide; `look` is for `strip`: cursor, hover."""
        raise NotImplementedError

    def row_chosen(self, row: RowT) -> None:
        """The reader chose `row` with Enter or a click."""

    def row_clicked(self, line: int, event: events.Click) -> None:  # noqa: ARG002 - for others
        """The row on `line` was clicked."""
        self.highlight_line(line)
        self.action_choose()

    def came_near_end(self) -> None:
        """The last rows are on screen, or nearly; called again and again while they are."""

    def came_into_view(self) -> None:
        """Other lines may be on screen than before."""
        height = self.scrollable_content_region.height
        if height and self.scroll_offset.y + 2 * height >= len(self.rows):
            self.came_near_end()

    @property
    def empty(self) -> str:
        """What is shown in place of no rows."""
        return self.EMPTY

    # Rows and highlight.

    @property
    def highlighted(self) -> RowT | None:
        """The row that Enter would choose."""
        return self.rows.row(self._cursor)

    def set_lines(self, lines: Sequence[RowT | Heading]) -> None:
        """Show `lines`, keeping highlight and scroll position on the rows that are still there."""
        self.show_lines(RowLines(lines))

    def show_lines(self, lines: Lines[RowT]) -> None:
        """As `set_lines`, for lines that need not all be known."""
        old, top = self.rows, self.scroll_offset.y
        highlighted, place = self.highlighted, self._cursor
        self.rows = lines
        self._hover = None
        self._cursor = self.rows.find(highlighted.id) if highlighted else None
        if self._cursor is None:  # it is gone: what has moved up into its place
            self._cursor = self.rows.nearest(place or 0)
        size = Size(1, len(lines))
        if size != self.virtual_size:
            # Assigned, it would lay out the whole screen anew, for what only this widget shows.
            self.set_reactive(RowList.virtual_size, size)
            self._scroll_update(size)
        # At the very top the reader sees what is new instead.
        by = moved(old, self.rows, range(top, top + self.size.height)) if top else None
        if by is not None:
            self.scroll_to(y=top + by, animate=False)
        self.refresh()
        self.came_into_view()

    def highlight(self, row_id: str) -> None:
        """Move the highlight to a row, and the row into view; nothing if it isn't in the list."""
        self.highlight_line(self.rows.find(row_id))

    def action_cursor(self, count: int) -> None:
        """Move the highlight by `count` rows, stopping at either end."""
        self.highlight_line(self.rows.stepped(self._cursor, count))

    def action_page(self, direction: int) -> None:
        """Move the highlight by a screenful."""
        self.action_cursor(direction * max(1, self.scrollable_content_region.height - 1))

    def action_end(self, direction: int) -> None:
        """Move the highlight to the last row, or to the first where `direction` is negative."""
        self.action_cursor(direction * max(1, len(self.rows)))

    def action_choose(self) -> None:
        """Choose the highlighted row."""
        if row := self.highlighted:
            self.row_chosen(row)

    # Scrolling.

    def highlight_line(self, line: int | None) -> None:
        """Move the highlight to the row on a line, and that into view."""
        if line is not None:
            for changed in (self._cursor, line):
                if changed is not None:
                    self.refresh_line(changed)
            self._cursor = line
            self._show_cursor()
            self.came_into_view()

    def _show_cursor(self) -> None:
        """Scroll as little as it takes to see the highlight, and a heading that is right above."""
        height = self.scrollable_content_region.height
        self._cursor_unseen = height < 1  # not laid out yet, or folded away: see on_resize
        if self._cursor is None or self._cursor_unseen:
            return
        top = min(self.scroll_offset.y, self.rows.with_headings(self._cursor))
        self.scroll_to(y=max(top, self._cursor - height + 1), animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows are on screen."""
        super().watch_scroll_y(old_value, new_value)
        self._hover = None
        self.came_into_view()

    def on_resize(self) -> None:
        """More rows may fit, or the highlight no longer."""
        if self.has_focus or self._cursor_unseen:
            self._show_cursor()
        self.came_into_view()

    # The mouse.

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark the row under the pointer."""
        self._hover_at(self._row_under(event))

    def on_leave(self) -> None:
        """The pointer went elsewhere."""
        self._hover_at(None)

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        if (line := self._row_under(event)) is not None:
            self.row_clicked(line, event)

    def _row_under(self, event: events.MouseEvent) -> int | None:
        """The line of the row under the pointer."""
        if (offset := event.get_content_offset(self)) is None:
            return None
        line = offset.y + self.scroll_offset.y
        return line if self.rows.row(line) else None

    def _hover_at(self, line: int | None) -> None:
        if line == self._hover:
            return
        for changed in (self._hover, line):
            if changed is not None:
                self.refresh_line(changed)
        self._hover = line

    # Painting.

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines on screen; looks and width are found once for all of them."""
        self._looks.clear()
        self._room = self.scrollable_content_region.width
        return super().render_lines(crop)

    def strip(self, parts: Iterable[tuple[str, str]], look: tuple[str, ...]) -> Strip:
        """A line of (text, component class) parts, all on the background of `look`."""
        return Strip([Segment(text, self._look(part, look)) for text, part in parts if text])

    def _look(self, part: str, look: tuple[str, ...]) -> Style:
        if (found := self._looks.get((part, look))) is None:
            found = self.get_visual_style(*look, part or "row-list--row").rich_style
            self._looks[part, look] = found
        return found

    def render_heading(self, heading: Heading, width: int) -> Strip:
        """The line of `heading`."""
        room = max(0, width - 1)
        text = set_cell_size(cut(heading.text, room), room)
        return self.strip([(" ", ""), (text, "row-list--muted")], ())

    def render_line(self, y: int) -> Strip:
        """The line at `y` of what is on screen."""
        number = y + self.scroll_offset.y
        width = self._room
        if number >= len(self.rows):
            return self.render_heading(Heading("" if self.rows or y else self.empty), width)
        line = self.rows.at(number)
        if line is None or isinstance(line, Heading):
            return self.render_heading(line or Heading(""), width)
        look: tuple[str, ...] = ()
        if number == self._hover:
            look = (*look, "row-list--hover")
        if number == self._cursor:
            look = (*look, "row-list--cursor")
        return self.render_row(line, width, look)
