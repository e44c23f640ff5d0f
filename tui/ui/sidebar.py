"""The list of chats beside the conversation: what is around it, and how it is filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.widget import Widget

from tui.core.message import utc_now
from tui.core.safe import shown
from tui.session.sessions import Sessions
from tui.ui.actions import Action, Place, chosen_actions, keys_at, way_to, written_keys
from tui.ui.chat_list import ChatList
from tui.ui.chat_rows import ListChanged
from tui.ui.clickable import ClickableText, clickable
from tui.ui.format import cut

_FAINT = "$foreground-muted"


class FilterLine(Widget):
    """What narrows the list, and how many chats it leaves."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    FilterLine { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[str, int, bool] = ("", 0, False)

    def show(self, typed: str, count: int, *, focused: bool) -> None:
        """Say something else."""
        if (typed, count, focused) != self._said:
            self._said = (typed, count, focused)
            self.refresh()

    def render(self) -> Content:
        """`/tides▏       12`; the end of what is typed stays in sight."""
        typed, count, focused = self._said
        if not typed:
            return Content("Type to find a chat" if focused else "")
        number = f" {count:,}"
        room = max(1, self.size.width - len(number) - 2)
        text = shown(typed)
        while cell_len(text) > room:
            text = text[1:]
        return Content.assemble(
            ("/", "$text-accent"),
            (text, "$text"),
            ("▏" if focused else " ", "$text-accent"),
            " " * (room - cell_len(text)) + number,
        )


class ListHints(ClickableText):
    """What the keys do while the list has the focus; a click does the same.

    Args:
        actions: those of the table, with the keys as chosen.
        leave: what drops the marks, or what narrows the list.
    """

    DEFAULT_CSS = """
    ListHints { padding: 0 1; color: $text-disabled; display: none; }
    """

    def __init__(self, actions: Sequence[Action], leave: str) -> None:
        super().__init__()
        self._leave = leave
        self._hints = [
            (written_keys(action.keys, 1), action.list_hint, action.target)
            for action in actions
            if action.list_hint and action.keys
        ]
        self._said: tuple[str, int] = ("", 0)

    def show(self, marked: int, width: int, *, narrowed: bool) -> None:
        """Say how many chats are marked, what leaves them, and what other keys do."""
        lead = [f"{marked:,} marked"] if marked else []
        if marked or narrowed:
            lead.append(f"{self._leave} {'shows all chats' if narrowed else 'unmarks'}")
        said = (cut(" · ".join(lead), width - 2), width)
        if said != self._said:
            same_lines = said[1] == self._said[1]  # of that width there are always as many
            self._said = said
            self.update(Content("\n").join(self._lines(*said)), layout=not same_lines)

    def _lines(self, lead: str, width: int) -> list[Content]:
        # A first line also where it says nothing: whatever is typed, the list stays as high.
        lines = [Content.styled(lead, "$text")]
        lines.append(Content(""))
        for keys, word, action in self._hints:
            part = Content.assemble(
                clickable(f"{keys} ", action, _FAINT), clickable(word, action), "  "
            )
            if lines[-1] and lines[-1].cell_length + part.cell_length > width:
                lines.append(part)
            else:
                lines[-1] = lines[-1] + part
        return lines


class Sidebar(Vertical):
    """A heading that begins a new chat, what narrows the list, the list, and its keys.

    Args:
        chosen: the keys that a person chose, by action.
    """

    DEFAULT_CSS = """
    Sidebar {
        width: 32;
        background: $panel;
        & > #heading { height: 1; padding: 0 1; color: $text-muted; }
        & > ChatList { height: 1fr; background: $panel; }
    }
    """

    chats = query_one(ChatList)

    def __init__(
        self,
        chosen: Mapping[str, tuple[str, ...]],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        """Heading, filter, list, keys."""
        yield ClickableText(
            Content.assemble(
                ("chinwag", "bold $text-primary"), "   ", clickable("+ New chat", "screen.new_chat")
            ),
            id="heading",
        )
        yield FilterLine()
        yield ChatList(keys_at(Place.LIST, self._chosen), id="chats")
        yield ListHints(chosen_actions(self._chosen), way_to("stop", self._chosen))

    @on(ListChanged)
    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    @on(events.Resize)
    def _list_changed(self) -> None:
        chats = self.chats
        focused = chats.has_focus
        self.query_one(FilterLine).show(chats.typed, chats.lines.total, focused=focused)
        hints = self.query_one(ListHints)
        hints.display = focused
        hints.show(len(chats.marks), self.size.width, narrowed=bool(chats.typed))

    def on_click(self, event: events.Click) -> None:
        """A click on what is typed goes to the list."""
        if isinstance(event.widget, FilterLine):
            self.chats.focus()


class ChatFeed:
    """Fills a list of chats from the library: only ever the part that is, or soon will be, seen."""

    def __init__(self, sessions: Sessions, chat_list: Callable[[], ChatList]) -> None:
        self._sessions = sessions
        self._list = chat_list

    async def refresh(self) -> None:
        """Read the part that is wanted, and show it."""
        wanted = self._list().wanted(utc_now())
        part = await self._sessions.library.run(lambda library: library.listing.part(wanted))
        chats = tuple(
            replace(chat, streaming=True) if self._sessions.turns_of(chat.id) else chat
            for chat in part.chats
        )
        self._list().show(replace(part, chats=chats), wanted)
