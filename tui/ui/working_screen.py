"""A screen that does what has to wait without making anybody wait, and says what failed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import ClassVar, Generic, ParamSpec, TypeVar

from textual.css.query import NoMatches
from textual.message import Message
from textual.worker import Worker

from tui.core.errors import ChatError
from tui.ui.painting import QuickScreen

P = ParamSpec("P")
ResultT = TypeVar("ResultT")


class WorkingScreen(QuickScreen[ResultT], Generic[ResultT]):
    """Runs work in workers of its own; a `ChatError` is told in its own words.

    Attributes:
        PALETTE: what the palette offers here besides the app's own: the id of an action of the
            table to what it runs on this screen.
    """

    PALETTE: ClassVar[Mapping[str, str]] = {}

    class Arrived(Message):
        """Nothing is on the way any longer."""

    _opening: Worker[None] | None = None

    @property
    def on_the_way(self) -> bool:
        """Whether something is under way that leads elsewhere; `Arrived` is posted when not."""
        return self._opening is not None

    def opening(
        self, work: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do something that leads elsewhere: what is typed behind it is for where it leads.

        It ends what of its kind is under way.
        """
        told = partial(self._told, partial(work, *args, **kwargs))
        self._opening = self.run_worker(told, group="opening", exclusive=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Keys can go on, behind what gives the focus to a widget: it is in the app's queue."""
        if event.worker is self._opening and event.worker.is_finished:
            self.app.call_later(self._arrive, event.worker)

    def _arrive(self, worker: Worker[None]) -> None:
        if worker is self._opening:
            self._opening = None
            self.post_message(self.Arrived())

    def doing(
        self, work: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do something that waits; a failure is told in its own words."""
        told = partial(self._told, partial(work, *args, **kwargs))
        _: Worker[None] = self.run_worker(told)

    def newest(
        self, group: str, work: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do something of which only the newest counts: it ends what of its group is under way."""
        told = partial(self._told, partial(work, *args, **kwargs))
        _: Worker[None] = self.run_worker(told, group=group, exclusive=True)

    async def _told(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except ChatError as failure:
            self.tell(failure.text, failed=True)
        except NoMatches:
            # While chinwag ends, what would show it goes before who is at work on it.
            if self.app.is_running:
                raise

    def tell(self, text: str, *, failed: bool = False) -> None:
        """Say something in a corner, as plain text."""
        self.notify(
            text,
            severity="error" if failed else "information",
            timeout=8 if failed else 3,
            markup=False,
        )
