"""The program that `test_terminal.py` runs: a transcript that streams a reply when asked to.

Keys (besides the transcript's own): `a` appends a live reply, `+` streams a paragraph into it,
`w` shows a table that is wider than the terminal, `Q` quits.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType

from tests.ui.transcript.pane import chat, live, outline, reply
from tui.ui.transcript import Transcript

WIDE = (
    "|" + "|".join(f"c{n}" for n in range(20)) + "|\n|" + "--|" * 20 + "\n|"
    + "|".join(f"v{n}" for n in range(20)) + "|\n"
)  # fmt: skip


class OnATerminal(App[None]):
    """Nothing but a transcript."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("a", "live", ""),
        ("plus", "more", ""),
        ("w", "wide", ""),
        ("Q", "quit", ""),
    ]
    streamed = 0

    def compose(self) -> ComposeResult:
        yield Transcript()

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


if __name__ == "__main__":
    OnATerminal().run()
