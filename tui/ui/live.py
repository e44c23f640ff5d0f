"""The bridge from turns in flight to the transcript: what is new, at most 30 times a second.

A turn only says that it changed. On the next frame the bridge pulls what arrived since and hands
it over in one piece, so the cost of painting does not depend on how many tokens came. It watches
the turns of the chat on screen; the others stream on without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tui.session.turn import Turn
from tui.ui.entries import entry_of
from tui.ui.transcript import Entry, Transcript

FRAMES_PER_SECOND = 30


@dataclass(slots=True)
class _Seen:
    """How much of a turn the transcript shows already."""

    turn: Turn
    parts: int
    reasoning_parts: int
    said: tuple[str, tuple[str, ...], bool]


class LiveReplies:
    """Hands the deltas of watched turns to a transcript.

    Args:
        transcript: what shows them.
        place_of: which of how many siblings a message is.
        width: cells for a line of numbers.
        wake: called when something is new; the owner then calls `frame` until it returns False.
    """

    def __init__(
        self,
        transcript: Transcript,
        place_of: Callable[[str], tuple[int, int]],
        width: Callable[[], int | None],
        wake: Callable[[], object],
    ) -> None:
        self._transcript = transcript
        self._place_of = place_of
        self._width = width
        self._wake = wake
        self._watched: dict[str, _Seen] = {}
        self._dirty: set[str] = set()

    def watch(self, turns: Iterable[Turn]) -> None:
        """Watch these turns and no others; the transcript shows their `entry` as of now."""
        for seen in self._watched.values():
            if self._mark in seen.turn.observers:
                seen.turn.observers.remove(self._mark)
        self._watched.clear()
        self._dirty.clear()
        for turn in turns:
            self._watched[turn.reply.id] = _Seen(
                turn, len(turn.parts), len(turn.reasoning_parts), _said(turn)
            )
            turn.observers.append(self._mark)

    def entry(self, turn: Turn) -> Entry:
        """What a turn shows now, for the transcript: the next frame goes on from there."""
        reply = turn.reply
        if (seen := self._watched.get(reply.id)) is not None:
            seen.parts, seen.reasoning_parts = len(turn.parts), len(turn.reasoning_parts)
        begun = turn.parts or turn.reasoning_parts
        if not turn.done:
            reply = replace(reply, text=turn.text, reasoning=turn.reasoning)
        return entry_of(
            reply,
            self._place_of(reply.id),
            waiting=turn.waiting or ("" if begun else "waiting for the first token"),
            notices=turn.notices,
            reasoning_ms=turn.reasoning_ms,
            width=self._width(),
        )

    def frame(self) -> bool:
        """Hand over what is new; False when nothing was."""
        if not self._dirty:
            return False
        dirty, self._dirty = self._dirty, set()
        for reply_id in dirty:
            if (seen := self._watched.get(reply_id)) is not None:
                self._hand_over(seen)
        return True

    def _hand_over(self, seen: _Seen) -> None:
        turn = seen.turn
        text = "".join(turn.parts[seen.parts :])
        reasoning = "".join(turn.reasoning_parts[seen.reasoning_parts :])
        seen.parts, seen.reasoning_parts = len(turn.parts), len(turn.reasoning_parts)
        if text or reasoning:
            self._transcript.extend(turn.reply.id, text, reasoning)
        if (said := _said(turn)) != seen.said:
            seen.said = said
            self._transcript.update(self.entry(turn))
            if turn.done:
                del self._watched[turn.reply.id]

    def _mark(self, turn: Turn) -> None:
        self._dirty.add(turn.reply.id)
        self._wake()


def _said(turn: Turn) -> tuple[str, tuple[str, ...], bool]:
    """What of a turn changes seldom; a change of it shows the whole entry anew."""
    return (turn.waiting, turn.notices, turn.done)
