"""Giving a chat another title, or a branch of it a name."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult

from tui.core.safe import shown_line
from tui.ui.dialogs.fields import LineField
from tui.ui.dialogs.frame import Dialog, DialogBox


class RenameDialog(Dialog[str]):
    """Asks for a title.

    Args:
        title: the one it has.
        heading: what is asked.
        placeholder: stands where nothing is written.
        may_be_empty: nothing is an answer too; otherwise Enter then does nothing.
    """

    CLOSES_BESIDE = False
    DEFAULT_CSS = """
    RenameDialog DialogBox { width: 64; padding: 1 1; }
    """

    def __init__(
        self,
        title: str,
        heading: str = "Rename this chat",
        placeholder: str = "Title",
        *,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__()
        self._old_title = title
        self._heading = heading
        self._placeholder = placeholder
        self._may_be_empty = may_be_empty

    def compose(self) -> ComposeResult:
        """One line."""
        with DialogBox(self._heading, "Enter saves · Esc cancels"):
            yield LineField(shown_line(self._old_title), placeholder=self._placeholder)

    @on(LineField.Submitted)
    def _save(self, event: LineField.Submitted) -> None:
        event.stop()
        if (title := shown_line(event.value)) or self._may_be_empty:
            self.dismiss(title)
