"""The Textual application: owns the screen and runs every turn, whoever looks at it.

What it takes to chat is loaded behind the first frame, in a thread; until then one can write.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import WorkerError

from tui.core.errors import ChatError
from tui.ui.actions import Place, bindings, chosen_actions, keymap, ways
from tui.ui.clipboard import clipboard_command, copy_by_command
from tui.ui.commands import commands_with
from tui.ui.doorstep import Doorstep
from tui.ui.driver import mended
from tui.ui.scrollbar import QUIET_SCROLLBAR
from tui.ui.themes import DARK, LIGHT
from tui.ui.typing_ahead import TypingAheadApp
from tui.ui.working_screen import WorkingScreen

if TYPE_CHECKING:  # loaded behind the first frame
    from tui.session.turn import Turn
    from tui.store.spending import Spending
    from tui.store.state import AppState
    from tui.ui.chat_screen import ChatScreen
    from tui.ui.start import Ready

SAVING_SECONDS = 3.0
A_FRAME = 1 / 60  # seconds
LOADING_SECONDS = 0.05  # between looks at whether one can leave yet
TURNS = "turns"
MOST_TOLD = 3  # problems of the config; more would cover the chat
log = logging.getLogger(__name__)


class ChinwagApp(TypingAheadApp):
    """chinwag.

    Args:
        load: called in a thread behind the first frame; makes what the chat screen is made from.
        remembered: how chinwag was left.
        takes_text: whether what is typed meanwhile is for the chat that will be on screen.

    Attributes:
        chat_screen: the main screen, None until it is there.
        failure: why nothing could be opened; the app has ended then.
    """

    TITLE = "chinwag"
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.APP)
    CSS = (
        f"CommandList {{{QUIET_SCROLLBAR}}}"
        """
    ToastRack { dock: top; align: right top; margin: 1 0 0 0; } /* off what one writes in */
    ToastRack { align: right top; }
    Toast { max-width: 70; }
    CommandPalette > Vertical { background: $surface; &:dark { background: $surface; } }
    """
    )

    def __init__(
        self, load: Callable[[], Ready], remembered: AppState, *, takes_text: bool = True
    ) -> None:
        super().__init__(self._takes_key)
        self.failure: ChatError | None = None
        self._load = load
        self._failed = False
        self.chat_screen: ChatScreen | None = None
        self._look(remembered.theme)
        self._doorstep = Doorstep(
            remembered.draft, sidebar=remembered.sidebar, takes_text=takes_text
        )

    def _look(self, remembered: str) -> None:
        """Take the theme before there is a screen: afterwards all of it would be styled twice."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = remembered if remembered in self.available_themes else DARK.name
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        """Where one can write from the first frame on."""
        return self._doorstep

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, mended."""
        return mended(super().get_driver_class())

    def on_load(self) -> None:
        """Whatever ends chinwag from outside, from before the terminal is touched on."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, name):  # no SIGHUP on Windows
                number: signal.Signals = getattr(signal, name)
                with suppress(NotImplementedError):
                    loop.add_signal_handler(number, self.call_later, self._leave, 128 + number)

    def on_mount(self) -> None:
        """Everything else comes after the first frame, and after what was typed until then."""
        self.call_after_refresh(self.set_timer, A_FRAME, partial(self.run_worker, self._enter))

    def on_doorstep_opened(self) -> None:
        """What was typed meanwhile is on the first frame already."""
        self.has_come(self._doorstep)

    async def _enter(self) -> None:
        """Load the chat screen; it takes the place of the doorstep, with what is typed there."""
        try:
            ready = self._opened = await asyncio.to_thread(self._load)
        except ChatError as failure:
            self.failure = failure
            self.exit(return_code=1)
            return
        from tui.ui.chat_screen import ChatScreen

        self.set_keymap((keys := keymap(ready.sessions.settings.keys))[0])
        ready.memory.change(draft=await self._doorstep.leave())
        screen = ChatScreen(ready.sessions, ready.choice, ready.memory, ready.start, self.run_turn)
        await self.push_screen(screen)  # and there it stays: nothing goes back to the doorstep
        await self._doorstep.remove_children()
        self.chat_screen = screen
        self.theme_changed_signal.subscribe(
            self, lambda theme: ready.memory.change(theme=theme.name)
        )
        self._tell_problems([*ready.start.problems, *keys[1]])
        self.call_later(self.pass_on)
        screen.call_after_refresh(ready.warm_up)

    def _takes_key(self, event: events.Event) -> bool:
        """Before the chat screen is there only words act; on the way elsewhere, nothing."""
        if self.chat_screen is None:
            return self._doorstep.takes(event)
        at_work = [self.chat_screen, self.screen]
        return not any(isinstance(one, WorkingScreen) and one.on_the_way for one in at_work)

    def before_key(self, event: events.Event) -> None:
        """What is typed over the messages may be for the composer."""
        if self.screen is self.chat_screen:
            self.chat_screen.before_key(event)

    async def on_working_screen_arrived(self) -> None:
        """What was typed on the way acts here."""
        await self.pass_on()

    def _tell_problems(self, problems: list[str]) -> None:
        """Say what in the config could not be used, in one place however much it is."""
        if len(problems) > MOST_TOLD:
            more = f"and {len(problems) - MOST_TOLD} more: `chinwag doctor` lists them"
            problems = [*problems[:MOST_TOLD], more]
        if problems:
            self.notify(
                "\n".join(problems),
                title="The config has values that can't be used",
                severity="warning",
                timeout=10,
                markup=False,
            )

    def run_turn(self, turn: Turn) -> None:
        """Run a turn in a worker of the app's, so that it outlives every screen and widget."""
        self.run_worker(self._run_turn(turn), group=TURNS, exit_on_error=False)

    async def _run_turn(self, turn: Turn) -> None:
        chat_id, asked = turn.reply.conversation, turn.request
        try:
            await turn.run()
        except ChatError as failure:
            self.notify(failure.text, severity="error", timeout=15, markup=False)
        if turn.reply.text:
            from tui.core.models import ModelRef  # the start does without

            self._opened.choice.replied(ModelRef(asked.endpoint.name, asked.model))
        if self.chat_screen is not None and self.chat_screen.chat.id != chat_id:
            sessions = self._opened.sessions
            await sessions.change(await sessions.open(chat_id), unread=True)

    async def action_quit(self) -> None:
        """End replies in flight, keep what they have and what is typed, and leave."""
        await self._leave(0)

    async def _leave(self, status: int) -> None:
        """Leave with an exit status: 128 and the number of the signal that asked for it."""
        screen = self.chat_screen
        if screen is None or not screen.is_mounted:  # it could not be taken down half built
            self.set_timer(LOADING_SECONDS, partial(self._leave, status))
            return
        try:
            async with asyncio.timeout(SAVING_SECONDS):
                await screen.writer.composer.caught_up()
                await screen.leave()
                await self._opened.sessions.end_turns()
                await self.workers.wait_for_complete(
                    [worker for worker in self.workers if worker.group == TURNS]
                )
        except (TimeoutError, ChatError, WorkerError):
            log.warning("left before everything was saved")
        self.exit(return_code=status)

    def action_command_palette(self) -> None:
        """Everything one can do on the screen there is, by name."""
        if not isinstance(self.screen, CommandPalette):
            commands = commands_with(self._opened.sessions.settings.keys)
            self.push_screen(CommandPalette(providers=[commands], id="--command-palette"))

    def action_help(self) -> None:
        """All that one can do, by key or slash command; the same key closes it."""
        from tui.ui.dialogs import HelpRow, HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
            return
        rows = [
            HelpRow(action.group, ways(action), action.text)
            for action in chosen_actions(self._opened.sessions.settings.keys)
        ]
        self.push_screen(HelpScreen(rows))

    def action_usage(self) -> None:
        """What replies took."""
        from tui.ui.usage_screen import UsageScreen

        async def spending() -> Spending:
            return await self._opened.sessions.library.run(lambda library: library.spending)

        self.push_screen(UsageScreen(spending, datetime.now().astimezone().date()))

    def action_toggle_theme(self) -> None:
        """Dark or light."""
        self.theme = (LIGHT if self.current_theme.dark else DARK).name

    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the terminal, and by the system's own tool where there is one."""
        super().copy_to_clipboard(text)
        if (command := clipboard_command(os.environ)) is not None:
            self.run_worker(lambda: copy_by_command(text, command), thread=True, group="clipboard")

    def _fatal_error(self) -> None:
        """A mistake of ours: the terminal is restored, the traceback goes to the log."""
        log.critical("chinwag ended by a mistake of its own", exc_info=sys.exc_info())
        if self._failed:  # what follows a first mistake says nothing that a person could use
            return
        self._failed = True
        self.panic(
            Text(
                "chinwag made a mistake and had to stop. Everything that was said is saved.\n"
                "What happened is in its log: `chinwag paths` says where."
            )
        )
