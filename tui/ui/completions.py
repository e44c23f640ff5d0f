"""The slash commands that fit what is typed, above the composer."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import RenderResult
from textual.content import Content
from textual.message import Message

from tui.ui.clickable import ClickableWidget, clickable
from tui.ui.format import cut

ROOM = 8


class Completions(ClickableWidget):
    """Up to eight lines, hidden while nothing fits. The composer keeps the focus."""

    DEFAULT_CSS = """
    Completions { height: auto; margin: 0 1; padding: 0 1; background: $surface; display: none; }
    """

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.offers: Sequence[tuple[str, str]] = ()
        self.index = 0

    def show(self, offers: Sequence[tuple[str, str]]) -> None:
        """Offer these (name, what it does), the first one chosen; none hides the lines."""
        if offers != self.offers:
            self.offers, self.index = offers, 0
        self.display = bool(offers)
        self.refresh(layout=True)

    @property
    def chosen(self) -> str | None:
        """The name of the line one stands on."""
        return self.offers[self.index][0] if self.offers else None

    def step(self, by: int) -> None:
        """Stand on another line."""
        if self.offers:
            self.index = (self.index + by) % len(self.offers)
            self.refresh()

    def action_choose(self, name: str) -> None:
        """A click."""
        self.post_message(self.Chosen(name))

    def render(self) -> RenderResult:
        """The lines around the chosen one."""
        first = max(0, min(self.index - ROOM // 2, len(self.offers) - ROOM))
        width = max((len(name) for name, _ in self.offers), default=0)
        room = self.size.width - width - 3
        lines = []
        for index, (name, what) in enumerate(self.offers[first : first + ROOM], first):
            look = "bold $text-primary" if index == self.index else "$foreground-muted"
            choose = f"choose({name!r})"
            lines.append(
                Content.assemble(
                    clickable(f"/{name.ljust(width)}  ", choose, look),
                    clickable(cut(what, room), choose, "$foreground-muted"),
                )
            )
        return Content("\n").join(lines)
