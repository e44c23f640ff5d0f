"""What the app remembers between starts, changed here and written behind the scenes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from tui.store.state import AppState, load_state, save_state

log = logging.getLogger(__name__)


class StateChanges(TypedDict, total=False):
    """Fields of `AppState`."""

    theme: str
    sidebar: bool
    draft: str
    recent_models: tuple[str, ...]
    listed: dict[str, tuple[str, ...]]


class Memory:
    """The state file, read once."""

    def __init__(self, path: Path) -> None:
        self.state: AppState = load_state(path)
        self._path = path
        self._saved = self.state
        self._saving = asyncio.Lock()

    def change(self, **changes: Unpack[StateChanges]) -> None:
        """Remember something else; `save` writes it."""
        self.state = replace(self.state, **changes)

    async def save(self) -> None:
        """Write what changed since the last time, off the event loop.

        A state that can't be written costs comfort, not words: it is noted in the log.
        """
        async with self._saving:
            state = self.state
            if state == self._saved:
                return
            try:
                await asyncio.to_thread(save_state, self._path, state)
                self._saved = state
            except OSError as error:
                log.warning("state not saved: %s", error.strerror)
