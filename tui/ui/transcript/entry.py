"""What the transcript is told: a message as it is shown, or only its outline.

Plain values. Text is raw, as the model or the user wrote it: whatever reaches the screen goes
through `tui.core.safe.shown` on its way, and copying gives the original.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from tui.core.message import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """What one message shows.

    Attributes:
        text: Markdown for a reply, verbatim for everybody else.
        heading: who speaks: "You", or the model's name; empty: no line for it.
        reasoning: what the model thought, shown folded.
        reasoning_ms: how long it thought, in milliseconds; None where unknown.
        live: still streaming.
        waiting: what is waited for, shown while live and nothing has arrived.
        numbers: the line of numbers under a reply.
        status: why it ended, where that needs saying ("stopped", "interrupted").
        error: what happened and what to do.
        notices: what was done on the way that the user should know.
        attachments: file names.
        sibling: which of how many; shown when there is more than one.
        actions: (id, label) of what can be clicked under an error.
    """

    id: str
    role: Role
    text: str = ""
    heading: str = ""
    reasoning: str = ""
    reasoning_ms: int | None = None
    live: bool = False
    waiting: str = ""
    numbers: str = ""
    status: str = ""
    error: str = ""
    notices: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    sibling: tuple[int, int] = (1, 1)
    actions: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """Characters of text: what an outline says of it."""
        return len(self.text)


class Outline(NamedTuple):  # made in a third of the time of a frozen dataclass, 10,000 times
    """What is known of a message before its text is loaded; `size` is in characters."""

    id: str
    role: Role
    size: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where someone reads: a character of a message and the row of the pane that shows it.

    Opaque to callers: taken from `Transcript.position`, given back to `Transcript.show`.

    Attributes:
        entry: id of the message; empty for the end of the transcript, following.
        character: offset into the message's text, or its reasoning.
        row: row of the pane, counted from its top.
        of: what is read; what is neither text nor reasoning stands above or below the text, and
            `character` counts its rows.
    """

    entry: str = ""
    character: int = 0
    row: int = 0
    of: Literal["text", "reasoning", "above", "below"] = "text"
