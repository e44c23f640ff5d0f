"""Keys typed before a screen is there wait for it.

Textual hands a key to the widget that has the focus and drops it while none has: what is typed
as chinwag starts, or as a dialog opens, would be lost. Invariant: each key acts on the screen
that those before it led to, in the order in which they were typed.
"""

from __future__ import annotations

from collections import deque
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.screen import Screen


class TypingAheadApp(App[None]):
    """An app that holds keys and pastes back until the screen they are for has been painted."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Event] = deque()
        self._painted: WeakSet[Screen[object]] = WeakSet()
        self._awaited: WeakSet[Screen[object]] = WeakSet()

    async def on_event(self, event: events.Event) -> None:
        """Take one event; keys wait their turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self._pass_on()
        else:
            await super().on_event(event)

    async def _pass_on(self) -> None:
        """Let keys act, as far as the one that opens a screen."""
        while self._typed and self._is_there(self.screen):
            await super().on_event(self._typed.popleft())

    def _is_there(self, screen: Screen[object]) -> bool:
        """Whether it has been painted; where not, keys are passed on once it has."""
        if screen in self._painted:
            return True
        if screen not in self._awaited:
            self._awaited.add(screen)
            screen.call_after_refresh(self._has_come, screen)
        return False

    def _has_come(self, screen: Screen[object]) -> None:
        self._painted.add(screen)
        # Behind what gives the focus to a widget of it, which is in the app's queue by now.
        self.call_later(self._pass_on)
