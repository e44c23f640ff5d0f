"""The first frame: where one writes, before anything that a chat needs has been loaded.

It looks as the chat screen does while it is empty, so that nothing moves when that takes its place.
Invariant: words typed here, and only words, act at once; the app keeps every other key for the
chat screen, and what stands here goes with it.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen

from tui.ui.composer import Composer

NARROW = 90  # columns; below, the list and the conversation take turns


class Doorstep(Screen[None]):
    """A composer where the chat screen has its own.

    Args:
        draft: what was typed and not sent the last time.
        sidebar: whether the list of chats will be beside it.
        takes_text: whether what is typed is for the chat that will be on screen.
    """

    DEFAULT_CSS = """
    Doorstep {
        layout: horizontal;
        & > #panel { width: 32; background: $panel; }
        & > #main { width: 1fr; align: left bottom; padding: 0 0 2 0; }
        &.-no-list > #panel { display: none; }
    }
    """

    class Opened(Message):
        """What is typed from here on is written."""

    def __init__(self, draft: str, *, sidebar: bool, takes_text: bool) -> None:
        super().__init__()
        self._draft = draft
        self._sidebar = sidebar
        self._takes_text = takes_text
        self._open = True

    def compose(self) -> ComposeResult:
        """A blank panel and a composer."""
        yield Vertical(id="panel")
        with Vertical(id="main"):
            yield Composer(id="composer")

    def on_mount(self) -> None:
        """With what was typed the last time."""
        if self._draft:
            self.query_one(Composer).put(self._draft)

    def on_descendant_focus(self) -> None:
        """Words can come."""
        self.post_message(self.Opened())

    def on_resize(self, event: events.Resize) -> None:
        """The list has its place where the chat screen will show it."""
        self.set_class(not self._sidebar or event.size.width < NARROW, "-no-list")

    def takes(self, event: events.Event) -> bool:
        """Whether a key acts here. A digit ahead of all else may take an offer of the welcome."""
        if not (self._open and self._takes_text and isinstance(event, events.Key)):
            return False
        character = event.character or ""
        return event.is_printable and bool(self.query_one(Composer).text or not character.isdigit())

    async def leave(self) -> str:
        """Take no more; returns what stands here when all that was taken has been written."""
        self._open = False
        composer = self.query_one(Composer)
        await composer.caught_up()
        return composer.text
