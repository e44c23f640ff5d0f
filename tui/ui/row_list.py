"""A list of one-line rows under headings that costs the same for ten rows and for ten thousand.

Textual's own lists make a widget or a laid-out option of each row; here only the lines that are
on screen are ever painted, from plain values. The invariant: highlight and scroll position belong
to rows, not to places. When rows come, go or move, the reader goes on looking at the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypedDict, TypeVar, Unpack

from rich.cells import set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.ui.format import cut
from tui.ui.scrollbar import QUIET_SCROLLBAR


class Row(Protocol):
    """What a list holds: any value with an identity that is unique in the list."""

    @property
    def id(self) -> str:
        """The row's identity, by which it is found again in the next list."""
        ...


RowT = TypeVar("RowT", bound=Row)


class WidgetOptions(TypedDict, total=False):
    """What any widget can be made with."""

    id: str | None
    classes: str | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A line between rows that can't be chosen."""

    text: str


class RowList(ScrollView, Generic[RowT], can_focus=True):
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
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--row",
        "row-list--hover",
        "row-list--cursor",
        "row-list--heading",
        "row-list--muted",
        "row-list--empty",
    }
    DEFAULT_CSS = (
        f"RowList {{{QUIET_SCROLLBAR}}}"
        """
    RowList {
        overflow-x: hidden;
        overflow-y: auto;
        & > .row-list--row { color: $text; }
        & > .row-list--hover { background: $boost; }
        & > .row-list--heading { color: $text-muted; }
        & > .row-list--muted, & > .row-list--empty { color: $text-muted; }
        &:focus > .row-list--cursor { background: $primary 35%; }
    }
    """
    )

    def __init__(self, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._lines: Sequence[RowT | Heading] = ()
        self._line_of: dict[str, int] = {}
        self._cursor: int | None = None
        self._hover: int | None = None
        self._cursor_unseen = False

    # What a subclass fills in.

    def render_row(self, row: RowT, width: int, look: tuple[str, ...]) -> Strip:
        """The line of `row`, `width` cells wide; `look` is for `strip`: cursor, hover."""
        raise NotImplementedError

    def row_chosen(self, row: RowT) -> None:
        """The reader chose `row` with Enter or a click."""

    def came_near_end(self) -> None:
        """The last rows are on screen, or nearly; called again and again while they are."""

    # Rows and highlight.

    @property
    def highlighted(self) -> RowT | None:
        """The row that Enter would choose."""
        return self._row_at(self._cursor)

    def set_lines(self, lines: Sequence[RowT | Heading]) -> None:
        """Show `lines`, keeping highlight and scroll position on the rows that are still there."""
        top = self.scroll_offset.y
        line_of = {
            line.id: number for number, line in enumerate(lines) if not isinstance(line, Heading)
        }
        anchor = self._anchor(lines, line_of) if top else None
        row, place = self.highlighted, self._cursor
        self._lines, self._line_of = lines, line_of
        self._hover = None
        self._cursor = self._line_of.get(row.id) if row else None
        if self._cursor is None:  # it is gone: what has moved up into its place
            self._cursor = self._nearest(place or 0)
        size = Size(1, len(lines))
        if size != self.virtual_size:
            # Assigned, it would lay out the whole screen anew, for what only this widget shows.
            self.set_reactive(RowList.virtual_size, size)
            self._scroll_update(size)
        if anchor is not None:
            self._scroll_line(top + anchor)
        self.refresh()
        self._look_for_end()

    def highlight(self, row_id: str) -> None:
        """Move the highlight to a row, and the row into view; nothing if it isn't in the list."""
        if (line := self._line_of.get(row_id)) is not None:
            self._move_to(line)

    def step(self, count: int) -> None:
        """Move the highlight by `count` rows, stopping at either end; headings are no rows."""
        line = -1 if self._cursor is None else self._cursor
        direction = 1 if count > 0 else -1
        left = abs(count)
        for number in range(line + direction, len(self._lines) if count > 0 else -1, direction):
            if not isinstance(self._lines[number], Heading):
                line, left = number, left - 1
                if not left:
                    break
        self._move_to(line)

    def action_cursor(self, count: int) -> None:
        """Move the highlight by `count` rows."""
        self.step(count)

    def action_page(self, direction: int) -> None:
        """Move the highlight by a screenful."""
        self.step(direction * max(1, self.scrollable_content_region.height - 1))

    def action_first(self) -> None:
        """Move the highlight to the first row."""
        self.step(-len(self._lines) or -1)

    def action_last(self) -> None:
        """Move the highlight to the last row."""
        self.step(len(self._lines) or 1)

    def action_choose(self) -> None:
        """Choose the highlighted row."""
        if row := self.highlighted:
            self.row_chosen(row)

    def _row_at(self, line: int | None) -> RowT | None:
        if line is None or not 0 <= line < len(self._lines):
            return None
        row = self._lines[line]
        return None if isinstance(row, Heading) else row

    def _nearest(self, line: int) -> int | None:
        """The row on `line`, else the next one, else the one before."""
        after = range(line, len(self._lines))
        before = range(min(line, len(self._lines)) - 1, -1, -1)
        for candidates in (after, before):
            for number in candidates:
                if not isinstance(self._lines[number], Heading):
                    return number
        return None

    def _anchor(self, lines: Sequence[RowT | Heading], line_of: Mapping[str, int]) -> int | None:
        """How far the rows on screen have moved in `lines`; None when none of them is there.

        Only a row that did not change tells: one that did has probably moved to the top of the
        list, and the view must not follow it there.
        """
        top = self.scroll_offset.y
        for number in range(top, top + self.size.height):
            row = self._row_at(number)
            if row is not None and (line := line_of.get(row.id)) is not None and lines[line] == row:
                return line - number
        return None

    # Scrolling.

    def _move_to(self, line: int) -> None:
        if self._row_at(line) is None:
            return
        self._repaint(self._cursor, line)
        self._cursor = line
        self._show_cursor()
        self._look_for_end()

    def _show_cursor(self) -> None:
        """Scroll as little as it takes to see the highlight, and a heading that is right above."""
        height = self.scrollable_content_region.height
        self._cursor_unseen = height < 1  # not laid out yet, or folded away: see on_resize
        if self._cursor is None or self._cursor_unseen:
            return
        first = self._cursor
        while first and isinstance(self._lines[first - 1], Heading) and height > 1:
            first -= 1
        top = self.scroll_offset.y
        self._scroll_line(max(min(top, first), self._cursor - height + 1))

    def _scroll_line(self, line: int) -> None:
        self.scroll_to(y=line, animate=False)

    def _look_for_end(self) -> None:
        height = self.scrollable_content_region.height
        if height and self.scroll_offset.y + 2 * height >= len(self._lines):
            self.came_near_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows are on screen."""
        super().watch_scroll_y(old_value, new_value)
        self._hover = None
        self._look_for_end()

    def on_resize(self) -> None:
        """More rows may fit, or the highlight no longer."""
        if self.has_focus or self._cursor_unseen:
            self._show_cursor()
        self._look_for_end()

    # The mouse.

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Mark the row under the pointer."""
        self._hover_at(self._line_under(event))

    def on_leave(self) -> None:
        """The pointer went elsewhere."""
        self._hover_at(None)

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        line = self._line_under(event)
        row = self._row_at(line)
        if line is not None and row is not None:
            self._move_to(line)
            self.row_chosen(row)

    def _line_under(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        return None if offset is None else offset.y + self.scroll_offset.y

    def _hover_at(self, line: int | None) -> None:
        line = None if self._row_at(line) is None else line
        if line != self._hover:
            self._repaint(self._hover, line)
            self._hover = line

    # Painting.

    def _repaint(self, *lines: int | None) -> None:
        for line in lines:
            if line is not None:
                self.refresh_line(line)

    def strip(self, parts: Iterable[tuple[str, str]], look: tuple[str, ...]) -> Strip:
        """A line of (text, component class) parts, all on the background of `look`."""
        return Strip(
            [
                Segment(text, self.get_visual_style(*look, part or "row-list--row").rich_style)
                for text, part in parts
                if text
            ]
        )

    def render_heading(self, heading: Heading, width: int) -> Strip:
        """The line of `heading`."""
        return self._plain(heading.text, "row-list--heading", width)

    def render_line(self, y: int) -> Strip:
        """The line at `y` of what is on screen."""
        number = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if number >= len(self._lines):
            empty = self.EMPTY if not self._lines and y == 0 else ""
            return self._plain(empty, "row-list--empty", width)
        line = self._lines[number]
        if isinstance(line, Heading):
            return self.render_heading(line, width)
        look: tuple[str, ...] = ()
        if number == self._hover:
            look = (*look, "row-list--hover")
        if number == self._cursor:
            look = (*look, "row-list--cursor")
        return self.render_row(line, width, look)

    def _plain(self, text: str, part: str, width: int) -> Strip:
        room = max(0, width - 1)
        return self.strip([(" ", ""), (set_cell_size(cut(text, room), room), part)], ())
