"""Editing keys that act in the order in which they were typed.

Textual acts on a widget's own bindings (Backspace, Ctrl+U) only once the key has bubbled up to the
app. Characters that came right behind it, on a slow line or a busy machine, are in the text by
then: Ctrl+U would delete them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.widget import Widget as _Widget
else:
    _Widget = object  # a widget takes its CSS from the first base that is one: not from this


class KeysInOrder(_Widget):
    """Goes ahead of the widget among the bases: acts on its bindings when a key arrives."""

    async def _on_key(self, event: events.Key) -> None:
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return
