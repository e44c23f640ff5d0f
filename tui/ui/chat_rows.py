"""The rows of the list of chats, how each is painted, and what the list posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from rich.cells import cell_len
from textual.message import Message

from tui.core.chat_filter import ChatFilter
from tui.core.listing import ListedChat
from tui.core.safe import shown_line
from tui.ui.format import age, cut

_CURRENT_BAR, _MARK, _DOT = "▌", "✓", "●"
_MARGIN = 3  # the bar or mark, the dot, a space
# Below this many cells the age would leave no room for a title worth reading.
_NARROWEST_WITH_AGE = 22
# Of the room for a title, tags take at most so much from one that fills it.
_TAGS_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """The way to the chats in the archive."""

    count: int
    id: str = "archive"  # no chat's: those are numbers


ListRow = ListedChat | ArchiveRow


class ChatChosen(Message):
    """The reader wants to see a chat."""

    def __init__(self, chat_id: str) -> None:
        super().__init__()
        self.chat_id = chat_id


class DeleteRequested(Message):
    """The reader wants these chats thrown away (which can be undone)."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        super().__init__()
        self.ids = ids


class UndoRequested(Message):
    """The reader wants what was done last to be taken back."""


class PartWanted(Message):
    """Another part of the list is wanted: `PartList.wanted` says which."""


class RangeMarked(Message):
    """The reader marks `count` chats from rank `first` on, which the list may not all know."""

    def __init__(self, listed: ChatFilter, first: int, count: int) -> None:
        super().__init__()
        self.listed = listed
        self.first = first
        self.count = count


class ListChanged(Message):
    """What narrows the list, what is marked in it, or how long it is changed."""


def chat_parts(
    row: ListedChat,
    width: int,
    now: datetime,
    tz: tzinfo | None,
    *,
    is_open: bool = False,
    marked: bool = False,
) -> list[tuple[str, str]]:
    """`▌● Title …  #work  3 h`: (text, component class), `width` cells in all."""
    when = age(row.updated, now, tz) + " " if width >= _NARROWEST_WITH_AGE else ""
    room = max(0, width - _MARGIN - (len(when) + 1 if when else 1))
    title, tags = _title_and_tags(row, room)
    if marked:
        first = (_MARK, "chat-list--mark")
    else:
        first = (_CURRENT_BAR if is_open else " ", "chat-list--bar")
    if row.streaming:
        dot = (_DOT, "chat-list--streaming")
    else:
        dot = (_DOT if row.unread else " ", "chat-list--unread")
    space = room - cell_len(title) - cell_len(tags) + 1
    return [
        first,
        dot,
        (" ", ""),
        (title, "chat-list--new" if row.unread else ""),
        (tags, "row-list--muted"),
        (" " * space, ""),
        (when, "row-list--muted"),
    ]


def archive_parts(row: ArchiveRow, width: int) -> list[tuple[str, str]]:
    """`   Archived (12)`."""
    text = cut(f"Archived ({row.count:,})", max(0, width - _MARGIN))
    space = " " * max(0, width - _MARGIN - cell_len(text))
    return [(" " * _MARGIN, ""), (text, "row-list--muted"), (space, "")]


def _title_and_tags(row: ListedChat, room: int) -> tuple[str, str]:
    """Title, and as many whole tags as there is room for."""
    title, tags = shown_line(row.title) or "Untitled", ""
    left = max(room - cell_len(title), int(room * _TAGS_SHARE))
    for tag in row.tags:
        more = f"{'' if tags else ' '} #{shown_line(tag)}"
        if cell_len(tags + more) > left:
            break
        tags += more
    return cut(title, room - cell_len(tags)), tags
