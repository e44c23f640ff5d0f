"""One conversation on screen: reading it, writing into it, stopping, asking again, branching.

It turns what widgets post and keys ask into calls of the sessions. Whatever waits for the disk or
a server runs in a worker, so no key press ever does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import Static

from tui.core.errors import ChatError
from tui.core.message import Role
from tui.core.models import ModelRef
from tui.core.safe import shown_line
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui import transcript as pane
from tui.ui.actions import Place, keys_at
from tui.ui.bars import StatusLine
from tui.ui.clickable import ClickableText, clickable
from tui.ui.composer import Composer
from tui.ui.conversation_view import ConversationView
from tui.ui.live import FRAMES_PER_SECOND
from tui.ui.reading_screen import ReadingScreen
from tui.ui.transcript import Transcript
from tui.ui.welcome import Welcome
from tui.ui.writer import Writer

BEHIND = 8  # of the frames that a reply has, one in so many is painted behind a dialog


class ConversationScreen(ReadingScreen):
    """A conversation and its composer.

    Args:
        sessions: where chats live.
        chat: the one to begin with.
        run_turn: runs a turn in a task that outlives this screen.
    """

    transcript = query_one(Transcript)
    writer = query_one(Writer)
    welcome = query_one(Welcome)

    def __init__(self, sessions: Sessions, chat: Chat, run_turn: Callable[[Turn], object]) -> None:
        super().__init__(sessions.settings.keys)
        self.sessions = sessions
        self._first_chat = chat
        self.run_turn = run_turn
        self._frames: Timer | None = None
        self._ticks = 0
        self._beginning = False
        self._new_below: str | None = None  # the message that something new was below in

    def before_key(self, event: events.Event) -> None:
        """What is typed or pasted over the messages, and is no key there, is written."""
        if not self.transcript.has_focus:
            return
        if isinstance(event, events.Key):
            writes = event.is_printable and self.active_bindings.keys().isdisjoint(event.aliases)
        else:
            writes = isinstance(event, events.Paste)
        if writes:
            self.set_focus(self.writer.composer)

    def compose_conversation(self) -> ComposeResult:
        """The widgets of a conversation, from top to bottom."""
        with Vertical(id="main"):
            yield Static(id="title", markup=False)
            yield Welcome(id="welcome")
            yield Transcript(id="transcript")
            yield ClickableText(clickable("↓ new below · End", "screen.read_end"), id="below")
            keys = keys_at(Place.COMPOSER, self.sessions.settings.keys)
            yield Writer(keys, self.model_names, self.way, id="writer")
            yield StatusLine(id="status")

    def begin_view(self) -> None:
        """To be called when the widgets are there. Frames are drawn only while something is new."""
        self._frames = self.set_interval(1 / FRAMES_PER_SECOND, self._frame, pause=True)
        self.view = ConversationView(
            self.sessions, self.transcript, self._first_chat, self._frames.resume
        )

    @property
    def chat(self) -> Chat:
        """The chat on screen."""
        return self.view.chat

    def chat_shown(self) -> None:
        """Called after the chat on screen, or anything about it, changed."""
        self.query_one("#title", Static).update(shown_line(self.chat.conversation.title))
        empty = not len(self.chat.tree)
        self.welcome.display = empty
        self.transcript.display = not empty
        if self.has_class("-new-below") and self._new_below not in self.chat.path:
            self.remove_class("-new-below")

    # Asking

    @property
    def asking(self) -> bool:
        """Whether a reply is being written on screen, or is about to be."""
        return self._beginning or self.view.turn is not None

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Around the saving of turns: until they are there, keys begin no others."""
        self._beginning = True
        try:
            yield
        finally:
            self._beginning = False

    async def send(self, text: str, editing: str | None = None) -> None:
        """Send a message; what can't be sent comes back into the composer."""
        chat = self.chat
        if self.asking:
            self.writer.give_back(text, editing)
            stop, send = self.way("stop"), self.way("send")
            self.tell(f"A reply is being written. {stop} stops it; then {send} sends this.")
            return
        if editing is None and self.view.written_elsewhere:
            self.writer.give_back(text, editing)
            self.tell(
                "A reply is being written in another window. "
                f"After it, {self.way('send')} sends this."
            )
            return
        try:
            with self.beginning():
                turns = await self.say(chat, text, editing)
        except ChatError:
            self.writer.give_back(text, editing)
            raise
        self.began(chat, turns)

    async def say(self, chat: Chat, text: str, editing: str | None) -> list[Turn]:
        """Save a message and make the turns that answer it."""
        if editing is None:
            return [await self.sessions.send(chat, text)]
        return [await self.sessions.edit(chat, editing, text)]

    async def ask_again(self, message_id: str, model: ModelRef | None = None) -> None:
        """Another reply beside this one (or to this message of the user's)."""
        chat = self.chat
        if self.asking:
            self.tell(f"A reply is being written. {self.way('stop')} stops it.")
            return
        with self.beginning():
            turn = await self.sessions.retry(chat, message_id, model)
        self.began(chat, [turn])

    def began(self, chat: Chat, turns: Sequence[Turn]) -> None:
        """Run turns, and show them where their chat is on screen."""
        for turn in turns:
            self.run_turn(turn)
        if chat is self.chat:
            for turn in turns:
                self.view.began(turn)
            self.chat_shown()

    def model_names(self) -> Sequence[str]:
        """The models one can name, as a person writes them."""
        return ()

    def _frame(self) -> None:
        self._ticks += 1
        if self.app.screen is not self and self._ticks % BEHIND:
            return
        if self.view.frame():
            if not self.transcript.following:
                self._new_below = self.chat.leaf
                self.add_class("-new-below")
        elif self._frames is not None:
            self._frames.pause()

    async def edit_message(self, message_id: str) -> None:
        """Put an earlier message of the user's into the composer."""
        chat = self.chat
        chat.check(message_id)
        if chat.tree[message_id].role is not Role.USER:
            self.tell("Only your own messages can be edited.")
            return
        (message,) = await self.sessions.load(chat, [message_id])
        if chat is self.chat:
            self.writer.edit(message.id, message.text)

    @property
    def retried(self) -> str | None:
        """What would be asked again: the message that has the focus, else the newest."""
        focused = self.transcript.focused_entry if self.transcript.has_focus else None
        return focused or self.chat.leaf

    # Keys

    def action_retry(self) -> None:
        """Ask again for the newest reply, or the one that has the focus in the transcript."""
        if (target := self.retried) is not None:
            self.doing(self.ask_again, target)
        else:
            self.tell("There is nothing to ask again yet.")

    def action_copy_reply(self) -> None:
        """Copy the newest reply as it was written."""
        if (turn := self.view.turn) is not None:
            self._copy_reply(turn.text)
        elif (newest := self.view.newest(Role.ASSISTANT)) is not None:
            self.doing(self._load_and_copy, newest)
        else:
            self._copy_reply("")

    async def _load_and_copy(self, reply_id: str) -> None:
        (reply,) = await self.sessions.load(self.chat, [reply_id])
        self._copy_reply(reply.text)

    def _copy_reply(self, text: str) -> None:
        if text:
            self.copy(text, "the reply")
        else:
            self.tell("There is no reply to copy yet.")

    def action_edit_last(self) -> None:
        """Edit the newest message of the user's."""
        if (newest := self.view.newest(Role.USER)) is not None:
            self.opening(self.edit_message, newest)
        else:
            self.tell("There is no message to edit yet.")

    @on(Composer.EndWanted)
    def action_read_end(self) -> None:
        """Go to the end of the conversation and follow it."""
        self.transcript.follow_end()

    @on(Composer.LastMessageWanted)
    def _last_message_wanted(self) -> None:
        self.action_edit_last()

    @on(Composer.PageWanted)
    def _page_wanted(self, event: Composer.PageWanted) -> None:
        """The conversation's pages can be turned while one writes."""
        if event.step > 0:
            self.transcript.action_page_further()
        else:
            self.transcript.action_page_back()

    # What the transcript posts

    @on(pane.EntriesNeeded)
    def _entries_needed(self, event: pane.EntriesNeeded) -> None:
        self.doing(self.view.provide, event.ids)

    @on(pane.SiblingStepped)
    def _sibling_stepped(self, event: pane.SiblingStepped) -> None:
        self.doing(self._step, event.entry_id, event.step)

    async def _step(self, message_id: str, step: int) -> None:
        if await self.sessions.step(self.chat, message_id, step):
            await self.view.refresh()
            self.chat_shown()

    @on(pane.WidthChanged)
    def _width_changed(self) -> None:
        self.view.refit()

    @on(pane.FollowChanged)
    def _follow_changed(self, event: pane.FollowChanged) -> None:
        if event.following:
            self.remove_class("-new-below")

    @on(pane.EditRequested)
    def _edit_requested(self, event: pane.EditRequested) -> None:
        self.opening(self.edit_message, event.entry_id)

    @on(pane.RetryRequested)
    def _retry_requested(self, event: pane.RetryRequested) -> None:
        self.doing(self.ask_again, event.entry_id)
