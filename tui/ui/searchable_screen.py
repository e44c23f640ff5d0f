"""A conversation from which all chats can be searched, and which shows what was found in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.core.hit import Span
from tui.core.query import Field, Filter, Query, parse_query
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.store.search import Page, Place
from tui.ui.conversation_screen import ConversationScreen

if TYPE_CHECKING:  # imported when it is opened: start-up does without
    from tui.ui.search_screen import Chosen

MARKED_MOST = 1000  # messages of the chat on screen in which what was found is marked
_BEGINNING: Span = (0, 0)  # of a message that fits without any word of it having been asked for
_IN_THIS = Filter(Field.IN, "this")


class SearchableScreen(ConversationScreen):
    """A conversation with a search over all."""

    def __init__(self, sessions: Sessions, chat: Chat, run_turn: Callable[[Turn], object]) -> None:
        super().__init__(sessions, chat, run_turn)
        self._found: Chosen | None = None  # what is on screen, while it is

    async def show_chat(self, chat: Chat) -> None:
        """Show a chat, saved or new."""
        raise NotImplementedError

    def chat_shown(self) -> None:
        """Show what is new of the chat; on another one there is no search to go back to."""
        super().chat_shown()
        if self._found is not None and self._found.hit.conversation != self.chat.id:
            self._leave_found()

    def _leave_found(self) -> None:
        self._found = None
        self.transcript.highlight({})

    def action_search(self) -> None:
        """Find what was said in any chat."""
        self.search_for("")

    def search_for(self, typed: str, selected: str | None = None) -> None:
        """Open the search with something typed already, and a message highlighted."""
        from tui.ui.search_screen import SearchScreen

        here = self.chat.id if self.chat.saved else None

        async def pages(query: Query, limit: int, place: Place) -> Page:
            return await self.sessions.library.run(
                lambda library: library.search_page(query, limit, place, here)
            )

        def chosen(found: Chosen | None) -> None:
            if found is not None:
                self.opening(self._open, found)
                return
            self._leave_found()
            if selected is not None:  # it led to a message, where letters are keys
                self.writer.composer.focus()

        steps = f"{self.way('next_found')} {self.way('previous_found')}"
        self.app.push_screen(SearchScreen(pages, typed, selected, steps), chosen)

    def back_to_search(self) -> bool:
        """From a message that was found back to where it was found; False where there is none."""
        found = self._found
        if found is None or found.hit.conversation != self.chat.id:
            return False
        if not self.transcript.has_focus:
            return False
        self.search_for(found.typed, found.hit.message)
        return True

    async def _open(self, found: Chosen) -> None:
        """Show a message that was found, on its branch, with everything marked that fits."""
        hit = found.hit
        chat = await self.sessions.open(hit.conversation)
        if hit.message not in chat.path:
            await self.sessions.change(chat, active_leaf=chat.tree.leaf_under(hit.message))
        await self.show_chat(chat)
        start = hit.spans[0][0] if hit.spans else 0
        marks = await self._marks(found)
        await self.view.reveal(hit.message, start, marks)
        self.transcript.focus()
        self._found = found
        if others := len(marks.keys() - set(chat.path)):
            which = "Another message" if others == 1 else f"{others:,} messages more"
            self.tell(f"{which} on other branches of this chat: Esc leads back to the search.")

    async def _marks(self, found: Chosen) -> dict[str, tuple[Span, ...]]:
        """Where the chat of a hit has what was looked for, by message."""
        query, chat_id = parse_query(found.typed, typing=True), found.hit.conversation
        others = tuple(one for one in query.filters if one.field is not Field.IN)
        here = replace(query, filters=(*others, _IN_THIS))
        hits = await self.sessions.library.run(
            lambda library: library.search(here, limit=MARKED_MOST + 1, in_conversation=chat_id)
        )
        if len(hits) > MARKED_MOST:
            keys = f"{self.way('next_found')} {self.way('previous_found')}"
            self.tell(f"{keys} step through {MARKED_MOST:,} of what fits in this chat, not all.")
        spans = [(hit.message, hit.spans) for hit in (*hits[:MARKED_MOST], found.hit)]
        if not query.terms:
            return {message: found or (_BEGINNING,) for message, found in spans}
        # A chat found by its title may have no such word in it.
        return {message: found for message, found in spans if found}
