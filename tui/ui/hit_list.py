"""What a search found, as lines: each chat's title, and under it its messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip

from tui.core.hit import Hit, Span
from tui.core.message import Role
from tui.core.safe import shown, shown_line
from tui.ui.format import ELLIPSIS, age, cut
from tui.ui.row_lines import Heading
from tui.ui.row_list import RowList

_WHO = {Role.USER: "You"}
_AGE, _NAME = 10, 6  # cells of `2024-03-12` and `Reply `
_BEFORE = 12  # cells that stay in sight before what was found, where there is little room
# Under so many cells the text has them all for itself.
_NARROW = 48


@dataclass(frozen=True, slots=True)
class HitRow:
    """A message that was found; `id` is its own."""

    id: str
    hit: Hit


class HitChosen(Message):
    """The reader wants to see a message that was found."""

    def __init__(self, hit: Hit) -> None:
        super().__init__()
        self.hit = hit


def by_chat(hits: Iterable[Hit]) -> list[HitRow | Heading]:
    """Chats by their newest hit, each with all of its own, newest first."""
    chats: dict[str, list[HitRow | Heading]] = {}
    for hit in hits:
        lines = chats.setdefault(hit.conversation, [Heading(shown_line(hit.title) or "Untitled")])
        lines.append(HitRow(hit.message, hit))
    return [line for lines in chats.values() for line in lines]


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


class HitList(RowList[HitRow], can_focus=False):
    """The list under the box, which keeps the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"hit-list--found", "hit-list--chat"}
    DEFAULT_CSS = """
    HitList {
        & > .row-list--cursor { background: $primary 35%; }
        & > .hit-list--found { color: $text-warning; text-style: bold; }
        & > .hit-list--chat { color: $text-primary; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime.now().astimezone()

    def show(self, hits: Iterable[Hit], now: datetime) -> None:
        """Show these; `now` is an aware time, from which ages are told."""
        self._now = now
        self.set_lines(by_chat(hits))

    def row_chosen(self, row: HitRow) -> None:
        """Tell the search."""
        self.post_message(HitChosen(row.hit))

    def render_heading(self, heading: Heading, width: int) -> Strip:
        """A chat's title."""
        text = cut(heading.text, max(0, width - 2))
        space = " " * max(0, width - 1 - cell_len(text))
        return self.strip([(" ", ""), (text, "hit-list--chat"), (space, "")], ())

    def render_row(self, row: HitRow, width: int, look: tuple[str, ...]) -> Strip:
        """`   You    …snippet of the message…      12 Mar `."""
        head = ("  " + _WHO.get(row.hit.role, "Reply")).ljust(2 + _NAME)
        when = age(row.hit.created, self._now).rjust(_AGE) + " " if width >= _NARROW else ""
        room = max(1, width - len(head) - len(when) - 1)
        text, ranges = window(row.hit, room)
        parts: list[tuple[str, str]] = [(head, "row-list--muted")]
        at = 0
        for start, end in ranges:
            parts += [(text[at:start], ""), (text[start:end], "hit-list--found")]
            at = min(end, len(text))
        parts += [(text[at:], ""), (" " * (room + 1 - cell_len(text)), "")]
        return self.strip([*parts, (when, "row-list--muted")], look)
