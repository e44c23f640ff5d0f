"""Doing what needs texts that are not here, or not read yet: once they are.

One thing at a time is owed; what is asked for next takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui.ui.transcript import events as told
from tui.ui.transcript.entry import Entry
from tui.ui.transcript.seeking import SeekingView


class Owed(NamedTuple):
    """What is to be done.

    Attributes:
        names: says which messages it needs.
        then: does it.
        read: their pictures are needed, not only their texts.
        asked: those whose texts were asked for.
    """

    names: Callable[[], Sequence[str]]
    then: Callable[[], object]
    read: bool
    asked: set[str]


class AwaitingView(SeekingView):
    """A view that goes on when texts arrive."""

    _owed: Owed | None = None

    def _once_here(
        self, names: Callable[[], Sequence[str]], then: Callable[[], object], *, read: bool = True
    ) -> None:
        """Do something once messages are here; those that are not are asked for.

        Args:
            names: says which messages are needed.
            then: what to do.
            read: whether their pictures are needed, not only their texts.
        """
        self._owed = Owed(names, then, read, set())
        self._pay()

    def _pay(self) -> None:
        """Do what is owed if it can be done, else ask for what it takes."""
        owed, layout = self._owed, self._laid
        if owed is None:
            return
        places = [at for name in owed.names() if (at := layout.index_of(name)) is not None]
        missing = [layout.outline[at].id for at in places if layout.entry(at) is None]
        if fresh := tuple(name for name in missing if name not in owed.asked):
            owed.asked.update(fresh)
            self.post_message(told.EntriesNeeded(fresh))
        unread = owed.read and not missing and not self._all_read(places)
        layout.hold = bool(missing or unread)
        if not layout.hold:
            self._owed = None
            self._steadily(owed.then)

    def _all_read(self, places: Sequence[int]) -> bool:
        read = self._steadily(lambda: [self._laid.picture(at) is not None for at in places])
        self._read_long()
        return all(read)

    def _owe_nothing(self) -> None:
        self._owed = None
        self._laid.hold = False

    def provide(self, entries: Sequence[Entry]) -> None:
        """Take texts that were asked for."""
        self._keep(lambda: self._laid.provide(entries))
        self._arrived()

    def _arrived(self) -> None:
        super()._arrived()
        self._pay()
