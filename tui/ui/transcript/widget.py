"""The conversation pane as a widget: paints what the layout says and posts what was asked for."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core.message import Role
from tui.core.safe import shown
from tui.ui.transcript import events as told
from tui.ui.transcript.actions import BINDINGS
from tui.ui.transcript.entry import Entry, Outline, Position


class Transcript(ScrollView, can_focus=True):
    """Shows a conversation; see the package for its parts."""

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]
    DEFAULT_CSS = """
    Transcript { background: $background; color: $foreground; overflow-x: hidden; overflow-y: scroll; }
    """

    EntriesNeeded = told.EntriesNeeded
    LinkClicked = told.LinkClicked
    Copied = told.Copied
    SiblingStepped = told.SiblingStepped
    ActionChosen = told.ActionChosen
    FollowChanged = told.FollowChanged
    EntryFocused = told.EntryFocused
    EditRequested = told.EditRequested
    RetryRequested = told.RetryRequested

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._order: list[str] = []
        self._entries: dict[str, Entry] = {}
        self._lines: list[str] = []
        self._following = True

    @property
    def following(self) -> bool:
        """Whether the view follows the end."""
        return self._following

    @property
    def position(self) -> Position:
        """Where one reads."""
        return Position()

    @property
    def focused_entry(self) -> str | None:
        """The id of the message that has the focus."""
        return None

    def warm_up(self) -> None:
        """Load what the first reply needs; called from a thread after the first frame."""

    def show(
        self,
        outline: Sequence[Outline],
        entries: Sequence[Entry] = (),
        *,
        at: Position | None = None,
    ) -> None:
        """Replace the whole content."""
        self._order = [one.id for one in outline]
        known = set(self._order)
        self._entries = {e.id: e for e in entries if e.id in known}
        missing = tuple(one for one in self._order if one not in self._entries)
        if missing:
            self.post_message(told.EntriesNeeded(missing))
        self._again()

    def provide(self, entries: Sequence[Entry]) -> None:
        """Take the texts that were asked for."""
        for entry in entries:
            if entry.id in self._order:
                self._entries[entry.id] = entry
        self._again()

    def append(self, entry: Entry) -> None:
        """Take a new last message."""
        self._order.append(entry.id)
        self._entries[entry.id] = entry
        self._again()

    def extend(self, entry_id: str, text: str, reasoning: str = "") -> None:
        """Take more streamed text."""
        entry = self._entries[entry_id]
        self._entries[entry_id] = replace(
            entry, text=entry.text + text, reasoning=entry.reasoning + reasoning
        )
        self._again()

    def update(self, entry: Entry) -> None:
        """Take whatever else changed of a message."""
        self._entries[entry.id] = entry
        self._again()

    def follow_end(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self._again()

    def _again(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        self._lines = [
            line
            for name in self._order
            if (entry := self._entries.get(name)) is not None
            for line in self._of(entry, width)
        ]
        size = Size(width, len(self._lines))
        self.set_reactive(Transcript.virtual_size, size)
        self._scroll_update(size)
        if self._following:
            self.scroll_y = self.scroll_target_y = max(0, size.height - self.size.height)
        self.refresh()

    def _of(self, entry: Entry, width: int) -> Iterable[str]:
        bar = "▌ " if entry.role is Role.USER else "  "
        yield bar + entry.heading
        parts = (entry.text or entry.waiting, *entry.notices, entry.status, entry.error)
        for part in (*parts, " ".join(label for _, label in entry.actions), entry.numbers):
            for line in shown(part).expandtabs(4).splitlines():
                for row in textwrap.wrap(line, max(8, width - 4)) or [""]:
                    yield bar + row
        yield ""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notice that the end was left or reached."""
        super().watch_scroll_y(old_value, new_value)
        at_end = self.is_vertical_scroll_end
        if at_end != self._following:
            self._following = at_end
            self.post_message(told.FollowChanged(at_end))

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self._again()

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        at = self.scroll_offset.y + y
        text = self._lines[at] if at < len(self._lines) else ""
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(
            self.size.width, self.rich_style
        )

    def action_to_end(self) -> None:
        """Go to the end and follow it."""
        self.follow_end()
