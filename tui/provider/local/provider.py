"""Answers requests with the model on this machine: fetched, started and restarted when needed.

The wire is another provider's: the child process speaks OpenAI's protocol. A child that dies is
started again once for each request that meets it dead, and the request is sent again as long as
no token of its reply had arrived.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, MutableMapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import LOCAL, Endpoint, LocalSettings
from tui.core.usage import ModelFacts
from tui.provider.base import Event, Preparing, Provider, ReasoningDelta, Request, TextDelta
from tui.provider.local.package import ModelStore, runtime_version
from tui.provider.local.progress import Progress
from tui.provider.local.server import (
    DiedError,
    ModelServer,
    ServerOptions,
    thread_count,
    usable_cores,
)
from tui.provider.local.starting import Start

# Where the wire looks up the child's key. A name of its own, in a mapping that is not the
# environment: nothing outside this process ever sees it.
KEY_NAME = "CHINWAG_LOCAL_KEY"
# Seconds without a byte: a small machine reads a long prompt for minutes before its first token.
_PATIENCE = 1800.0
# Seconds between a connection that breaks and the system's word that the child has ended.
_DYING = 1.0
_BROKEN_CONNECTION = {ErrorKind.REFUSED, ErrorKind.NETWORK, ErrorKind.BROKEN_STREAM}


def local_endpoint(settings: LocalSettings, model: str) -> Endpoint:
    """The endpoint of the local model; its port is known only while the child runs.

    Args:
        settings: what its context window is.
        model: what it is called (`ModelStore.name`).
    """
    free = ModelFacts(settings.context_window, 0.0, 0.0, 0.0)
    return Endpoint(
        LOCAL,
        "http://127.0.0.1/v1",
        models=(model,),
        timeout=_PATIENCE,
        facts={"*": free},
    )


class LocalProvider:
    """Answers for the endpoint `local`.

    Args:
        wire: sends requests to the child.
        keys: where `wire` looks up keys; the child's is put there.
        store: where the model's file is.
        settings: threads and context window.
        log: where the child's output goes.
    """

    def __init__(
        self,
        wire: Provider,
        keys: MutableMapping[str, str],
        store: ModelStore,
        settings: LocalSettings,
        log: Path,
    ) -> None:
        self._wire = wire
        self._keys = keys
        self._store = store
        self._settings = settings
        self._log = log
        self._server: ModelServer | None = None
        self._start: Start | None = None
        self._closed = False

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The reply to `request`; the model is made ready first where it is not.

        Raises:
            ChatError: the model can't be had or served, or died (kind LOCAL); or as the wire says.
        """
        deaths = 0
        while True:
            deaths += self._forget_dead()
            try:
                async with aclosing(self._make_ready()) as steps:
                    async for step in steps:
                        yield step
                async with aclosing(self._ask(request)) as events:
                    async for event in events:
                        yield event
            except DiedError:
                self._forget_dead()
                deaths += 1
            else:
                return
            if deaths > 1:
                raise ChatError(
                    ErrorKind.LOCAL,
                    f"The local model's server stopped twice. Its log says why: {self._log}",
                )
            yield Preparing("The local model stopped; starting it again")

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:  # noqa: ARG002 - there is one
        """The local model's name; nothing is started for it."""
        return (self._store.name,)

    async def close(self) -> None:
        """End the child, also one that is still starting; the wire is closed by its owner."""
        self._closed = True
        if self._start is not None:
            await self._start.give_up()
        if self._server is not None:
            await self._server.stop()
            self._server = None
        self._keys.pop(KEY_NAME, None)

    def _forget_dead(self) -> bool:
        """Whether a server was there and has died."""
        if self._server is None or self._server.alive:
            return False
        self._server = None
        return True

    async def _make_ready(self) -> AsyncGenerator[Event, None]:
        """Make sure that a server runs, by a start of our own or one that is under way."""
        if self._server is not None:
            return
        if self._closed:
            raise _closing()
        if self._start is None or not self._start.under_way:
            self._start = Start(self._bring_up)
        start = self._start
        async with aclosing(start.progress()) as steps:
            async for step in steps:
                yield step
        if start.given_up:
            raise _closing()
        start.result()

    async def _bring_up(self, progress: Progress) -> ModelServer:
        if runtime_version() is None:
            raise ChatError(
                ErrorKind.LOCAL,
                "The local model needs llama.cpp, which is not installed. Run: "
                'python -m pip install "chinwag[local]"',
            )
        path = await self._store.install(progress)
        options = ServerOptions(
            model=str(path),
            alias=self._store.name,
            threads=thread_count(self._settings.threads, usable_cores()),
            context=self._settings.context_window,
        )
        self._server = await ModelServer.start(options, self._log, progress)
        self._keys[KEY_NAME] = self._server.key
        return self._server

    async def _ask(self, request: Request) -> AsyncGenerator[Event, None]:
        """Send the request to the child.

        Raises:
            DiedError: the child died before the first token.
        """
        server = self._server
        if server is None:  # another request met it dead in this moment
            raise DiedError
        endpoint = replace(request.endpoint, base_url=server.base_url, api_key_env=KEY_NAME)
        begun = False
        try:
            async with aclosing(self._wire.stream(replace(request, endpoint=endpoint))) as events:
                async for event in events:
                    begun = begun or isinstance(event, TextDelta | ReasoningDelta)
                    yield event
        except ChatError as error:
            if error.kind not in _BROKEN_CONNECTION or not await server.died(_DYING):
                raise
            if not begun:
                raise DiedError from error
            raise ChatError(
                ErrorKind.LOCAL,
                "The local model stopped in the middle of its reply; retry starts it again. "
                f"Its log says why: {self._log}",
            ) from error


def _closing() -> ChatError:
    return ChatError(ErrorKind.LOCAL, "chinwag is closing. Start it again to go on.")
