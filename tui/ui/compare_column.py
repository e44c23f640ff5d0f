"""One of several replies side by side: who writes it, what it has come to, and its text."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.app import ComposeResult, RenderResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one

from tui.core.message import Message, Status
from tui.core.safe import shown_line
from tui.ui.clickable import ClickableWidget, clickable
from tui.ui.format import BETWEEN, cut, numbers_line, seconds
from tui.ui.transcript import Transcript

ROOM = 50  # cells; in fewer, too many lines of code are broken
_ENDS = {
    Status.STOPPED: "stopped",
    Status.FAILED: "failed",
    Status.TRUNCATED: "cut off",
    Status.FILTERED: "withheld",
    Status.INTERRUPTED: "interrupted",
}
_FAULTS = frozenset({Status.FAILED, Status.FILTERED, Status.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a reply.

    Attributes:
        number: its key, from 1.
        model: as a person writes it.
        numbers: what it has come to, without a text or a model: times, tokens, cost.
        focused: it is what the keys act on.
        one_line: there is width for all of it in a line, and height for no more.
    """

    number: int
    model: str
    numbers: Message
    focused: bool = False
    one_line: bool = False


def said_of(reply: Message, width: int) -> tuple[str, str]:
    """How it ended, if that needs saying, and its numbers; together in `width` cells."""
    end = _ENDS.get(reply.status, "")
    if reply.status.in_flight and reply.first_token_ms is None:
        return f"waiting {seconds(reply.total_ms or 0)}", ""
    if reply.usage is None and reply.first_token_ms is None:
        return end, ""
    room = width - (cell_len(end + BETWEEN) if end else 0)
    return end, numbers_line(reply, max(0, room))


class ColumnHead(ClickableWidget):
    """A heading; a click on its word does what the word says, elsewhere it takes the focus."""

    DEFAULT_CSS = """
    ColumnHead { height: 2; padding: 0 1 0 2; background: $surface; color: $foreground-muted; }
    ColumnHead.-focused { background: $primary 20%; }
    ColumnHead.-one-line { height: 1; }
    """

    def __init__(self, heading: Heading) -> None:
        super().__init__()
        self.heading = heading

    def on_mount(self) -> None:
        """Look as the first heading says."""
        self._look()

    def show(self, heading: Heading) -> None:
        """Say something else."""
        if heading != self.heading:
            self.heading = heading
            self._look()
            self.refresh()

    def _look(self) -> None:
        self.set_class(self.heading.focused, "-focused")
        self.set_class(self.heading.one_line, "-one-line")

    def render(self) -> RenderResult:
        """` 1 gpt-4o      Stop ` over ` 0.42 s to first token · ~84 tok/s `, or both in a line."""
        heading, width = self.heading, self.size.width
        live = heading.numbers.status.in_flight
        word = "Stop" if live else "Pick"
        action = f"screen.{word.lower()}({heading.number})"
        room = width - len(word) - 1
        name = f"{heading.number} {shown_line(heading.model)}"
        name = cut(name, room // 2 if heading.one_line else room)
        style = "bold $text-primary" if heading.focused else "bold $foreground"
        named = Content.styled(name, style)
        after = room - cell_len(name)
        does = clickable(word, action, "$text-warning" if live else "$text-primary")
        if not heading.one_line:
            first = Content.assemble(named, " " * (after + 1), does)
            return Content("\n").join([first, self._numbers(width)])
        told = self._numbers(after - 2)
        space = " " * (after - 2 - told.cell_length + 1)
        return Content.assemble(named, "  ", told, space, does)

    def _numbers(self, width: int) -> Content:
        reply = self.heading.numbers
        end, numbers = said_of(reply, width)
        fault = reply.status in _FAULTS
        return Content.assemble(
            (cut(end, max(0, width)), "$text-error" if fault else "$text-warning"),
            BETWEEN if end and numbers else "",
            numbers,
        )


class Column(Vertical):
    """A heading and a transcript of one message."""

    DEFAULT_CSS = """
    Column { width: 1fr; height: 1fr; }
    """

    head = query_one(ColumnHead)
    transcript = query_one(Transcript)

    def __init__(self, heading: Heading) -> None:
        super().__init__()
        self._first = heading

    def compose(self) -> ComposeResult:
        """Head and text."""
        yield ColumnHead(self._first)
        yield Transcript()

    def on_click(self) -> None:
        """A click on the head is one for the column."""
        self.transcript.focus()


def columns_for(width: int, count: int) -> int:
    """How many of `count` replies stand beside each other in `width` cells: all or one by one.

    Four also stand two by two.
    """
    pairs = 2 if count == 4 else 1
    return next((columns for columns in (count, pairs) if width // columns >= ROOM), 1)
