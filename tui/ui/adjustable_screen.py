"""A conversation with what can be changed about it, by key or slash: parameters, branches."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual import on

from tui.ui import transcript as pane
from tui.ui.chat_values import with_words
from tui.ui.comparable_screen import ComparableScreen
from tui.ui.outside_editor import edit_outside
from tui.ui.writer import Writer

if TYPE_CHECKING:  # imported when they are opened: start-up does without them
    from tui.ui.branch_screen import Wanted
    from tui.ui.dialogs import ChatSettings


class AdjustableScreen(ComparableScreen):
    """A conversation whose values can be changed."""

    def action_branches(self) -> None:
        """Show where the chat forked, and what can be done about it."""
        self._show_branches(None)

    @on(pane.BranchesWanted)
    def _branches_wanted(self, event: pane.BranchesWanted) -> None:
        self._show_branches(event.entry_id)

    def _show_branches(self, focused: str | None) -> None:
        if not len(self.chat.tree):
            self.tell("There is nothing to show yet: a chat forks where a message is edited.")
            return
        from tui.session.branching import Branching
        from tui.ui.branch_screen import BranchScreen

        def closed(wanted: Wanted | None) -> None:
            self.opening(self._leave_branches, wanted)

        branches = Branching(self.sessions, self.chat)
        self.app.push_screen(BranchScreen(branches, focused, self.way), closed)

    async def _leave_branches(self, wanted: Wanted | None) -> None:
        """Show the branch that was chosen, or the chat that was made of one."""
        if wanted is not None and wanted.fork is not None:
            await self.show_chat(await self.sessions.open(wanted.fork))
            self.tell("This chat is a copy of the branch: what is said here stays here.")
            return
        await self.view.refresh()  # one that was deleted may have been on screen
        self.chat_shown()
        if wanted is not None and wanted.message is not None:
            await self.view.reveal(wanted.message, 0, {})
            self.transcript.focus_entry(wanted.message)
            self.transcript.focus()

    def action_chat_settings(self) -> None:
        """System prompt and parameters of this chat."""
        from tui.ui.dialogs import ChatSettings, ChatSettingsDialog

        def chosen(settings: ChatSettings | None) -> None:
            if settings is not None:
                self.doing(
                    self.sessions.change,
                    self.chat,
                    system_prompt=settings.system_prompt,
                    parameters=settings.parameters,
                )

        own, defaults = self.chat.conversation, self.sessions.settings
        self.app.push_screen(
            ChatSettingsDialog(
                ChatSettings(own.system_prompt, own.parameters),
                ChatSettings(defaults.system_prompt, defaults.parameters),
            ),
            chosen,
        )

    def action_system_prompt(self) -> None:
        """The first field of the same."""
        self.action_chat_settings()

    def action_edit_outside(self) -> None:
        """Write the message in an editor."""
        self.doing(self._edit_outside)

    async def _edit_outside(self) -> None:
        composer = self.writer.composer
        composer.put(await edit_outside(self.app, composer.text, os.environ))

    @on(Writer.Mistyped)
    def _mistyped(self, event: Writer.Mistyped) -> None:
        self.tell(f"There is no /{event.name}. /help lists all; a space in front sends it as text.")

    @on(Writer.CommandGiven)
    async def _command_given(self, event: Writer.CommandGiven) -> None:
        command = event.command
        if not command.words:
            await self.run_action(command.action)
        elif command.name == "model":
            self.doing(self.use_model, self.choice.parse(command.words))
        elif command.name == "retry-with":
            self.retry_with([self.choice.parse(command.words)])
        elif command.name == "compare":
            self.doing(self.compare, command.words)
        elif self.arrange_by_words(command.name, command.words):
            return
        elif command.name == "search":
            self.search_for(command.words)
        elif command.name == "system":
            self.doing(self.sessions.change, self.chat, system_prompt=command.words)
        else:
            self._set(command.words)

    def arrange_by_words(self, name: str, words: str) -> bool:  # noqa: ARG002 - for subclasses
        """Do what a slash command asks for the chat on screen; False where it is none of these."""
        return False

    def _set(self, words: str) -> None:
        """`/set temperature 0.5`: one parameter of this chat."""
        try:
            parameters = with_words(self.chat.conversation.parameters, words)
        except ValueError as wrong:
            self.writer.give_back(f"/set {words}", None)
            self.tell(str(wrong), failed=True)
            return
        self.doing(self.sessions.change, self.chat, parameters=parameters)

    @on(Writer.Written)
    def _written(self, event: Writer.Written) -> None:
        self.doing(self.send, event.text, event.editing)
