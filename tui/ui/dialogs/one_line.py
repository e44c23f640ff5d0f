"""Asking for one line: a title, tags, where to export to."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.ui.dialogs.fields import LineField
from tui.ui.dialogs.frame import Dialog, DialogBox


class LineDialog(Dialog[str]):
    """Asks for a line; its result is what is written, which may be empty.

    Args:
        title: what it is about.
        keys: what ends it.
        value: what it begins with.
        placeholder: what is to be written.
        help_text: what to know of it.
        adding: what is typed comes behind what it begins with, not in its place.
    """

    CLOSES_BESIDE = False
    DEFAULT_CSS = """
    LineDialog {
        DialogBox { width: 64; padding: 1 1; }
        Static { height: auto; padding: 1 1 0 1; color: $text-muted; }
    }
    """

    def __init__(
        self,
        title: str,
        keys: str,
        value: str = "",
        placeholder: str = "",
        help_text: str = "",
        *,
        adding: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._keys = keys
        self._value = value
        self._placeholder = placeholder
        self._help_text = help_text
        self._adding = adding

    def compose(self) -> ComposeResult:
        """The line, and what to know of it."""
        with DialogBox(self._title, self._keys):
            field = LineField(self._value, placeholder=self._placeholder)
            field.select_on_focus = not self._adding
            yield field
            if self._help_text:
                yield Static(Content(self._help_text))

    @on(LineField.Submitted)
    def _done(self, event: LineField.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)
