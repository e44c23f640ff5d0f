"""The list of chats in the sidebar: newest first under their days, pinned ones on top.

It knows nothing of the library: it is given rows, as many as are loaded, and posts what the reader
wants done. A row that streams has a filled dot that stays still; a reply nobody has seen yet a dot
in another colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar, Unpack

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from tui.core.safe import shown_line
from tui.ui.format import age, cut, day_group_start
from tui.ui.row_lines import Heading
from tui.ui.row_list import RowList, WidgetOptions

PINNED = "Pinned"
_CURRENT_BAR = "▌"
_DOT = "●"
_MARGIN = 3  # the bar, the dot, a space
# Below this many cells the age would leave no room for a title worth reading.
_NARROWEST_WITH_AGE = 22


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat as the list shows it.

    Attributes:
        updated: when its last message came or changed; an aware time.
        streaming: a reply is being written in it.
        unread: a reply ended that was not on screen.
    """

    id: str
    title: str
    updated: datetime
    model: str = ""
    streaming: bool = False
    unread: bool = False
    pinned: bool = False


class ChatChosen(Message):
    """The reader wants to see a chat."""

    def __init__(self, chat_id: str) -> None:
        super().__init__()
        self.chat_id = chat_id


class DeleteRequested(Message):
    """The reader wants a chat thrown away (which can be undone)."""

    def __init__(self, chat_id: str) -> None:
        super().__init__()
        self.chat_id = chat_id


class UndoRequested(Message):
    """The reader wants the last chat back that was thrown away."""


class MoreWanted(Message):
    """The end of the rows came near, and `ChatList.show` was told that there are more."""


def under_headings(
    rows: Iterable[ChatRow], now: datetime, tz: tzinfo | None = None
) -> list[ChatRow | Heading]:
    """Pinned rows, then the others, each newest first, under the heading of their day or month."""
    newest_first = sorted(rows, key=lambda row: row.updated, reverse=True)
    lines: list[ChatRow | Heading] = [row for row in newest_first if row.pinned]
    if lines:
        lines.insert(0, Heading(PINNED))
    start: datetime | None = None
    for row in newest_first:
        if row.pinned:
            continue
        if start is None or row.updated < start:
            name, start = day_group_start(row.updated, now, tz)
            lines.append(Heading(name))
        lines.append(row)
    return lines


class ChatList(RowList[ChatRow]):
    """The list of chats.

    Args:
        tz: the zone that days begin in; None for the system's own.
    """

    EMPTY = "No chats yet"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete,d", "delete", "Delete chat", show=False),
        Binding("ctrl+z", "undo", "Undo delete", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chat-list--open",
        "chat-list--bar",
        "chat-list--streaming",
        "chat-list--unread",
        "chat-list--new",
    }
    DEFAULT_CSS = """
    ChatList {
        & > .chat-list--open { background: $primary 20%; text-style: bold; }
        & > .chat-list--bar { color: $primary; }
        & > .chat-list--streaming { color: $accent; }
        & > .chat-list--unread { color: $success; }
        & > .chat-list--new { text-style: bold; }
    }
    """

    def __init__(self, *, tz: tzinfo | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self._tz = tz
        self._now = datetime.now().astimezone()
        self._current: str | None = None
        self._more = False

    def show(self, rows: Sequence[ChatRow], now: datetime, *, more: bool = False) -> None:
        """Show `rows` as they are at `now`.

        Args:
            rows: the chats that are loaded, in any order.
            now: an aware time; ages and days are told from it.
            more: there are older ones to be had: `MoreWanted` is posted, once, when the reader
                comes near the end.
        """
        self._now = now
        self._more = more
        self.set_lines(under_headings(rows, now, self._tz))

    @property
    def current(self) -> str | None:
        """The id of the chat that is open, which the list marks; None for a new one."""
        return self._current

    @current.setter
    def current(self, chat_id: str | None) -> None:
        self._current = chat_id
        if chat_id is not None:
            self.highlight(chat_id)
        self.refresh()

    def row_chosen(self, row: ChatRow) -> None:
        """Ask for the chat to be opened."""
        self.post_message(ChatChosen(row.id))

    def came_near_end(self) -> None:
        """Ask for more rows, once for each `show`."""
        if self._more:
            self._more = False
            self.post_message(MoreWanted())

    def action_delete(self) -> None:
        """Ask for the highlighted chat to be thrown away."""
        if row := self.highlighted:
            self.post_message(DeleteRequested(row.id))

    def action_undo(self) -> None:
        """Ask for the last deletion to be taken back."""
        self.post_message(UndoRequested())

    def render_row(self, row: ChatRow, width: int, look: tuple[str, ...]) -> Strip:
        """`▌● Title …        3 h`."""
        is_open = row.id == self._current
        if is_open:
            look = ("chat-list--open", *look)
        when = age(row.updated, self._now, self._tz) if width >= _NARROWEST_WITH_AGE else ""
        room = width - _MARGIN - (len(when) + 2 if when else 1)
        title = cut(shown_line(row.title) or "Untitled", room)
        if row.streaming:
            dot, dot_style = _DOT, "chat-list--streaming"
        else:
            dot, dot_style = (_DOT if row.unread else " "), "chat-list--unread"
        return self.strip(
            [
                (_CURRENT_BAR if is_open else " ", "chat-list--bar"),
                (dot, dot_style),
                (" ", ""),
                (title, "chat-list--new" if row.unread else ""),
                (" " * (room - cell_len(title) + (1 if when else 0)), ""),
                (when + " ", "row-list--muted"),
            ],
            look,
        )
