"""A conversation whose questions can go to several models at once, and be asked another one again.

Which models the next message goes to stands at the composer (`Writer.models`) until it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual import on

from tui.core.errors import ChatError
from tui.core.message import Message, Role
from tui.core.models import MOST_COMPARED, ModelRef
from tui.session.chat import Chat
from tui.session.turn import Turn
from tui.ui import transcript as pane
from tui.ui.entries import RETRY
from tui.ui.picking_screen import PickingScreen
from tui.ui.slash import compared
from tui.ui.writer import counted


class ComparableScreen(PickingScreen):
    """A conversation with replies side by side, where they are wanted so."""

    def action_pick_model(self) -> None:
        """Choose the model of the next message."""
        self.pick(self._use)

    async def _use(self, refs: Sequence[ModelRef]) -> None:
        if len(refs) == 1:
            await self.use_model(refs[0])
        else:
            self._compare_next(refs)

    def action_compare(self) -> None:
        """Choose the models that the next message goes to."""
        self.pick(self._compare_picked, comparing=True)

    async def _compare_picked(self, refs: Sequence[ModelRef]) -> None:
        self._compare_next(refs if len(refs) > 1 else [self.model, *refs])

    async def compare(self, words: str) -> None:
        """`/compare gpt-4o gpt-4o-mini -- message`: sends it, or without one the next message."""
        names, message = compared(words)
        chat = self.chat
        try:
            refs = await self.choice.known(names)
        except ChatError:
            self.writer.give_back(f"/compare {words}", None)
            raise
        if chat is not self.chat:  # asking for the models there are took its time
            self.writer.give_back(f"/compare {words}", None)
            return
        self._compare_next(refs if len(refs) > 1 else [self.model, *refs])
        if message:
            await self.send(message)
        elif self.chat.leaf is not None:
            send, retry = self.way("send"), self.way("retry")
            self.tell(
                f"{send} sends to {counted(len(refs))}. {retry} asks the last question again."
            )

    def _compare_next(self, refs: Sequence[ModelRef]) -> None:
        self.writer.compare_with([self.choice.written(ref) for ref in refs])
        self.writer.composer.focus()

    @property
    def _compared(self) -> list[ModelRef]:
        """Which models the next message goes to, where they are several."""
        return [self.choice.parse(name) for name in self.writer.models]

    async def say(self, chat: Chat, text: str, editing: str | None) -> list[Turn]:
        """Save a message and make the turns that answer it."""
        if not (models := self._compared):
            return await super().say(chat, text, editing)
        from tui.session.comparing import send_to_all

        turns = await send_to_all(self.sessions, chat, text, models, editing)
        self.writer.leave_compare()
        return turns

    def began(self, chat: Chat, turns: Sequence[Turn]) -> None:
        """Run turns, and show them where their chat is on screen: several side by side."""
        if len(turns) == 1 or chat is not self.chat:
            super().began(chat, turns)
        else:
            self._show_beside(chat, turns)

    def action_retry(self) -> None:
        """Ask again for the newest reply, or the one that has the focus in the transcript."""
        if models := self._compared:
            self.retry_with(models)
        else:
            super().action_retry()

    def action_retry_with(self) -> None:
        """Ask again with a model of one's choice."""
        if (target := self.retried) is not None:
            self.pick(partial(self._ask_beside, target))
        else:
            self.tell("There is nothing to ask again yet.")

    def retry_with(self, models: Sequence[ModelRef]) -> None:
        """Ask these models for the newest reply, or the one that has the focus."""
        if (target := self.retried) is not None:
            self.doing(self._ask_beside, target, models)
        else:
            self.tell("There is nothing to ask again yet.")

    async def _ask_beside(self, message_id: str, models: Sequence[ModelRef]) -> None:
        """Other replies, shown beside the one there is."""
        chat = self.chat
        if self.asking:
            self.tell(f"A reply is being written. {self.way('stop')} stops it.")
            return
        from tui.session.comparing import ask_all_again

        with self.beginning():
            chat.check(message_id)
            above = chat.tree[message_id].parent
            (before, *_) = await self.sessions.load(chat, [message_id, *([above] if above else [])])
            turns = await ask_all_again(self.sessions, chat, message_id, models)
        self.writer.leave_compare()
        beside = before.role is Role.ASSISTANT and before.text and len(turns) < MOST_COMPARED
        if beside and chat is self.chat:
            self._show_beside(chat, turns, before)
        else:
            self.began(chat, turns)

    @on(pane.ActionChosen)
    def _action_chosen(self, event: pane.ActionChosen) -> None:
        """Under a failed reply: the same model again, or another one from here on."""
        if event.action_id == RETRY[0]:
            self.doing(self.ask_again, event.entry_id)
        else:
            self.pick(partial(self._go_on_with, event.entry_id))

    async def _go_on_with(self, reply_id: str, refs: Sequence[ModelRef]) -> None:
        if len(refs) > 1:
            await self._ask_beside(reply_id, refs)
        else:
            await self.use_model(refs[0])
            await self.ask_again(reply_id, refs[0])

    def _show_beside(
        self, chat: Chat, turns: Sequence[Turn], before: Message | None = None
    ) -> None:
        """Run turns and show them side by side, with the reply there was in front."""
        from tui.ui.compare_screen import CompareScreen

        for turn in turns:
            self.run_turn(turn)
        replies = [turn.reply for turn in turns]
        self.app.push_screen(
            CompareScreen(
                self.sessions,
                chat,
                replies if before is None else [before, *replies],
                self.choice,
                self.run_turn,
                partial(self._go_on_from, chat),
                self._leave_for,
                focus=replies[0].id,
            )
        )

    async def _go_on_from(self, chat: Chat, reply_id: str, model: ModelRef | None) -> None:
        """Look at the branch of one of the replies, and go on with `model` if one was picked."""
        try:
            chat.check(reply_id)
            await self.sessions.change(chat, active_leaf=chat.tree.leaf_under(reply_id))
            if model is not None and model != self.model:
                await self.use_model(model)
        finally:
            await self.view.refresh()
            self.chat_shown()
        siblings = chat.tree.siblings(reply_id)
        if any(one in self.sessions.turns for one in siblings if one != reply_id):
            self.tell("What is still being written goes on; ‹ › shows it.")

    async def _leave_for(self, action: str) -> None:
        await self.run_action(action)
