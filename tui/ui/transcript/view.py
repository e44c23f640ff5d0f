"""Painting: the rows of the layout that are in view, in the colours of the theme."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from tui.core.message import Role
from tui.ui.transcript import look as looks
from tui.ui.transcript.keeping import GUTTER, MARGIN, KeptView
from tui.ui.transcript.layout import Place
from tui.ui.transcript.paint import Mark, Palette, paint
from tui.ui.transcript.rendered import Line, Rendered

STEP = 8  # columns that a wide table is moved by


class TranscriptView(KeptView):
    """Paints a conversation."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"transcript--{name}" for name in looks.NAMES),
        "transcript--focus",
        "transcript--selection",
        "transcript--highlight",
        "transcript--highlight-now",
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
        & .transcript--highlight { background: $warning 30%; }
        & .transcript--highlight-now {
            background: $warning;
            color: $background;
            text-style: bold;
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._made_palette: Palette | None = None
        self._shift = 0  # columns that rows wider than the pane are moved to the left by

    @property
    def text_width(self) -> int | None:
        """Cells in a line of text; None until the pane has a size."""
        return self._column or None

    def notify_style_update(self) -> None:
        """The theme may have changed: paint again, parse nothing."""
        super().notify_style_update()
        self._made_palette = None
        self._laid.renderer.repaint()

    @property
    def _palette(self) -> Palette:
        if self._made_palette is None:
            self._made_palette = Palette(
                self.rich_style, [self._component(one) for one in looks.NAMES]
            )
        return self._made_palette

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

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows of the pane, made once while they look the same.

        There is no border, padding or opacity: going through each line again for those, as Textual
        does, is half of what a frame that scrolls costs.
        """
        cells = (crop.x, crop.right)
        filters = self.get_line_filters()
        behind = self.background_colors[1]
        base = self._palette.base

        def finished(strip: Strip) -> Strip:
            strip = strip.crop_extend(*cells, base)
            for one in filters:
                strip = strip.apply_filter(one, behind)
            return strip

        lines = []
        for y in range(crop.y, crop.bottom):
            found = self._row(y)
            if isinstance(found, Strip):
                lines.append(finished(found))
                continue
            place, made, body = found
            gutter = self._gutter(place, made)
            line = made.lines.get(place.row)
            if line is None or line[:3] != (gutter, body, cells) or line.body is not body:
                strip = finished(self._with_gutter(gutter, body))
                line = made.lines[place.row] = Line(gutter, body, cells, strip)
            lines.append(line.strip)
        return lines

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def _row(self, y: int) -> Strip | tuple[Place, Rendered, Strip]:
        """What is on a row: a strip that says all, or a row of a piece without its gutter."""
        width = self._column + GUTTER + MARGIN if self._column else self.size.width
        base = self._palette.base
        row = self.scroll_offset.y + y
        layout = self._laid
        if not self._column or not len(layout) or row >= layout.heights.total:
            return Strip.blank(width, base)
        place = layout.place(row)
        made = layout.rendered(place.message, place.piece)
        if made is None and (y == 0 or place.row == 1):
            return self._placeholder(place).adjust_cell_length(width, base)
        if made is None or place.row >= len(made.rows):
            return Strip.blank(width, base)
        body = self._body(place, made)
        if self._shift and body.cell_length + GUTTER > width:
            # One cell more than there is room for: it says that more follows.
            body = body.crop(self._shift, self._shift + width - GUTTER + 1)
        return place, made, body

    def _with_gutter(self, gutter: Segment, body: Strip) -> Strip:
        """The whole row; one that goes on beyond the pane's right edge says so there."""
        room = self._column + MARGIN
        if body.cell_length > room:
            mark = Segment("›", self._palette[looks.DIM])
            body = Strip([*body.crop(0, room - 1), mark], room)
        strip = Strip([gutter, *body], body.cell_length + GUTTER)
        return strip.adjust_cell_length(room + GUTTER, self._palette.base)

    def _placeholder(self, place: Place) -> Strip:
        """The first row of a message that is too long to be read between two frames."""
        unread = self._laid.unread.get(self._laid.outline[place.message].id)
        said = "" if unread is None else f"  Reading {len(unread.text):,} characters…"
        return Strip([Segment(said, self._palette[looks.QUIET])], len(said))

    def _shifted(self, place: Place, made: Rendered) -> int:
        """Columns that a row is moved to the left by: those wider than the pane are."""
        wide = self._shift and self._body(place, made).cell_length > self._column + MARGIN
        return self._shift if wide else 0

    def _move_sideways(self, columns: int) -> None:
        """Move the rows that are wider than the pane, no further than the widest in view needs."""
        layout, top = self._laid, self.scroll_offset.y
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

    def on_mouse_scroll_left(self) -> None:
        """As the key does."""
        self.action_column_left()

    def on_mouse_scroll_right(self) -> None:
        """As the key does."""
        self.action_column_right()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """With Shift, the wheel of a mouse that has but one moves sideways."""
        if event.shift:
            self.action_column_left()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The other way."""
        if event.shift:
            self.action_column_right()

    def _body(self, place: Place, made: Rendered) -> Strip:
        """A row without its gutter: from the cache, unless something in it is marked."""
        row = made.rows[place.row]
        width = self._column + MARGIN
        marks = self._marks(place, made)
        if place.row <= 1 and (lead := made.passage.lead) is not None and lead.text:
            marks += self._lead_marks(place)
        if marks:
            return paint(row, made.passage, width, self._palette, marks)
        strip = made.strips.get(place.row)
        if strip is None:
            strip = made.strips[place.row] = paint(row, made.passage, width, self._palette)
        return strip

    def _marks(self, place: Place, made: Rendered) -> list[Mark]:  # noqa: ARG002 - for subclasses
        """What is selected or highlighted in a piece."""
        return []

    def _lead_marks(self, place: Place) -> list[Mark]:
        """What is selected or highlighted in what the part before left to the first row."""
        picture = self._laid.picture(place.message)
        if picture is None:
            return []
        made = self._laid.renderer.of(picture.pieces[place.piece - 1], picture.references)
        size = len(made.passage.text)
        marks = self._marks(Place(place.message, place.piece - 1, 0), made)
        return [Mark(start - size, end - size, style) for start, end, style in marks]

    def _gutter(self, place: Place, made: Rendered) -> Segment:
        """The bar left of a row: of the focus, else of a user's message.

        A row that was moved to the left says there that it begins further left.
        """
        fill = made.rows[place.row].fill
        user = self._laid.outline[place.message].role is Role.USER
        edge = "‹" if self._shifted(place, made) else " "
        if self._focused_at(place):
            return Segment(f"▌{edge}", self._palette[fill] + self._component("focus"))
        if user and fill:
            return Segment("▌ ", self._palette[fill | looks.ACCENT])
        look = looks.DIM if edge != " " else looks.PLAIN
        return Segment(f" {edge}", self._palette[fill if user else look])

    def _focused_at(self, place: Place) -> bool:  # noqa: ARG002 - for subclasses
        """Whether a row belongs to what has the focus inside the transcript."""
        return False
