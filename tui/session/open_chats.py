"""The chats that somebody holds: opening them, reading of them, keeping up with other processes.

Invariants: while anybody holds a chat there is one object for it; whoever is about to write in one
knows the whole of its tree. A long chat can be looked at by its end before the rest is read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from tui.core.conversation import Conversation
from tui.core.ids import new_id
from tui.core.message import Message, utc_now
from tui.core.models import ModelRef
from tui.core.tree import Node, Tree
from tui.session.chat import Chat
from tui.store.library import Library
from tui.store.thread import LibraryThread

if TYPE_CHECKING:
    from tui.session.turn import Turn


class OpenChats:
    """Chats in memory.

    Attributes:
        turns: replies in flight, by message id.
        unsaved: replies that ended while the library failed, by message id.
    """

    def __init__(self, library: LibraryThread) -> None:
        self.library = library
        self.turns: dict[str, Turn] = {}
        self.unsaved: dict[str, Message] = {}
        self._open: WeakValueDictionary[str, Chat] = WeakValueDictionary()

    def new(self, model: ModelRef, system_prompt: str | None = None) -> Chat:
        """A chat that is saved with its first message."""
        now = utc_now()
        conversation = Conversation(
            id=new_id(),
            title="New chat",
            created=now,
            updated=now,
            model=model.model,
            endpoint=model.endpoint,
            system_prompt=system_prompt,
        )
        chat = Chat(conversation, Tree(), saved=False)
        self._open[chat.id] = chat
        return chat

    async def open(self, conversation_id: str) -> Chat:
        """The saved chat of that id; the same object while anybody holds it.

        Raises:
            ChatError: there is none (NO_SUCH_CHAT), or the library can't be read (LIBRARY).
        """
        chat = self._open.get(conversation_id)
        if chat is None or not chat.saved:
            conversation, nodes = await self.library.run(
                lambda library: _whole(library, conversation_id)
            )
            chat = self._open.get(conversation_id)  # somebody else may have opened it meanwhile
            if chat is None:
                chat = Chat(conversation, Tree(nodes), saved=True)
                self._open[conversation_id] = chat
                return chat
        await self.refresh(chat)
        return chat

    async def open_end(self, conversation_id: str, count: int) -> Chat:
        """The saved chat of that id as it is in memory, or by the last `count` of its messages.

        That takes as long for a chat of 10,000 messages as for one of ten. `refresh` brings the
        rest; until then `chat.whole` is False, and the tree has the end of one branch only.

        Raises:
            ChatError: as `open`.
        """
        chat = self._open.get(conversation_id)
        if chat is None or not chat.saved:
            conversation, nodes = await self.library.run(
                lambda library: _end(library, conversation_id, count)
            )
            chat = self._open.get(conversation_id)
            if chat is None:
                whole = len(nodes) >= conversation.message_count
                chat = Chat(conversation, Tree(nodes), saved=True, whole=whole)
                self._open[conversation_id] = chat
        return chat

    async def refresh(self, chat: Chat) -> bool:
        """Take in what another process changed, or was not read yet; True if there was anything.

        The branch one looks at and the draft are one's own: another window may have others. When
        the branch was deleted there, one looks at what is nearest of those that are left.

        Raises:
            ChatError: the chat was removed for good (NO_SUCH_CHAT), or the library can't be read
                (LIBRARY).
        """
        async with chat.writing:
            return chat.saved and await self._take_in(chat)

    @asynccontextmanager
    async def writing(self, chat: Chat) -> AsyncIterator[None]:
        """Hold `chat.writing`, with all of its tree known.

        Raises:
            ChatError: the library can't be read.
        """
        async with chat.writing:
            if not chat.whole:
                await self._take_in(chat)
            yield

    async def _take_in(self, chat: Chat) -> bool:
        conversation, nodes = await self.library.run(lambda library: _whole(library, chat.id))
        before = replace(chat.conversation, active_leaf=chat.leaf)
        changed = chat.take(nodes)
        stale = [message.id for message in chat.messages.values() if self._is_foreign(message)]
        for message_id in stale:
            del chat.messages[message_id]
        chat.conversation = replace(conversation, active_leaf=chat.leaf, draft=before.draft)
        return bool(changed or stale) or chat.conversation != before

    async def load(self, chat: Chat, ids: Sequence[str]) -> list[Message]:
        """The messages of those ids in the order asked, read where memory does not have them.

        Replies that another process is writing are read each time. Of many, `chat.messages` has
        the last ones afterwards.
        """
        at_hand = {one: known for one in ids if (known := chat.messages.get(one)) is not None}
        missing = [one for one in ids if one not in at_hand or self._is_foreign(at_hand[one])]
        if missing:
            # The library keeps the order of what it is asked, so memory has nothing newer by then.
            for message in await self.library.run(lambda library: library.messages(missing)):
                at_hand[message.id] = self.unsaved.get(message.id, message)
            at_hand |= {
                one: known
                for one in at_hand.keys() - set(missing)
                if (known := chat.messages.get(one)) is not None
            }
        loaded = [at_hand[message_id] for message_id in ids]
        chat.keep(loaded)
        return loaded

    def _is_foreign(self, message: Message) -> bool:
        """Whether it is a reply that another process was writing when it was read."""
        return message.status.in_flight and message.id not in self.turns


def _whole(library: Library, conversation_id: str) -> tuple[Conversation, list[Node]]:
    return library.conversation(conversation_id), library.nodes(conversation_id)


def _end(library: Library, conversation_id: str, count: int) -> tuple[Conversation, list[Node]]:
    conversation = library.conversation(conversation_id)
    leaf = conversation.active_leaf
    nodes = library.end_nodes(conversation_id, leaf, count) if leaf is not None else []
    return conversation, nodes or library.nodes(conversation_id)
