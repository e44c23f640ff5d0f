"""The slash commands that fit what is typed, or their words, above the composer."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message

from tui.ui.clickable import ClickableWidget, clickable
from tui.ui.format import cut
from tui.ui.slash import Completion

ROOM = 8


class Completions(ClickableWidget):
    """Up to eight lines, hidden while nothing fits. The composer keeps the focus."""

    DEFAULT_CSS = """
    Completions { height: auto; margin: 0 1; padding: 0 1; background: $surface; display: none; }
    """

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, completion: Completion) -> None:
            super().__init__()
            self.completion = completion

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.offers: Sequence[Completion] = ()
        self.index = 0

    def show(self, offers: Sequence[Completion]) -> None:
        """Offer these, the first one chosen; none hides the lines."""
        if offers != self.offers:  # a layout at each key would paint the whole screen
            self.offers, self.index = offers, 0
            self.display = bool(offers)
            self.refresh(layout=True)

    @property
    def chosen(self) -> Completion | None:
        """The line one stands on."""
        return self.offers[self.index] if self.offers else None

    def step(self, by: int) -> None:
        """Stand on another line."""
        if self.offers:
            self.index = (self.index + by) % len(self.offers)
            self.refresh()

    def action_choose(self, index: int) -> None:
        """A click."""
        if index < len(self.offers):
            self.post_message(self.Chosen(self.offers[index]))

    def render(self) -> RenderResult:
        """The lines around the chosen one."""
        first = max(0, min(self.index - ROOM // 2, len(self.offers) - ROOM))
        width = max((cell_len(offer.label) for offer in self.offers), default=0)
        room = self.size.width - width - 2
        lines = []
        for index, offer in enumerate(self.offers[first : first + ROOM], first):
            look = "bold $text-primary" if index == self.index else "$foreground-muted"
            choose = f"choose({index})"
            label = cut(offer.label, self.size.width)
            space = " " * (width - cell_len(label) + 2)
            lines.append(
                Content.assemble(
                    clickable(label + space, choose, look),
                    clickable(cut(offer.what, room), choose, "$foreground-muted"),
                )
            )
        return Content("\n").join(lines)
