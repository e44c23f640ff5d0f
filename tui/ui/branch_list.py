"""The branches of a chat, drawn: lines, and what each run of messages begins with.

The list is given rows and asks for the beginnings of those that are on screen and near; the others
are never read. What a name or a text holds is shown as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip

from tui.core.branches import BranchRow, drawn
from tui.core.message import Role, Status
from tui.core.safe import shown_line
from tui.store.branches import Glimpse
from tui.ui.format import BETWEEN, ELLIPSIS, age, cut
from tui.ui.row_list import RowList

_AGE = 11  # cells of `2024-03-12` and a space
# From these widths on there is room for who wrote it, and for numbers with their words.
_WITH_AGE, _WITH_WHO, _WITH_WORDS = 44, 48, 84
_WHO = (12, 18)
_COUNT = (7, 15)  # cells of `999 msg` and of `1,234 messages` with a space
_EMPTY = {
    Status.PENDING: "being written",
    Status.STREAMING: "being written",
    Status.FAILED: "failed",
    Status.STOPPED: "stopped",
    Status.INTERRUPTED: "interrupted",
}


class BranchChosen(Message):
    """The reader wants to see a branch."""

    def __init__(self, row: BranchRow) -> None:
        super().__init__()
        self.row = row


class GlimpsesWanted(Message):
    """Rows came into view, or near it, of which nothing is known; `BranchList.provide` gives it."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__()
        self.ids = ids


class BranchList(RowList[BranchRow]):
    """The picture."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "branch-list--line",
        "branch-list--here",
        "branch-list--end",
        "branch-list--name",
    }
    DEFAULT_CSS = """
    BranchList {
        background: $surface;
        & > .branch-list--line { color: $foreground 40%; }
        & > .branch-list--here { color: $primary; }
        & > .branch-list--end { text-style: bold; }
        & > .branch-list--name { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._now = datetime.now().astimezone()
        self._names: Mapping[str, str] = {}
        self._known: dict[str, Glimpse] = {}
        self._wanting = False

    def show(self, rows: Sequence[BranchRow], names: Mapping[str, str], now: datetime) -> None:
        """Show these.

        Args:
            rows: top to bottom.
            names: of those that have one, by id.
            now: an aware time, from which ages are told.
        """
        self._names, self._now = names, now
        # What is being written reads otherwise a moment later.
        for row_id in [one for one, known in self._known.items() if known.status.in_flight]:
            del self._known[row_id]
        self.set_lines(rows)

    def provide(self, glimpses: Mapping[str, Glimpse]) -> None:
        """Take what was asked for."""
        self._known.update(glimpses)
        self.refresh()

    def name_of(self, row: BranchRow) -> str:
        """What a branch is called; empty: nothing."""
        return self._names.get(row.id, "")

    def row_chosen(self, row: BranchRow) -> None:
        """Ask for the branch."""
        self.post_message(BranchChosen(row))

    def near(self, line: int, height: int) -> list[str]:
        """Ids of the rows from a page before a line to two pages after it that are not known."""
        lines = range(max(0, line - height), min(len(self.rows), line + 2 * height))
        rows = [self.rows.row(number) for number in lines]
        return [row.id for row in rows if row is not None and row.id not in self._known]

    def _want(self) -> None:
        """Ask once for all that the present paint misses."""
        self._wanting = False
        if ids := self.near(self.scroll_offset.y, max(1, self.size.height)):
            self.post_message(GlimpsesWanted(ids))

    def render_row(self, row: BranchRow, width: int, look: tuple[str, ...]) -> Strip:
        """`├─○ the name · its first words…    gpt-4o    12 messages     3 h `."""
        glimpse = self._known.get(row.id)
        if glimpse is None and not self._wanting:
            self._wanting = True
            self.call_later(self._want)
        lines = drawn(row, first=self.rows.find(row.id) == 0)
        if len(lines) > width // 2:
            lines = ELLIPSIS + lines[-(width // 2) + 1 :]
        right = self._right(row, glimpse, width)
        room = max(1, width - len(lines) - cell_len(right) - 2)
        name = cut(shown_line(self.name_of(row)), room)
        if name and cell_len(name) < room - len(BETWEEN):
            name += BETWEEN
        text = cut(_text(glimpse), max(0, room - cell_len(name)))
        said = glimpse is not None and glimpse.text
        return self.strip(
            [
                (" " + lines[:-2], "branch-list--line"),
                (lines[-2:], "branch-list--here" if row.on_path else "branch-list--line"),
                (name, "branch-list--name"),
                (
                    text,
                    ("branch-list--end" if row.on_screen else "") if said else "row-list--muted",
                ),
                (" " * (room - cell_len(name) - cell_len(text) + 1), ""),
                (right, "row-list--muted"),
            ],
            look,
        )

    def _right(self, row: BranchRow, glimpse: Glimpse | None, width: int) -> str:
        """Who wrote it, how many messages it has, how old it is: what there is room for."""
        words = width >= _WITH_WORDS
        unit = ("message" if row.count == 1 else "messages") if words else "msg"
        right = f"{row.count:,} {unit}".rjust(_COUNT[words])
        if width >= _WITH_WHO:
            who = "You" if row.role is Role.USER else shown_line(glimpse.model) if glimpse else ""
            space = _WHO[words]
            who = cut(who, space)
            right = who + " " * (space - cell_len(who)) + right
        if width >= _WITH_AGE:
            right += (age(glimpse.created, self._now) if glimpse else "").rjust(_AGE)
        return right + " "


def _text(glimpse: Glimpse | None) -> str:
    if glimpse is None:
        return ""
    return shown_line(glimpse.text) or _EMPTY.get(glimpse.status, "no text")
