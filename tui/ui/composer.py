"""Where a message is written: a text area that grows, sends on Enter and never loses a word."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tui.core.safe import shown
from tui.ui.actions import Place, bindings


class Composer(TextArea):
    """A multi-line input of up to a third of the screen."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        min-height: 1;
        max-height: 33vh;
        border: none;
        border-left: outer $primary;
        padding: 0 1;
        margin: 0 1;
        background: $surface;
        scrollbar-size-vertical: 1;
        &:focus { border: none; border-left: outer $primary; }
        &.-editing, &.-editing:focus { border-left: outer $warning; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.COMPOSER),
        # Readline's, where a text area has something else or nothing on them.
        Binding("ctrl+h", "delete_left", show=False),
        Binding("alt+b", "cursor_word_left", show=False),
        Binding("alt+f", "cursor_word_right", show=False),
        Binding("alt+d", "delete_word_right", show=False),
        Binding("alt+backspace", "delete_word_left", show=False),
    ]

    class Submitted(Message):
        """Enter was pressed on something to send."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class LastMessageWanted(Message):
        """Up was pressed in an empty composer: edit the last message."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            compact=True,
            placeholder="Message",
        )

    def action_send(self) -> None:
        """Offer what is written; white space alone is not a message."""
        if self.text.strip():
            self.post_message(self.Submitted(self.text))

    def action_newline(self) -> None:
        """A new line at the cursor."""
        self.insert("\n")

    def action_edit_last(self) -> None:
        """Up: edit the last message when there is nothing here, else move the cursor."""
        if self.text:
            self.action_cursor_up()
        else:
            self.post_message(self.LastMessageWanted())

    def put(self, text: str) -> None:
        """Replace what is written, with the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted: what a paste may hold is made visible, not acted on."""
        line = super().get_line(line_index)
        line.plain = shown(line.plain)  # the same length, so cursor and selection still fit
        return line
