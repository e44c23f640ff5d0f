"""Painting no more than changed, in the places where Textual does much more.

They stand on what is private in Textual and are ours as long as they pay: together they take a
frame of a reply to less than half, and a key's echo too. Without them all looks the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.color import Color
from textual.css.styles import StylesBase
from textual.geometry import Region, Size, Spacing
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

ResultT = TypeVar("ResultT")


class NarrowCompositor(Compositor):
    """Renders, of the lines that changed, the widgets that stand there and that nothing covers.

    Textual's own renders for any change each widget whose clip touches it, whole, and those behind
    it: with a list and a conversation on screen that is nearly all there is.
    """

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(of_line[:-1]) for of_line in cuts]
        for rows in _stretches(crop, is_rendered_line):
            for region, strips in self._rendered(rows):
                first, last = region.column_span
                for y, strip in zip(region.line_range, strips, strict=False):
                    own = [cut for cut in cuts[y] if first <= cut <= last]
                    line = chops[y]
                    parts = strip.divide([cut - first for cut in own[1:]])
                    for cut, part in zip(own, parts, strict=False):
                        if line[cut] is None:  # else something is in front of it
                            line[cut] = part
        return cast("Sequence[Mapping[int, Strip]]", chops)

    def _rendered(self, rows: Region) -> Iterator[tuple[Region, list[Strip]]]:
        """What is seen in some rows of the screen, from front to back, with what it renders."""
        in_front: list[Region] = []
        for widget, (region, clip) in self.visible_widgets.items():
            visible = region.intersection(clip)
            touched = visible.intersection(rows)
            if not touched or any(one.contains_region(touched) for one in in_front):
                continue
            # Whole lines of it: a line is divided where widgets begin and end, and nowhere else.
            lines = Region(visible.x, touched.y, visible.width, touched.height)
            in_front.append(lines)
            yield lines, widget.render_lines(lines.translate(-region.offset))


class QuickScreen(Screen[ResultT]):
    """A screen that renders no more than changed, also behind a dialog.

    There Textual's own asks for all of itself to be painted again, and of the dialog too, each time
    that it has anything to do, from its first change on.
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()

    def _compositor_refresh(self) -> None:
        super()._compositor_refresh()
        if self.app.screen is not self:
            self._repaint_required = False

    def _on_timer_update(self) -> None:
        # Asked to paint a part of what is behind it, Textual's own forgets what else changed.
        if self._repaint_required and self._dirty_widgets and not self._layout_required:
            self._compositor.update_widgets(self._dirty_widgets)
        super()._on_timer_update()


class QuickScrollBar(ScrollBar):
    """A vertical one whose cells are painted as they are.

    It changes with each frame of a reply, and Textual's way through styles, padding and border for
    each of its cells is half of what such a frame costs.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        """Cells from top to bottom; those that look the same are the same strip."""
        bar = self.render()
        if not isinstance(bar, ScrollBarRender) or not isinstance(bar.style, Style):
            return super().render_lines(crop)
        cells = bar.render_bar(
            size=self.size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            back_color=bar.style.bgcolor or RichColor.default(),
            bar_color=bar.style.color or RichColor.default(),
        ).segments[crop.y : crop.bottom]
        filters, (_, behind) = self.get_line_filters(), self.background_colors
        base = self.rich_style
        strips = {cell: Strip([Segment(cell.text, base + cell.style)], 1) for cell in cells}
        for one in filters:
            strips = {cell: strip.apply_filter(one, behind) for cell, strip in strips.items()}
        return [strips[cell] for cell in cells]


class PlainLines(StylesCache):
    """Lines of a widget without border, padding or opacity, kept as they are made.

    Going through each of them for those, as Textual does, costs as much as making it.
    """

    def render_line(
        self,
        styles: StylesBase,  # noqa: ARG002
        y: int,
        size: Size,
        content_size: Size,  # noqa: ARG002
        padding: Spacing,  # noqa: ARG002
        base_background: Color,
        background: Color,
        render_content_line: Callable[[int], Strip],
        *_args: Any,
        **_kwargs: Any,
    ) -> Strip:
        """The line at `y`, as wide as the widget."""
        behind = self.get_inner_outer(base_background, background)[0]
        return render_content_line(y).adjust_cell_length(size.width, behind.rich_style)


class QuickScrollView(ScrollView):
    """One with such a scroll bar."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """Made when it is first asked for, as Textual does."""
        if self._vertical_scrollbar is None:
            bar = QuickScrollBar(vertical=True, name="vertical")
            bar.display = False
            self._vertical_scrollbar = bar
            self.app._start_widget(self, bar)  # noqa: SLF001 - as Textual does in this place
        return self._vertical_scrollbar


def _stretches(crop: Region, is_rendered_line: Callable[[int], bool]) -> Iterator[Region]:
    """Lines of a region that are rendered, those that follow one another together."""
    begin: int | None = None
    for y in range(crop.y, crop.bottom + 1):
        if y < crop.bottom and is_rendered_line(y):
            begin = y if begin is None else begin
        elif begin is not None:
            yield Region(crop.x, begin, crop.width, y - begin)
            begin = None
