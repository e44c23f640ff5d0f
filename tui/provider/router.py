"""One provider out of several: the endpoint's name says which of them answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

from tui.core.settings import Endpoint
from tui.provider.base import Event, Provider, Request


class Router:
    """Implements `Provider`; `default` answers for endpoints that are not in `by_endpoint`."""

    def __init__(self, default: Provider, by_endpoint: Mapping[str, Provider]) -> None:
        self._default = default
        self._by_endpoint = dict(by_endpoint)

    def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """The reply to `request`. See `Provider.stream`."""
        return self._provider(request.endpoint).stream(request)

    async def models(self, endpoint: Endpoint) -> tuple[str, ...]:
        """Ids of the models that `endpoint` lists. See `Provider.models`."""
        return await self._provider(endpoint).models(endpoint)

    async def close(self) -> None:
        """Close all of them, also when one fails to."""
        providers = {id(provider): provider for provider in self._by_endpoint.values()}
        try:
            for provider in providers.values():
                await provider.close()
        finally:
            await self._default.close()

    def _provider(self, endpoint: Endpoint) -> Provider:
        return self._by_endpoint.get(endpoint.name, self._default)
