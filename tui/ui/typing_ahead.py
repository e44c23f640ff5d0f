"""Keys typed before a screen is there wait for it.

Textual hands a key to the widget that has the focus and drops it while none has: what is typed
as chinwag starts, or as a dialog opens, would be lost. And what a key does in a dialog takes a
few messages from widget to widget: what is typed behind the one that closes it would still be for
the dialog. Invariant: each key acts on the screen that those before it led to, in the order in
which they were typed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

LEADING = ("enter", "escape")  # on any screen
LOOKS = 100  # at most, at what a key sets going: where something always moves, keys go on too


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
        self._acting: Screen[object] | None = None  # where a key is at work

    async def on_event(self, event: events.Event) -> None:
        """Take one event; keys wait their turn."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self.pass_on()
        else:
            await super().on_event(event)

    async def pass_on(self) -> None:
        """Let keys act, as far as the one that opens a screen or may close one."""
        while (
            self._typed
            and self._is_there(self.screen)
            and self._acting is not self.screen
            and self._takes(self._typed[0])
        ):
            event, screen = self._typed.popleft(), self.screen
            self.before_key(event)
            if self._leads(event):
                self._acting = screen
                screen.call_later(self.call_later, self._look_on, screen)
            await super().on_event(event)

    def before_key(self, event: events.Event) -> None:
        """A key or a paste is about to go where the focus is."""

    def _leads(self, event: events.Event) -> bool:
        """Whether it may lead elsewhere: in a dialog that is all but what is written."""
        if not isinstance(event, events.Key):
            return False
        if event.key in LEADING or not isinstance(self.screen, ModalScreen):
            return event.key in LEADING
        from textual.widgets import Input, TextArea  # a dialog has loaded them, the start has not

        return not (event.is_printable and isinstance(self.focused, Input | TextArea))

    async def _look_on(
        self, screen: Screen[object], *, still: bool = False, looks: int = LOOKS
    ) -> None:
        """Go on once nothing was under way on a screen for two looks.

        What goes on is in the queue of a widget, or between them in that of the app: behind the
        first look then, and before the second.
        """
        if screen is not self._acting:
            return
        moving = any(one.message_queue_size for one in screen.walk_children(with_self=True))
        if screen is not self.screen or not looks or (still and not moving):
            self._acting = None
            await self.pass_on()
        else:
            look = partial(self._look_on, screen, still=not moving, looks=looks - 1)
            screen.call_later(self.call_later, look)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; the one below takes keys once it is painted and knows the result."""
        popped = super().pop_screen()
        self._acting = None
        for screens in (self._painted, self._awaited):
            screens.discard(self.screen)
        self._is_there(self.screen)
        return popped

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
