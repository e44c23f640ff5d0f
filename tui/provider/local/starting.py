"""One start of the model server that any number of requests wait for.

Each of them sees how far it is; the start is given up when the last of them goes away.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable

from tui.provider.base import Preparing
from tui.provider.local.progress import Progress
from tui.provider.local.server import ModelServer


class Start:
    """A start under way; it begins at once.

    Args:
        run: fetches what is missing and starts the server, telling its progress.

    Attributes:
        given_up: it was ended before its time.
    """

    def __init__(self, run: Callable[[Progress], Awaitable[ModelServer]]) -> None:
        self._latest = Preparing("Starting the local model")
        self._changed = asyncio.Event()
        self._waiting = 0
        self.given_up = False
        self._task = asyncio.ensure_future(run(self._tell))
        self._task.add_done_callback(lambda _task: self._wake())

    @property
    def under_way(self) -> bool:
        """Whether it can still be joined: it has not ended, and is not about to."""
        return not self.given_up and not self._task.done()

    def result(self) -> ModelServer:
        """The server.

        Raises:
            ChatError, DiedError: why there is none.
        """
        return self._task.result()

    async def progress(self) -> AsyncGenerator[Preparing, None]:
        """How far it is, whenever that changes, until it has ended; read it inside `aclosing`."""
        self._waiting += 1
        seen = None
        try:
            while not self._task.done():
                if self._latest is seen:
                    await self._changed.wait()
                else:
                    seen = self._latest
                    yield seen
        finally:
            self._waiting -= 1
            if not self._waiting:
                await self.give_up()

    async def give_up(self) -> None:
        """End it; nothing happens when it has ended."""
        if self._task.done():
            return
        self.given_up = True
        self._task.cancel()
        await asyncio.wait({self._task})

    def _tell(self, text: str, fraction: float | None) -> None:
        self._latest = Preparing(text, fraction)
        self._wake()

    def _wake(self) -> None:
        """Wake who waits now; who comes later waits for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()
