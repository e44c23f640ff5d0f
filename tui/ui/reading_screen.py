"""A screen with messages to read: what copying, links and code in a transcript mean."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from textual import on
from textual.actions import SkipAction

from tui.core.safe import shown_line
from tui.ui import transcript as pane
from tui.ui.actions import way_to
from tui.ui.browsing import open_in_browser
from tui.ui.working_screen import WorkingScreen


class ReadingScreen(WorkingScreen[None]):
    """Has one transcript or several.

    Args:
        chosen: the keys that a person chose, by action.
    """

    def __init__(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._chosen = chosen

    def way(self, action_id: str) -> str:
        """How one does something, within a sentence."""
        return way_to(action_id, self._chosen)

    def copy(self, text: str, what: str) -> None:
        """Copy a text and say so."""
        self.app.copy_to_clipboard(text)
        self.tell(f"Copied {what} ({len(text):,} characters)")

    def copy_selected(self) -> bool:
        """Copy what is selected on the screen, wherever the focus is; False when nothing is."""
        for transcript in self.query(pane.Transcript):
            if transcript.has_selection:
                transcript.action_copy_focused()
                return True
        if text := self.get_selected_text():
            self.copy(text, "selection")
        return bool(text)

    def action_copy_text(self) -> None:
        """Textual's own Ctrl+C, which then also says what it did."""
        if not self.copy_selected():
            raise SkipAction

    @on(pane.Copied)
    def _copied(self, event: pane.Copied) -> None:
        self.copy(event.text, event.what)

    @on(pane.LinkClicked)
    def _link_clicked(self, event: pane.LinkClicked) -> None:
        if event.href.startswith(("https://", "http://", "mailto:")):
            self.doing(self._open_link, event.href)
        else:
            self.tell(shown_line(event.href))

    async def _open_link(self, address: str) -> None:
        if await asyncio.to_thread(open_in_browser, address):
            self.tell(shown_line(address))
        else:
            self.app.copy_to_clipboard(address)
            self.tell(f"There is no browser to open it in. Copied {shown_line(address)}")

    @on(pane.CodeSought)
    def _code_sought(self, event: pane.CodeSought) -> None:
        where = "below" if event.step > 0 else "above"
        if event.ended:
            self.tell(f"There is no code block {where}.")
        else:
            self.tell(f"Looking for a code block {where}. {self.way('stop')} stops it.")
