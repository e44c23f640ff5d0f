"""The list of chats in the sidebar: pinned ones, then newest first under days, weeks and months.

Characters typed in it narrow it; all other keys act on it, in the order in which they come. What
is done to chats it only asks for: of those that are marked, else of the highlighted one.

A row that streams has a filled dot that stays still; a reply nobody has seen yet a dot in another
colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import ClassVar, Unpack

from textual import events
from textual.strip import Strip

from tui.core.listing import ListedChat
from tui.core.safe import shown_line
from tui.ui.actions import Place, keys_at
from tui.ui.chat_rows import (
    ArchiveRow,
    ChatChosen,
    DeleteRequested,
    ListRow,
    RangeMarked,
    UndoRequested,
    archive_parts,
    chat_parts,
)
from tui.ui.part_list import PartList
from tui.ui.row_list import WidgetOptions


class ChatList(PartList):
    """The list of chats.

    Args:
        keys: key to the action it stands for; None: as the table of actions has them.
        tz: the zone that days begin in; None for the system's own.
    """

    EMPTY = "No chats yet"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chat-list--open",
        "chat-list--bar",
        "chat-list--streaming",
        "chat-list--unread",
        "chat-list--new",
        "chat-list--marked",
        "chat-list--mark",
    }
    DEFAULT_CSS = """
    ChatList {
        overflow-y: scroll; /* a bar that comes and goes with what is typed moves all the rest */
        & > .chat-list--open { background: $primary 20%; text-style: bold; }
        & > .chat-list--marked { background: $accent 20%; }
        & > .chat-list--bar { color: $primary; }
        & > .chat-list--mark { color: $text-accent; text-style: bold; }
        & > .chat-list--streaming { color: $accent; }
        & > .chat-list--unread { color: $success; }
        & > .chat-list--new { text-style: bold; }
    }
    """

    def __init__(
        self,
        keys: Mapping[str, str] | None = None,
        *,
        tz: tzinfo | None = None,
        **options: Unpack[WidgetOptions],
    ) -> None:
        super().__init__(tz=tz, **options)
        self._keys = keys_at(Place.LIST, {}) if keys is None else keys
        self._actions: dict[str, Callable[[], None]] = {
            "open_chat": self.action_open_chat,
            "mark": self.action_mark,
            "mark_down": self.action_mark_down,
            "mark_up": self.action_mark_up,
            "mark_all": self.action_mark_all,
            "delete_chat": self.action_delete_chat,
            "undo": self.action_undo,
        }
        self._moves: dict[str, Callable[[], None]] = {
            "up": partial(self.action_cursor, -1),
            "down": partial(self.action_cursor, 1),
            "pageup": partial(self.action_page, -1),
            "pagedown": partial(self.action_page, 1),
            "home": partial(self.action_end, -1),
            "end": partial(self.action_end, 1),
        }

    # Keys

    async def _on_key(self, event: events.Key) -> None:
        # Here and not by bindings, so that each key acts on what was typed before it.
        action = next((self._keys[key] for key in event.aliases if key in self._keys), None)
        if action is not None:
            self.when_ready(self._actions[action])
        elif (move := self._moves.get(event.key)) is not None:
            self.marks.anchor = None
            self.when_ready(move)
        elif not self._edit(event):
            return
        event.stop()
        event.prevent_default()

    def _edit(self, event: events.Key) -> bool:
        """Change what narrows the list; False where the key is none that does."""
        if event.character and event.is_printable:
            self.type((self.typed + event.character).lstrip())
        elif self.typed and event.key in ("backspace", "ctrl+h"):
            self.type(self.typed[:-1])
        elif self.typed and event.key == "ctrl+w":
            self.type(self.typed.rstrip().rpartition(" ")[0])
        elif self.typed and event.key == "ctrl+u":
            self.type("")
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted narrows it too."""
        event.stop()
        self.type((self.typed + shown_line(event.text)).lstrip())

    def leave(self) -> bool:
        """Drop what narrows it, else the marks; False when there was neither."""
        if self.typed:
            self.type("")
        elif self.marks:
            self.unmark()
        else:
            return False
        return True

    # Marks

    @property
    def targets(self) -> tuple[str, ...]:
        """What is to be acted on: the chats that are marked, else the highlighted one."""
        row = self.highlighted
        return tuple(self.marks) or ((row.id,) if isinstance(row, ListedChat) else ())

    def mark(self, ids: Sequence[str]) -> None:
        """Mark chats besides those that are; where all of them are, none of them."""
        if all(chat_id in self.marks for chat_id in ids):
            self.marks.drop(ids)
        else:
            self.marks.add(ids)
        self.changed()

    def unmark(self) -> None:
        """Mark none."""
        self.marks.clear()
        self.changed()

    def action_mark(self) -> None:
        """Mark the highlighted chat, or not, and go on to the next."""
        if isinstance(row := self.highlighted, ListedChat):
            self.marks.toggle(row.id)
            self.action_cursor(1)
            self.changed()

    def action_mark_all(self) -> None:
        """Mark all that are listed, or none where all are."""
        self.post_message(RangeMarked(self.filter, 0, self.lines.total))

    def action_mark_down(self) -> None:
        """Mark from here on down."""
        self._extend(1)

    def action_mark_up(self) -> None:
        """Mark from here on up."""
        self._extend(-1)

    def _extend(self, step: int) -> None:
        if not isinstance(row := self.highlighted, ListedChat):
            return
        began = self.rows.find(self.marks.begin(row.id))
        self.action_cursor(step)
        if began is None or self._cursor is None:
            self.marks.anchor = None
            return
        start, end = sorted((began, self._cursor))
        rows = [self.rows.row(line) for line in range(start, end + 1)]
        self.marks.extend(one.id for one in rows if isinstance(one, ListedChat))
        self.changed()

    # What is asked of others

    def row_clicked(self, line: int, event: events.Click) -> None:
        """A click opens; with Ctrl it marks a chat, with Shift all from the highlighted one on."""
        before = None if self._cursor is None else self.lines.rank_at(self._cursor)
        if not (event.ctrl or event.shift):
            super().row_clicked(line, event)
            return
        self.highlight_line(line)
        rank = self.lines.rank_at(line)
        if event.ctrl and isinstance(row := self.highlighted, ListedChat):
            self.marks.toggle(row.id)
            self.changed()
        elif event.shift and before is not None and rank is not None:
            first, last = sorted((before, min(rank, self.lines.total - 1)))
            self.post_message(RangeMarked(self.filter, first, last - first + 1))

    def row_chosen(self, row: ListRow) -> None:
        """Ask for the chat to be opened; or show the archive."""
        if isinstance(row, ListedChat):
            self.post_message(ChatChosen(row.id))
        else:
            self.type(f"is:archived {self.typed}")

    def action_open_chat(self) -> None:
        """Open the highlighted chat."""
        self.action_choose()

    def action_delete_chat(self) -> None:
        """Ask for the targets to be thrown away."""
        if targets := self.targets:
            self.post_message(DeleteRequested(targets))

    def action_undo(self) -> None:
        """Ask for what was done last to be taken back."""
        self.post_message(UndoRequested())

    # Painting

    def render_row(self, row: ListRow, width: int, look: tuple[str, ...]) -> Strip:
        """A chat, or the way to the archive."""
        if isinstance(row, ArchiveRow):
            return self.strip(archive_parts(row, width), look)
        is_open, marked = row.id == self.current, row.id in self.marks
        if is_open:
            look = ("chat-list--open", *look)
        if marked:
            look = ("chat-list--marked", *look)
        return self.strip(
            chat_parts(row, width, self.now, self.tz, is_open=is_open, marked=marked), look
        )
