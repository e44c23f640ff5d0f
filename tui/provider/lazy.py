"""A provider that loads behind the first frame: its import costs more than the whole screen.

The import runs in a daemon thread, so that it neither stalls the event loop for longer than a
thread switch nor keeps the program from ending. Whoever asks before it is done waits without
blocking anyone.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import Future
from contextlib import aclosing

from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import Endpoint
from tui.provider.base import Event, Preparing, Provider, Request


class LazyProvider:
    """Implements `Provider` by one that `load` makes, in a thread, when first needed."""

    def __init__(self, load: Callable[[], Provider]) -> None:
        self._load = load
        self._loaded: Future[Provider] | None = None

    def warm_up(self) -> None:
        """Begin to load, if nothing did yet; returns at once."""
        self._loading()

    async def loaded(self) -> None:
        """Wait until it is loaded, so that the time this takes is not taken for an endpoint's.

        Raises:
            ChatError: it can't be loaded (kind INTERNAL).
        """
        await self._provider()

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The reply to `request`, once loaded. See `Provider.stream`."""
        at_hand = self._loading().done()
        provider = await self._provider()
        if not at_hand:
            yield Preparing("")  # from here on the time is the endpoint's
        async with aclosing(provider.stream(request)) as events:
            async for event in events:
                yield event

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of the models that `endpoint` lists. See `Provider.models`."""
        return await (await self._provider()).models(endpoint)

    async def close(self) -> None:
        """Close what was loaded; what was not needed is not loaded for it."""
        if self._loaded is not None and self._loaded.done() and not self._loaded.exception():
            await self._loaded.result().close()

    async def _provider(self) -> Provider:
        loading = self._loading()
        try:
            return loading.result() if loading.done() else await asyncio.wrap_future(loading)
        except ImportError as error:
            raise ChatError(
                ErrorKind.INTERNAL,
                f"A part that chinwag is built on can't be loaded ({error.name or error}). "
                f"Install chinwag again.",
            ) from error

    def _loading(self) -> Future[Provider]:
        if self._loaded is None:
            self._loaded = Future()
            # Running, so that a caller who stops waiting does not cancel it for the others.
            self._loaded.set_running_or_notify_cancel()
            threading.Thread(target=self._run, args=(self._loaded,), daemon=True).start()
        return self._loaded

    def _run(self, loaded: Future[Provider]) -> None:
        try:
            loaded.set_result(self._load())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            loaded.set_exception(error)


def openai_provider(environ: Mapping[str, str]) -> LazyProvider:
    """The provider for endpoints over HTTP, loading the SDK when told to or first needed."""

    def load() -> Provider:
        from tui.provider.openai import OpenAIProvider

        return OpenAIProvider(environ)

    return LazyProvider(load)
