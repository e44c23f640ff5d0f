"""Keys typed before a screen is there wait for it.

Textual hands a key to the widget that has the focus and drops it while none has: what is typed
as chinwag starts, or as a dialog opens, would be lost. Invariant: each key acts on the screen
that those before it led to, in the order in which they were typed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.widget import Widget


class TypingAheadApp(App[None]):
    """An app that holds keys and pastes back until the screen they are for has been painted.

    Args:
        takes: whether a key can act already; one that can't holds up those behind it. Whoever says
            no sees to it that `pass_on` is called when it can.
    """

    def __init__(self, takes: Callable[[events.Event], bool] = lambda _event: True) -> None:
        super().__init__()
        self._takes = takes
        self._typed: deque[events.Event] = deque()
        self._painted: WeakSet[Widget] = WeakSet()
        self._awaited: WeakSet[Widget] = WeakSet()

    async def on_event(self, event: events.Event) -> None:
        """Take one event; keys wait their turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self.pass_on()
        else:
            await super().on_event(event)

    async def pass_on(self) -> None:
        """Let keys act, as far as the one that opens a screen."""
        while self._typed and self._is_there(self.screen) and self._takes(self._typed[0]):
            event = self._typed.popleft()
            self.before_key(event)
            await super().on_event(event)

    def before_key(self, event: events.Event) -> None:
        """A key or a paste is about to go where the focus is."""

    def _is_there(self, screen: Widget) -> bool:
        """Whether it has been painted; where not, keys are passed on once it has."""
        if screen in self._painted:
            return True
        if screen not in self._awaited:
            self._awaited.add(screen)
            screen.call_after_refresh(self.has_come, screen)
        return False

    def has_come(self, screen: Widget) -> None:
        """A screen can take keys from here on."""
        self._painted.add(screen)
        # Behind what gives the focus to a widget of it, which is in the app's queue by now.
        self.call_later(self.pass_on)
