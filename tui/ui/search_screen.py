"""The search over all chats: one box, and what it finds as one types.

The box keeps the focus while the arrows move in the list. One search is under way at a time, a
page of the library after the other: what was typed meanwhile is looked for next, and only the
newest of it, so that typing never waits and nothing piles up behind it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static
from textual.worker import Worker

from tui.core.errors import ChatError
from tui.core.hit import Hit
from tui.core.message import utc_now
from tui.core.query import Field, Query, parse_query
from tui.core.results import Results
from tui.store.search import BEGINNING, PIECE, Page, Place
from tui.ui.dialogs.fields import LineField
from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.hit_list import HitChosen, HitList, MoreHitsWanted
from tui.ui.search_hints import HELP, completed, hint_for

SOUGHT_MOST = 3000  # hits among which the message that one comes back from is looked for

# The query, hits at most, and where to go on.
Pages = Callable[[Query, int, Place], Awaitable[Page]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen of a search.

    Attributes:
        typed: what was looked for.
        hit: the message.
    """

    typed: str
    hit: Hit


class SearchScreen(Dialog[Chosen]):
    """The search; its result is None when it was closed without choosing.

    Args:
        pages: asks the library.
        typed: what to begin with.
        selected: id of the message to have highlighted, where it is found.
        steps: the keys that step on from a message to the next.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("tab", "complete", "Complete a filter", show=False),
    ]
    DEFAULT_CSS = """
    SearchScreen {
        DialogBox { width: 110; height: 94%; }
        LineField { margin-bottom: 1; }
        HitList { height: 1fr; background: $surface; overflow-y: scroll; }
        Static { height: auto; max-height: 3; padding: 0 1; color: $text-muted; }
    }
    """

    def __init__(
        self, pages: Pages, typed: str = "", selected: str | None = None, steps: str = "n N"
    ) -> None:
        super().__init__()
        self._pages = pages
        self._typed = typed
        self._selected = selected
        self._steps = steps
        self._results = Results(utc_now())
        self._place: Place | None = None  # where to go on for more of them
        self._wanted = 0  # how many of them
        self._asked: str | None = None  # what they are of
        self.shown: str | None = None  # what is shown is of
        self._entered: str | None = None  # what Enter was pressed for before there were any
        self._search: Worker[None] | None = None
        self._one_line = False  # whether that is what is said below the list

    def compose(self) -> ComposeResult:
        """Box, list, what to know of it."""
        with DialogBox(
            "Search all chats", f"Enter opens, then {self._steps} step on · Esc goes back"
        ):
            yield LineField(self._typed, placeholder="Find what was said")
            yield HitList()
            yield Static()

    def on_mount(self) -> None:
        """Look for what it begins with."""
        self._look()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._leave_entered()
        if event.value != self._typed:
            self._selected = None
        self._look()

    @property
    def answered(self) -> str | None:
        """What everything that is wanted so far is shown of."""
        at_rest = self._place is None or self._results.count >= self._wanted
        return self.shown if at_rest and self.shown == self._asked else None

    @property
    def _value(self) -> str:
        return self.query_one(Input).value

    def _look(self) -> None:
        if self._search is None or self._search.is_finished:
            self._search = self.run_worker(self._answer)

    async def _answer(self) -> None:
        """Show what is found as it is found, until there is enough of what is typed then."""
        while (typed := self._value) != self._asked or self.answered is None:
            if typed != self._asked:
                self._asked = typed
                self._results, self._place = Results(utc_now()), BEGINNING
                self._wanted = PIECE
            query = parse_query(typed, typing=True)
            try:
                page = await self._pages(query, PIECE, self._place or BEGINNING)
            except ChatError as failure:
                self._place = None
                self._show(typed, query)
                self._say(failure.text)
                continue
            if self._value != typed:
                continue
            self._place = page.further
            self._results.add(page.hits)
            # What was found for less of it stays until there is something else to see.
            if self._results.count or self._place is None:
                self._show(typed, query)
            if self._selected is not None:  # it is further down
                self._wanted = max(self._wanted, min(self._results.count + 1, SOUGHT_MOST))
            self._say(self._summary(typed, query))

    def _show(self, typed: str, query: Query) -> None:
        found = self.query_one(HitList)
        anew = typed != self.shown
        self.shown = typed
        # Who asks for one chat asks for all of it.
        folding = all(one.field is not Field.IN for one in query.filters)
        found.show(self._results.chats, utc_now(), anew=anew, folding=folding)
        if anew:
            found.action_end(-1)
        if self._selected is not None and found.seek(self._selected):
            self._selected = None
        if typed == self._entered:
            if found.highlighted is None:
                self._leave_entered()
            found.action_choose()

    @property
    def on_the_way(self) -> bool:
        """What is typed behind Enter is for the chat that is opened, once it is found."""
        return self._entered is not None or super().on_the_way

    def _leave_entered(self) -> None:
        self._entered = None
        self.post_message(self.Arrived())

    @on(MoreHitsWanted)
    def _more_wanted(self, event: MoreHitsWanted) -> None:
        event.stop()
        if self._value == self.answered and self._place is not None:
            self._wanted = self._results.count + 1
            self._look()

    def _say(self, text: str) -> None:
        said = self.query_one(Static)
        fits = cell_len(text) <= said.content_size.width
        # In the place of a line as high as it, nothing else moves: no layout of all the screen.
        said.update(Content(text), layout=not (fits and self._one_line))
        self._one_line = fits

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        """Enter is for what was typed before it, not for what was found for less of it."""
        event.stop()
        if event.value == self.shown:
            self.query_one(HitList).action_choose()
        else:
            self._entered = event.value

    @on(HitChosen)
    def _chosen(self, event: HitChosen) -> None:
        event.stop()
        self.dismiss(Chosen(self.query_one(Input).value, event.hit))

    def _summary(self, typed: str, query: Query) -> str:
        if (hint := hint_for(typed)) is not None:
            return hint
        if query.empty:
            return HELP
        count, chats = self._results.count, _counted(len(self._results.chats), "chat")
        if self._place is None:
            return f"{_counted(count, 'message')} in {chats}" if count else "Nothing was found"
        if self._results.count < self._wanted:
            return f"{count:,} so far…" if count else "Searching…"
        return f"{count:,} messages in {chats}, and more below"

    def action_move(self, count: int) -> None:
        """Move the highlight."""
        self._selected = None
        self.query_one(HitList).action_cursor(count)

    def action_complete(self) -> None:
        """Finish the filter that is being typed."""
        field = self.query_one(Input)
        if field.cursor_at_end and (completion := completed(field.value)) is not None:
            field.value = completion
            field.cursor_position = len(completion)

    def action_page(self, direction: int) -> None:
        """Move the highlight by a screenful."""
        self._selected = None
        self.query_one(HitList).action_page(direction)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
