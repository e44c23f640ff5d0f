"""Which models there are and what is known of them, refreshed in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from tui.core.errors import ChatError, ErrorKind
from tui.core.models import ModelRef
from tui.core.settings import Endpoint
from tui.core.usage import ModelFacts
from tui.provider.base import Prices, Provider
from tui.session.aside import aside


class Catalog:
    """The models of all endpoints.

    Attributes:
        listed: endpoint name to the ids it listed last, as of this start or an earlier one.
        failures: endpoint name to why it could not be asked, in a few words.
        asking: names of the endpoints being asked right now.
        facts: context windows and prices of the models looked up so far.
    """

    def __init__(
        self,
        provider: Provider,
        prices: Prices,
        endpoints: Sequence[Endpoint],
        remembered: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.endpoints = tuple(endpoints)
        self.listed: dict[str, tuple[str, ...]] = {
            name: tuple(models) for name, models in (remembered or {}).items()
        }
        self.failures: dict[str, str] = {}
        self.asking: set[str] = set()
        self.facts: dict[ModelRef, ModelFacts] = {}
        self._prices = prices
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

    async def learn(self, refs: Iterable[ModelRef]) -> None:
        """Look up what is known of these models, off the event loop."""
        endpoints = {endpoint.name: endpoint for endpoint in self.endpoints}
        unknown = [ref for ref in refs if ref not in self.facts and ref.endpoint in endpoints]

        def look_up() -> dict[ModelRef, ModelFacts]:
            return {ref: self._prices.facts(endpoints[ref.endpoint], ref.model) for ref in unknown}

        if unknown:
            self.facts.update(await aside(look_up))

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
