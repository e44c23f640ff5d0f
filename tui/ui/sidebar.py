"""The list of chats beside the conversation, and how it is filled."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from tui.core.conversation import Conversation
from tui.core.message import utc_now
from tui.session.sessions import Sessions
from tui.ui.chat_list import ChatList, ChatRow
from tui.ui.clickable import ClickableText, clickable

PAGE = 100


class Sidebar(Vertical):
    """A heading that begins a new chat, and the list."""

    DEFAULT_CSS = """
    Sidebar {
        width: 32;
        background: $panel;
        & > ClickableText { height: 1; padding: 0 1; color: $text-muted; margin: 0 0 1 0; }
        & > ChatList { height: 1fr; background: $panel; }
    }
    """

    def compose(self) -> ComposeResult:
        """Heading and list."""
        yield ClickableText(
            Content.assemble(
                ("chinwag", "bold $text-primary"), "   ", clickable("+ New chat", "screen.new_chat")
            )
        )
        yield ChatList(id="chats")


class ChatFeed:
    """Fills a list of chats from the library, a page at a time."""

    def __init__(self, sessions: Sessions, chat_list: Callable[[], ChatList]) -> None:
        self._sessions = sessions
        self._list = chat_list
        self._wanted = PAGE

    async def refresh(self) -> None:
        """Read as many chats as are wanted and show them."""
        wanted = self._wanted
        found = await self._sessions.library.run(
            lambda library: library.conversations(limit=wanted + 1)
        )
        self._list().show(
            [self._row(conversation) for conversation in found[:wanted]],
            utc_now(),
            more=len(found) > wanted,
        )

    async def more(self) -> None:
        """Another page."""
        self._wanted += PAGE
        await self.refresh()

    def _row(self, conversation: Conversation) -> ChatRow:
        return ChatRow(
            id=conversation.id,
            title=conversation.title,
            updated=conversation.updated,
            model=conversation.model,
            streaming=conversation.streaming or bool(self._sessions.turns_of(conversation.id)),
            unread=conversation.unread,
            pinned=conversation.pinned,
        )
