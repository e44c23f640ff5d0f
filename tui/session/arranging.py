"""What a person does to chats in the list, each thing undone again one after the other.

It knows what was done since chinwag started; what another window does is not among it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from tui.core.arranging import Deed, Step, deleted, told, undone
from tui.core.message import utc_now
from tui.session.sessions import Sessions

STEPS_MOST = 100  # deeds that can be undone


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back.

    Attributes:
        what: in a few words, as it was told when it was done.
        ids: the chats that it had been done to.
        left: how many of them stay as they are: gone for good, or changed since.
        restored: they came back from the trash.
    """

    what: str
    ids: tuple[str, ...]
    left: int
    restored: bool


class Arranging:
    """Does things to chats, and takes them back."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._done: deque[list[Step]] = deque(maxlen=STEPS_MOST)
        # Held while something is written, so that what is undone is what was asked for last.
        self._writing = asyncio.Lock()

    async def do(self, ids: Sequence[str], deed: Deed) -> str:
        """Do something to chats, all or none; returns what was done, empty where nothing was to do.

        Raises:
            ChatError: one of them is gone (NO_SUCH_CHAT), or it could not be saved (LIBRARY).
        """
        async with self._writing:
            steps = await self._sessions.library.run(
                lambda library: library.listing.arrange(ids, deed)
            )
            if steps:
                self._done.append(steps)
        return told(steps)

    async def delete(self, ids: Sequence[str]) -> str:
        """Put chats into the trash; replies in flight in them are stopped, and kept."""
        for chat_id in ids:
            for turn in self._sessions.turns_of(chat_id):
                turn.stop()
        return await self.do(ids, deleted(utc_now()))

    async def undo(self) -> Undone | None:
        """Take back what was done last; None when there is nothing left.

        Raises:
            ChatError: it could not be saved (LIBRARY); it can be tried again then.
        """
        async with self._writing:
            if not self._done:
                return None
            steps = self._done[-1]
            ids = tuple(step.before.id for step in steps)
            count = await self._sessions.library.run(
                lambda library: library.listing.take_back(ids, undone(steps))
            )
            self._done.pop()
        restored = steps[0].before.deleted_at is None and steps[0].after.deleted_at is not None
        return Undone(told(steps), ids, len(ids) - count, restored)
