"""What a search found, as lines: each chat's title, and under it its messages.

A chat with many hits shows the first of them and says how many more there are: none of them hides
the other chats.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip

from tui.core.hit import Hit, Span
from tui.core.message import Role
from tui.core.results import Found
from tui.core.safe import shown
from tui.ui.format import ELLIPSIS, age, cut
from tui.ui.row_lines import Heading
from tui.ui.row_list import RowList

AT_FIRST = 3  # hits of a chat
_WHO = {Role.USER: "You"}
_AGE, _NAME = 10, 6  # cells of `2024-03-12` and `Reply `
_BEFORE = 12  # cells that stay in sight before what was found, where there is little room
_SPACE = re.compile(r"\s")
# Under so many cells the text has them all for itself.
_NARROW = 48


@dataclass(frozen=True, slots=True)
class HitRow:
    """A message that was found; `id` is its own."""

    id: str
    hit: Hit


@dataclass(frozen=True, slots=True)
class MoreRow:
    """The rest of a chat's hits.

    Attributes:
        id: of the chat, which no message has.
        count: how many.
    """

    id: str
    count: int


@dataclass(frozen=True)
class ChatHeading(Heading):
    """A chat's title, and what of it was found."""

    in_title: tuple[Span, ...] = ()


HitLine = HitRow | MoreRow | Heading


class HitChosen(Message):
    """The reader wants to see a message that was found."""

    def __init__(self, hit: Hit) -> None:
        super().__init__()
        self.hit = hit


class MoreHitsWanted(Message):
    """The end of the list came near."""


def lines_of(
    chats: Iterable[Found], unfolded: Container[str] = frozenset(), *, folding: bool = True
) -> list[HitLine]:
    """Chats with their hits, those of `unfolded`, or without `folding` all, with all of them."""
    lines: list[HitLine] = []
    for chat in chats:
        # Spans count the characters of the title itself, so what is shown is of its length.
        title = _SPACE.sub(" ", shown(chat.title))
        lines.append(ChatHeading(title if title.strip() else "Untitled", chat.in_title))
        few = len(chat.hits) <= AT_FIRST + 1
        whole = few or not folding or chat.conversation in unfolded
        first = chat.hits if whole else chat.hits[:AT_FIRST]
        lines += [HitRow(hit.message, hit) for hit in first]
        if not whole:
            lines.append(MoreRow(chat.conversation, len(chat.hits) - AT_FIRST))
    return lines


def window(hit: Hit, room: int) -> tuple[str, tuple[Span, ...]]:
    """The part of a snippet that fits into `room` cells, with what was found first in sight."""
    text, ranges = shown(hit.snippet), hit.ranges
    if not ranges or cell_len(text[: ranges[0][1]]) < room:
        return cut(text, room), ranges
    start = ranges[0][0]
    while start and cell_len(text[start - 1 : ranges[0][0]]) <= min(_BEFORE, room // 3):
        start -= 1
    moved = tuple((left - start + 1, right - start + 1) for left, right in ranges)
    return cut(ELLIPSIS + text[start:], room), moved


def marked(
    text: str, ranges: Iterable[Span], plain: str = "", found: str = "hit-list--found"
) -> list[tuple[str, str]]:
    """A text in parts, each with its component class."""
    parts: list[tuple[str, str]] = []
    at = 0
    for start, end in ranges:
        parts += [(text[at:start], plain), (text[start:end], found)]
        at = min(end, len(text))
    return [*parts, (text[at:], plain)]


class HitList(RowList[HitRow | MoreRow], can_focus=False):
    """The list under the box, which keeps the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hit-list--found",
        "hit-list--chat",
        "hit-list--found-in-chat",
    }
    DEFAULT_CSS = """
    HitList {
        & > .row-list--cursor { background: $primary 35%; }
        & > .hit-list--found { color: $text-warning; text-style: bold; }
        & > .hit-list--chat { color: $text-primary; text-style: bold; }
        & > .hit-list--found-in-chat { color: $text-warning; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime.now().astimezone()
        self._chats: list[Found] = []
        self._unfolded: set[str] = set()
        self._folding = True

    def show(
        self, chats: Iterable[Found], now: datetime, *, anew: bool = False, folding: bool = True
    ) -> None:
        """Show these.

        Args:
            chats: in their order.
            now: an aware time, from which ages are told.
            anew: they were found for something else than those that are shown.
            folding: whether a chat shows the first of its hits only.
        """
        self._folding = folding
        self._now = now
        self._chats = list(chats)
        if anew:
            self._unfolded.clear()
        self._set_lines()

    def seek(self, message_id: str) -> bool:
        """Highlight a message, whose chat may have to be unfolded; False if it is not there."""
        for chat in self._chats:
            if any(hit.message == message_id for hit in chat.hits):
                if self.rows.find(message_id) is None:
                    self._unfold(chat.conversation)
                self.highlight(message_id)
                return True
        return False

    def row_chosen(self, row: HitRow | MoreRow) -> None:
        """Tell the search, or show what is folded away."""
        if isinstance(row, HitRow):
            self.post_message(HitChosen(row.hit))
            return
        (first,) = [chat.hits[AT_FIRST] for chat in self._chats if chat.conversation == row.id]
        self._unfold(row.id)
        self.highlight(first.message)

    def _unfold(self, chat_id: str) -> None:
        self._unfolded.add(chat_id)
        self._set_lines()

    def _set_lines(self) -> None:
        self.set_lines(lines_of(self._chats, self._unfolded, folding=self._folding))

    def came_near_end(self) -> None:
        """Tell the search."""
        self.post_message(MoreHitsWanted())

    def render_heading(self, heading: Heading, width: int) -> Strip:
        """A chat's title."""
        text = cut(heading.text, max(0, width - 2))
        space = " " * max(0, width - 1 - cell_len(text))
        ranges = heading.in_title if isinstance(heading, ChatHeading) else ()
        parts = marked(text, ranges, "hit-list--chat", "hit-list--found-in-chat")
        return self.strip([(" ", ""), *parts, (space, "")], ())

    def render_row(self, row: HitRow | MoreRow, width: int, look: tuple[str, ...]) -> Strip:
        """`   You    …snippet of the message…      12 Mar `."""
        if isinstance(row, MoreRow):
            text = cut(f"  {' ' * _NAME}{row.count} more in this chat", width)
            return self.strip([(text + " " * (width - len(text)), "row-list--muted")], look)
        head = ("  " + _WHO.get(row.hit.role, "Reply")).ljust(2 + _NAME)
        when = age(row.hit.created, self._now).rjust(_AGE) + " " if width >= _NARROW else ""
        room = max(1, width - len(head) - len(when) - 1)
        text, ranges = window(row.hit, room)
        space = (" " * (room + 1 - cell_len(text)), "")
        parts = [(head, "row-list--muted"), *marked(text, ranges), space]
        return self.strip([*parts, (when, "row-list--muted")], look)
