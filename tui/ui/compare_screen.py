"""Several replies to one message, side by side while they are written; one is picked.

The replies are siblings in the chat and their turns are the app's, so whatever is pressed here,
nothing is lost: who leaves finds all of them again in the chat, one version each.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import Static

from tui.core.message import Message
from tui.core.models import ModelRef
from tui.core.safe import shown_line
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui import transcript as pane
from tui.ui.actions import ACTIONS, Action, chosen_actions, written_keys
from tui.ui.bars import KeyBar
from tui.ui.choosing import ModelChoice
from tui.ui.compare_column import Column, columns_for
from tui.ui.compared import Compared
from tui.ui.format import cut
from tui.ui.live import FRAMES_PER_SECOND
from tui.ui.reading_screen import ReadingScreen
from tui.ui.scrollbar import QUIET_SCROLLBAR

NAME_LEAST = 8  # cells of a model's name in the key bar
NUMBERS_EACH = 0.5  # seconds; more often they could not be read, and cost a tenth of the text
# What one may do without waiting for the replies: they go on.
_LEAVING = ("new_chat", "search", "toggle_sidebar")
_KEYS = {action.id: action.keys for action in ACTIONS}

# Looks at the branch of a reply; with a model, that is what the chat goes on with.
GoOn = Callable[[str, ModelRef | None], Awaitable[object]]


class CompareScreen(ReadingScreen):
    """Replies side by side, or stacked where there is no room.

    Args:
        sessions: where turns live.
        chat: what the replies belong to.
        replies: from left to right.
        choice: what is known of models.
        run_turn: runs a turn in a task that outlives this screen.
        go_on: called with the reply that is picked, before this closes.
        leave_for: called with an action of the chat's that was asked for here, after it closed.
        focus: the id of the reply to begin with.
    """

    DEFAULT_CSS = (
        f"CompareScreen Transcript {{{QUIET_SCROLLBAR}}}"
        """
    CompareScreen {
        layout: vertical;
        #asked { height: 1; padding: 0 2; color: $text-muted; text-style: bold; }
        #columns { layout: grid; height: 1fr; grid-gutter: 0 1; }
    }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(_KEYS["stop"], "stop_or_close", "Stop, or close", show=False, priority=True,
                id="stop"),
        # Ahead of the transcript, so that what is typed behind it is for the chat.
        Binding("enter", "pick", "Go on from it", show=False, priority=True),
        # Ahead of the transcript's own: a wide table is moved by h and l too.
        Binding("left", "step(-1)", "Reply to the left", show=False, priority=True),
        Binding("right", "step(1)", "Reply to the right", show=False, priority=True),
        *(Binding(str(n), f"look_at({n})", f"Reply {n}", show=False) for n in range(1, 10)),
        Binding(_KEYS["retry"], "retry", "Ask again", show=False, priority=True, id="retry"),
        Binding(_KEYS["copy_reply"], "copy_reply", "Copy", show=False, priority=True,
                id="copy_reply"),
        *(
            Binding(_KEYS[name], f"leave_for('{name}')", "Leave", show=False, priority=True,
                    id=name)
            for name in _LEAVING
        ),
    ]  # fmt: skip
    PALETTE: ClassVar[Mapping[str, str]] = {
        "retry": "retry",
        "copy_reply": "copy_reply",
        **{name: f"leave_for('{name}')" for name in _LEAVING},
    }

    def __init__(
        self,
        sessions: Sessions,
        chat: Chat,
        replies: Sequence[Message],
        choice: ModelChoice,
        run_turn: Callable[[Turn], object],
        go_on: GoOn,
        leave_for: Callable[[str], Awaitable[object]],
        *,
        focus: str,
    ) -> None:
        super().__init__(sessions.settings.keys)
        self.sessions = sessions
        self.chat = chat
        self.compared = [
            Compared(number, reply, sessions, choice) for number, reply in enumerate(replies, 1)
        ]
        self._at = [reply.id for reply in replies].index(focus)
        self._choice = choice
        self._run_turn = run_turn
        self._go_on = go_on
        self._leave_for = leave_for
        self._keys = {one.id: one.keys for one in chosen_actions(sessions.settings.keys)}
        self._stacked = False
        self._leaving = False
        self._asking: set[Compared] = set()  # asked again, and the turn is not there yet
        self._half = 0  # which replies the next frame draws: every other one
        self._idle = 0  # frames since one had something to draw
        self._frames: Timer | None = None
        self._ticks: Timer | None = None

    def compose(self) -> ComposeResult:
        """What was asked, the replies, keys."""
        yield Static(self._asked(), id="asked", markup=False)
        with Container(id="columns"):
            for one in self.compared:
                yield Column(one.heading(focused=False, one_line=False))
        yield KeyBar(id="keys")

    def _asked(self) -> str:
        parent = self.compared[0].reply.parent
        question = self.chat.messages.get(parent) if parent is not None else None
        return shown_line(question.text) if question is not None else ""

    def on_mount(self) -> None:
        """One timer draws all replies, only while something is new; numbers have a slower one."""
        self._columns = list(self.query(Column))
        self._frames = self.set_interval(1 / FRAMES_PER_SECOND, self._frame, pause=True)
        self._ticks = self.set_interval(NUMBERS_EACH, self._tick)
        for one, column in zip(self.compared, self._columns, strict=True):
            one.begin(column.transcript, self._wake)
        self._columns[self._at].transcript.focus()
        self.doing(self._choice.catalog.learn, [one.model for one in self.compared])

    def on_unmount(self) -> None:
        """The turns outlive the screen."""
        for one in self.compared:
            one.leave()

    # Showing

    @property
    def current(self) -> Compared:
        """The reply that keys act on."""
        return self.compared[self._at]

    def on_resize(self, event: events.Resize) -> None:
        """Side by side where there is room."""
        count = len(self.compared)
        columns = columns_for(event.size.width, count)
        self._stacked = columns == 1
        grid = self.query_one("#columns").styles
        grid.grid_size_columns = columns
        grid.grid_size_rows = -(-count // columns)
        self._show()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keys act on the reply whose text has the focus."""
        for at, column in enumerate(self._columns):
            if event.widget is column.transcript:
                self._look_at(at)

    def _look_at(self, at: int) -> None:
        self._at = at
        self._show()

    def _show(self) -> None:
        """Show the headings, who has the focus, and the keys of the moment."""
        if self._stacked and len(self.compared) > 2:
            # Many share little height: the one that is read has the most of it.
            rows = " ".join("3fr" if one is self.current else "1fr" for one in self.compared)
            self.query_one("#columns").styles.grid_rows = rows
        else:
            self.query_one("#columns").styles.grid_rows = "1fr"
        self._show_headings()

    def _show_headings(self) -> None:
        for at, (one, column) in enumerate(zip(self.compared, self._columns, strict=True)):
            column.head.show(one.heading(focused=at == self._at, one_line=self._stacked))
        # Of a long name as much as leaves room for the other keys.
        name = cut(shown_line(self.current.name), max(NAME_LEAST, self.size.width // 5))
        live = self.current.turn is not None
        keys = self._keys
        escape = written_keys(keys["stop"])
        stop = (escape, "Stop it" if live else "Close", "screen.stop_or_close")
        self.query_one(KeyBar).show(
            [
                Action("pick", "enter", "", "", hint=f"Go on with {name}"),
                Action("step(1)", "left,right", "", "", hint="Another"),
                Action("retry", keys["retry"], "", "", hint="Ask again"),
                Action("copy_reply", keys["copy_reply"], "", "", hint="Copy"),
            ],
            stop,
        )

    def _frame(self) -> None:
        # In turns: drawn half as often, two replies cost what one does, and still read as smoothly.
        self._half ^= 1
        drawn = [one for one in self.compared[self._half :: 2] if one.frame()]
        self._idle = 0 if drawn else self._idle + 1
        if self._idle > 1 and self._frames is not None:
            self._frames.pause()
        if any(one.turn is None for one in drawn):  # it has just ended
            self._show_headings()

    def _wake(self) -> None:
        self._idle = 0
        if self._frames is not None:
            self._frames.resume()

    def _tick(self) -> None:
        if any(one.turn is not None for one in self.compared):
            self._show_headings()

    # Keys, and words that are clicked

    def action_step(self, by: int) -> None:
        """Go to the next reply; after the last comes the first."""
        self.action_look_at((self._at + by) % len(self.compared) + 1)

    def action_look_at(self, number: int) -> None:
        """Go to a reply."""
        if number <= len(self._columns):
            self._columns[number - 1].transcript.focus()  # which comes after the keys behind
            self._look_at(number - 1)

    def action_stop(self, number: int) -> None:
        """Stop one reply."""
        if (turn := self.compared[number - 1].turn) is not None:
            turn.stop()

    def action_stop_or_close(self) -> None:
        """Stop the reply that has the focus; once it has ended, close and look at it."""
        transcript = self._columns[self._at].transcript
        if (turn := self.current.turn) is not None:
            turn.stop()
        elif transcript.has_selection or transcript.focused_entry:
            transcript.action_drop_selection()
        else:
            self._leave(self.current, None)

    def action_pick(self, number: int | None = None) -> None:
        """Go on from a reply, with its model."""
        one = self.current if number is None else self.compared[number - 1]
        self._leave(one, one.model)

    def action_leave_for(self, action: str) -> None:
        """Something that is done in the chat."""
        self._leave(self.current, None, action)

    def _leave(self, one: Compared, model: ModelRef | None, action: str = "") -> None:
        if not self._leaving:
            self._leaving = True
            self.opening(self._close, one.reply_id, model, action)

    async def _close(self, reply_id: str, model: ModelRef | None, action: str) -> None:
        try:
            await self._go_on(reply_id, model)
        finally:
            self.dismiss()
            if action:
                await self._leave_for(action)

    def action_retry(self) -> None:
        """Ask the model of this reply again."""
        self._retry(self.current)

    @on(pane.ActionChosen)
    @on(pane.RetryRequested)
    def _retry_wanted(self, event: pane.ActionChosen | pane.RetryRequested) -> None:
        for one in self.compared:
            if one.reply_id == event.entry_id:
                self._retry(one)

    def _retry(self, one: Compared) -> None:
        if one.turn is None and one not in self._asking:
            self._asking.add(one)
            self.doing(self._ask_again, one)
        else:
            self.tell(f"This reply is being written. {self.way('stop')} stops it.")

    async def _ask_again(self, one: Compared) -> None:
        try:
            turn = await self.sessions.retry(self.chat, one.reply_id, one.model)
        finally:
            self._asking.discard(one)
        self._run_turn(turn)
        one.show(turn.reply)
        self._show_headings()

    def action_copy_reply(self) -> None:
        """Copy the reply as it was written."""
        if text := self.current.text:
            self.copy(text, "the reply")
        else:
            self.tell("There is no reply to copy yet.")

    # What the transcripts post

    @on(pane.BranchesWanted)
    def _branches_wanted(self) -> None:
        self.action_leave_for("branches")

    @on(pane.EntriesNeeded)
    def _entries_needed(self, event: pane.EntriesNeeded) -> None:
        for one in self.compared:
            if one.reply_id in event.ids:
                one.show(one.reply)
