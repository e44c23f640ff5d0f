"""Giving a chat another title."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from tui.core.safe import shown_line
from tui.ui.dialogs.fields import LineField
from tui.ui.dialogs.frame import Dialog, DialogBox


class RenameDialog(Dialog[str]):
    """Asks for a title; its result is never empty: with nothing written, Enter does nothing."""

    DEFAULT_CSS = """
    RenameDialog DialogBox { width: 64; padding: 1 1; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._old_title = title

    def compose(self) -> ComposeResult:
        """One line."""
        with DialogBox("Rename this chat", "Enter saves · Esc cancels"):
            yield LineField(shown_line(self._old_title), placeholder="Title")

    @on(LineField.Submitted)
    def _save(self, event: LineField.Submitted) -> None:
        event.stop()
        if title := shown_line(event.value):
            self.dismiss(title)
