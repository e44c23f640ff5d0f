"""Which models there are: what each endpoint listed last, refreshed in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from tui.core.errors import ChatError, ErrorKind
from tui.core.settings import Endpoint
from tui.provider.base import Provider


class Catalog:
    """The models of all endpoints.

    Attributes:
        listed: endpoint name to the ids it listed last, as of this start or an earlier one.
        failures: endpoint name to why it could not be asked, in a few words.
        asking: names of the endpoints being asked right now.
    """

    def __init__(
        self,
        provider: Provider,
        endpoints: Sequence[Endpoint],
        remembered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.listed: dict[str, tuple[str, ...]] = {
            name: tuple(models) for name, models in (remembered or {}).items()
        }
        self.failures: dict[str, str] = {}
        self.asking: set[str] = set()
        self._provider = provider

    async def refresh(self) -> None:
        """Ask every endpoint that is not being asked already, all at once."""
        await asyncio.gather(
            *(
                self._ask(endpoint)
                for endpoint in self.endpoints
                if endpoint.name not in self.asking
            )
        )

    async def _ask(self, endpoint: Endpoint) -> None:
        self.asking.add(endpoint.name)
        try:
            self.listed[endpoint.name] = await self._provider.models(endpoint)
            self.failures.pop(endpoint.name, None)
        except ChatError as failure:
            self.failures[endpoint.name] = (
                "no key" if failure.kind is ErrorKind.NO_KEY else failure.text
            )
        finally:
            self.asking.discard(endpoint.name)
