"""The list of chats as values: which part of it is wanted, and that part.

The list is in this order: pinned chats, then the others, each newest first. A chat's rank is its
place in it, from 0. Only the part near what is on screen is ever read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tui.core.chat_filter import ChatFilter


@dataclass(frozen=True, slots=True)
class ListedChat:
    """A chat as the list shows it.

    Attributes:
        updated: when its last message came or changed; an aware time.
        streaming: a reply is being written in it.
        unread: a reply ended that was not on screen.
    """

    id: str
    title: str
    updated: datetime
    pinned: bool = False
    unread: bool = False
    streaming: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """A chat that was on screen, to hold the view still by: unchanged, it says how far all moved.

    Attributes:
        rank: where it was.
    """

    id: str
    rank: int
    updated: datetime
    pinned: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list is wanted.

    Attributes:
        filter: which chats are listed at all.
        starts: where groups of chats that are not pinned begin, the newest first.
        first: rank of the first one wanted; it moves with `seen`.
        count: how many.
        seen: what is on screen, from top to bottom; empty where the view need not hold still.
        around: a chat to have in the middle instead, if it is in the list.
        ids: chats whose ranks are wanted besides.
        marked: ids, of which those are wanted that are in the trash by now.
    """

    filter: ChatFilter
    starts: tuple[datetime, ...]
    first: int
    count: int
    seen: tuple[Seen, ...] = ()
    around: str | None = None
    ids: tuple[str, ...] = ()
    marked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list, and how long all of it is.

    Attributes:
        pinned: how many chats are pinned.
        counts: how many others begin each group of `Wanted.starts`, and how many are older.
        archived: how many in the archive the filter would let through.
        first: rank of the first of `chats`.
        ranks: those of `Wanted.ids` and `Wanted.around`, where they are in the list.
        gone: marked ones that are not there any more.
    """

    pinned: int = 0
    counts: tuple[int, ...] = ()
    archived: int = 0
    first: int = 0
    chats: tuple[ListedChat, ...] = ()
    ranks: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    @property
    def total(self) -> int:
        """How many chats are listed."""
        return self.pinned + sum(self.counts)
