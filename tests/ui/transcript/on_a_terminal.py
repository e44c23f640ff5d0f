"""The program that `test_terminal.py` runs: a transcript that streams a reply when asked to.

Keys (besides the transcript's own): `a` appends a live reply, `+` streams a paragraph into it,
`w` shows a table that is wider than the terminal, `m` a message with something to click, `Q` quits.
A line stands above the transcript and one below it. What is copied goes to the clipboard, and so
does where a link leads.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tests.ui.transcript.pane import chat, live, outline, reply
from tui.ui.transcript import Copied, LinkClicked, Transcript

WIDE = (
    "|" + "|".join(f"c{n}" for n in range(20)) + "|\n|" + "--|" * 20 + "\n|"
    + "|".join(f"v{n}" for n in range(20)) + "|\n"
)  # fmt: skip


RICH = (
    "The **quick** brown fox jumps over the lazy dog, "
    "and over [the docs](https://x.org/docs) too.\n"
    "\n```python\nx = 1\ny = 2\n```\n\nLast words."
)


class OnATerminal(App[None]):
    """A transcript between two lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("a", "live", ""),
        ("plus", "more", ""),
        ("w", "wide", ""),
        ("m", "rich", ""),
        ("Q", "quit", ""),
    ]
    CSS = "Transcript { height: 1fr; } Static { height: 1; }"
    streamed = 0

    def compose(self) -> ComposeResult:
        yield Static("above")
        yield Transcript()
        yield Static("below")

    def on_mount(self) -> None:
        self.query_one(Transcript).show(outline(chat(40)), chat(40))
        self.query_one(Transcript).focus()

    def action_live(self) -> None:
        self.query_one(Transcript).append(live("new"))

    def action_more(self) -> None:
        self.streamed += 1
        self.query_one(Transcript).extend("new", f"Streamed {self.streamed}. 東京 🙂\n\n")

    def action_wide(self) -> None:
        self.query_one(Transcript).append(reply("wide", WIDE))

    def action_rich(self) -> None:
        self.query_one(Transcript).append(reply("rich", RICH))

    def on_transcript_copied(self, event: Copied) -> None:
        self.copy_to_clipboard(event.text)

    def on_transcript_link_clicked(self, event: LinkClicked) -> None:
        self.copy_to_clipboard(event.href)


if __name__ == "__main__":
    OnATerminal().run()
