"""The Textual application: owns the screen and runs every turn, whoever looks at it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.screen import Screen
from textual.worker import WorkerError

from tui.core.errors import ChatError
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.actions import Place, bindings, chosen_actions, keymap, written_keys
from tui.ui.chat_screen import ChatScreen
from tui.ui.choosing import ModelChoice
from tui.ui.clipboard import clipboard_command, copy_by_command
from tui.ui.commands import ActionCommands
from tui.ui.driver import mended
from tui.ui.memory import Memory
from tui.ui.scrollbar import QUIET_SCROLLBAR
from tui.ui.start import Start
from tui.ui.themes import DARK, LIGHT
from tui.ui.typing_ahead import TypingAheadApp

if TYPE_CHECKING:
    from tui.store.spending import Spending

SAVING_SECONDS = 3.0
TURNS = "turns"
MOST_TOLD = 3  # problems of the config; more would cover the chat
log = logging.getLogger(__name__)


class ChinwagApp(TypingAheadApp):
    """chinwag.

    Args:
        sessions: chats and turns.
        choice: models.
        memory: what is remembered between starts.
        start: what to do first.
        warm_up: called after the first frame, to load what is slow to load.
    """

    TITLE = "chinwag"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionCommands}
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
        self,
        sessions: Sessions,
        choice: ModelChoice,
        memory: Memory,
        start: Start,
        warm_up: Callable[[], None],
    ) -> None:
        super().__init__()
        self._sessions = sessions
        self._choice = choice
        self._memory = memory
        self._start = start
        self._warm_up = warm_up
        self._failed = False
        self._look(memory.state.theme)
        self._chat_screen = ChatScreen(sessions, choice, memory, start, self.run_turn)

    def _look(self, remembered: str) -> None:
        """Take the theme before there is a screen: afterwards all of it would be styled twice."""
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = remembered if remembered in self.available_themes else DARK.name
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        """The chat is there from the first frame on."""
        return self._chat_screen

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
        """Keys as chosen; what is slow comes after the first frame."""
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember(theme.name))
        keys, problems = keymap(self._sessions.settings.keys)
        self.set_keymap(keys)
        self._tell_problems([*self._start.problems, *problems])
        self.call_after_refresh(self._warm_up)

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

    def _remember(self, theme: str) -> None:
        self._memory.change(theme=theme)

    def run_turn(self, turn: Turn) -> None:
        """Run a turn in a worker of the app's, so that it outlives every screen and widget."""
        self.run_worker(self._run_turn(turn), group=TURNS, exit_on_error=False)

    async def _run_turn(self, turn: Turn) -> None:
        chat_id = turn.reply.conversation
        try:
            await turn.run()
        except ChatError as failure:
            self.notify(failure.text, severity="error", timeout=15, markup=False)
        if self._chat_screen.chat.id != chat_id:
            chat = await self._sessions.open(chat_id)
            await self._sessions.change(chat, unread=True)

    async def action_quit(self) -> None:
        """End replies in flight, keep what they have and what is typed, and leave."""
        await self._leave(0)

    async def _leave(self, status: int) -> None:
        """Leave with an exit status: 128 and the number of the signal that asked for it."""
        if not self._chat_screen.is_mounted:  # it could not be taken down half built
            self._chat_screen.call_after_refresh(self.call_later, self._leave, status)
            return
        try:
            async with asyncio.timeout(SAVING_SECONDS):
                await self._chat_screen.writer.composer.caught_up()
                await self._chat_screen.leave()
                await self._sessions.end_turns()
                await self.workers.wait_for_complete(
                    [worker for worker in self.workers if worker.group == TURNS]
                )
        except (TimeoutError, ChatError, WorkerError):
            log.warning("left before everything was saved")
        self.exit(return_code=status)

    def action_help(self) -> None:
        """All keys, by what they are for; the same key closes them."""
        from tui.ui.dialogs import HelpRow, HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
            return
        rows = [
            HelpRow(action.group, written_keys(action.keys), action.text)
            for action in chosen_actions(self._sessions.settings.keys)
            if action.keys
        ]
        self.push_screen(HelpScreen(rows))

    def action_usage(self) -> None:
        """What replies took."""
        from tui.ui.usage_screen import UsageScreen

        async def spending() -> Spending:
            return await self._sessions.library.run(lambda library: library.spending)

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
