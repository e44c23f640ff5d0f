"""A screen with messages to read: what copying, links and code in a transcript mean."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on

from tui.core.safe import shown_line
from tui.ui import transcript as pane
from tui.ui.actions import way_to
from tui.ui.painting import NarrowCompositor
from tui.ui.working_screen import WorkingScreen


class ReadingScreen(WorkingScreen):
    """Has one transcript or several.

    Args:
        chosen: the keys that a person chose, by action.
    """

    def __init__(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
        self._chosen = chosen

    def way(self, action_id: str) -> str:
        """How one does something, within a sentence."""
        return way_to(action_id, self._chosen)

    def copy(self, text: str, what: str) -> None:
        """Copy a text and say so."""
        self.app.copy_to_clipboard(text)
        self.tell(f"Copied {what} ({len(text):,} characters)")

    @on(pane.Copied)
    def _copied(self, event: pane.Copied) -> None:
        self.copy(event.text, event.what)

    @on(pane.LinkClicked)
    def _link_clicked(self, event: pane.LinkClicked) -> None:
        if event.href.startswith(("https://", "http://", "mailto:")):
            self.app.open_url(event.href)
        self.tell(shown_line(event.href))

    @on(pane.CodeSought)
    def _code_sought(self, event: pane.CodeSought) -> None:
        where = "below" if event.step > 0 else "above"
        if event.ended:
            self.tell(f"There is no code block {where}.")
        else:
            self.tell(f"Looking for a code block {where}. {self.way('stop')} stops it.")
