"""The branches of a chat: where it forked, and what can be done about it.

What is done is done in the order in which the keys came, each when the one before is over, and the
picture is drawn anew after each. It is read again as well when another process has changed
something.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static
from textual.worker import Worker

from tui.core.branches import BranchRow
from tui.core.errors import ChatError
from tui.core.message import utc_now
from tui.session.branching import Branching
from tui.ui.branch_list import BranchChosen, BranchList, GlimpsesWanted
from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.dialogs.rename import RenameDialog

EACH_SECOND = 1.0
FIRST_LOOK = 60  # rows read before the first paint, more than a screenful
LONG_FORK = 1000  # messages: a fifth of a second
HEIGHT = 0.94  # of the screen, which a dialog's box may take
AROUND = 7  # rows of the screen that the list can't have: margins, borders, what to know of it
KEYS = "F2 names it · f makes it a chat · d deletes it · Ctrl+Z brings it back"
KEYS_OF_ONE = "Editing ({edit}) or retrying ({retry}) a message begins another · Ctrl+Z undoes"
NOTHING_BESIDE = (
    "There is nothing beside this one. Editing ({edit}) or retrying ({retry}) a message begins a "
    "branch; /delete throws the whole chat away."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen.

    Attributes:
        message: the message to go to, on the branch that is looked at now.
        fork: the chat that was made of a branch.
    """

    message: str | None = None
    fork: str | None = None


class BranchScreen(Dialog[Wanted]):
    """The picture and its keys; its result is None when it was closed without choosing.

    Args:
        branches: those of the chat.
        focused: the message to highlight the run of; None: the end of the branch on screen.
        way: how one does an action of the table.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b,q", "close", "Close", show=False),
        Binding("f2", "rename", "Name the branch", show=False),
        Binding("f", "fork", "A chat of its own", show=False),
        Binding("delete,d", "delete", "Delete the branch", show=False),
        Binding("ctrl+z", "undo", "Undo", show=False),
    ]
    DEFAULT_CSS = """
    BranchScreen {
        DialogBox { width: 140; }
        BranchList { height: 1; }
        Static { height: auto; max-height: 4; padding: 1 1 0 1; color: $text-muted; }
    }
    """

    picture = query_one(BranchList)
    about = query_one(Static)

    def __init__(self, branches: Branching, focused: str | None, way: Callable[[str], str]) -> None:
        super().__init__()
        self._ways = {"edit": way("edit_message"), "retry": way("retry_message")}
        self._branches = branches
        self._focused = focused
        self._version: object = None
        self._trouble = ""
        self._at_work = asyncio.Lock()
        self._under_way = 0  # or waits for that

    def compose(self) -> ComposeResult:
        """The picture, what to know of it."""
        with DialogBox("Branches of this chat", "Enter shows it · Esc goes back"):
            yield BranchList()
            yield Static()

    def on_mount(self) -> None:
        """Read, then look each second whether anything changed."""
        self.doing(self._keep_up)
        self.set_interval(EACH_SECOND, self._look)

    def on_resize(self) -> None:
        """As high as it has rows, as far as there is room."""
        self._fit()

    async def _told(self, work: Callable[[], Awaitable[object]]) -> None:
        """Each when the one before is over."""
        self._under_way += 1
        try:
            async with self._at_work:
                await super()._told(work)
        finally:
            self._under_way -= 1
            self.post_message(self.Arrived())

    @property
    def on_the_way(self) -> bool:
        """Keys wait for what is being done: it may change what they act on, or close this."""
        return self._under_way > 0

    # Showing

    def _look(self) -> None:
        if not self._at_work.locked():
            self.doing(self._keep_up)

    async def _keep_up(self) -> None:
        try:
            if await self._branches.version() != self._version:
                await self._read()
        except ChatError as failure:
            if failure.text != self._trouble:  # each second, told once
                self._trouble = failure.text
                raise
        else:
            self._trouble = ""

    async def _read(self, highlighted: str | None = None) -> None:
        """Draw what there is now."""
        self._version = await self._branches.version()
        rows, names = await self._branches.rows()
        picture = self.picture
        first_time = not len(picture.rows)
        if first_time:
            at = self._branches.run_of(rows, self._focused)
            highlighted = rows[at].id
            near = [row.id for row in rows[max(0, at - FIRST_LOOK) : at + FIRST_LOOK]]
            picture.provide(await self._branches.glimpses(near))
        picture.show(rows, names, utc_now())
        self._fit()
        if highlighted is not None:
            picture.highlight(highlighted)
        branches = 1 + sum(row.goes_off for row in rows)
        counted, keys = f"{branches:,} branches", KEYS
        if branches == 1:
            counted, keys = "One branch", KEYS_OF_ONE.format(**self._ways)
        messages = _counted(sum(row.count for row in rows))
        self.about.update(Content(f"{counted}, {messages} · ● is on screen\n{keys}"))

    def _fit(self) -> None:
        room = int(self.size.height * HEIGHT) - AROUND
        self.picture.styles.height = max(1, min(len(self.picture.rows), room))

    @on(GlimpsesWanted)
    def _glimpses_wanted(self, event: GlimpsesWanted) -> None:
        event.stop()
        provide = partial(self._provide, event.ids)
        _: Worker[None] = self.run_worker(provide, group="glimpses", exclusive=True)

    async def _provide(self, ids: list[str]) -> None:
        # What can't be read stays empty; the next look tells why.
        with suppress(ChatError):
            self.picture.provide(await self._branches.glimpses(ids))

    # Doing

    @on(BranchChosen)
    def _chosen(self, event: BranchChosen) -> None:
        event.stop()
        self.doing(self._show, event.row)

    async def _show(self, row: BranchRow) -> None:
        await self._branches.look_at(row)
        self.dismiss(Wanted(message=row.id))

    def action_rename(self) -> None:
        """Ask what the highlighted branch is to be called."""
        if (row := self.picture.highlighted) is not None:
            dialog = RenameDialog(
                self.picture.name_of(row), "Name this branch", "No name", may_be_empty=True
            )
            self.app.push_screen(dialog, partial(self._named, row))

    def _named(self, row: BranchRow, name: str | None) -> None:
        if name is not None:
            self.doing(self._call_it, row, name)

    async def _call_it(self, row: BranchRow, name: str) -> None:
        await self._branches.rename(row.id, name)
        await self._read()

    def action_fork(self) -> None:
        """Make a chat of the highlighted branch."""
        if (row := self.picture.highlighted) is not None:
            self.doing(self._fork, row)

    async def _fork(self, row: BranchRow) -> None:
        if (length := self._branches.length(row)) > LONG_FORK:
            self.tell(f"Copying {_counted(length)}…")
        self.dismiss(Wanted(fork=await self._branches.fork(row)))

    def action_delete(self) -> None:
        """Put the highlighted branch into the trash."""
        row = self.picture.highlighted
        if row is not None and row.has_siblings:
            self.doing(self._delete, row)
        else:
            self.tell(NOTHING_BESIDE.format(**self._ways))

    async def _delete(self, row: BranchRow) -> None:
        count = await self._branches.delete(row)
        await self._read()
        self.tell(f"Branch deleted ({_counted(count)}). Ctrl+Z here brings it back.")

    def action_undo(self) -> None:
        """Bring back the branch that was deleted last."""
        self.doing(self._undo)

    async def _undo(self) -> None:
        back = await self._branches.restore()
        if back is None:
            self.tell("No branch of this chat is in the trash.")
            return
        await self._read(back[0])
        self.tell(f"The branch is back ({_counted(back[1])}).")


def _counted(messages: int) -> str:
    return f"{messages:,} message{'' if messages == 1 else 's'}"
