"""What came of an import, and how far it is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from tui.cli.output import StatusLine
from tui.core.conversation import Conversation
from tui.core.json_values import JsonObject
from tui.core.safe import shown_line
from tui.core.sizes import counted, written_size
from tui.store.copies import Put
from tui.store.foreign.reading import Progress

FAILURES_KEPT = 1000  # reasons that are kept; further ones are counted
NAMED = 100  # chats or reasons that are written out for people
BAR = 24  # columns
INTERVAL = 0.1  # seconds between two looks of the status line


@dataclass(slots=True)
class Summary:
    """What became of the chats of all files.

    Attributes:
        all_named: keep id and title of every chat, which `--json` lists; else of a few.
        counts: chats by what became of them.
        messages: how many came in.
        empty: chats that have no messages, and were left out.
        failures: things that could not be read.
        failed: file and reason of the first of them.
    """

    all_named: bool = False
    counts: Counter[Put] = field(default_factory=Counter)
    messages: int = 0
    empty: int = 0
    failures: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    _named: dict[Put, list[tuple[str, str]]] = field(
        default_factory=lambda: {put: [] for put in Put}
    )

    def add(self, put: Put, conversation: Conversation, messages: int) -> None:
        """A chat was read, and this became of it; so many of its messages came in."""
        self.counts[put] += 1
        self.messages += messages
        if self.all_named or len(self._named[put]) < NAMED:
            self._named[put].append((conversation.id, conversation.title))

    def fail(self, file: str, reason: str) -> None:
        """Something could not be read."""
        self.failures += 1
        if len(self.failed) < FAILURES_KEPT:
            self.failed.append((file, reason))

    @property
    def value(self) -> JsonObject:
        """As JSON."""

        def named(put: Put) -> list[JsonObject]:
            return [{"id": chat_id, "title": title} for chat_id, title in self._named[put]]

        return {
            "added": named(Put.ADDED),
            "grown": named(Put.GROWN),
            "messages": self.messages,
            "present": named(Put.PRESENT),
            "different": named(Put.DIFFERENT),
            "empty": self.empty,
            "failed": [{"file": file, "reason": reason} for file, reason in self.failed],
            "failed_count": self.failures,
        }

    def lines(self) -> Iterator[str]:
        """As people read it, without what failed."""
        messages = counted(self.messages, "message")
        if grown := self.counts[Put.GROWN]:
            added = counted(self.counts[Put.ADDED], "chat")
            yield f"{added} came in, {counted(grown, 'chat')} went on: {messages}"
        else:
            yield f"{counted(self.counts[Put.ADDED], 'chat')} came in, {messages}"
        if present := self.counts[Put.PRESENT]:
            yield f"{counted(present, 'chat')} already here"
        if different := self.counts[Put.DIFFERENT]:
            yield f"{counted(different, 'chat')} here too but not the same, left alone:"
            named = self._named[Put.DIFFERENT][:NAMED]
            yield from (f"  {chat}  {shown_line(title)}" for chat, title in named)
            if different > len(named):
                yield f"  and {different - len(named):,} more"
        if self.empty:
            yield f"{counted(self.empty, 'chat')} without messages left out"

    def failure_lines(self) -> Iterator[str]:
        """What failed, as people read it."""
        for name, reason in self.failed[:NAMED]:
            yield f"{name}: {reason}"
        if self.failures > NAMED:
            yield f"and {self.failures - NAMED:,} more that could not be read"


class ProgressLine:
    """A line at the bottom of a terminal that says how far an import is."""

    def __init__(self, line: StatusLine) -> None:
        self._line = line
        self._next = 0.0

    def show(self, name: str, progress: Progress, chats: int) -> None:
        """Say so; more often than anybody sees, it does nothing.

        A terminal that is gone is no reason to end, and no fault of the file that is read.
        """
        now = time.monotonic()
        if now >= self._next:
            self._next = now + INTERVAL
            with suppress(OSError):
                self._line.show(progress_text(name, progress, chats))

    def clear(self) -> None:
        """Leave an empty line."""
        self._line.clear()


def progress_text(name: str, progress: Progress, chats: int) -> str:
    """How far a file is read, and how many chats were found in all files."""
    found = counted(chats, "chat")
    share = progress.share
    if share is None:
        return f"{found}, {written_size(progress.done)} of {name}"
    full = round(share * BAR)
    return f"{'━' * full}{'╌' * (BAR - full)} {int(share * 100)} %  {found}  {name}"
