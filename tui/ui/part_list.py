"""A list of chats of which only the part near what is on screen is known.

It knows nothing of the library: `wanted` says which part of the list it wants, `show` takes that
part, and `PartWanted` is posted when another is due. Invariant: what is pressed acts on the rows
of what was typed before it, never on those of an older filter (`when_ready`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Unpack

from tui.core.chat_filter import ChatFilter, parse_filter
from tui.core.listing import ListedChat, Part, Seen, Wanted
from tui.ui.chat_rows import ArchiveRow, ListChanged, ListRow, PartWanted
from tui.ui.day_groups import EARLIER, day_groups
from tui.ui.grouped_lines import GroupedLines
from tui.ui.marks import Marks
from tui.ui.row_list import RowList, WidgetOptions

PINNED = "Pinned"
MARGIN = 30  # rows that are read beyond both ends of what is on screen


class PartList(RowList[ListRow]):
    """The rows, what narrows them, and what is marked among them.

    Args:
        tz: the zone that days begin in; None for the system's own.

    Attributes:
        typed: what narrows the list.
        marks: the chats that are marked, whatever narrows the list.
        now: an aware time, from which ages and days are told.
    """

    def __init__(self, *, tz: tzinfo | None = None, **options: Unpack[WidgetOptions]) -> None:
        super().__init__(**options)
        self.tz = tz
        self.now = datetime.now().astimezone()
        self.typed = ""
        self.marks = Marks()
        self.filter = ChatFilter()
        self._shown: ChatFilter | None = None  # what the rows are of
        self._lines: GroupedLines[ListRow] = GroupedLines()
        self._asked = False  # for a part that has not come yet
        self._goal: str | None = None  # a chat to be highlighted once its place is known
        self._current: str | None = None
        self._waiting: list[Callable[[], None]] = []

    @property
    def empty(self) -> str:
        """What is shown in place of no chats; nothing before it is known that there are none."""
        if self._shown is None:
            return ""
        return "Nothing fits" if self.typed else self.EMPTY

    @property
    def lines(self) -> GroupedLines[ListRow]:
        """What is shown."""
        return self._lines

    def wanted(self, now: datetime) -> Wanted:
        """The part to be shown next; `now` is an aware time."""
        self.now = now
        row = self.highlighted
        height = max(1, self.scrollable_content_region.height)
        top = self.scroll_offset.y
        rank, around = 0, self._goal
        seen: tuple[Seen, ...] = ()
        if self._shown == self.filter:
            rank = self._lines.rank_from(top)
            seen = self._seen(range(top, top + height)) if top else ()
        elif around is None and row is not None and not self.typed:
            around = row.id  # nothing narrows the list any more: what was found stays in sight
        first = max(0, rank - MARGIN)
        last = rank + height + MARGIN
        return Wanted(
            filter=self.filter,
            starts=tuple(group.start for group in day_groups(now, self.tz)),
            first=first,
            count=last - first if around is None else height + 2 * MARGIN,
            seen=seen,
            around=around,
            ids=(row.id,) if row is not None else (),
            marked=frozenset(self.marks),
        )

    def _seen(self, on_screen: range) -> tuple[Seen, ...]:
        rows = [(self._lines.rank_at(line), self._lines.row(line)) for line in on_screen]
        return tuple(
            Seen(row.id, rank, row.updated, row.pinned)
            for rank, row in rows
            if rank is not None and isinstance(row, ListedChat)
        )

    def show(self, part: Part, wanted: Wanted) -> None:
        """Show a part of the list, which came for what was wanted."""
        names = (PINNED, *(group.name for group in day_groups(self.now, self.tz)), EARLIER)
        groups = zip(names, (part.pinned, *part.counts), strict=True)
        another = self._shown != wanted.filter
        self._shown, self._asked = wanted.filter, False
        self.marks.drop(part.gone)
        self._lines = GroupedLines(
            [(name, count) for name, count in groups if count],
            part.first,
            part.chats,
            part.ranks,
            [ArchiveRow(part.archived)] if part.archived else [],
        )
        self.show_lines(self._lines)
        if wanted.around is not None:
            self.highlight(wanted.around)
            if wanted.around == self._goal:
                self._goal = None
        elif another:
            self.action_end(-1)
        self.changed()
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            self.when_ready(act)

    def came_into_view(self) -> None:
        """Ask for rows that are not known and are, or soon will be, on screen."""
        height = self.scrollable_content_region.height
        if not height or self._asked or self._shown is None:
            return
        lines, top, near = self._lines, self.scroll_offset.y, MARGIN // 2
        last = lines.first + len(lines.known)
        lacks_above = lines.first > 0 and lines.rank_from(top) - near < lines.first
        lacks_below = last < lines.total and lines.rank_from(top + height) + near > last
        if lacks_above or lacks_below:
            self.want()

    def want(self) -> None:
        """Ask for a part."""
        self._asked = True
        self.post_message(PartWanted())

    @property
    def settled(self) -> bool:
        """Whether what was typed is answered and the highlighted row is known."""
        known = self._cursor is None or self.rows.at(self._cursor) is not None
        return self._shown == self.filter and known

    def when_ready(self, act: Callable[[], None]) -> None:
        """Do something once it is settled, behind what waits for that already."""
        if self.settled and not self._waiting:
            act()
        else:
            self._waiting.append(act)

    def type(self, text: str) -> None:
        """Narrow the list to what `text` says."""
        self.typed = text
        self.filter = parse_filter(text)
        if self.filter != self._shown:
            self.want()
        if not self.rows:
            self.refresh()  # what is shown in place of no chats
        self.post_message(ListChanged())  # of the rows none is another yet

    def changed(self) -> None:
        """What narrows the list, what is marked, or how long it is may be another."""
        self.refresh()
        self.post_message(ListChanged())

    @property
    def current(self) -> str | None:
        """The id of the chat that is open, which the list marks; None for a new one."""
        return self._current

    @current.setter
    def current(self, chat_id: str | None) -> None:
        if chat_id == self._current:
            return
        self._current = chat_id
        if chat_id is not None:
            self.seek(chat_id)
        self.refresh()

    def seek(self, chat_id: str) -> None:
        """Highlight a chat, wherever in the list it is."""
        if self.rows.find(chat_id) is not None:
            self.highlight(chat_id)
        else:
            self._goal = chat_id
            self.want()
