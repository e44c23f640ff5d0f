"""A tiny app around a transcript: what it shows, and what it told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar, TypeVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.pilot import Pilot

from tui.core.message import Role
from tui.ui.transcript import Entry, Outline, Transcript

Told = TypeVar("Told", bound=Message)


class PaneApp(App[None]):
    """Nothing but a transcript; counts the Escapes that are left to the app."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "count_escape", "")]
    escapes = 0

    def action_count_escape(self) -> None:
        self.escapes += 1

    def compose(self) -> ComposeResult:
        yield Transcript()


class Pane:
    """A transcript under test."""

    def __init__(self, app: PaneApp, pilot: Pilot[None], told: list[Message]) -> None:
        self.app = app
        self.pilot = pilot
        self.record = told
        self.transcript = app.query_one(Transcript)

    def rows(self) -> list[str]:
        """What the pane shows, row by row, without the spaces at the ends."""
        pane = self.transcript
        return [
            "".join(segment.text for segment in pane.render_line(y)).rstrip()
            for y in range(pane.size.height)
        ]

    def row_of(self, text: str) -> int:
        """The row of the pane that shows `text`."""
        found = [y for y, row in enumerate(self.rows()) if text in row]
        assert found, f"{text!r} is not in view:\n" + "\n".join(self.rows())
        return found[0]

    def sees(self, text: str) -> bool:
        return any(text in row for row in self.rows())

    def told(self, kind: type[Told]) -> list[Told]:
        unique = {id(message): message for message in self.record}  # each bubbles through many
        return [message for message in unique.values() if isinstance(message, kind)]

    def follows(self) -> bool:
        return self.transcript.following

    def text_of(self, entry_id: str) -> str:
        """All the text of a message so far."""
        return self._entry(entry_id).text

    def reasoning_of(self, entry_id: str) -> str:
        """All its reasoning so far."""
        return self._entry(entry_id).reasoning

    def _entry(self, entry_id: str) -> Entry:
        index = self.transcript._laid.index_of(entry_id)
        entry = None if index is None else self.transcript._laid.entry(index)
        assert entry is not None
        return entry


@asynccontextmanager
async def pane(width: int = 60, height: int = 20) -> AsyncIterator[Pane]:
    """A transcript of this size on a screen of its own."""
    app = PaneApp()
    record: list[Message] = []
    async with app.run_test(size=(width, height), message_hook=record.append) as pilot:
        shown = Pane(app, pilot, record)
        shown.transcript.focus()
        await pilot.pause()
        yield shown


def user(name: str, text: str) -> Entry:
    return Entry(name, Role.USER, text, heading="You")


def reply(name: str, text: str) -> Entry:
    return Entry(name, Role.ASSISTANT, text, heading="model")


def live(name: str, text: str = "") -> Entry:
    return Entry(name, Role.ASSISTANT, text, heading="model", live=True, waiting="waiting…")


def outline(entries: Sequence[Entry]) -> list[Outline]:
    return [Outline(entry.id, entry.role, len(entry.text)) for entry in entries]


def chat(turns: int, lines: int = 8) -> list[Entry]:
    """Questions and answers that all say where they stand."""
    entries: list[Entry] = []
    for turn in range(turns):
        entries.append(user(f"q{turn}", f"Question {turn}?"))
        text = "\n\n".join(f"Answer {turn}, line {line}." for line in range(lines))
        entries.append(reply(f"a{turn}", text))
    return entries


async def drag(shown: Pane, start: tuple[int, int], end: tuple[int, int]) -> None:
    await shown.pilot.mouse_down(Transcript, offset=Offset(*start))
    await shown.pilot.hover(Transcript, offset=Offset(*end))
    await shown.pilot.mouse_up(Transcript, offset=Offset(*end))
    await shown.pilot.pause()


def at(shown: Pane, text: str) -> tuple[int, int]:
    """The cell where `text` begins."""
    y = shown.row_of(text)
    return shown.rows()[y].index(text), y
