"""What replies took, on a screen of its own: read apart from the library's thread, piece by piece.

What is quick to read (the last 30 days) is shown at once, the rest as it comes; no key waits for
any of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from tui.core.errors import ChatError
from tui.core.spending import Pace
from tui.store.spending import Spending
from tui.ui.clickable import ClickableText
from tui.ui.dialogs.frame import Dialog, DialogBox
from tui.ui.scrollbar import QUIET_SCROLLBAR
from tui.ui.usage_page import Period, UsageView, usage_page

_PERIODS = tuple(Period)
_SHARE = 0.94  # of the screen's height that the box may take; so it stands in its CSS too
_FRAME = 2  # lines of the box's border


class UsagePage(ClickableText):
    """The page, laid out anew for each width and height."""

    DEFAULT_CSS = "UsagePage { padding: 0 1; }"

    def __init__(self, view: UsageView) -> None:
        super().__init__()
        self._view = view
        self._room = (0, 0)

    def show(self, view: UsageView) -> None:
        """Show this."""
        self._view = view
        height = int(self.app.size.height * _SHARE) - _FRAME
        self._room = (max(1, self.content_size.width), height)
        self.update(usage_page(view, *self._room))

    def say(self, text: str) -> None:
        """Show a sentence instead."""
        self.update(Content(text))

    def on_resize(self) -> None:
        """Fill the width there is."""
        if self._room[0] != self.content_size.width:
            self.show(self._view)


class UsageScreen(Dialog[None]):
    """The screen.

    Args:
        spending: where it is read, once the library is open.
        today: the user's day.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "close", "Close", show=False),
        Binding("left,h", "step(-1)", "A shorter period", show=False),
        Binding("right,l", "step(1)", "A longer period", show=False),
        Binding("t", "tokens", "Chart of tokens or cost", show=False),
        Binding("j,down", "scroll(1)", "Down", show=False),
        Binding("k,up", "scroll(-1)", "Up", show=False),
        Binding("space,pagedown", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
        *(
            Binding(str(number + 1), f"period({number})", period.title, show=False)
            for number, period in enumerate(_PERIODS)
        ),
    ]
    DEFAULT_CSS = (
        f"UsageScreen VerticalScroll {{{QUIET_SCROLLBAR}}}"
        """
    UsageScreen {
        DialogBox { width: 112; }
        VerticalScroll {
            height: auto;
            max-height: 100%;
            scrollbar-gutter: stable;
            scrollbar-size-horizontal: 0;
        }
    }
    """
    )

    def __init__(self, spending: Callable[[], Awaitable[Spending]], today: date) -> None:
        super().__init__()
        self._spending = spending
        self._view = UsageView(today)
        self._paces: dict[Period, dict[tuple[str, str], Pace]] = {}

    def compose(self) -> ComposeResult:
        """A page that scrolls."""
        keys = "← → or 1–4 another period · t tokens or cost · Esc closes"
        with DialogBox("Usage", keys), VerticalScroll():
            yield UsagePage(self._view)

    def on_mount(self) -> None:
        """Read what is shown first, then the rest."""
        self.doing(self._read)

    async def _read(self) -> None:
        try:
            spending, today = await self._spending(), self._view.today
            recent = await asyncio.to_thread(spending.days, Period.MONTH.since(today))
            self._show(replace(self._view, days=recent))
            await self._measure()
            hours = await asyncio.to_thread(spending.hours, today)
            self._show(replace(self._view, hours=hours))
            days = await asyncio.to_thread(spending.days)
            self._show(replace(self._view, days=days, complete=True))
        except ChatError as failure:
            self.query_one(UsagePage).say(failure.text)

    async def _measure(self) -> None:
        """Find out how quick models were in the period that is shown."""
        period = self._view.period
        if period not in self._paces:
            spending = await self._spending()
            since = period.since(self._view.today)
            self._paces[period] = await asyncio.to_thread(spending.paces, since)
        if self._view.period is period:
            self._show(replace(self._view, paces=self._paces[period]))

    def _show(self, view: UsageView) -> None:
        self._view = view
        if self.is_attached:
            self.query_one(UsagePage).show(view)

    def action_period(self, number: int) -> None:
        """Tell of one of the periods."""
        period = _PERIODS[number]
        self._show(replace(self._view, period=period, paces=self._paces.get(period)))
        self.run_worker(self._measured(), group="paces", exclusive=True)

    async def _measured(self) -> None:
        try:
            await self._measure()
        except ChatError as failure:
            self.query_one(UsagePage).say(failure.text)

    def action_step(self, step: int) -> None:
        """The next longer period, or the next shorter one."""
        number = _PERIODS.index(self._view.period) + step
        if 0 <= number < len(_PERIODS):
            self.action_period(number)

    def action_tokens(self) -> None:
        """The chart is of cost, or of tokens."""
        self._show(replace(self._view, of_tokens=not self._view.of_tokens))

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
