"""Puts one chat on a transcript: its branch, the texts it asks for, the replies in flight.

It is no widget: it stands between the sessions, which know nothing of screens, and the
transcript, which knows nothing of chats. Texts are read when the transcript wants them, so a
chat of 10,000 messages opens like one of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tui.core.message import Message, Role
from tui.session.chat import Chat
from tui.session.sessions import Sessions
from tui.session.turn import Turn
from tui.ui.entries import entry_of, numbers_of
from tui.ui.live import LiveReplies
from tui.ui.transcript import Entry, Outline, Position, Transcript

# Messages read before the first paint; more than a screenful of the shortest ones.
FIRST_LOOK = 24
REMEMBERED_PLACES = 200


class ConversationView:
    """Shows a chat.

    Attributes:
        chat: the one shown.
    """

    def __init__(
        self, sessions: Sessions, transcript: Transcript, chat: Chat, wake: Callable[[], object]
    ) -> None:
        self.chat = chat
        self._sessions = sessions
        self._transcript = transcript
        self._live = LiveReplies(transcript, self._place_of, lambda: transcript.text_width, wake)
        self._places: dict[str, Position] = {}
        self._on_screen: tuple[str, list[str]] = ("", [])
        self._fitted: int | None = None

    async def open(self, chat: Chat) -> None:
        """Show another chat, where it was left; of one that is not whole, the end."""
        before, path = self._on_screen
        if path and not self._transcript.following:
            self._places[before] = self._transcript.position
            if len(self._places) > REMEMBERED_PLACES:
                del self._places[next(iter(self._places))]
        else:
            self._places.pop(before, None)
        place = self._places.get(chat.id)
        if place is not None and place.entry not in chat.tree and not chat.whole:
            await self._sessions.refresh(chat)
        # Read before the view changes hands: until then the chat before stays whole on screen.
        await self._sessions.load(chat, self._first_look(chat, place))
        self.chat = chat
        self._show(place)

    async def refresh(self) -> None:
        """Show the branch anew where it stands: a sibling was chosen, another window wrote."""
        chat = self.chat
        await self._sessions.load(chat, self._first_look(chat, None))
        if chat is self.chat:
            self._show(None)

    async def reveal(
        self, message_id: str, character: int, found: Mapping[str, Sequence[tuple[int, int]]]
    ) -> None:
        """Show a character of a message on the branch, and mark what was found around it."""
        place = Position(message_id, character)
        await self.provide(self._first_look(self.chat, place))
        self._transcript.highlight(found)
        self._transcript.reveal(message_id, character)

    def began(self, turn: Turn) -> None:
        """A turn began in the chat on screen: its messages join the end of what is shown."""
        name, shown = self._on_screen
        path = self.chat.path
        if name == self.chat.id and path[: len(shown)] == shown:
            for message_id in path[len(shown) :]:
                self._transcript.append(self._entry(self.chat.messages[message_id]))
            self._put_on_screen(path)
        else:
            self._show(None)
        if turn.reply.id in path:
            self._transcript.follow_end()

    async def provide(self, ids: Sequence[str]) -> None:
        """Read the texts the transcript asks for."""
        chat = self.chat
        messages = await self._sessions.load(chat, [item for item in ids if item in chat.tree])
        if chat is self.chat:
            self._transcript.provide([self._entry(message) for message in messages])

    def frame(self) -> bool:
        """Hand over what arrived since the last frame; False when nothing did."""
        return self._live.frame()

    def refit(self) -> None:
        """The pane may have another width: lines of numbers that then read otherwise change."""
        before, width = self._fitted, self._transcript.text_width
        if width == before:
            return
        self._fitted = width
        known = (self.chat.messages.get(item) for item in self._on_screen[1])
        self._transcript.provide(
            [
                self._entry(message)
                for message in known
                if message and numbers_of(message, before) != numbers_of(message, width)
            ]
        )

    @property
    def turn(self) -> Turn | None:
        """The reply in flight on the branch one looks at."""
        for turn in self._sessions.turns_of(self.chat.id):
            if turn.reply.id in self._on_screen[1]:
                return turn
        return None

    @property
    def written_elsewhere(self) -> bool:
        """Whether another window is writing the reply that the branch ends with."""
        leaf = self.chat.leaf
        message = self.chat.messages.get(leaf) if leaf is not None else None
        return message is not None and message.status.in_flight and self.turn is None

    def newest(self, role: Role) -> str | None:
        """The id of the newest message of that role on the branch; None where there is none."""
        tree = self.chat.tree
        return next((one for one in reversed(self.chat.path) if tree[one].role is role), None)

    def _show(self, place: Position | None) -> None:
        chat = self.chat
        path = chat.path
        outline = [
            Outline(node.id, node.role, node.size) for node in (chat.tree[item] for item in path)
        ]
        known = [chat.messages[item] for item in path if item in chat.messages]
        entries = [self._entry(message) for message in known]
        self._transcript.show(outline, entries, at=place, same=self._on_screen[0] == chat.id)
        self._put_on_screen(path)

    def _put_on_screen(self, path: list[str]) -> None:
        """Take note of the branch that is shown; what streams on beside it is nothing new here."""
        self._on_screen = (self.chat.id, path)
        turns = self._sessions.turns_of(self.chat.id)
        self._live.watch([turn for turn in turns if turn.reply.id in path])

    def _first_look(self, chat: Chat, place: Position | None) -> list[str]:
        path = chat.path
        end = len(path)
        if place is not None and place.entry in path:
            end = min(end, path.index(place.entry) + FIRST_LOOK)
        return path[max(0, end - FIRST_LOOK) : end]

    def _entry(self, message: Message) -> Entry:
        if (turn := self._sessions.turns.get(message.id)) is not None:
            return self._live.entry(turn)
        return entry_of(
            message,
            self._place_of(message.id),
            waiting="being written in another window",
            width=self._transcript.text_width,
        )

    def _place_of(self, message_id: str) -> tuple[int, int]:
        tree = self.chat.tree
        return tree.place(message_id) if message_id in tree else (1, 1)  # just gone, elsewhere
