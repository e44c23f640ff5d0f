"""Answers requests with the tour: the guide's server is started when it is first spoken to.

The wire is another provider's, so that a tour goes exactly the way of a real chat.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, MutableMapping
from contextlib import aclosing
from dataclasses import replace

from tui.core.settings import DEMO, Endpoint
from tui.core.usage import ModelFacts
from tui.provider.base import Event, Provider, Request
from tui.provider.demo.server import GuideServer
from tui.provider.demo.wire import MODEL

# Where the wire looks up the guide's key, in a mapping that is not the environment.
KEY_NAME = "CHINWAG_DEMO_KEY"


def demo_endpoint() -> Endpoint:
    """The endpoint of the tour; its port is known only while the guide is there."""
    free = ModelFacts(None, 0.0, 0.0, 0.0)
    return Endpoint(DEMO, "http://127.0.0.1/v1", models=(MODEL,), facts={"*": free})


class DemoProvider:
    """Answers for the endpoint `demo`.

    Args:
        wire: sends requests to the guide's server.
        keys: where `wire` looks up keys; the guide's is put there.
        server: the guide.
    """

    def __init__(
        self, wire: Provider, keys: MutableMapping[str, str], server: GuideServer | None = None
    ) -> None:
        self._wire = wire
        self._keys = keys
        self._server = server or GuideServer()
        self._starting = asyncio.Lock()

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The guide's answer.

        Raises:
            ChatError: as the wire says.
        """
        async with self._starting:
            if not self._server.port:
                await self._server.start()
                self._keys[KEY_NAME] = self._server.key
        base_url = f"http://127.0.0.1:{self._server.port}/v1"
        endpoint = replace(request.endpoint, base_url=base_url, api_key_env=KEY_NAME)
        async with aclosing(self._wire.stream(replace(request, endpoint=endpoint))) as events:
            async for event in events:
                yield event

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:  # noqa: ARG002 - there is one
        """The guide."""
        return (MODEL,)

    async def close(self) -> None:
        """Stop the guide; the wire is closed by its owner."""
        await self._server.stop()
        self._keys.pop(KEY_NAME, None)
