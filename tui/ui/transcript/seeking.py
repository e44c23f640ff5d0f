"""Stepping through code blocks, also into messages whose texts are not here yet.

Texts are asked for some at a time and looked at for a slice of time, so no key ever waits. What
cannot hold code is not even read. Whatever else the reader does ends the search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

from textual.timer import Timer

from tui.core.message import Role
from tui.ui.transcript import events as told
from tui.ui.transcript.covering import leaf_of
from tui.ui.transcript.focusing import Focus, FocusedView
from tui.ui.transcript.keeping import SLICE
from tui.ui.transcript.layout import Place
from tui.ui.transcript.picture import Picture, is_code

MESSAGES = 64  # whose texts are asked for at a time
CHARACTERS = 200_000  # of them, or a little more
TRIES = 2  # a text that does not come when asked for so often is gone
LONG = 0.4  # seconds after which it is said that it is looked for
# A fence, or a line that begins, after marks of containers, as indented code does.
_MAY_HOLD_CODE = re.compile(r"```|~~~|^[ \t>*+\-0-9.)]*(?: {4}|\t)", re.MULTILINE)


@dataclass(slots=True)
class Seek:
    """A search for a code block.

    Attributes:
        by: 1 for the next one, -1 for the one before.
        at: the message that is looked at next.
        beyond: the piece of it that was left; None: all of it counts.
        tries: how often its text was asked for.
    """

    by: int
    at: int
    beyond: int | None = None
    tries: int = 0


class SeekingView(FocusedView):
    """A view in which code blocks can be stepped through."""

    _seek: Seek | None = None
    _patience: Timer | None = None

    @property
    def seeking(self) -> bool:
        """Whether a code block is being looked for."""
        return self._seek is not None

    def _step_code(self, by: int) -> None:
        self._end_seek()
        if len(self._laid):
            at, piece = self._steadily(lambda: self._code_left(by))
            self._seek = Seek(by, at, piece)
            self._patience = self.set_timer(LONG, self._tell_looking)
            self._seek_on()

    def _end_seek(self) -> None:
        self._seek = None
        self._laid.sought = ""
        if self._patience is not None:
            self._patience.stop()
            self._patience = None

    def _tell_looking(self) -> None:
        if self._seek is not None:
            self.post_message(told.CodeSought(self._seek.by, ended=False))

    def _code_left(self, by: int) -> tuple[int, int]:
        """(message, piece) that a step leads on from: what has the focus if that is in view."""
        focus, layout = self._inner_focus, self._laid
        at = None if focus is None else layout.index_of(focus.entry)
        picture = None if at is None else layout.picture(at)
        if focus is not None and at is not None and picture is not None:
            if focus.leaf is None:
                if self._in_view(Place(at, 0, 0), layout.heights[at]):
                    return at, -1 if by > 0 else len(picture.pieces)
            else:
                own = [
                    index
                    for index in range(picture.above, picture.below)
                    if leaf_of(picture, index) == focus.leaf
                ]
                rows = sum(picture.heights[index] for index in own)
                if own and self._in_view(Place(at, own[0], 0), rows):
                    return at, own[0]
        edge = self._edge_of_view(by)
        return edge.message, edge.piece - by

    def _seek_on(self) -> None:
        """Look on for a slice of time, or until a text has to be waited for."""
        seek = self._seek
        if seek is None:
            return
        spot = self._steadily(lambda: self._found_code(seek))
        if spot is not None:
            self._focus_code(spot)
        elif not 0 <= seek.at < len(self._laid):
            self._end_seek()
            self.post_message(told.CodeSought(seek.by, ended=True))

    def _focus_code(self, spot: tuple[int, int]) -> None:
        self._end_seek()
        picture = self._laid.picture(spot[0])
        if picture is not None:
            self._focus_on(Focus(self._laid.outline[spot[0]].id, leaf_of(picture, spot[1])))
            self._reveal(Place(*spot, 0), picture.heights[spot[1]])

    def _found_code(self, seek: Seek) -> tuple[int, int] | None:
        """(message, piece) of what is looked for; None: there is none, or not yet."""
        end = perf_counter() + SLICE
        while 0 <= seek.at < len(self._laid):
            self._laid.sought = self._laid.outline[seek.at].id
            if self._may_hold_code(seek.at):
                picture = self._laid.picture(seek.at)
                if picture is None:
                    if seek.tries < TRIES:
                        seek.tries += 1
                        self._want(seek)
                        return None
                elif (index := next(_codes(picture, seek), None)) is not None:
                    return seek.at, index
            seek.at, seek.beyond, seek.tries = seek.at + seek.by, None, 0
            if perf_counter() > end:
                self.call_later(self._seek_on)
                return None
        return None

    def _may_hold_code(self, at: int) -> bool:
        """Whether a message has to be read; True as well while its text is not here."""
        layout = self._laid
        if layout.outline[at].role is not Role.ASSISTANT or layout.folds_of(at).message:
            return False
        text = layout.text(at)
        return text is None or _MAY_HOLD_CODE.search(text) is not None

    def _want(self, seek: Seek) -> None:
        """Have the next message read, or its text and those of some after it fetched."""
        layout = self._laid
        self._read_long()
        if layout.text(seek.at) is not None:
            return
        names: list[str] = []
        size, at = 0, seek.at
        while 0 <= at < len(layout) and len(names) < MESSAGES and size < CHARACTERS:
            if layout.text(at) is None and self._may_hold_code(at):
                names.append(layout.outline[at].id)
                size += layout.outline[at].size
            at += seek.by
        self.post_message(told.EntriesNeeded(tuple(names)))

    def _arrived(self) -> None:
        super()._arrived()
        self._seek_on()

    def _focus_on(self, focus: Focus | None) -> None:
        self._end_seek()
        super()._focus_on(focus)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Who scrolls looks at something else."""
        if not self._settling and round(old_value) != round(new_value):
            self._end_seek()
        super().watch_scroll_y(old_value, new_value)

    def on_blur(self) -> None:
        """Who goes elsewhere is not to be led back."""
        self._end_seek()

    def action_next_code(self) -> None:
        """Focus the next code block."""
        self._step_code(1)

    def action_previous_code(self) -> None:
        """Focus the previous code block."""
        self._step_code(-1)


def _codes(picture: Picture, seek: Seek) -> Iterator[int]:
    """The pieces that code blocks begin with, in the order they are stepped through."""
    for index in range(len(picture.pieces))[:: seek.by]:
        left = seek.beyond is not None and (index - seek.beyond) * seek.by <= 0
        if not left and is_code(picture.pieces[index]) and not picture.hidden(index):
            yield index
