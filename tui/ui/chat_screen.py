"""The main screen: which chat and which model, around the conversation."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.core.errors import ChatError
from tui.core.message import utc_now
from tui.core.models import ModelRef
from tui.core.settings import DEMO, LOCAL
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.actions import ACTIONS, Place, bindings, chosen_actions, written_keys
from tui.ui.arranging_screen import ArrangingScreen
from tui.ui.bars import KeyBar, StatusLine
from tui.ui.chat_values import standing
from tui.ui.choosing import ModelChoice
from tui.ui.memory import Memory
from tui.ui.scrollbar import QUIET_SCROLLBAR
from tui.ui.start import Start
from tui.ui.welcome import Welcome

EACH_SECOND = 1.0
TWICE_SECONDS = 1.0
USE_KEY = (
    "Leave chinwag ({way}), say `export OPENAI_API_KEY=…` in this shell, and start it again. "
    "The key is read from there and kept nowhere."
)


class ChatScreen(ArrangingScreen):
    """All of it: begins as asked, keeps up with the library, and says what the moment offers."""

    DEFAULT_CSS = (
        f"ChatScreen #transcript {{{QUIET_SCROLLBAR}}}"
        """
    ChatScreen {
        layout: vertical;
        & > #body { height: 1fr; }
        #title { height: 1; padding: 0 2; color: $text-muted; text-style: bold; }
        #below {
            height: 1; width: auto; display: none; margin: 0 2;
            color: $text-accent; text-style: bold;
        }
        #writer { margin: 1 0 0 0; }
        #status { margin: 0; }
        &.-new-below #below { display: block; }
    }
    """
    )

    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.CHAT)
    PALETTE: ClassVar[Mapping[str, str]] = {action.id: action.id for action in ACTIONS}

    def __init__(
        self,
        sessions: Sessions,
        choice: ModelChoice,
        memory: Memory,
        start: Start,
        run_turn: Callable[[Turn], object],
    ) -> None:
        first = sessions.new(choice.default, start.system_prompt)
        super().__init__(sessions, first, run_turn, choice, memory)
        self._start = start
        self._spent: tuple[str, float | None] = ("", None)
        self._version: int | None = None
        self._minute = -1
        self._trouble = ""
        self._looking = False
        self._last_ctrl_c = -TWICE_SECONDS
        self._painted = False

    def compose(self) -> ComposeResult:
        """List, conversation, keys."""
        yield from super().compose()
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Show the new chat at once; what needs the disk comes after the first frame."""
        self.begin_view()
        self.sessions.observers.append(self._session_changed)
        self.writer.put(self.memory.state.draft)
        self.chat_shown()
        (self.welcome if self._start.offers else self.writer.composer).focus()
        self.call_after_refresh(self._after_first_frame)

    def on_unmount(self) -> None:
        """Sessions outlive the screen."""
        self.sessions.observers.remove(self._session_changed)

    def _after_first_frame(self) -> None:
        self._painted = True
        self._look_up()
        # What is typed ahead of a chat that was asked for is for that one.
        (self.opening if self._start.elsewhere else self.doing)(self._begin)
        self.set_interval(EACH_SECOND, self._look)

    async def _begin(self) -> None:
        start = self._start
        await self.feed.refresh()
        chat_id = start.chat_id
        if start.continue_last:
            latest = await self.sessions.library.run(lambda library: library.latest())
            chat_id = latest.id if latest is not None else None
        if chat_id is not None:
            await self.open_chat(chat_id)
        if start.prompt.strip():
            await self.send(start.prompt)

    def _session_changed(self, chat: Chat) -> None:
        self.newest("list", self.feed.refresh)
        if chat is self.chat:
            self.chat_shown()

    def _look(self) -> None:
        if not self._looking:  # a slow disk has one look after the other
            self._looking = True
            self.doing(self._each_second)

    async def _each_second(self) -> None:
        """Keep what is typed, and show what changed; what fails each time is told once."""
        try:
            await self.keep_draft()
            await self.memory.save()
            await self.sessions.save_ends()
            await self._keep_up()
        except ChatError as failure:
            if failure.text != self._trouble:
                self._trouble = failure.text
                raise
        else:
            self._trouble = ""
        finally:
            self._looking = False

    async def _keep_up(self) -> None:
        """The library may have changed in another window, and ages in the list do with time."""
        version = await self.sessions.library.run(lambda library: library.data_version())
        changed, minute = version != self._version, utc_now().minute
        if minute != self._minute:
            await self.sessions.library.run(lambda library: library.tend(utc_now()))
        if changed or minute != self._minute:
            await self.feed.refresh()
            self._minute = minute
        # What was opened by its end only, and then left alone, is made whole as well.
        if (changed or not self.chat.whole) and await self.sessions.refresh(self.chat):
            await self.view.refresh()
            self.chat_shown()
        self._version = version

    def chat_shown(self) -> None:
        """Show title, welcome, list and bars as they are for the chat on screen."""
        super().chat_shown()
        chat = self.chat
        self.chats.current = chat.id
        ref = self.model
        self.welcome.show(
            self._start.offers if not chat.saved else (),
            [f"New chat with {self.choice.written(ref)}"] if not self._start.offers else [],
        )
        self._show_standing()
        self._show_keys()
        self._look_up()

    def _show_standing(self) -> None:
        """Show what is known of the chat's model and money."""
        of_chat, spent = self._spent
        self.query_one(StatusLine).show(
            standing(
                self.sessions, self.chat, self.choice, spent if of_chat == self.chat.id else None
            )
        )

    def _show_keys(self) -> None:
        """Show the keys of the moment."""
        actions = chosen_actions(self.sessions.settings.keys)
        keys = {action.id: written_keys(action.keys) for action in actions}
        if self.view.turn is not None:
            first = (keys["stop"], "Stop", "screen.stop")
        elif self.has_class("-narrow") and self.has_class("-list"):
            first = (keys["stop"], "Back", "screen.stop")
        else:
            first = (keys["send"], "Send", "screen.send_written")
        self.query_one(KeyBar).show([action for action in actions if action.hint], first)

    def _look_up(self) -> None:
        """Have prices and windows looked up, which loads their list: not before the first frame."""
        if self._painted:
            self.newest("learn", self._learn, self.chat, self.model)

    async def _learn(self, chat: Chat, ref: ModelRef) -> None:
        """Look up what the status line says of the model and the money."""
        await self.choice.catalog.learn([ref])
        spent = (
            await self.sessions.library.run(lambda library: library.spent(chat.id))
            if chat.saved and chat.whole  # else it would be asked again as soon as it is
            else None
        )
        if chat is self.chat:
            self._spent = (chat.id, spent)
            self._show_standing()

    # Keys

    def action_send_written(self) -> None:
        """The key bar's way to send."""
        self.writer.composer.action_send()

    def action_stop(self) -> None:
        """Stop the reply on screen, else close what is open; in the list it is for that first."""
        if self.leave_list():
            return
        if (turn := self.view.turn) is not None:
            turn.stop()
        elif self.transcript.has_focus and (
            self.transcript.has_selection
            or self.transcript.focused_entry
            or self.transcript.seeking
        ):
            self.transcript.action_drop_selection()
        elif self.back_to_search() or self.writer.leave_edit() or self.writer.leave_compare():
            return
        elif self.has_class("-list"):
            self.action_toggle_sidebar()
        else:
            self.writer.composer.focus()

    async def action_copy_or_quit(self) -> None:
        """Copy what is selected; else, twice within a second on an empty composer, quit."""
        if self.copy_selected():
            return
        now = time.monotonic()
        if self.sessions.turns:
            stop, leave = self.way("stop"), self.way("quit")
            self.tell(
                f"A reply is being written. {stop} stops it; {leave} quits and keeps what came."
            )
        elif self.writer.composer.text:
            self.tell(f"{self.way('quit')} quits. What you typed is kept.")
        elif now - self._last_ctrl_c <= TWICE_SECONDS:
            await self.app.action_quit()
        else:
            self._last_ctrl_c = now
            self.tell(f"{self.way('copy_or_quit')} again quits.")

    # The welcome

    @on(Welcome.Taken)
    def _offer_taken(self, event: Welcome.Taken) -> None:
        self.doing(self._take, event.key)

    async def _take(self, key: str) -> None:
        """Begin in the way that was chosen on the welcome."""
        if key == "1":
            self.tell(USE_KEY.format(way=self.way("quit")))
            return
        self._start = replace(self._start, offers=())
        name = LOCAL if key == "2" else DEMO
        endpoint = self.sessions.endpoint(name)
        await self.use_model(ModelRef(name, endpoint.models[0]))
        self.writer.composer.focus()
        if name == DEMO:
            await self.send("Hello! Show me around.")

    @on(Welcome.Typed)
    def _typed_on_welcome(self, event: Welcome.Typed) -> None:
        self.writer.composer.focus()
        self.writer.composer.insert(event.text)
