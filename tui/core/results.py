"""What a search found, by chat, the best and newest first, while it comes in piece by piece.

The rule: the chats of one piece stand in the order of `_rank`; those of the next piece follow them.
A chat that is in the list stays where it is, whatever comes later: a reader's eyes are on it. A
piece is the newest 100 hits or so, so that what is best is told among what is newest, in the time
that takes, however often a word was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tui.core.hit import Hit, Span

# Spans of time within which one chat is as new as another; what is older comes last.
_AGES = tuple(timedelta(days=days) for days in (1, 7, 31, 366))
_OFTEN = 4  # hits; more say no more of what a chat is about


@dataclass(slots=True)
class Found:
    """A chat with what was found in it.

    Attributes:
        in_title: (start, end) of what was found in the title; empty where nothing was.
        hits: of the piece that found the chat the newest first, then those of later ones.
    """

    conversation: str
    title: str
    in_title: tuple[Span, ...] = ()
    hits: list[Hit] = field(default_factory=list)


class Results:
    """All that was found so far.

    Attributes:
        chats: with their hits, in the order in which they are shown.
        count: messages.

    Args:
        now: an aware time, from which ages are told.
    """

    def __init__(self, now: datetime) -> None:
        self.chats: list[Found] = []
        self.count = 0
        self._now = now
        self._known: dict[str, Found] = {}
        self._messages: set[str] = set()

    def __iter__(self) -> Iterator[Hit]:
        """All hits in the order in which they are shown."""
        return (hit for chat in self.chats for hit in chat.hits)

    def add(self, hits: Iterable[Hit]) -> None:
        """Take in another piece."""
        new: list[Found] = []
        for hit in hits:
            chat = self._known.get(hit.conversation)
            if chat is None:
                chat = self._known[hit.conversation] = Found(hit.conversation, hit.title)
                new.append(chat)
            chat.in_title = chat.in_title or hit.in_title
            # The message that stands for a chat found by its title may be found by itself.
            if hit.message not in self._messages:
                self._messages.add(hit.message)
                chat.hits.append(hit)
        for chat in new:
            chat.hits.sort(key=lambda hit: (hit.created, hit.number), reverse=True)
        self.chats += sorted(new, key=self._rank)
        self.count = len(self._messages)

    def _rank(self, chat: Found) -> tuple[bool, bool, int, int, float]:
        """In its title; as typed, not only as beginnings of words; by age; how often; newest."""
        newest = chat.hits[0].created
        age = sum(self._now - newest > limit for limit in _AGES)
        return (
            not chat.in_title,
            not any(hit.whole for hit in chat.hits),
            age,
            -min(_OFTEN, len(chat.hits)),
            -newest.timestamp(),
        )
