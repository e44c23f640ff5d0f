"""The frame that every dialog has: a box with a title, and Esc to leave it without effect."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.ui.working_screen import WorkingScreen

ResultT = TypeVar("ResultT")


class DialogBox(Vertical):
    """The box; its border says what it is and which keys end it."""

    DEFAULT_CSS = """
    DialogBox {
        width: 84;
        max-width: 96%;
        height: auto;
        max-height: 94%;
        padding: 0 1;
        background: $surface;
        border: round $foreground 30%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
    }
    """

    def __init__(self, title: str, keys: str) -> None:
        super().__init__()
        self.border_title = title
        self.border_subtitle = keys


class Dialog(WorkingScreen[ResultT | None], ModalScreen[ResultT | None], Generic[ResultT]):
    """A dialog; its result is None when it was left by Esc.

    Attributes:
        CLOSES_BESIDE: whether a click beside the box leaves it too: not where something that was
            written would be lost.
    """

    CLOSES_BESIDE: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close", show=False)]
    DEFAULT_CSS = "Dialog { align: center middle; }"

    def action_close(self) -> None:
        """Leave without effect."""
        self.dismiss(None)

    def dismiss(self, result: ResultT | None = None) -> AwaitComplete:
        """Close, once: a second Enter or click may have been on its way."""
        if not self.is_current:
            return AwaitComplete()
        self.workers.cancel_node(self)  # there is nothing left to show what they find
        return super().dismiss(result)

    def on_click(self, event: events.Click) -> None:
        """A click on the screen itself is a click beside the box."""
        widget, _ = self.get_widget_at(event.screen_x, event.screen_y)
        if self.CLOSES_BESIDE and widget is self:
            self.dismiss(None)
