"""Pointing at a conversation: selecting text by mouse and keys, links, and what can be clicked.

The selection is the transcript's own: from character to character across messages and beyond the
screen. Textual's is told that there is one, so that its copy action and its clearing of
selections hold for it too.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection
from textual.timer import Timer
from textual.widget import Widget

from tui.ui.transcript import events as told
from tui.ui.transcript import selecting
from tui.ui.transcript.keeping import GUTTER
from tui.ui.transcript.layout import Place
from tui.ui.transcript.paint import Mark, column_of, offset_at
from tui.ui.transcript.rendered import Rendered
from tui.ui.transcript.selecting import Point, Selected
from tui.ui.transcript.view import TranscriptView

EDGE_TICK = 1 / 30  # seconds between two steps while a drag is held beyond the edge


class PointedView(TranscriptView):
    """A view whose text can be selected and whose links and chips can be clicked."""

    ALLOW_SELECT: ClassVar[bool] = False  # Textual's own: one offset per widget line

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._selected: Selected | None = None
        self._anchor: Point | None = None  # what was under the pointer when it was pressed
        self._pressed: Offset | None = None
        self._dragged = False
        self._edge: Timer | None = None
        self._edge_at = Offset()

    # -------------------------------------------------------------- what is selected

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected; cheaper to ask than what."""
        return self._selected is not None and not self._selected.empty

    @property
    def selected_text(self) -> str:
        """The selected text, un-wrapped; of messages whose texts are here."""
        selected = self._selected
        if selected is None:
            return ""
        return self._steadily(lambda: selecting.selected_text(self._laid, selected))

    def _select(self, selected: Selected | None) -> None:
        if selected == self._selected:
            return
        self._selected = selected
        shown: dict[Widget, Selection] = {} if selected is None else {self: SELECT_ALL}
        if self.screen.selections != shown:
            self.screen.selections = shown
        self.refresh()

    def selection_updated(self, selection: Selection | None) -> None:
        """Textual dropped the selection (a click elsewhere, Escape): so do we."""
        if selection is None and self._selected is not None:
            self._selected = None
            self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:  # noqa: ARG002 - ours knows more
        """What Textual's copy action takes."""
        text = self.selected_text
        return (text, "\n") if text else None

    def _marks(self, place: Place, made: Rendered) -> list[Mark]:
        marks = super()._marks(place, made)
        if self._selected is not None:
            size = len(made.passage.text)
            span = selecting.selected_in(
                self._laid, self._selected, place.message, place.piece, size
            )
            if span:
                marks.append(Mark(*span, self._component("selection")))
        return marks

    # -------------------------------------------------------------- where the pointer is

    def _place_at(self, y: int) -> Place | None:
        row = self.scroll_offset.y + y
        if not len(self._laid) or not self._column:
            return None
        return self._laid.place(max(0, min(row, self._laid.heights.total - 1)))

    def _point_at(self, x: int, y: int) -> Point | None:
        """The character nearest to a cell of the pane."""
        place = self._place_at(y)
        if place is None:
            return None
        made = self._laid.rendered(place.message, place.piece)
        picture = self._laid.picture(place.message)
        if made is None or picture is None:
            return None
        offset = None
        if place.row < len(made.rows):
            column = x - GUTTER + self._shifted(place, made)
            offset = offset_at(made.rows[place.row], made.passage, column)
        if offset is None:  # a row without text: what comes after it
            later = (offset_at(row, made.passage, 0) for row in made.rows[place.row :])
            offset = next((at for at in later if at is not None), len(made.passage.text))
        index, offset = self._laid.owner(place.message, place.piece, offset)
        return Point(picture.entry.id, selecting.number_of(picture, index), offset)

    def _link_at(self, x: int, y: int) -> str:
        """Where a cell leads; empty if it leads nowhere."""
        place = self._place_at(y)
        made = None if place is None else self._laid.rendered(place.message, place.piece)
        if place is None or made is None or place.row >= len(made.rows):
            return ""
        row = made.rows[place.row]
        column = x - GUTTER + self._shifted(place, made)
        offset = offset_at(row, made.passage, column)
        if offset is None or column_of(row, made.passage, offset + 1) < column:
            return ""
        picture = self._laid.picture(place.message)
        if picture is None:
            return ""
        index, offset = self._laid.owner(place.message, place.piece, offset)
        links = self._laid.renderer.passage(picture.pieces[index], picture.references).links
        return next((link.href for link in links if link.start <= offset < link.end), "")

    def _hot_at(self, x: int, y: int) -> tuple[Place, str] | None:
        """What clicking a cell does, and where it is."""
        place = self._place_at(y)
        made = None if place is None else self._laid.rendered(place.message, place.piece)
        if place is None or made is None or place.row >= len(made.rows):
            return None
        for hot in made.rows[place.row].hot:
            if hot.left <= x - GUTTER < hot.right:
                return place, hot.action
        return None

    # -------------------------------------------------------------- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a selection, or extend the one there is (Shift); till it ends, nothing moves."""
        if event.button != 1:
            return
        self._pressed, self._dragged, self._held = event.offset, False, True
        if event.shift and self._selected is not None:
            self._anchor = self._selected.anchor
            self._extend_to(event.x, event.y)
            self._dragged = True
        else:
            self._anchor = self._point_at(event.x, event.y)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select up to the pointer; beyond the edge, scroll as well."""
        if self._pressed is None:
            return
        if not self._dragged and event.offset == self._pressed:
            return
        if not self._dragged:
            self._dragged = True
            if self._anchor is not None:
                self._select(Selected(self._anchor, self._anchor))
        self._extend_to(event.x, event.y)
        self._edge_at = event.offset
        outside = not 0 <= event.y < self.size.height
        if outside and self._edge is None:
            self._edge = self.set_interval(EDGE_TICK, self._drag_on)
        elif not outside:
            self._stop_edge()

    def _drag_on(self) -> None:
        """The pointer rests beyond the edge: the further out, the faster it scrolls."""
        x, y = self._edge_at
        beyond = y if y < 0 else y - self.size.height + 1
        self.scroll_to(y=self.scroll_offset.y + beyond, animate=False)
        self._extend_to(x, max(0, min(y, self.size.height - 1)))

    def _stop_edge(self) -> None:
        if self._edge is not None:
            self._edge.stop()
            self._edge = None

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a selection."""
        self.release_mouse()
        self._stop_edge()
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        self.call_later(self._let_go)  # the click comes first, on what was pressed
        if self._dragged:
            self._extend_to(event.x, max(0, min(event.y, self.size.height - 1)))
            if self.has_selection:
                self._follow(False)
            else:
                self._select(None)

    def _let_go(self) -> None:
        """Go on following the end, unless something was selected or is pressed again."""
        self._held = self._pressed is not None
        self._settle()

    def on_click(self, event: events.Click) -> None:
        """Once: what is under the pointer. Twice: the word. Three times: the block."""
        if self._dragged:
            self._dragged = False
            if event.shift and self._anchor is not None and self._selected is None:
                # Textual drops the selection when the button goes up where it went down.
                self._select(Selected(self._anchor, self._anchor))
                self._extend_to(event.x, event.y)
            return
        if event.chain >= 2:
            self._take_at(event.x, event.y, whole=event.chain > 2)
        elif hot := self._hot_at(event.x, event.y):
            self._chosen(*hot)
        elif href := self._link_at(event.x, event.y):
            self.post_message(told.LinkClicked(href))
        elif (place := self._place_at(event.y)) is not None:
            self._clicked(place)

    def _chosen(self, place: Place, action: str) -> None:
        """Something that can be clicked was."""

    def _clicked(self, place: Place) -> None:
        """A place that does nothing of its own was clicked."""

    def _extend_to(self, x: int, y: int) -> None:
        head = self._point_at(x, max(0, min(y, self.size.height - 1)))
        if head is not None and self._selected is not None:
            self._select(Selected(self._selected.anchor, head))

    def _take_at(self, x: int, y: int, *, whole: bool) -> None:
        point = self._point_at(x, y)
        if point is not None:
            taken = selecting.block_around if whole else selecting.word_around
            self._follow(False)
            self._select(taken(self._laid, point))
