"""A conversation with the list of chats beside it: opening, drafts, folding away.

Invariant: a chat leaves the screen only after what is typed in it was saved.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.getters import query_one
from textual.widget import Widget

from tui.core.errors import ChatError
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.adjustable_screen import AdjustableScreen
from tui.ui.chat_list import ChatList
from tui.ui.chat_rows import ChatChosen, PartWanted, RangeMarked
from tui.ui.choosing import ModelChoice
from tui.ui.conversation_view import FIRST_LOOK
from tui.ui.doorstep import NARROW
from tui.ui.memory import Memory
from tui.ui.sidebar import ChatFeed, Sidebar


class ListedScreen(AdjustableScreen):
    """The list of chats beside a conversation."""

    DEFAULT_CSS = """
    ListedScreen {
        #main { width: 1fr; }
        &.-no-list #sidebar { display: none; }
        &.-narrow #sidebar { width: 1fr; }
        &.-narrow #main { display: block; }
        &.-narrow.-list #main { display: none; }
        &.-narrow #sidebar { display: none; }
        &.-narrow.-list #sidebar { display: block; }
    }
    """

    chats = query_one(ChatList)

    def __init__(
        self,
        sessions: Sessions,
        chat: Chat,
        run_turn: Callable[[Turn], object],
        choice: ModelChoice,
        memory: Memory,
    ) -> None:
        super().__init__(sessions, chat, run_turn, choice)
        self.memory = memory
        self.feed = ChatFeed(sessions, lambda: self.chats)
        self.set_class(not memory.state.sidebar, "-no-list")

    def compose(self) -> ComposeResult:
        """List and conversation."""
        with Horizontal(id="body"):
            yield Sidebar(self.sessions.settings.keys, id="sidebar")
            yield from self.compose_conversation()

    # The chat on screen

    async def open_chat(self, chat_id: str) -> None:
        """Show a saved chat where it was left: first what is at hand of it, or its end.

        The rest of a long one is read once that is on the screen.
        """
        chat = await self.sessions.open_end(chat_id, FIRST_LOOK)
        await self.show_chat(chat)
        await self.wait_for_refresh()
        if await self.sessions.refresh(chat) and chat is self.chat:
            await self.view.refresh()
            self.chat_shown()

    async def show_chat(self, chat: Chat) -> None:
        """Show a chat, saved or new."""
        await self.keep_draft()
        await self.view.open(chat)
        self.writer.put(chat.conversation.draft if chat.saved else self.memory.state.draft)
        self.remove_class("-list")
        self.writer.composer.focus()
        if chat.conversation.unread:
            await self.sessions.change(chat, unread=False)
        self.chat_shown()

    async def keep_draft(self) -> None:
        """Save what is typed and not sent."""
        chat, draft = self.chat, self.writer.draft
        if not chat.saved:
            self.memory.change(draft=draft)
        elif draft != chat.conversation.draft:
            await self.sessions.change(chat, draft=draft)

    async def send(self, text: str, editing: str | None = None) -> None:
        """Send a message; the draft of a new chat is used up with its first one."""
        chat = self.chat
        new = not chat.saved
        await super().send(text, editing)
        if new and chat.saved:
            self.memory.change(draft="")

    async def leave(self) -> None:
        """Save what is typed; chinwag is about to end."""
        try:
            await self.keep_draft()
        except ChatError:
            self.memory.change(draft=self.writer.draft)  # better in a new chat than nowhere
            raise
        finally:
            await self.memory.save()

    # Keys

    def action_new_chat(self) -> None:
        """An empty chat."""
        self.opening(self.show_chat, self.sessions.new(self.choice.default))

    def action_toggle_sidebar(self) -> None:
        """Show or hide the list; on a narrow screen it takes the conversation's place."""
        if self.has_class("-narrow"):
            self.toggle_class("-list")
            (self.chats if self.has_class("-list") else self.writer.composer).focus()
            self.chat_shown()
        else:
            self.toggle_class("-no-list")
            self.memory.change(sidebar=not self.has_class("-no-list"))
            self._keep_focus()

    @property
    def has_list(self) -> bool:
        """Whether the list is on screen."""
        return (
            self.has_class("-list") if self.has_class("-narrow") else not self.has_class("-no-list")
        )

    def _keep_focus(self) -> None:
        """What is folded away can't have the focus: nothing would have it."""
        if self.chats.has_focus and not self.has_list:
            self.writer.composer.focus()

    def focus_list(self) -> None:
        """Go to the list; on a narrow screen it takes the conversation's place."""
        if self.has_class("-narrow"):
            self.add_class("-list")
        self.chats.focus()

    def leave_list(self) -> bool:
        """Drop what narrows the list, or the marks in it; False where there is neither."""
        return self.chats.has_focus and self.chats.leave()

    @property
    def focus_chain(self) -> list[Widget]:
        """Tab leads from the composer to the messages first, and then to the list."""
        reachable = super().focus_chain
        places = (self.writer.composer, self.welcome, self.transcript, self.chats)
        return [widget for widget in places if widget in reachable]

    # What widgets post

    def on_resize(self, event: events.Resize) -> None:
        """Below a width the list and the conversation take turns."""
        self.set_class(event.size.width < NARROW, "-narrow")
        if not self.has_class("-narrow") and self.has_class("-list"):
            self.remove_class("-list")  # they stand side by side, and take no turns
            self.chat_shown()
        self._keep_focus()

    @on(ChatChosen)
    def _chat_chosen(self, event: ChatChosen) -> None:
        self.opening(self.open_chat, event.chat_id)

    @on(PartWanted)
    def _part_wanted(self) -> None:
        self.newest("list", self.feed.refresh)

    @on(RangeMarked)
    def _range_marked(self, event: RangeMarked) -> None:
        self.doing(self._mark, event)

    async def _mark(self, event: RangeMarked) -> None:
        self.chats.mark(
            await self.sessions.library.run(
                lambda library: library.listing.ids(event.listed, event.first, event.count)
            )
        )
