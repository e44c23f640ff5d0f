"""Where a message is written: a text area that grows, sends on Enter and never loses a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tui.core.safe import shown
from tui.ui.actions import Place, keys_at
from tui.ui.keys_in_order import KeysInOrder
from tui.ui.scrollbar import QUIET_SCROLLBAR

DEFAULT_KEYS = keys_at(Place.COMPOSER, {})


class Composer(KeysInOrder, TextArea):
    """A multi-line input of up to a third of the screen."""

    DEFAULT_CSS = (
        f"Composer {{{QUIET_SCROLLBAR}}}"
        """
    Composer {
        height: auto;
        min-height: 1;
        max-height: 33.34vh;
        border: none;
        border-left: outer $border-blurred;
        padding: 0 1;
        margin: 0 1 0 0;
        background: $surface;
        &:focus { border: none; border-left: outer $primary; }
        &.-editing, &.-editing:focus { border-left: outer $warning; }
    }
    """
    )

    BINDINGS: ClassVar[list[BindingType]] = [
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

    class EndWanted(Message):
        """End was pressed in an empty composer: go to the end of the conversation."""

    class PageWanted(Message):
        """A page key was pressed and there is no page here to turn: -1 back, 1 on."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class LastMessageWanted(Message):
        """Up was pressed in an empty composer: edit the last message."""

    def __init__(
        self,
        keys: Mapping[str, str] = DEFAULT_KEYS,
        take_key: Callable[[str], bool] = lambda _key: False,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        """Make an empty composer.

        Args:
            keys: key to the action it stands for.
            take_key: asked first about each key; True when it was taken care of.
            id: Textual's.
        """
        super().__init__(
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            highlight_cursor_line=False,
            placeholder="Message",
        )
        self._actions = {
            "send": self.action_send,
            "newline": self.action_newline,
            "edit_last": self.action_edit_last,
        }
        self._keys = keys
        self._take_key = take_key

    async def _on_key(self, event: events.Key) -> None:
        # Here and not by bindings, so that each key acts on what was typed before it: all of
        # that, and nothing of what comes after.
        action = next((self._keys[key] for key in event.aliases if key in self._keys), None)
        if event.key in ("pageup", "pagedown") and not self.max_scroll_y:
            self.post_message(self.PageWanted(1 if event.key == "pagedown" else -1))
        elif not self._take_key(event.key):
            if action is None:
                return
            self._actions[action]()
        event.stop()
        event.prevent_default()

    async def caught_up(self) -> None:
        """Wait until all that was typed so far is in the text."""
        done = asyncio.Event()
        if self.call_later(done.set):
            await done.wait()

    def action_send(self) -> None:
        """Hand over what is written and begin anew; white space alone is not a message."""
        if self.text.strip():
            self.post_message(self.Submitted(self.text))
            self.load_text("")

    def action_newline(self) -> None:
        """A new line at the cursor."""
        self.insert("\n")

    def action_edit_last(self) -> None:
        """Up: edit the last message when there is nothing here, else move the cursor."""
        if self.text:
            self.action_cursor_up()
        else:
            self.post_message(self.LastMessageWanted())

    def action_cursor_line_end(self, select: bool = False) -> None:
        """End: of the line, or of the conversation when there is nothing here."""
        if self.text:
            super().action_cursor_line_end(select)
        else:
            self.post_message(self.EndWanted())

    def put(self, text: str) -> None:
        """Replace what is written, with the cursor at its end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        """A line as it is painted: what a paste may hold is made visible, not acted on."""
        # The same length, so that cursor and selection still fit: made here, for a `Text` leaves
        # out what acts (BEL, say) by itself.
        return Text(shown(self.document.get_line(line_index)), end="", no_wrap=True)
