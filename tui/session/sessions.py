"""All chats at work: opening, sending, editing, retrying, and the turns in flight.

Turns belong here and not to a view, so any number of chats stream at once while none, one or
another of them is on screen. Whoever asks for a turn runs it (`turn.run()`), in a task that
outlives the view.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Unpack

from tui.core.conversation import Parameters, title_from
from tui.core.errors import ChatError, ErrorKind
from tui.core.message import Attachment, Message, Role
from tui.core.models import ModelRef
from tui.core.settings import Endpoint, Settings
from tui.provider.base import Prices, Provider, Request
from tui.session.cancelling import to_the_end
from tui.session.chat import Chat
from tui.session.new_messages import asked_by, pending, question
from tui.session.observers import Observers
from tui.session.open_chats import OpenChats
from tui.session.pace import REAL_TIME, Pace
from tui.session.prompt import PromptSize, build_prompt
from tui.session.turn import Turn
from tui.store.conversations import ConversationChanges
from tui.store.thread import LibraryThread


class Sessions(OpenChats):
    """Opens chats and makes turns in them.

    Attributes:
        observers: called with a chat after its state changed (a turn began or ended, a title or a
            model changed), not for tokens or drafts.
    """

    def __init__(
        self,
        library: LibraryThread,
        provider: Provider,
        prices: Prices,
        settings: Settings,
        extra_endpoints: Iterable[Endpoint] = (),
        pace: Pace = REAL_TIME,
    ) -> None:
        super().__init__(library)
        self.prices = prices
        self.settings = settings
        self.endpoints = (*settings.endpoints, *extra_endpoints)
        self.observers: Observers[Chat] = Observers()
        self._provider = provider
        self._pace = pace

    async def change(self, chat: Chat, **changes: Unpack[ConversationChanges]) -> None:
        """Change values of the conversation, on disk once the chat is saved.

        Raises:
            ChatError: they could not be saved; the values are as before then.
        """
        async with chat.writing:
            before = chat.conversation
            chat.conversation = replace(before, **changes)
            if chat.saved:
                try:
                    await self.library.run(lambda library: library.change(chat.id, **changes))
                except Exception:
                    chat.conversation = before
                    raise
        if changes.keys() - {"draft"}:
            self.observers.tell(chat)

    async def send(self, chat: Chat, text: str, attachments: Sequence[Attachment] = ()) -> Turn:
        """Save a message of the user's at the end of the branch, and make the turn that answers.

        Raises:
            ValueError: the message is empty.
            ChatError: it could not be saved; nothing of it is kept in `chat` then.
        """
        async with self.writing(chat):
            asked = question(chat, chat.leaf, text, attachments)
            return await self._one(chat, [asked, pending(chat, asked.id)])

    async def edit(self, chat: Chat, message_id: str, text: str) -> Turn:
        """Say something else in the place of a message of the user's: a branch beside it.

        Raises:
            ValueError: the message is empty, or `message_id` is not the user's.
            ChatError: it could not be saved; nothing of it is kept in `chat` then.
        """
        async with self.writing(chat):
            chat.check(message_id)
            (message,) = await self.load(chat, [message_id])
            if message.role is not Role.USER:
                raise ValueError("only the user's own messages can be edited")
            asked = question(chat, message.parent, text, message.attachments)
            return await self._one(chat, [asked, pending(chat, asked.id)])

    async def retry(self, chat: Chat, reply_id: str, model: ModelRef | None = None) -> Turn:
        """Ask again for a reply: a sibling of it, by `model` or the chat's.

        Raises:
            ChatError: there is nothing that it would answer (kind BRANCH), or it could not be
                saved; nothing of it is kept in `chat` then.
        """
        async with self.writing(chat):
            return await self._one(chat, [pending(chat, asked_by(chat, reply_id), model)])

    async def step(self, chat: Chat, message_id: str, step: int) -> bool:
        """Look at the sibling `step` places on, at the end of its newest branch; False if none."""
        if not chat.whole:
            await self.refresh(chat)
        sibling = chat.tree.sibling(message_id, step) if message_id in chat.tree else None
        if sibling is None:
            return False
        await self.change(chat, active_leaf=chat.tree.leaf_under(sibling))
        return True

    async def save_ends(self) -> None:
        """Save replies that ended while the library failed (a full disk, say), if there are any.

        Raises:
            ChatError: they still can't be saved (LIBRARY).
        """
        for reply in tuple(self.unsaved.values()):
            try:
                await self._finish(reply)
            except ChatError as failure:
                if failure.kind is not ErrorKind.NO_SUCH_CHAT:
                    raise
            # Without its chat, or saved after all, there is nothing left to do for it.
            except ValueError:
                pass
            self.unsaved.pop(reply.id, None)

    async def end_turns(self) -> None:
        """Stop the replies in flight and wait until what they have is saved: the program ends."""
        turns = tuple(self.turns.values())
        for turn in turns:
            turn.stop()
        for turn in turns:
            with suppress(ChatError):  # it is among `unsaved`; there is nobody left to tell
                await turn.end()
        with suppress(ChatError):
            await self.save_ends()

    def turns_of(self, conversation_id: str) -> list[Turn]:
        """Replies in flight in that chat, oldest first."""
        return [turn for turn in self.turns.values() if turn.reply.conversation == conversation_id]

    def parameters(self, chat: Chat) -> Parameters:
        """What goes with the chat's next request."""
        return chat.conversation.parameters.over(self.settings.parameters)

    def system_prompt(self, chat: Chat) -> str:
        """What is sent ahead of the chat."""
        own = chat.conversation.system_prompt
        return self.settings.system_prompt if own is None else own

    def endpoint(self, name: str) -> Endpoint:
        """The endpoint of that name.

        Raises:
            ChatError: the config knows none (kind CONFIG).
        """
        for endpoint in self.endpoints:
            if endpoint.name == name:
                return endpoint
        raise ChatError(
            ErrorKind.CONFIG,
            f"This chat's endpoint '{name}' is not in the config any more. "
            "Choose another model, or add the endpoint again.",
        )

    async def begin(self, chat: Chat, new: Sequence[Message]) -> list[Turn]:
        """Save messages that follow one of the chat's, and make the turns of the replies in them.

        Whoever calls this is in `writing(chat)`. All are saved or none; the branch one looks at
        ends with the first reply.

        Args:
            chat: where they belong.
            new: a message of the user's, if there is one, then the pending replies to one message.

        Raises:
            ChatError: they could not be saved; nothing of them is kept in `chat` then.
        """
        await self.save_ends()
        turns = await self._turns(chat, new)
        saving = asyncio.create_task(self._save(chat, new, turns))
        try:
            await to_the_end(saving)
        except asyncio.CancelledError:
            for turn in turns:
                if turn.reply.id in self.turns:  # saved, but there is nobody to run it
                    with suppress(ChatError):
                        await turn.end()
            raise
        return turns

    async def _one(self, chat: Chat, new: Sequence[Message]) -> Turn:
        (turn,) = await self.begin(chat, new)
        return turn

    async def _turns(self, chat: Chat, new: Sequence[Message]) -> list[Turn]:
        before = [
            message
            if (turn := self.turns.get(message.id)) is None
            else replace(message, text=turn.text)  # as far as it has come
            for message in await self.load(chat, chat.tree.path(new[0].parent))
        ]
        asked = [message for message in new if message.role is Role.USER]
        prompt = build_prompt([*before, *asked], self.system_prompt(chat))
        size = PromptSize(prompt)
        return [
            Turn(
                reply,
                Request(
                    endpoint=self.endpoint(reply.endpoint),
                    model=reply.model,
                    messages=prompt,
                    parameters=self.parameters(chat),
                ),
                provider=self._provider,
                library=self.library,
                prices=self.prices,
                pace=self._pace,
                prompt_size=size,
            )
            for reply in new
            if reply.status.in_flight
        ]

    async def _save(self, chat: Chat, new: Sequence[Message], turns: Sequence[Turn]) -> None:
        conversation = chat.conversation
        if new[0].role is Role.USER:
            conversation = replace(conversation, draft="")
            if not chat.saved and not conversation.titled:
                conversation = replace(conversation, title=title_from(new[0].text))
        first = None if chat.saved else conversation
        leaf = turns[0].reply.id
        await self.library.run(lambda library: library.begin_turn(new, first, leaf=leaf))
        chat.conversation = conversation
        chat.saved = True
        for message in new:
            chat.add(message)
        chat.conversation = replace(chat.conversation, active_leaf=leaf)

        def note_the_end(turn: Turn) -> None:
            if turn.done and self.turns.pop(turn.reply.id, None) is not None:
                # `chat` is held by this closure, so it lives as long as its turns do.
                chat.keep([turn.reply])
                if not turn.saved:
                    self.unsaved[turn.reply.id] = turn.reply
                self.observers.tell(chat)

        for turn in turns:
            self.turns[turn.reply.id] = turn
            turn.observers.append(note_the_end)
        self.observers.tell(chat)

    async def _finish(self, reply: Message) -> None:
        await self.library.run(lambda library: library.finish(reply))
