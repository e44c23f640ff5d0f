"""The search over all chats: one box, and what it finds as one types.

The box keeps the focus while the arrows move in the list. One search is under way at a time, a
page of the library after the other: what was typed meanwhile is looked for next, and only the
newest of it, so that typing never waits and nothing piles up behind it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import Worker

from tui.core.errors import ChatError
from tui.core.hit import Hit
from tui.core.message import utc_now
from tui.core.query import Query, parse_query
from tui.store.search import Page
from tui.ui.dialogs.fields import LineField
from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.hit_list import HitChosen, HitList

MOST = 200  # hits; whoever has not found it among so many says more of it
HELP = (
    'Words find what begins with them. Also: "these words"  -without  foo_bar(  role:user  '
    "model:gpt-4o  tag:work  after:2026-01-31  is:pinned  has:code  in:this"
)

# The query, hits at most, and below which number (None: from the newest on).
Pages = Callable[[Query, int, int | None], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class Found:
    """What was chosen of a search.

    Attributes:
        typed: what was looked for.
        hit: the message.
    """

    typed: str
    hit: Hit


class SearchScreen(Dialog[Found]):
    """The search; its result is None when it was closed without choosing.

    Args:
        pages: asks the library.
        typed: what to begin with.
        selected: id of the message to have highlighted, where it is found.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]
    DEFAULT_CSS = """
    SearchScreen {
        DialogBox { width: 110; height: 94%; }
        LineField { margin-bottom: 1; }
        HitList { height: 1fr; background: $surface; }
        Static { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(self, pages: Pages, typed: str = "", selected: str | None = None) -> None:
        super().__init__()
        self._pages = pages
        self._typed = typed
        self._selected = selected
        self._shown: str | None = None  # what the first hits are shown of
        self._answered: str | None = None  # what all hits are shown of
        self._entered: str | None = None  # what Enter was pressed for before there were any
        self._search: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """Box, list, what to know of it."""
        with DialogBox("Search all chats", "Enter opens, then n N step on · Esc goes back"):
            yield LineField(self._typed, placeholder="Find what was said")
            yield HitList()
            yield Static()

    def on_mount(self) -> None:
        """Look for what it begins with."""
        self._look()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._entered = None
        self._look()

    def _look(self) -> None:
        if self._search is None or self._search.is_finished:
            self._search = self.run_worker(self._answer())

    async def _answer(self) -> None:
        while (typed := self.query_one(Input).value) != self._answered:
            try:
                await self._answer_to(typed)
            except ChatError as failure:
                self._answered = typed
                self._say(failure.text)

    async def _answer_to(self, typed: str) -> None:
        """Show what is found as it is found, until something else is typed."""
        query = parse_query(typed)
        hits: list[Hit] = []
        below: int | None = None
        while True:
            page = await self._pages(query, MOST - len(hits), below)
            if self.query_one(Input).value != typed:
                return
            hits += page.hits
            below = page.further
            ended = below is None or len(hits) >= MOST
            if hits or ended:
                self._show(typed, hits)
            self._say(_summary(query, hits, ended=ended, more=below is not None))
            if ended:
                self._answered = typed
                return

    def _show(self, typed: str, hits: list[Hit]) -> None:
        found = self.query_one(HitList)
        found.show(hits, utc_now())
        if typed != self._shown:
            self._shown = typed
            found.action_end(-1)
        if self._selected is not None and any(hit.message == self._selected for hit in hits):
            found.highlight(self._selected)
            self._selected = None
        if typed == self._entered:
            found.action_choose()

    def _say(self, text: str) -> None:
        self.query_one(Static).update(Content(text))

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        """Enter is for what was typed before it, not for what was found for less of it."""
        event.stop()
        if event.value == self._shown:
            self.query_one(HitList).action_choose()
        else:
            self._entered = event.value

    @on(HitChosen)
    def _chosen(self, event: HitChosen) -> None:
        event.stop()
        self.dismiss(Found(self.query_one(Input).value, event.hit))

    def action_move(self, count: int) -> None:
        """Move the highlight."""
        self.query_one(HitList).action_cursor(count)

    def action_page(self, direction: int) -> None:
        """Move the highlight by a screenful."""
        self.query_one(HitList).action_page(direction)


def _summary(query: Query, hits: list[Hit], *, ended: bool, more: bool) -> str:
    if query.empty:
        return HELP
    count, chats = len(hits), len({hit.conversation for hit in hits})
    if not ended:
        return f"{count} so far…" if count else "Searching…"
    if not count:
        return "Nothing was found"
    if more:
        return f"The newest {count}, in {_counted(chats, 'chat')}"
    return f"{_counted(count, 'message')} in {_counted(chats, 'chat')}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
