"""Puts one reply into its column: text as it comes, numbers as they grow, its end.

It is no widget: it stands between a turn, which knows nothing of screens, and the column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tui.core.message import Message
from tui.core.models import ModelRef
from tui.session.counting import Counted
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.choosing import ModelChoice
from tui.ui.compare_column import Heading
from tui.ui.entries import RETRY, entry_of
from tui.ui.live import LiveReplies
from tui.ui.transcript import Entry, Outline, Transcript


def bare(entry: Entry) -> Entry:
    """What stands under a heading that tells model and numbers already."""
    return replace(
        entry,
        heading="",
        numbers="",
        sibling=(1, 1),
        actions=tuple(action for action in entry.actions if action == RETRY),
    )


class _BareReplies(LiveReplies):
    """Hands a column what a transcript of a whole chat would get, less the heading."""

    def entry(self, turn: Turn) -> Entry:
        """What a turn shows now."""
        return bare(super().entry(turn))


class Compared:
    """A reply that is compared.

    It holds the message itself: the chat keeps no message for others.

    Attributes:
        number: its key, from 1.
    """

    def __init__(
        self, number: int, reply: Message, sessions: Sessions, choice: ModelChoice
    ) -> None:
        self.number = number
        self._message = reply  # another after it was asked for again
        self._sessions = sessions
        self._choice = choice
        self._live: _BareReplies | None = None
        self._transcript: Transcript | None = None
        self._turn: Turn | None = None
        self._counted: Counted | None = None
        self._take()

    def _take(self) -> None:
        self._turn = self._sessions.turns.get(self.reply_id)
        self._counted = Counted(self._turn) if self._turn is not None else None

    def begin(self, transcript: Transcript, wake: Callable[[], object]) -> None:
        """Show it on this transcript; `wake` is called when there is something for `frame`."""
        self._transcript = transcript
        self._live = _BareReplies(transcript, lambda _: (1, 1), lambda: transcript.text_width, wake)
        self.show(self.reply)

    def show(self, reply: Message) -> None:
        """Show another reply, or the same anew."""
        self._message = reply
        self._take()
        if self._transcript is None or self._live is None:
            return
        turn = self._turn
        entry = self._live.entry(turn) if turn is not None else bare(entry_of(self.reply))
        self._transcript.show([Outline(entry.id, entry.role, entry.size)], [entry])
        self._live.watch([turn] if turn is not None else [])

    def leave(self) -> None:
        """Look at it no more."""
        if self._live is not None:
            self._live.watch(())

    def frame(self) -> bool:
        """Hand over what arrived since the last frame; False when nothing did."""
        return self._live is not None and self._live.frame()

    @property
    def turn(self) -> Turn | None:
        """The reply while it is in flight."""
        return self._turn if self._turn is not None and not self._turn.done else None

    @property
    def reply_id(self) -> str:
        """Which reply it is now."""
        return self._message.id

    @property
    def reply(self) -> Message:
        """The reply as last saved."""
        return self._turn.reply if self._turn is not None else self._message

    @property
    def text(self) -> str:
        """As far as it has come."""
        return self._turn.text if self._turn is not None else self.reply.text

    @property
    def model(self) -> ModelRef:
        """Who writes it."""
        return ModelRef(self.reply.endpoint, self.reply.model)

    @property
    def name(self) -> str:
        """Its model as a person writes it."""
        return self._choice.written(self.model)

    def heading(self, *, focused: bool, one_line: bool) -> Heading:
        """What stands over it now."""
        facts = self._choice.facts(self.model)
        reply = self._counted.reply(facts) if self._counted is not None else self.reply
        numbers = replace(reply, text="", reasoning="", model="")
        return Heading(self.number, self.name, numbers, focused, one_line)
