"""The transcript as a widget: values in, past-tense messages out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from tui.ui.transcript import code, inline
from tui.ui.transcript import events as told
from tui.ui.transcript.actions import BINDINGS
from tui.ui.transcript.entry import Entry, Outline, Position
from tui.ui.transcript.view import TranscriptView


class Transcript(TranscriptView, can_focus=True):
    """Shows a conversation; see the package for its parts."""

    BINDINGS: ClassVar[list[BindingType]] = [*BINDINGS]

    EntriesNeeded = told.EntriesNeeded
    LinkClicked = told.LinkClicked
    Copied = told.Copied
    SiblingStepped = told.SiblingStepped
    ActionChosen = told.ActionChosen
    FollowChanged = told.FollowChanged
    EntryFocused = told.EntryFocused
    EditRequested = told.EditRequested
    RetryRequested = told.RetryRequested

    @property
    def focused_entry(self) -> str | None:
        """Id of the message that has the focus inside the transcript."""
        return None

    def warm_up(self) -> None:
        """Load what the first reply needs; called from a thread after the first frame."""
        inline.warm_up()
        code.warm_up()

    def show(
        self,
        outline: Sequence[Outline],
        entries: Sequence[Entry] = (),
        *,
        at: Position | None = None,
    ) -> None:
        """Replace the whole content.

        Args:
            outline: every message, first to last.
            entries: texts that are at hand; the others are asked for when they come into view.
            at: where to read; by default where one was, if that message is still there, else the
                end.
        """
        keep = at or self.position
        if keep.entry and all(one.id != keep.entry for one in outline):
            keep = Position()
        self._follow(not keep.entry)
        self._asked = frozenset()
        self._keep(lambda: self._layout_.show(outline, entries), at=keep)

    def provide(self, entries: Sequence[Entry]) -> None:
        """Take texts that were asked for."""
        self._keep(lambda: self._layout_.provide(entries))

    def append(self, entry: Entry) -> None:
        """A new last message."""
        self._keep(lambda: self._layout_.append(entry))

    def extend(self, entry_id: str, text: str, reasoning: str = "") -> None:
        """More streamed text of a live message; the caller gathers what came within a frame."""
        self._keep(lambda: self._layout_.extend(entry_id, text, reasoning))

    def update(self, entry: Entry) -> None:
        """Whatever else changed of a message; its text is the whole text so far."""
        self._keep(lambda: self._layout_.provide([entry]))

    def action_to_end(self) -> None:
        """Go to the end and follow it."""
        self.follow_end()
