"""The two lines at the bottom: what the next message goes to and costs, and the keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import RenderResult
from textual.content import Content

from tui.core.safe import shown_line
from tui.ui.actions import Action, written_keys
from tui.ui.clickable import ClickableWidget, clickable


@dataclass(frozen=True, slots=True)
class Standing:
    """What the status line says.

    Attributes:
        model: what the chat's next message goes to.
        parameters: those the chat sets, in a few words.
        context: how much of the context window is used.
        cost: what this chat has cost.
    """

    model: str = ""
    parameters: str = ""
    context: str = ""
    cost: str = ""


class StatusLine(ClickableWidget):
    """Model and parameters on the left, context and cost on the right."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 2; color: $text-muted; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.standing = Standing()

    def show(self, standing: Standing) -> None:
        """Say something else."""
        if standing != self.standing:
            self.standing = standing
            self.refresh()

    def render(self) -> RenderResult:
        """Left and right with the room between them; the right gives way first."""
        said = self.standing
        left = Content.assemble(
            clickable(shown_line(said.model), "screen.pick_model", "$text-primary"),
            "  " + said.parameters if said.parameters else "",
        )
        right = " · ".join(part for part in (said.context, said.cost) if part)
        room = self.size.width - left.cell_length - len(right)
        if room < 2:
            right, room = said.context, self.size.width - left.cell_length - len(said.context)
        if room < 2:
            return left
        return Content.assemble(left, " " * room, right)


class KeyBar(ClickableWidget):
    """The keys of the moment; a click does what the key does."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 2; color: $text-disabled; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.hints: tuple[tuple[str, str, str], ...] = ()

    def show(self, actions: Sequence[Action], first: tuple[str, str, str]) -> None:
        """Offer these actions.

        Args:
            actions: shown by their `hint`.
            first: (keys, word, action) of what the moment asks for, ahead of the others.
        """
        hints = (
            first,
            *((written_keys(action.keys), action.hint, action.target) for action in actions),
        )
        if hints != self.hints:
            self.hints = hints
            self.refresh()

    def render(self) -> RenderResult:
        """Those that there is room for, closer together where that is little."""
        hints = [
            Content.assemble(
                clickable(f"{keys} ", action, "$foreground-muted"), clickable(word, action)
            )
            for keys, word, action in self.hints
        ]
        width = self.size.width
        wide = sum(hint.cell_length + 3 for hint in hints) - 3 <= width
        between = "   " if wide else "  "
        parts: list[Content | str] = []
        room = width + len(between)
        for hint in hints:
            if (length := hint.cell_length + len(between)) <= room:
                room -= length
                parts += [hint, between]
        return Content.assemble(*parts[:-1])
